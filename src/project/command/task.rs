//! Runners of several package scripts or commands: `npm-run-all`, `concurrently`.

use super::follow::{Context, Env, Exit, State, Walker};
use super::runner::Request;
use super::{Cause, Reach, Shell, Via, Word, is_among};

impl Walker<'_, '_> {
    /// `run-s a b`, `run-p a b`, `npm-run-all a --parallel b`: package scripts by name or pattern.
    pub(super) fn run_all(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context, via: Via) -> Exit {
        const VALUED: &str = "--max-parallel --npm-path -n --node-path --config";
        let own: Vec<Word> = words.iter().take_while(|word| word.text != "--").cloned().collect();
        let is_race = own.iter().any(|word| matches!(word.text.as_str(), "-r" | "--race"));
        let runner = self.leaf(words, env, state, context, via);
        let context = reached(context, is_race);
        self.each(runner, context, operands(&own, VALUED), |walker, word| {
            let text = word.text.as_str();
            if word.is_dynamic || text.contains('{') {
                return walker.gap(context, format!("which scripts \"{text}\" means is known only when it runs"));
            }
            walker.run_pattern(text, word, env, state, context)
        })
    }

    /// `concurrently "a" "npm:b"`: commands side by side.
    pub(super) fn concurrently(
        &mut self,
        words: &[Word],
        env: &Env,
        state: &mut State,
        context: Context,
        via: Via,
    ) -> Exit {
        const VALUED: &str = "-n --names -c --prefix-colors -p --prefix -l --prefix-length -s --success -m --max-processes \
        --restart-tries --restart-after --kill-signal -t --timestamp-format --name-separator";
        let asks_for_some = words
            .iter()
            .any(|word| word.text.starts_with("--success") || word.text == "-s" || word.text.starts_with("-k"));
        let runner = self.leaf(words, env, state, context, via);
        let context = reached(context, asks_for_some);
        self.each(runner, context, operands(words, VALUED), |walker, word| {
            let text = word.text.as_str();
            if word.is_dynamic {
                return walker.gap(context, "a command is put together when it runs");
            }
            let shorthand =
                text.split_once(':').filter(|(runner, _)| matches!(*runner, "npm" | "yarn" | "pnpm" | "bun"));
            let command = match shorthand {
                Some((_, name)) if name.contains(['*', '(']) => {
                    return walker.gap(context, format!("which scripts \"{text}\" means is known only when it runs"));
                }
                Some((runner, name)) => format!("{runner} run {name}"),
                None => text.to_owned(),
            };
            walker.piece(command, Shell::Sh, &State { env: env.to_vec(), ..state.clone() }, context)
        })
    }

    /// Runs tasks, unless the runner itself is missing; the first failure is that of the whole.
    fn each<'w>(
        &mut self,
        runner: Exit,
        context: Context,
        tasks: impl IntoIterator<Item = &'w Word>,
        mut run: impl FnMut(&mut Self, &Word) -> Exit,
    ) -> Exit {
        if matches!(runner, Exit::Failed(_)) {
            return runner;
        }
        let mut failure = None;
        for word in tasks {
            if let Exit::Failed(found) = run(self, word) {
                failure.get_or_insert(found);
            }
        }
        failure.filter(|_| context.reach == Reach::Certain).map_or(Exit::Open, Exit::Failed)
    }

    /// One name or pattern of `npm-run-all`, possibly with arguments: `"build:* -- --minify"`.
    fn run_pattern(&mut self, text: &str, word: &Word, env: &Env, state: &State, context: Context) -> Exit {
        let name = text.split_whitespace().next().unwrap_or_default();
        let Some(dir) = state.cwd.clone() else { return self.gap(context, "the folder is known only when it runs") };
        if !name.contains(['*', '?', '[', '!']) {
            let pieces = text.split_whitespace().map(|part| Word::bare(part, word.start, word.end)).collect::<Vec<_>>();
            return self.script(&Request::new("npm", &pieces, dir), env, context);
        }
        let Some(Ok(manifest)) = self.manifest(&dir) else { return Exit::Open };
        if name.contains(['?', '[', '!', '(']) {
            return self.gap(context, format!("which scripts \"{name}\" means is not followed"));
        }
        let names: Vec<String> = manifest
            .scripts()
            .iter()
            .filter(|script| matches_task(name, script.key))
            .map(|script| script.key.to_owned())
            .collect();
        if names.is_empty() && self.keeps_manifests {
            let missing = Cause::ScriptMissing {
                manager: "npm-run-all",
                name: name.to_owned(),
                manifest: manifest.path.clone(),
                is_empty: false,
            };
            return self.failed(context, missing, 1, std::slice::from_ref(word));
        }
        let mut result = Exit::Open;
        for name in names {
            let words = [Word::bare(name, word.start, word.end)];
            let exit = self.script(&Request::new("npm", &words, dir.clone()), env, context);
            if let (Exit::Open, Exit::Failed(_)) = (&result, &exit) {
                result = exit;
            }
        }
        result
    }
}

/// Some of the tasks may be stopped, or their failure may not count.
fn reached(context: Context, is_loose: bool) -> Context {
    if is_loose { context.reached(Reach::Maybe) } else { context }
}

/// What is no option of a runner, and no value of one.
fn operands<'w>(words: &'w [Word], valued: &str) -> Vec<&'w Word> {
    let mut rest = words.iter().skip(1);
    let mut found = Vec::new();
    while let Some(word) = rest.next() {
        if is_among(valued, &word.text) {
            rest.next();
        } else if !word.text.starts_with('-') {
            found.push(word);
        }
    }
    found
}

/// Whether a script is meant by a pattern of `npm-run-all`: `*` stays inside a part between colons, `**` does not.
fn matches_task(pattern: &str, name: &str) -> bool {
    let pattern: Vec<&str> = pattern.split(':').collect();
    let name: Vec<&str> = name.split(':').collect();
    fn parts(pattern: &[&str], name: &[&str]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some((&"**", [])), _) => !name.is_empty(),
            (Some((&"**", rest)), Some((_, others))) => parts(rest, name) || parts(pattern, others),
            (Some((&"*", rest)), Some((_, others))) => parts(rest, others),
            (Some((one, rest)), Some((other, others))) => one == other && parts(rest, others),
            _ => false,
        }
    }
    pattern.len() <= 8 && name.len() <= 16 && parts(&pattern, &name)
}
