//! What commands install with pip, Poetry, uv and Pipenv.

use crate::project::command::{Invocation, Reach, Word};
use crate::project::path::{child, join};
use crate::project::snapshot::Snapshot;

use super::declared::{Declared, text_of};
use super::locked;
use super::pipfile::Pipfile;
use super::pyproject::Pyproject;
use super::requirement::{self, Requirement};

/// A requirements file that a command names and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFile {
    /// Number of the invocation among those that were given.
    pub invocation: usize,
    /// The file as written.
    pub name: String,
    /// Its repository path.
    pub path: String,
    /// The first byte of its name in the command's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// Everything that a list of commands installs.
#[derive(Debug, Clone, Default)]
pub struct Installed {
    /// What is asked for.
    pub declared: Declared,
    /// Requirements files that are not there.
    pub missing: Vec<MissingFile>,
    /// Whether anything at all is installed from files or by name.
    pub is_any: bool,
}

/// A file that something makes before it is read: `pip-compile`, `poetry export`, `uv export`, `cp`, a redirection.
fn makes_files(run: &Invocation) -> bool {
    !run.is_harmless() && !is_installer(run)
}

fn is_installer(run: &Invocation) -> bool {
    pip(run).is_some_and(|args| matches!(first_plain(args), Some("install" | "--version" | "list" | "check")))
        || matches!(
            (program(run), run.subcommand()),
            ("poetry", Some("install")) | ("uv", Some("sync")) | ("pipenv", Some("install" | "sync"))
        )
}

/// The name of a program without its folder.
#[must_use]
pub fn program(run: &Invocation) -> &str {
    run.name().rsplit('/').next().unwrap_or_default()
}

/// Whether a program is a Python interpreter.
#[must_use]
pub fn is_python(name: &str) -> bool {
    name.strip_prefix("python").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

fn first_plain(args: &[Word]) -> Option<&str> {
    args.iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-') || *arg == "--version")
}

/// The arguments of pip, however it is called.
fn pip(run: &Invocation) -> Option<&[Word]> {
    let name = program(run);
    let plain = |at: usize| run.args.get(at).and_then(Word::plain);
    if name.strip_prefix("pip").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')) {
        return Some(&run.args);
    }
    if is_python(name) && plain(0) == Some("-m") && plain(1) == Some("pip") {
        return run.args.get(2..);
    }
    (name == "uv" && plain(0) == Some("pip")).then(|| &run.args[1..])
}

/// Options of `pip install` that take a value which names nothing to install.
const VALUED: &str = "-i --index-url --extra-index-url -f --find-links --platform --python-version --implementation --abi --upgrade-strategy \
    --config-settings --global-option --no-binary --only-binary --progress-bar --root-user-action --report --src --cache-dir --timeout \
    --retries --proxy --trusted-host --cert --python -p --log --exists-action --use-deprecated --use-feature --build-option -C";

impl Installed {
    /// Works out what the invocations install, in the order in which they run.
    #[must_use]
    pub fn by(snapshot: &Snapshot, runs: &[&Invocation]) -> Installed {
        let mut installed = Installed::default();
        let mut is_made = false;
        for (index, run) in runs.iter().enumerate().filter(|(_, run)| run.reach != Reach::Never) {
            installed.add(snapshot, run, index, is_made);
            is_made |= makes_files(run);
        }
        installed
    }

    fn add(&mut self, snapshot: &Snapshot, run: &Invocation, index: usize, is_made: bool) {
        let Some(cwd) = run.cwd.as_deref() else {
            self.declared.is_open = true;
            return;
        };
        if let Some(args) = pip(run) {
            return self.add_pip(snapshot, args, cwd, index, is_made);
        }
        match (program(run), run.subcommand()) {
            ("poetry", Some("install" | "sync")) => self.add_poetry(snapshot, cwd, run),
            ("uv", Some("sync")) => self.add_project(snapshot, cwd, run, "uv.lock"),
            ("pipenv", Some("install" | "sync")) => self.add_pipenv(snapshot, cwd, run),
            ("poetry", Some("config" | "env" | "check" | "lock" | "export" | "build" | "self" | "run"))
            | ("uv", Some("lock" | "export" | "run" | "venv" | "python" | "tool" | "cache")) => {}
            _ if installs_nothing(run) => {}
            _ => self.declared.is_open = true,
        }
    }

    fn add_pip(&mut self, snapshot: &Snapshot, args: &[Word], cwd: &str, index: usize, is_made: bool) {
        match first_plain(args) {
            Some("install") => {}
            Some("--version" | "list" | "freeze" | "check" | "show" | "cache" | "config" | "debug") | None => return,
            _ => {
                self.declared.is_open = true;
                return;
            }
        }
        self.is_any = true;
        let mut args = args.iter();
        while let Some(word) = args.next() {
            let Some(arg) = word.plain() else {
                self.declared.is_open = true;
                continue;
            };
            let (option, value) = match arg.split_once('=') {
                Some((option, value)) if arg.starts_with("--") => (option, Some(value)),
                _ if arg.starts_with("-r") && arg.len() > 2 && !arg.starts_with("--") => ("-r", Some(&arg[2..])),
                _ => (arg, None),
            };
            match option {
                "-r" | "--requirement" | "--requirements" => {
                    let file = value
                        .map(|value| (value, word))
                        .or_else(|| args.next().and_then(|word| Some((word.plain()?, word))));
                    match file {
                        Some((name, word)) => self.add_requirements(snapshot, cwd, name, word, index, is_made),
                        None => self.declared.is_open = true,
                    }
                }
                "-c" | "--constraint" if value.is_none() => _ = args.next(),
                "-e" | "--editable" => match value.or_else(|| args.next().and_then(Word::plain)) {
                    Some(path) => self.add_path(cwd, path),
                    None => self.declared.is_open = true,
                },
                "-t" | "--target" | "--prefix" | "--root" | "--user" => self.declared.is_open = true,
                _ if crate::project::command::is_among(VALUED, option) && value.is_none() => _ = args.next(),
                _ if arg.starts_with('-') || arg == "install" => {}
                _ => self.add_name(cwd, arg),
            }
        }
    }

    fn add_requirements(
        &mut self,
        snapshot: &Snapshot,
        cwd: &str,
        name: &str,
        word: &Word,
        index: usize,
        is_made: bool,
    ) {
        let Some(path) = super::target::folder(cwd, name).filter(|_| !name.contains("://")) else {
            self.declared.is_open = true;
            return;
        };
        if snapshot.is_file(&path) {
            self.declared.add_file(snapshot, &path);
        } else if is_made || snapshot.exists(&path) || leads_elsewhere(snapshot, &path) {
            self.declared.is_open = true;
        } else {
            let missing =
                MissingFile { invocation: index, name: name.to_owned(), path, start: word.start, end: word.end };
            self.missing.push(missing);
        }
    }

    fn add_path(&mut self, cwd: &str, path: &str) {
        let path = path.split('[').next().unwrap_or_default();
        match join(cwd, path).filter(|_| !path.contains("://")) {
            Some(local) => self.declared.add_local(local),
            None => self.declared.is_open = true,
        }
    }

    fn add_name(&mut self, cwd: &str, arg: &str) {
        match requirement::parse(arg) {
            Some(requirement) if !arg.contains('/') => self.declared.requirements.push(requirement),
            _ => self.add_path(cwd, arg),
        }
    }

    /// What `uv run` installs before it runs anything.
    pub fn add_uv_run(&mut self, snapshot: &Snapshot, run: &Invocation) {
        match run.cwd.as_deref() {
            Some(cwd) => self.add_project(snapshot, cwd, run, "uv.lock"),
            None => self.declared.is_open = true,
        }
    }

    fn add_poetry(&mut self, snapshot: &Snapshot, cwd: &str, run: &Invocation) {
        self.add_project(snapshot, cwd, run, "poetry.lock");
    }

    /// A project with a `pyproject.toml` and a lock file: what the lock does not hold is not installed.
    fn add_project(&mut self, snapshot: &Snapshot, cwd: &str, run: &Invocation, lock: &str) {
        self.is_any = true;
        let Some(text) = text_of(snapshot, &child(cwd, "pyproject.toml")) else {
            self.declared.is_open = true;
            return;
        };
        let Some(project) = Pyproject::read(&text) else {
            self.declared.is_open = true;
            return;
        };
        self.declared.files.push(child(cwd, "pyproject.toml"));
        if project.is_package && !run.has_arg("--no-root") && !run.has_arg("--no-install-project") {
            self.declared.local.push(cwd.to_owned());
        }
        match text_of(snapshot, &child(cwd, lock)).and_then(|text| locked::of_toml(&text)) {
            Some(names) => self.declared.locked.extend(names),
            None => {
                let groups = project.extras.iter().chain(&project.groups);
                let more = groups.flat_map(|group| group.requirements.iter().cloned());
                self.declared.is_open |= project.is_open || snapshot.is_file(&child(cwd, lock));
                let all: Vec<Requirement> = project.requirements.iter().cloned().chain(more).collect();
                self.declared.requirements.extend(all);
            }
        }
    }

    fn add_pipenv(&mut self, snapshot: &Snapshot, cwd: &str, run: &Invocation) {
        self.is_any = true;
        let names_some = run.args.iter().skip(1).any(|arg| !arg.text.starts_with('-'));
        let pipfile = text_of(snapshot, &child(cwd, "Pipfile")).and_then(|text| Pipfile::read(&text));
        let Some(pipfile) = pipfile.filter(|_| !names_some) else {
            self.declared.is_open = true;
            return;
        };
        self.declared.files.push(child(cwd, "Pipfile"));
        match text_of(snapshot, &child(cwd, "Pipfile.lock")).and_then(|text| locked::of_pipfile_lock(&text)) {
            Some(names) => self.declared.locked.extend(names),
            None => {
                self.declared.is_open |= snapshot.is_file(&child(cwd, "Pipfile.lock"));
                self.declared.requirements.extend(pipfile.requirements.into_iter().chain(pipfile.development));
            }
        }
    }
}

fn leads_elsewhere(snapshot: &Snapshot, path: &str) -> bool {
    use crate::project::snapshot::Target;
    let is_elsewhere =
        |dir: &str| matches!(snapshot.target(dir), Target::Submodule(_) | Target::Outside | Target::Loop);
    crate::project::path::ancestors(path).any(is_elsewhere)
}

/// Whether a program installs no distribution.
fn installs_nothing(run: &Invocation) -> bool {
    const QUIET: &str = "npm npx yarn pnpm bun node mkdir rm cp mv chmod touch sed tar unzip gunzip git ls alembic flask django-admin \
        playwright rav tailwindcss tree curl wget sort tee prisma gzip find cat pybabel collectstatic set shopt read ln date";
    let plain = |at: usize| run.args.get(at).and_then(Word::plain).unwrap_or_default();
    let is_python = is_python(program(run));
    run.is_harmless()
        || crate::project::command::is_among(QUIET, program(run))
        || (is_python && plain(0).rsplit('/').next() == Some("manage.py"))
        || (is_python
            && plain(0) == "-m"
            && !matches!(plain(1), "pip" | "ensurepip" | "venv" | "virtualenv" | "poetry" | "uv" | "pipenv"))
        || (is_python
            && plain(0) == "-c"
            && !["pip", "subprocess", "os.system"]
                .iter()
                .any(|word| run.args.get(1).is_none_or(|arg| arg.text.contains(word))))
        || (is_python && matches!(plain(0), "--version" | "-V"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::command::follow::{Start, follow};
    use crate::project::command::{NoJudge, Shell};
    use crate::text::source::Sources;
    use crate::text::span::Span;

    fn installed(command: &str, files: &[(&str, &str)]) -> Installed {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let start = Start {
            snapshot: &snapshot,
            command,
            span: Span::NONE,
            shell: Shell::Bash,
            dir: "",
            checkout: "",
            judge: &NoJudge,
            is_pristine: true,
        };
        let trace = follow(&start, &mut Sources::default());
        Installed::by(&snapshot, &trace.invocations.iter().collect::<Vec<_>>())
    }

    fn names(command: &str, files: &[(&str, &str)]) -> (Vec<String>, bool) {
        let found = installed(command, files).declared;
        (found.requirements.into_iter().map(|one| one.name).chain(found.locked).collect(), found.is_open)
    }

    const FILE: (&str, &str) = ("r.txt", "flask\n");

    #[test]
    fn pip_installs_files_and_names() {
        let flask = (vec!["flask".to_owned()], false);
        for command in [
            "pip install -r r.txt",
            "pip3.12 install --no-cache-dir -rr.txt",
            "python -m pip install --requirement=r.txt",
            "uv pip install -r ./r.txt",
            "pip install --upgrade 'flask>=2'",
            "/opt/render/project/src/.venv/bin/python -m pip install -r r.txt",
            "cd . && pip install -i https://x.org flask && python manage.py migrate",
        ] {
            assert_eq!(names(command, &[FILE]), flask, "{command}");
        }
    }

    #[test]
    fn what_cannot_be_followed_is_open() {
        for command in [
            "pip install .",
            "pip install $X",
            "./build.sh",
            "make install",
            "pip install -e ./a",
            "python setup.py install",
            "conda env update",
            "pip install git+https://x.org/y",
        ] {
            assert!(names(command, &[FILE]).1, "{command}");
        }
    }

    #[test]
    fn a_missing_file_is_named_unless_something_makes_it() {
        let missing = |command: &str| installed(command, &[FILE, ("api/r.txt", "")]).missing.len();
        assert_eq!((missing("pip install -r requirements.txt"), missing("cd api && pip install -r r.txt")), (1, 0));
        assert_eq!(missing("pip install --upgrade pip && pip install -r x.txt"), 1);
        for command in [
            "pip-compile && pip install -r x.txt",
            "poetry export -o x.txt && pip install -r x.txt",
            "pip install -r https://x.org/y.txt",
        ] {
            assert_eq!(missing(command), 0, "{command}");
        }
    }

    #[test]
    fn lock_files_say_all() {
        let project = ("pyproject.toml", "[project]\nname='a'\ndependencies=['x']\n");
        let lock = ("uv.lock", "[[package]]\nname = \"y\"\n");
        assert_eq!(names("uv sync", &[project, lock]), (vec!["y".to_owned()], false));
        assert_eq!(names("uv sync", &[project]), (vec!["x".to_owned()], false));
        assert_eq!(names("uv sync", &[project, ("uv.lock", "")]), (vec!["x".to_owned()], true));
        assert!(names("poetry install", &[]).1);
        assert_eq!(names("pipenv install", &[("Pipfile", "[packages]\nz = '*'\n")]), (vec!["z".to_owned()], false));
    }
}
