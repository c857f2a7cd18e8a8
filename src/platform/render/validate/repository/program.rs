//! Files that the programs of a command need.

use crate::platform::render::blueprint::Runtime;
use crate::project::path::{ancestors, child, join};
use crate::project::snapshot::Snapshot;

use super::{in_dir, is_built};

/// A folder in which a command goes on, and what it finds missing.
pub(super) struct Look<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) dir: String,
    pub(super) runtime: Option<Runtime>,
    pub(super) faults: Vec<(&'static str, String)>,
}

/// Subcommands of npm and its like that need no manifest.
const WITHOUT_MANIFEST: [&str; 12] =
    ["create", "init", "exec", "dlx", "x", "config", "rebuild", "cache", "global", "-v", "--version", "version"];
/// Options that lead to another package.
const ELSEWHERE: [&str; 8] = ["-w", "--workspace", "--filter", "-F", "-r", "--recursive", "--workspaces", "workspace"];
/// Servers of Python that are given a module.
const SERVERS: [&str; 4] = ["gunicorn", "uvicorn", "hypercorn", "daphne"];

impl Look<'_> {
    /// Follows the parts of a command until one leads out of sight.
    pub(super) fn follow(&mut self, command: &str) {
        let command = command.replace("&&", "\n").replace("||", "\n").replace(';', "\n");
        for part in command.lines() {
            let mut words: Vec<&str> = part.split_whitespace().collect();
            let assignments = words.iter().take_while(|word| is_assignment(word)).count();
            words.drain(..assignments);
            if matches!(words.first(), Some(&("exec" | "time"))) {
                words.remove(0);
            }
            if words.is_empty() {
                continue;
            }
            if words[0] == "cd" && words.len() == 2 {
                if !self.enter(words[1]) {
                    return;
                }
                continue;
            }
            self.part(&words);
        }
    }

    fn fault(&mut self, rule: &'static str, message: String) {
        self.faults.push((rule, message));
    }

    /// Changes the folder; whether it is known where that leads.
    fn enter(&mut self, target: &str) -> bool {
        let target = target.trim_matches(['"', '\'']);
        let dir = if target.starts_with('/') || target.contains(['$', '~']) { None } else { join(&self.dir, target) };
        let Some(dir) = dir else { return false };
        if !self.snapshot.is_dir(&dir) {
            if !is_built(&dir) {
                self.fault("cd-missing", format!("the command enters \"{dir}\", which is not in the repository"));
            }
            return false;
        }
        self.dir = dir;
        true
    }

    fn part(&mut self, words: &[&str]) {
        let has = |name: &str| in_dir(self.snapshot, &self.dir, name);
        match words[0] {
            "npm" | "yarn" | "pnpm" | "bun" => self.package_manager(words),
            _ if is_pip(words) => self.requirements(words),
            "bundle" if !has("Gemfile") => self.fault("gemfile-missing", "there is no Gemfile".to_owned()),
            "poetry" | "uv" if is_project_tool(words) && !has("pyproject.toml") => {
                self.fault("pyproject-missing", "there is no pyproject.toml".to_owned());
            }
            "cargo" if !has("Cargo.toml") => self.fault("cargo-missing", "there is no Cargo.toml".to_owned()),
            "go" if matches!(words.get(1), Some(&("build" | "run" | "install"))) => {
                if !has("go.mod") && !self.snapshot.is_file("go.mod") {
                    self.fault("gomod-missing", "there is no go.mod".to_owned());
                }
            }
            _ => self.file(words),
        }
    }

    /// Scripts, entries and modules.
    fn file(&mut self, words: &[&str]) {
        let is_shell = matches!(words[0], "bash" | "sh" | ".");
        let script = if is_shell { words.get(1).copied().unwrap_or_default() } else { words[0] };
        if script.ends_with(".sh") || (!is_shell && script.starts_with("./")) {
            let is_binary = matches!(self.runtime, Some(Runtime::Go | Runtime::Rust | Runtime::Elixir));
            if !is_binary || script.ends_with(".sh") {
                self.needs("script-missing", script);
            }
            return;
        }
        if let Some(module) = module(words) {
            return self.module(words, module);
        }
        let entry = match words[0] {
            "python" | "python3" => words.get(1).copied().filter(|word| word.ends_with(".py")),
            "node" => words[1..].iter().copied().find(|word| !word.starts_with('-')).filter(|word| is_javascript(word)),
            _ => None,
        };
        if let Some(entry) = entry {
            self.needs("entry-missing", entry);
        }
    }

    fn needs(&mut self, rule: &'static str, path: &str) {
        let Some(path) = join(&self.dir, path) else { return };
        if !self.snapshot.is_file(&path) && !is_built(&path) {
            self.fault(rule, format!("there is no \"{path}\" in the repository"));
        }
    }

    fn module(&mut self, words: &[&str], module: &str) {
        let given = ["--chdir", "--app-dir", "--pythonpath"].iter().find_map(|flag| option(words, flag));
        let base = given.map_or(Some(self.dir.clone()), |dir| join(&self.dir, dir));
        let Some(base) = base else { return };
        let path = module.replace('.', "/");
        let candidates = ["", "src/"].map(|folder| format!("{folder}{path}"));
        let exists = |path: &String| {
            [format!("{path}.py"), format!("{path}/__init__.py")].iter().any(|file| in_dir(self.snapshot, &base, file))
        };
        if !candidates.iter().any(exists) {
            let dir = crate::project::path::display(&base).to_owned();
            self.fault("module-missing", format!("there is no module \"{module}\" in \"{dir}\""));
        }
    }

    fn requirements(&mut self, words: &[&str]) {
        for (at, word) in words.iter().enumerate() {
            let file = match *word {
                "-r" | "--requirement" => words.get(at + 1).copied(),
                _ => word.strip_prefix("--requirement=").or_else(|| word.strip_prefix("-r")),
            };
            let file = file.map(|file| file.trim_matches(['"', '\'']));
            let Some(path) = file.filter(|file| !file.is_empty()).and_then(|file| join(&self.dir, file)) else {
                continue;
            };
            if !self.snapshot.is_file(&path) {
                self.fault("requirements-missing", format!("there is no \"{path}\" in the repository"));
            }
        }
    }

    fn package_manager(&mut self, words: &[&str]) {
        let tool = words[0];
        let flags = ["--prefix", "--cwd", "--dir", "-C"];
        let given = (tool != "bun").then(|| flags.iter().find_map(|flag| option(words, flag))).flatten();
        let dir = given.and_then(|dir| join(&self.dir, dir)).unwrap_or_else(|| self.dir.clone());
        let is_global = words.iter().any(|word| matches!(*word, "-g" | "--global"));
        if is_global || words.get(1).is_some_and(|word| WITHOUT_MANIFEST.contains(word)) {
            return;
        }
        if !in_dir(self.snapshot, &dir, "package.json") {
            let shown = crate::project::path::display(&dir).to_owned();
            return self
                .fault("package-json-missing", format!("{tool} runs in \"{shown}\", which has no package.json"));
        }
        if let Some(name) = missing_lock(self.snapshot, words, &dir) {
            self.fault("lockfile-missing", format!("the command needs {name}, which is not there"));
        }
        if words.iter().any(|word| ELSEWHERE.contains(&word.split('=').next().unwrap_or_default())) {
            return;
        }
        if let Some(name) = missing_script(self.snapshot, words, &dir) {
            self.fault("script-undefined", format!("package.json has no script \"{name}\""));
        }
    }
}

/// The lock file that a frozen installation misses.
fn missing_lock(snapshot: &Snapshot, words: &[&str], dir: &str) -> Option<&'static str> {
    let is_frozen = words.contains(&"--frozen-lockfile");
    let above = |name: &str| ancestors(dir).any(|dir| in_dir(snapshot, dir, name));
    match words[0] {
        "npm" if words.get(1) == Some(&"ci") => {
            let has = |name: &str| in_dir(snapshot, dir, name);
            (!has("package-lock.json") && !has("npm-shrinkwrap.json")).then_some("package-lock.json")
        }
        "yarn" if is_frozen => (!above("yarn.lock")).then_some("yarn.lock"),
        "pnpm" if is_frozen => (!above("pnpm-lock.yaml")).then_some("pnpm-lock.yaml"),
        _ => None,
    }
}

/// The script that is called and that the manifest does not have.
fn missing_script<'a>(snapshot: &Snapshot, words: &[&'a str], dir: &str) -> Option<&'a str> {
    let text = snapshot.text(&child(dir, "package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    let has = |name: &str| manifest.get("scripts").and_then(|scripts| scripts.get(name)).is_some();
    let mut plain = words[1..].iter().copied().filter(|word| !word.starts_with('-'));
    let (tool, first) = (words[0], plain.next()?);
    let is_run = matches!(first, "run" | "run-script");
    let name = if is_run { plain.next()? } else { first };
    let is_called = is_run
        || (matches!(tool, "npm" | "pnpm") && matches!(name, "start" | "test"))
        || (tool == "yarn" && matches!(name, "build" | "start" | "dev" | "test"));
    let is_default = name == "start" && tool == "npm" && in_dir(snapshot, dir, "server.js");
    (is_called && !has(name) && !is_default).then_some(name)
}

/// The value of an option, as `--flag value` or `--flag=value`.
fn option<'a>(words: &[&'a str], flag: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| word.split('=').next() == Some(flag))?;
    words[at].split_once('=').map(|(_, value)| value).or_else(|| words.get(at + 1).copied())
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

fn is_pip(words: &[&str]) -> bool {
    words.windows(2).any(|pair| matches!(pair[0], "pip" | "pip3") && pair[1] == "install")
}

fn is_project_tool(words: &[&str]) -> bool {
    words[0] == "poetry" || matches!(words.get(1), Some(&("sync" | "run")))
}

fn is_javascript(word: &str) -> bool {
    [".js", ".cjs", ".mjs"].iter().any(|end| word.ends_with(end))
}

/// The module that a server of Python is given: `package.module:name`, or `package.wsgi`.
fn module<'a>(words: &[&'a str]) -> Option<&'a str> {
    let at = match words {
        ["python" | "python3", "-m", ..] => 2,
        _ => 0,
    };
    let server = words.get(at).filter(|word| SERVERS.contains(word))?;
    let is_name = |text: &str| {
        !text.is_empty()
            && !text.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.')
            && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '.')
    };
    words[at + 1..].iter().find_map(|word| match word.split_once(':') {
        Some((module, name)) => (is_name(module) && is_name(name)).then_some(module),
        None => (*server == "gunicorn" && is_name(word) && word.ends_with(".wsgi")).then_some(*word),
    })
}
