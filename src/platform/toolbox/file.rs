//! Programs that are files of the repository, and interpreters that are given one.

use crate::project::command::{Cause, Invocation, Opinion, Word, is_among};
use crate::project::path::{self, child};
use crate::project::snapshot::{Mode, Target};

use super::{Past, Toolbox};

/// Options of interpreters that take the next word.
const VALUED: &str = "-r --require --import --loader --experimental-loader --env-file --conditions -C -W -X -O -o";

/// Options after which no file is run.
const INLINE: &str =
    "-c -e -p -m -i -s --eval --print --check --test --run --watch -v --version -h --help --interactive -";

impl Toolbox<'_> {
    /// A program that is called by its path.
    pub(super) fn by_file(&self, invocation: &Invocation) -> Opinion {
        let Some(cwd) = invocation.cwd.as_deref() else { return Opinion::Open };
        let name = invocation.name();
        let Some(path) = path::join(cwd, name).filter(|_| !name.starts_with('/')) else { return Opinion::Open };
        if path.split('/').any(|part| part == "node_modules") {
            return Opinion::Open;
        }
        match self.snapshot.target(&path) {
            Target::File(path) => self.executable(invocation, &path),
            Target::Directory(_) => Opinion::Fails(Cause::NotExecutable { path }, 126),
            Target::Missing if self.is_sure(invocation, &path) => {
                Opinion::Fails(Cause::FileMissing { name: name.to_owned(), path }, 127)
            }
            _ => Opinion::Open,
        }
    }

    fn executable(&self, invocation: &Invocation, path: &str) -> Opinion {
        let mode = self.snapshot.entry(path).map(|entry| entry.mode);
        if mode == Some(Mode::File) && self.has_modes() && invocation.is_pristine {
            return Opinion::Fails(Cause::NotExecutable { path: path.to_owned() }, 126);
        }
        let Ok(text) = self.snapshot.read(path) else { return Opinion::Open };
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let is_windows = first.starts_with(b"#!") && first.ends_with(b"\r");
        if is_windows && invocation.is_pristine && !self.normalises(path) {
            return Opinion::Fails(Cause::WindowsLines { path: path.to_owned() }, 126);
        }
        Opinion::Open
    }

    /// Whether git may change the line ends of a file when it is checked out.
    fn normalises(&self, path: &str) -> bool {
        let dirs = path::ancestors(path::parent(path).unwrap_or_default());
        dirs.filter_map(|dir| self.snapshot.text(&child(dir, ".gitattributes")).ok()).any(|text| text.contains("eol="))
    }

    /// An image's program: interpreters need their file, `make` its makefile, `bundle` its Gemfile.
    pub(super) fn by_argument(&self, invocation: &Invocation, past: Past<'_>) -> Opinion {
        let Some(cwd) = invocation.cwd.as_deref() else { return Opinion::Open };
        match invocation.name() {
            "node" => self.script(
                invocation,
                past,
                cwd,
                &["", ".js", ".cjs", ".json", ".mjs", ".ts", "/index.js", "/package.json"],
            ),
            "bash" | "sh" | "python" | "python3" | "ruby" => self.script(invocation, past, cwd, &[""]),
            "make" if invocation.args.iter().all(|arg| !arg.text.starts_with(['-', '/'])) => {
                let names = ["GNUmakefile", "makefile", "Makefile"];
                let exists = names.iter().any(|name| self.snapshot.exists(&child(cwd, name)));
                let path = child(cwd, "Makefile");
                if exists || !self.is_sure(invocation, &path) {
                    return Opinion::Open;
                }
                Opinion::Fails(Cause::FileMissing { name: "Makefile".to_owned(), path }, 2)
            }
            "bundle" if matches!(invocation.subcommand(), Some("exec" | "install")) => {
                if invocation.variable("BUNDLE_GEMFILE").is_some() || self.has_above(cwd, &["Gemfile", "gems.rb"]) {
                    return Opinion::Open;
                }
                let path = child(cwd, "Gemfile");
                if past.iter().any(|run| !run.makes_nothing()) || !self.is_sure(invocation, &path) {
                    return Opinion::Open;
                }
                Opinion::Fails(Cause::FileMissing { name: "Gemfile".to_owned(), path }, 10)
            }
            "cp" | "mv" | "cat" => self.operands(invocation, cwd),
            _ => Opinion::Open,
        }
    }

    /// What is copied, moved or shown has to be there when nothing ran before.
    fn operands(&self, invocation: &Invocation, cwd: &str) -> Opinion {
        const OPTIONS: &str = "-r -R -a -rf -f -v -n -p -rv -av -Rf --recursive --force --verbose";
        let mut operands: Vec<&str> = Vec::new();
        for arg in &invocation.args {
            match arg.plain() {
                Some(text) if is_among(OPTIONS, text) => {}
                Some(text) if !text.is_empty() && !text.starts_with(['-', '/', '~']) => operands.push(text),
                _ => return Opinion::Open,
            }
        }
        if invocation.name() != "cat" && operands.pop().is_none() {
            return Opinion::Open;
        }
        let missing = operands.into_iter().find_map(|name| {
            let path = path::join(cwd, name).filter(|path| !path.is_empty())?;
            (!self.snapshot.exists(&path) && self.is_sure(invocation, &path)).then_some((name, path))
        });
        missing
            .map_or(Opinion::Open, |(name, path)| Opinion::Fails(Cause::FileMissing { name: name.to_owned(), path }, 1))
    }

    /// A configuration that a tool is told to read, and that is not there.
    pub(super) fn by_configuration(&self, invocation: &Invocation, past: Past<'_>) -> Opinion {
        let options: &[&str] = match invocation.name() {
            "vite" | "webpack" | "rollup" => &["--config", "-c"],
            "eleventy" => &["--config"],
            "tsc" | "vue-tsc" => &["--project", "-p"],
            _ => return Opinion::Open,
        };
        let Some(cwd) = invocation.cwd.as_deref() else { return Opinion::Open };
        let mut args = invocation.args.iter();
        let Some(found) = args.find(|arg| options.contains(&arg.text.as_str())).and_then(|_| args.next()) else {
            return Opinion::Open;
        };
        let Some(name) = found.plain().filter(|name| name.contains('.') && !name.starts_with(['-', '/'])) else {
            return Opinion::Open;
        };
        let Some(path) = path::join(cwd, name).filter(|path| !path.is_empty()) else { return Opinion::Open };
        let is_sure = self.is_sure(invocation, &path) || self.is_source(invocation, past, &path);
        if self.snapshot.exists(&path) || self.snapshot.exists(&format!("{path}.json")) || !is_sure {
            return Opinion::Open;
        }
        Opinion::Fails(Cause::FileMissing { name: name.to_owned(), path }, 1)
    }

    fn script(&self, invocation: &Invocation, past: Past<'_>, cwd: &str, endings: &[&str]) -> Opinion {
        let mut args = invocation.args.iter();
        while let Some(arg) = args.next() {
            let text = arg.text.as_str();
            if arg.plain().is_none() || is_among(INLINE, text) {
                return Opinion::Open;
            }
            if is_among(VALUED, text) {
                args.next();
            } else if !text.starts_with('-') {
                return self.script_file(invocation, past, cwd, arg, endings);
            } else if invocation.name() != "node" && invocation.name() != "bash" {
                return Opinion::Open;
            }
        }
        Opinion::Open
    }

    fn script_file(
        &self,
        invocation: &Invocation,
        past: Past<'_>,
        cwd: &str,
        file: &Word,
        endings: &[&str],
    ) -> Opinion {
        let name = file.text.as_str();
        let Some(path) = path::join(cwd, name).filter(|path| !name.starts_with('/') && !path.is_empty()) else {
            return Opinion::Open;
        };
        // bash looks for a name without a slash in PATH as well.
        let exists = endings.iter().any(|ending| self.snapshot.exists(&format!("{path}{ending}")));
        let is_sure = self.is_sure(invocation, &path) || self.is_source(invocation, past, &path);
        if exists || !is_sure {
            return Opinion::Open;
        }
        let code = match invocation.name() {
            "node" | "ruby" => 1,
            "bash" => 127,
            _ => 2,
        };
        Opinion::Fails(Cause::FileMissing { name: name.to_owned(), path }, code)
    }

    /// Whether a file is one that people write, and nothing that ran before has to do with it.
    fn is_source(&self, invocation: &Invocation, past: Past<'_>, path: &str) -> bool {
        const FOLDERS: &str = "script scripts tool tools task tasks ci util utils helper helpers build-scripts config";
        const COMPILERS: &str = "tsc tsup tsdown swc babel esbuild rollup webpack parcel ncc coffee unbuild microbundle bun deno \
                                 cp mv git curl wget tar unzip rsync ln tee make bash sh source . eval copyfiles cpx cpy degit";
        let name = path::name(path);
        let names_it = |text: &str| text.contains(name);
        let may_make = |run: &Invocation| {
            let reads = run.args.iter().filter_map(|arg| path::join(run.cwd.as_deref()?, arg.plain()?));
            is_among(COMPILERS, run.name())
                || run.name().is_empty()
                || run.name().contains('/')
                || run.args.iter().any(|arg| arg.is_dynamic || names_it(&arg.text))
                || reads.filter_map(|file| self.snapshot.text(&file).ok()).any(|text| names_it(&text))
        };
        let folder = path.split('/').next().filter(|_| path.contains('/'));
        let is_listed = folder.is_none_or(|folder| is_among(FOLDERS, folder));
        is_listed
            && !invocation.is_after_gap
            && !past.is_after_gap
            && self.is_untouched(path)
            && !past.iter().any(may_make)
    }

    /// Whether a file that git does not track cannot be there: nothing ran that could have made it.
    fn is_sure(&self, invocation: &Invocation, path: &str) -> bool {
        invocation.is_pristine && self.is_untouched(path)
    }

    /// Whether a path is none that tools make, and leads nowhere else.
    fn is_untouched(&self, path: &str) -> bool {
        let is_made = path.split('/').any(|part| {
            part == "node_modules"
                || part.starts_with('.')
                || is_among("dist build out lib public vendor _site tmp", part)
        });
        let leads_away = path::ancestors(path)
            .any(|dir| matches!(self.snapshot.target(dir), Target::Submodule(_) | Target::Outside | Target::Loop));
        !is_made && !leads_away
    }
}
