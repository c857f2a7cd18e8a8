//! Package scripts: which manifest, which hooks, and what is missing.

use std::rc::Rc;

use crate::project::manifest::Manifest;
use crate::project::path;

use super::follow::{Context, Exit, State, Walker};
use super::{Cause, Origin, Reach, Shell, Via, Word};

/// A package script that somebody asks for.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// The package manager.
    pub(super) manager: &'static str,
    /// The script's name.
    pub(super) name: Word,
    /// What is appended to it.
    pub(super) args: Vec<Word>,
    /// The folder in which the package manager is called.
    pub(super) dir: String,
    /// Whether a script that is missing is passed over.
    pub(super) if_present: bool,
    /// Whether a program of the same name is run when there is no such script.
    pub(super) falls_back: bool,
    /// Whether the folder must have a manifest of its own.
    pub(super) is_exact: bool,
    /// Whether scripts named `pre…` and `post…` are run.
    pub(super) hooks: Reach,
}

impl Request {
    pub(super) fn new(manager: &'static str, words: &[Word], dir: String) -> Request {
        Request {
            manager,
            name: words.first().cloned().unwrap_or_default(),
            args: words.iter().skip(1).filter(|word| word.text != "--").cloned().collect(),
            dir,
            if_present: false,
            falls_back: false,
            is_exact: false,
            hooks: Reach::Certain,
        }
    }
}

impl Walker<'_, '_> {
    /// The manifest that a package manager finds from a folder.
    fn manifest_for(&mut self, request: &Request) -> Option<Result<Rc<Manifest>, ()>> {
        if request.is_exact {
            return self.manifest(&request.dir);
        }
        let folders: Vec<String> = path::ancestors(&request.dir).map(str::to_owned).collect();
        folders.iter().find_map(|dir| self.manifest(dir))
    }

    /// Runs a package script with its hooks.
    pub(super) fn script(&mut self, request: &Request, env: &[(String, Option<String>)], context: Context) -> Exit {
        let Some(name) = request.name.plain().map(str::to_owned) else {
            return self
                .gap(context, format!("which script \"{}\" means is known only when it runs", request.name.text));
        };
        let words = std::slice::from_ref(&request.name);
        let manifest = match self.manifest_for(request) {
            Some(Ok(manifest)) => manifest,
            Some(Err(())) => return self.gap(context, "the manifest cannot be read"),
            None if self.keeps_manifests && self.start.snapshot.is_dir(&request.dir) => {
                let cause = Cause::ManifestMissing { manager: request.manager, dir: request.dir.clone() };
                return self.failed(context, cause, 1, words);
            }
            None => return self.gap(context, "the manifest is made while the command runs"),
        };
        let script = manifest.script(&name).and_then(|script| script.text);
        // npm runs an empty script and is content; Yarn 1, pnpm and Bun take it for none at all (measured).
        let accepts_empty = matches!(request.manager, "npm" | "node");
        if let Some(text) = script.filter(|text| accepts_empty || !text.is_empty()) {
            return self.hooked(request, &manifest, &name, text, env, context);
        }
        if name == "start"
            && request.manager == "npm"
            && self.start.snapshot.is_file(&path::child(manifest.dir(), "server.js"))
        {
            let state = State { cwd: Some(manifest.dir().to_owned()), ..State::default() };
            return self.leaf(
                &[Word::bare("node", 0, 0), Word::bare("server.js", 0, 0)],
                env,
                &state,
                context,
                Via::Path,
            );
        }
        if request.if_present || (request.manager == "npm" && matches!(name.as_str(), "env" | "restart")) {
            return if name == "restart" { Exit::Open } else { Exit::Zero };
        }
        let missing = Cause::ScriptMissing {
            manager: request.manager,
            name,
            manifest: manifest.path.clone(),
            is_empty: script.is_some(),
        };
        if request.falls_back {
            return self.fall_back(request, &manifest, missing, env, context);
        }
        if !self.keeps_manifests {
            return self.gap(context, "the manifest may change while the command runs");
        }
        self.failed(context, missing, 1, words)
    }

    /// No script of that name: an installed program, or nothing.
    fn fall_back(
        &mut self,
        request: &Request,
        manifest: &Manifest,
        missing: Cause,
        env: &[(String, Option<String>)],
        context: Context,
    ) -> Exit {
        let state = State { cwd: Some(request.dir.clone()), ..State::default() };
        let words: Vec<Word> = std::iter::once(request.name.clone()).chain(request.args.iter().cloned()).collect();
        let can_be_program = !request.name.text.contains(':');
        let keeps = self.keeps_manifests;
        if !can_be_program && keeps && manifest.root.as_table().is_some() {
            return self.failed(context, missing, 1, &words[..1]);
        }
        match self.dispatch(&words, env, &mut state.clone(), context, Via::Installed) {
            Exit::Failed(mut failure) if matches!(failure.cause, Cause::ProgramMissing { .. }) => {
                if !keeps {
                    return Exit::Open;
                }
                failure.cause = missing;
                failure.code = 1;
                Exit::Failed(failure)
            }
            exit => exit,
        }
    }

    fn hooked(
        &mut self,
        request: &Request,
        manifest: &Manifest,
        name: &str,
        text: &str,
        env: &[(String, Option<String>)],
        context: Context,
    ) -> Exit {
        let key = (manifest.path.clone(), name.to_owned());
        if self.stack.contains(&key) {
            return self.gap(context, format!("the script \"{name}\" runs itself"));
        }
        self.stack.push(key);
        let mut result = Exit::Zero;
        let main = (name.to_owned(), Some(text), request.args.as_slice(), Reach::Certain);
        let before = format!("pre{name}");
        let after = format!("post{name}");
        let hook = |key: &str| manifest.script(key).and_then(|script| script.text);
        let steps = [
            (before.clone(), hook(&before), [].as_slice(), request.hooks),
            main,
            (after.clone(), hook(&after), [].as_slice(), request.hooks),
        ];
        for (key, text, args, reach) in steps {
            let Some(text) = text.filter(|text| !text.is_empty()) else { continue };
            if reach == Reach::Never {
                continue;
            }
            let context = context.reached(if matches!(result, Exit::Failed(_)) { Reach::Never } else { reach });
            let exit = self.script_text(manifest, &key, text, args, env, context);
            result = match (result, exit) {
                (failed @ Exit::Failed(_), _) => failed,
                (_, Exit::Failed(failure)) if reach == Reach::Certain => Exit::Failed(failure),
                (Exit::Zero, Exit::Zero) => Exit::Zero,
                _ => Exit::Open,
            };
        }
        self.stack.pop();
        result
    }

    fn script_text(
        &mut self,
        manifest: &Manifest,
        name: &str,
        text: &str,
        args: &[Word],
        env: &[(String, Option<String>)],
        context: Context,
    ) -> Exit {
        let span = manifest.script(name).map_or(crate::text::span::Span::NONE, |script| script.span);
        let mut full = text.to_owned();
        for arg in args {
            full.push(' ');
            full.push_str(&quoted(arg));
        }
        let origin = Origin::Script { manifest: manifest.path.clone(), name: name.to_owned(), span };
        let text = self.add_text(full, Shell::Sh, origin);
        let mut state = State { cwd: Some(manifest.dir().to_owned()), env: env.to_vec(), ..State::default() };
        self.text(Context { text, is_condition: false, ..context }, &mut state)
    }
}

/// An argument as it is appended to a script.
fn quoted(word: &Word) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_=./:,@+%".contains(&byte);
    if word.is_dynamic || word.text.bytes().all(is_plain) && !word.text.is_empty() {
        return word.text.clone();
    }
    format!("'{}'", word.text.replace('\'', "'\\''"))
}
