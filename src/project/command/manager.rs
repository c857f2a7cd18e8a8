//! The command lines of npm, Yarn, pnpm, Bun and of the runners that fetch programs.

use crate::project::path;

use super::follow::{Context, Env, Exit, State, Walker};
use super::option::{BUN, Line, NPM, PNPM, YARN};
use super::runner::Request;
use super::workspace::MANIFESTS;
use super::{Cause, Reach, Via, Word, is_among, npm};

impl Walker<'_, '_> {
    /// The folder that an option names, from where the command stands.
    fn dir_of(&self, line: &Line, state: &State) -> Option<String> {
        let from = state.cwd.as_deref()?;
        match &line.dir {
            None => Some(from.to_owned()),
            Some(word) => path::join(from, word.plain().filter(|text| !text.starts_with('/'))?),
        }
    }

    /// Runs a script in the folder or in the packages that options name.
    fn run_in(&mut self, line: &Line, request: Request, env: &Env, state: &State, context: Context) -> Exit {
        if line.is_everywhere {
            return self
                .gap(context, format!("which packages have the script \"{}\" is not followed", request.name.text));
        }
        let Some(dir) = self.dir_of(line, state) else {
            return self.gap(context, "the folder is known only when it runs");
        };
        let mut request = Request { dir, if_present: line.if_present, ..request };
        if line.ignores_scripts {
            request.hooks = Reach::Never;
        }
        if line.packages.is_empty() {
            if line.dir.is_some() {
                request.is_exact = true;
                let is_sure = request.manager == "npm" && self.is_pristine && self.is_surely_absent(&request.dir);
                if is_sure {
                    let cause = Cause::ManifestMissing { manager: "npm", dir: request.dir };
                    return self.failed(context, cause, 254, std::slice::from_ref(&request.name));
                }
                if !self.start.snapshot.is_dir(&request.dir) {
                    return self.gap(context, format!("the folder \"{}\" is not in the repository", request.dir));
                }
            }
            return self.script(&request, env, context);
        }
        let mut result = Exit::Zero;
        for package in line.packages.clone() {
            let exit = match self.package_dir(request.manager, &package, &request.dir) {
                Some(dir) => self.script(&Request { dir, is_exact: true, ..request.clone() }, env, context),
                None => self.package_missing(request.manager, &package, context),
            };
            result = match (result, exit) {
                (failed @ Exit::Failed(_), _) | (_, failed @ Exit::Failed(_)) => failed,
                (Exit::Zero, Exit::Zero) => Exit::Zero,
                _ => Exit::Open,
            };
        }
        result
    }

    pub(super) fn npm(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context) -> Exit {
        let line = Line::read(&words[1..], &NPM, usize::MAX);
        let Some(first) = line.words.first().cloned() else {
            return self.leaf(words, env, state, context, Via::Path);
        };
        let Some(name) = first.plain() else {
            return self.gap(context, "an npm command is put together when it runs");
        };
        match npm::command(name) {
            None if self.start.judge.knows_npm() => {
                let cause = Cause::NpmCommandUnknown { name: name.to_owned() };
                self.failed(context, cause, 1, &[words[0].clone(), first])
            }
            Some("run") if line.words.len() > 1 => {
                let request = Request::new("npm", &line.words[1..], String::new());
                self.run_in(&line, request, env, state, context)
            }
            Some(command @ ("start" | "test" | "stop" | "restart")) => {
                let mut all = line.words.clone();
                all[0].text = command.to_owned();
                self.run_in(&line, Request::new("npm", &all, String::new()), env, state, context)
            }
            Some("exec") if line.words.len() > 1 => {
                let rest = strip_version(&line.words[1..]);
                self.dispatch(&rest, env, &mut state.clone(), context, Via::Fetch)
            }
            _ => self.leaf(words, env, state, context, Via::Path),
        }
    }

    pub(super) fn yarn(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context) -> Exit {
        const OWN: &str = "install add remove upgrade upgrade-interactive up init create cache config global link unlink list \
        outdated owner pack publish why version versions info import audit autoclean bin check generate- \
        lock-entry help licenses login logout policies self-update tag team unplug set dedupe npm patch \
        patch-commit plugin rebuild search constraints explain stage workspaces access generateLockEntry \
        whoami";
        let line = Line::read(&words[1..], &YARN, 1);
        let Some(first) = line.words.first().cloned() else {
            return self.leaf(words, env, state, context, Via::Path);
        };
        let here = State { cwd: self.dir_of(&line, state), ..state.clone() };
        match first.plain() {
            None => self.gap(context, "a yarn command is put together when it runs"),
            Some("run") => {
                let inner = Line::read(&line.words[1..], &YARN, 1);
                if inner.words.is_empty() {
                    return self.leaf(words, env, &here, context, Via::Path);
                }
                let request = Request { falls_back: true, ..Request::new("yarn", &inner.words, String::new()) };
                self.run_in(&line, request, env, state, context)
            }
            Some("dlx") => self.dispatch(&strip_version(&line.words[1..]), env, &mut here.clone(), context, Via::Fetch),
            Some("exec") => self.dispatch(skip_dashes(&line.words[1..]), env, &mut here.clone(), context, Via::Path),
            Some("node") => self.dispatch(&line.words, env, &mut here.clone(), context, Via::Path),
            Some("workspace") => self.yarn_workspace(&line.words[1..], env, &here, context),
            Some("workspaces") => {
                self.leaf(words, env, &here, context, Via::Path);
                self.gap(context, "which packages have the script is not followed")
            }
            Some(name) if is_among(OWN, name) => self.leaf(words, env, &here, context, Via::Path),
            Some(_) => {
                let request = Request { falls_back: true, ..Request::new("yarn", &line.words, String::new()) };
                self.run_in(&line, request, env, state, context)
            }
        }
    }

    fn yarn_workspace(&mut self, words: &[Word], env: &Env, state: &State, context: Context) -> Exit {
        let Some((package, rest)) = words.split_first() else { return Exit::Open };
        let from = state.cwd.clone().unwrap_or_default();
        let Some(dir) = self.package_dir("yarn", package, &from) else {
            return self.package_missing("yarn", package, context);
        };
        let yarn = Word::bare("yarn", package.start, package.start);
        let line: Vec<Word> = std::iter::once(yarn).chain(rest.iter().cloned()).collect();
        self.yarn(&line, env, &mut State { cwd: Some(dir), ..state.clone() }, context)
    }

    pub(super) fn pnpm(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context) -> Exit {
        const OWN: &str = "install i add remove rm uninstall un update up upgrade link ln unlink import rebuild rb prune fetch \
        install-test it dedupe patch patch-commit patch-remove audit list ls ll outdated why licenses create \
        publish pack store root bin setup init deploy server config c env doctor cat-file cat-index find- \
        hash self-update help approve-builds ignored-builds cache login logout version view info set get ci \
        restart";
        let line = Line::read(&words[1..], &PNPM, 1);
        let Some(first) = line.words.first().cloned() else {
            return self.leaf(words, env, state, context, Via::Path);
        };
        if self.filters_nothing(&line) {
            return Exit::Zero;
        }
        if let Some(exit) = self.pnpm_is_lost(&line, state, context) {
            return exit;
        }
        let mut here = State { cwd: self.dir_of(&line, state), ..state.clone() };
        let is_root = words
            .iter()
            .skip(1)
            .take_while(|word| word.start <= first.start)
            .any(|word| matches!(word.text.as_str(), "-w" | "--workspace-root"));
        if is_root {
            here.cwd = here.cwd.and_then(|dir| self.workspace_root(&dir));
        }
        match first.plain() {
            None => self.gap(context, "a pnpm command is put together when it runs"),
            Some("run" | "run-script") => {
                let inner = Line::read(&line.words[1..], &PNPM, 1);
                if inner.words.is_empty() {
                    return self.leaf(words, env, &here, context, Via::Path);
                }
                let both = Line {
                    dir: None,
                    packages: [line.packages, inner.packages].concat(),
                    is_everywhere: line.is_everywhere || inner.is_everywhere,
                    if_present: line.if_present || inner.if_present,
                    ..Line::default()
                };
                let request = pnpm_request(&inner.words);
                self.run_in(&both, request, env, &here, context)
            }
            Some("exec") => self.dispatch(skip_dashes(&line.words[1..]), env, &mut here, context, Via::Installed),
            Some("dlx") => self.dispatch(&strip_version(&line.words[1..]), env, &mut here, context, Via::Fetch),
            Some(name) if is_among(OWN, name) => self.leaf(words, env, &here, context, Via::Path),
            Some(_) => {
                let falls_back = !line.words[0].text.is_empty();
                let request = Request { falls_back, ..pnpm_request(&line.words) };
                self.run_in(&Line { dir: None, ..line }, request, env, &here, context)
            }
        }
    }

    /// pnpm in a folder that is not there, or that has no manifest: it looks no further up (measured with pnpm 10).
    fn pnpm_is_lost(&mut self, line: &Line, state: &State, context: Context) -> Option<Exit> {
        let word = line.dir.as_ref()?;
        let dir = self.dir_of(line, state)?;
        if !self.start.snapshot.is_dir(&dir) {
            if !self.is_pristine || !self.is_surely_absent(&dir) {
                return Some(self.gap(context, format!("the folder \"{dir}\" is not in the repository")));
            }
            let cause = Cause::FolderMissing { name: word.text.clone(), path: dir, manager: Some("pnpm") };
            return Some(self.failed(context, cause, 1, std::slice::from_ref(word)));
        }
        let has_manifest = MANIFESTS.iter().any(|name| self.start.snapshot.is_file(&path::child(&dir, name)));
        (!has_manifest).then(|| self.gap(context, format!("the folder \"{dir}\" has no manifest in the repository")))
    }

    fn workspace_root(&self, dir: &str) -> Option<String> {
        let is_root = |dir: &&str| self.start.snapshot.is_file(&path::child(dir, "pnpm-workspace.yaml"));
        path::ancestors(dir).find(is_root).map(str::to_owned)
    }

    pub(super) fn bun(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context) -> Exit {
        const OWN: &str = "install i add a remove rm update link unlink pm create c init build test upgrade repl publish \
        outdated patch patch-commit audit why info ci help completions discord getcompletes feedback";
        let line = Line::read(&words[1..], &BUN, 1);
        let Some(first) = line.words.first().cloned() else {
            return self.leaf(words, env, state, context, Via::Path);
        };
        let here = State { cwd: self.dir_of(&line, state), ..state.clone() };
        match first.plain() {
            None => self.gap(context, "a bun command is put together when it runs"),
            Some("x") => self.dispatch(&strip_version(&line.words[1..]), env, &mut here.clone(), context, Via::Fetch),
            Some(name) if is_among(OWN, name) || name.contains(['/', '.']) => {
                self.leaf(words, env, &here, context, Via::Path)
            }
            Some(name) => {
                let inner = Line::read(if name == "run" { &line.words[1..] } else { &line.words }, &BUN, 1);
                let Some(script) = inner.words.first() else {
                    return self.leaf(words, env, &here, context, Via::Path);
                };
                if script.text.contains(['/', '.']) {
                    return self.leaf(words, env, &here, context, Via::Path);
                }
                let request = Request { falls_back: true, ..Request::new("bun", &inner.words, String::new()) };
                let both = Line {
                    packages: [line.packages, inner.packages].concat(),
                    if_present: line.if_present || inner.if_present,
                    is_everywhere: line.is_everywhere || inner.is_everywhere,
                    ..line
                };
                self.run_in(&both, request, env, state, context)
            }
        }
    }

    /// `npx X`: runs what is installed, or fetches it.
    pub(super) fn fetch(&mut self, words: &[Word], env: &Env, state: &mut State, context: Context) -> Exit {
        let mut at = 1;
        let mut via = Via::Fetch;
        while let Some(word) = words.get(at) {
            match word.text.as_str() {
                "-p" | "--package" => {
                    at += 2;
                    via = Via::Fetch;
                }
                "-c" | "--call" => return self.gap(context, "a command that npx is given is not followed"),
                "--no-install" | "--no" => {
                    via = Via::Installed;
                    at += 1;
                }
                "--" => {
                    at += 1;
                    break;
                }
                text if text.starts_with('-') => at += 1,
                _ => break,
            }
        }
        let rest = strip_version(words.get(at..).unwrap_or_default());
        self.dispatch(&rest, env, &mut state.clone(), context, via)
    }

    /// `node --run build`: the script alone, without hooks (`nodejs.org/api/cli.html`).
    pub(super) fn node_run(&mut self, words: &[Word], env: &Env, state: &State, context: Context) -> Exit {
        let Some(dir) = state.cwd.clone().filter(|_| words.len() > 2) else { return Exit::Open };
        let request = Request { hooks: Reach::Never, ..Request::new("node", &words[2..], dir) };
        self.script(&request, env, context)
    }
}

fn pnpm_request(words: &[Word]) -> Request {
    // Hooks run by default since pnpm 9; before, a setting turns them on.
    Request { hooks: Reach::Maybe, ..Request::new("pnpm", words, String::new()) }
}

fn skip_dashes(words: &[Word]) -> &[Word] {
    match words.first() {
        Some(word) if word.text == "--" => &words[1..],
        _ => words,
    }
}

/// `vite@5 build` runs `vite`.
fn strip_version(words: &[Word]) -> Vec<Word> {
    let flags = words.iter().take_while(|word| word.text.starts_with('-')).count();
    let mut words = words[flags..].to_vec();
    if let Some(first) = words.first_mut()
        && let Some(at) = first.text.rfind('@').filter(|at| *at > 0)
    {
        first.text.truncate(at);
    }
    words
}
