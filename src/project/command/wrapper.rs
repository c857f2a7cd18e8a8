//! Builtins of the shell that matter here, and programs that run another program.

use super::follow::{Context, Env, Exit, State, Walker};
use super::{Origin, Shell, Via, Word, is_among};

/// How a wrapper's own options are told from the command that it runs.
struct Wrapper {
    name: &'static str,
    /// Options that take a value.
    valued: &'static str,
    /// Number of arguments before the command.
    operands: usize,
    /// Whether `NAME=value` may come before the command.
    sets: bool,
}

const WRAPPERS: [Wrapper; 18] = [
    Wrapper { name: "cross-env", valued: "", operands: 0, sets: true },
    Wrapper { name: "env", valued: "-u --unset -C --chdir -S", operands: 0, sets: true },
    Wrapper { name: "dotenv", valued: "-e -c -v -p -f", operands: 0, sets: false },
    Wrapper { name: "dotenvx", valued: "-f -e --env-file --env", operands: 0, sets: false },
    Wrapper { name: "env-cmd", valued: "-f -e --file --environments -r --rc-file", operands: 0, sets: false },
    Wrapper { name: "exec", valued: "-a", operands: 0, sets: false },
    Wrapper { name: "builtin", valued: "", operands: 0, sets: false },
    Wrapper { name: "nice", valued: "-n", operands: 0, sets: false },
    Wrapper { name: "nohup", valued: "", operands: 0, sets: false },
    Wrapper { name: "time", valued: "-o -f", operands: 0, sets: false },
    Wrapper { name: "timeout", valued: "-k -s --signal --kill-after", operands: 1, sets: false },
    Wrapper { name: "sudo", valued: "-u -g", operands: 0, sets: true },
    Wrapper { name: "stdbuf", valued: "-i -o -e", operands: 0, sets: false },
    Wrapper { name: "corepack", valued: "", operands: 0, sets: false },
    Wrapper { name: "infisical", valued: "--env --path --projectId", operands: 0, sets: false },
    Wrapper { name: "doppler", valued: "-p -c --project --config", operands: 0, sets: false },
    Wrapper { name: "better-npm-run", valued: "", operands: 0, sets: false },
    Wrapper { name: "cross-env-shell", valued: "", operands: 0, sets: true },
];

impl Walker<'_, '_> {
    /// Finds out what a command line runs.
    pub(super) fn dispatch(
        &mut self,
        words: &[Word],
        env: &Env,
        state: &mut State,
        context: Context,
        via: Via,
    ) -> Exit {
        const MAX_DEPTH: usize = 40;
        if self.depth > MAX_DEPTH {
            return self.gap_once(context, "commands nested very deeply are not followed");
        }
        self.depth += 1;
        let exit = self.dispatch_one(words, env, state, context, via);
        self.depth -= 1;
        exit
    }

    fn dispatch_one(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context, via: Via) -> Exit {
        let Some(program) = words.first() else { return Exit::Zero };
        let Some(name) = program.plain() else {
            self.leaf(words, env, state, context, via);
            let exit = self.gap(context, format!("the program \"{}\" is known only when it runs", program.text));
            if let Some(gap) = self.gaps.last_mut() {
                gap.is_everything = true;
            }
            return exit;
        };
        if state.functions.contains(name) {
            return self.gap(context, format!("the function \"{name}\" is not followed"));
        }
        match name {
            "cd" => {
                let exit = self.change_dir(words, state, context);
                self.leaf(words, env, state, context, via);
                exit
            }
            "pushd" | "popd" => {
                state.cwd = None;
                self.leaf(words, env, state, context, via)
            }
            "export" | "declare" | "local" | "readonly" => {
                self.export(words, state);
                self.leaf(&words[..1], env, state, context, via);
                Exit::Zero
            }
            "set" | "shopt" => {
                self.set_options(words, state);
                self.leaf(words, env, state, context, via);
                Exit::Zero
            }
            "source" | "." | "eval" | "trap" | "alias" => {
                self.leaf(words, env, state, context, via);
                state.cwd = None;
                self.gap(context, format!("what \"{name}\" does is known only when it runs"))
            }
            "command" if words.get(1).is_some_and(|word| !word.text.starts_with('-')) => {
                self.dispatch(&words[1..], env, state, context, via)
            }
            "bash" | "sh" => self.nested_shell(words, env, state, context, via),
            "npm" => self.npm(words, env, state, context),
            "yarn" | "yarnpkg" => self.yarn(words, env, state, context),
            "pnpm" => self.pnpm(words, env, state, context),
            "bun" => self.bun(words, env, state, context),
            "npx" | "pnpx" | "bunx" => self.fetch(words, env, state, context),
            "run-s" | "run-p" | "npm-run-all" | "npm-run-all2" => self.run_all(words, env, state, context, via),
            "concurrently" => self.concurrently(words, env, state, context, via),
            "node" if words.get(1).is_some_and(|word| word.text == "--run") => {
                self.node_run(words, env, state, context)
            }
            _ => self.wrapped(words, env, state, context, via),
        }
    }

    fn export(&mut self, words: &[Word], state: &mut State) {
        for word in words.iter().skip(1) {
            if let Some((name, value)) = word.text.split_once('=') {
                let value = Word { text: value.to_owned(), ..word.clone() };
                state.set_all(&[(name.to_owned(), value)]);
            }
        }
    }

    fn set_options(&mut self, words: &[Word], state: &mut State) {
        let is_on = |word: &Word| word.text.starts_with('-');
        for (index, word) in words.iter().enumerate().skip(1) {
            let letters = word.text.trim_start_matches(['-', '+']);
            let is_option = word.text.starts_with(['-', '+']);
            if is_option && letters.contains('e') {
                state.stops_on_error = is_on(word);
            }
            if is_option && letters.ends_with('o') {
                match words.get(index + 1).map(|word| word.text.as_str()) {
                    Some("errexit") => state.stops_on_error = is_on(word),
                    Some("pipefail") => state.pipe_fails = is_on(word),
                    _ => {}
                }
            }
        }
    }

    /// `bash -c "…"`; a script file is a program like any other.
    fn nested_shell(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context, via: Via) -> Exit {
        let is_inline =
            |word: &Word| word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c');
        let Some(at) = words.iter().position(is_inline) else {
            return self.leaf(words, env, state, context, via);
        };
        let Some(text) = words.get(at + 1).and_then(Word::plain).map(str::to_owned) else {
            return self.gap(context, "a command is put together when it runs");
        };
        let shell = if words[0].text == "bash" { Shell::Bash } else { Shell::Sh };
        let stops_on_error = words[at].text.contains('e');
        self.piece(text, shell, &State { env: env.to_vec(), stops_on_error, ..state.clone() }, context)
    }

    /// A text that a wrapper hands to a shell of its own.
    pub(super) fn piece(&mut self, text: String, shell: Shell, state: &State, context: Context) -> Exit {
        let depth = self.depth_of(context.text);
        if depth > 8 {
            return self.gap(context, "commands nested very deeply are not followed");
        }
        let text = self.add_text(text, shell, Origin::Piece(context.text));
        self.text(Context { text, ..context }, &mut state.clone())
    }

    fn depth_of(&self, mut text: usize) -> usize {
        let mut depth = 0;
        while let Origin::Piece(parent) = self.texts[text].origin {
            text = parent;
            depth += 1;
        }
        depth
    }

    fn wrapped(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context, via: Via) -> Exit {
        let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.name == words[0].text) else {
            return self.leaf(words, env, state, context, via);
        };
        let exit = self.leaf(words, env, state, context, via);
        if matches!(exit, Exit::Failed(_)) {
            return exit;
        }
        let mut env = env.to_vec();
        let mut at = 1 + wrapper.operands;
        while let Some(word) = words.get(at) {
            let text = word.text.as_str();
            match text.split_once('=') {
                _ if text == "--" => {
                    at += 1;
                    break;
                }
                _ if is_among(wrapper.valued, text) => at += 2,
                _ if text.starts_with('-') => at += 1,
                Some((name, value)) if wrapper.sets => {
                    env.push((name.to_owned(), (!word.is_dynamic).then(|| value.to_owned())));
                    at += 1;
                }
                _ => break,
            }
        }
        if matches!(wrapper.name, "infisical" | "doppler" | "dotenvx")
            && words.get(at).is_some_and(|word| word.text == "run")
        {
            at += 1;
            at += usize::from(words.get(at).is_some_and(|word| word.text == "--"));
        }
        let rest = words.get(at..).unwrap_or_default();
        match wrapper.name {
            _ if rest.is_empty() => Exit::Open,
            "corepack" if !matches!(rest[0].text.as_str(), "yarn" | "pnpm" | "npm") => Exit::Open,
            "cross-env-shell" => {
                let text = rest.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
                self.piece(text, Shell::Sh, &State { env, ..state.clone() }, context)
            }
            "better-npm-run" => Exit::Open,
            _ => self.dispatch(rest, &env, &mut state.clone(), context, Via::Path),
        }
    }
}
