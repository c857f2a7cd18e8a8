//! Which programs a command can count on: those of the image, and those that the installation brings.
//!
//! `node_modules/.bin` of the folder and of all folders above it is searched first, then the image's own `PATH`
//! (`build/src/plugins_core/build_command.ts`, `@npmcli/run-script`). What nobody can know is left open.

mod file;
mod provision;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::project::command::{Cause, Invocation, Judge, Opinion, Reach, Via, is_among};
use crate::project::path::{self, child};
use crate::project::program;
use crate::project::snapshot::Snapshot;

use super::image_program::{self, Presence};
use super::install::Installation;
use provision::{Folder, Provision};

/// Judges programs by the image and by what is installed.
pub struct Toolbox<'a> {
    snapshot: &'a Snapshot,
    installation: Option<&'a Installation>,
    /// Whether npm is version 7 or later.
    knows_npm: bool,
    folders: RefCell<BTreeMap<String, Rc<Folder>>>,
}

impl<'a> Toolbox<'a> {
    /// The programs of a site whose dependencies are installed like this, with this major of Node.js.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, installation: Option<&'a Installation>, node: Option<u64>) -> Toolbox<'a> {
        // Node.js 15 is the first with npm 7.
        let knows_npm = node.is_none_or(|major| major >= 15);
        Toolbox { snapshot, installation, knows_npm, folders: RefCell::default() }
    }

    /// Whether the file system of the clone tells which files are executable.
    fn has_modes(&self) -> bool {
        self.snapshot.origin == crate::project::snapshot::Origin::GitIndex || cfg!(unix)
    }

    /// Whether one of these files lies in the folder or above it.
    fn has_above(&self, dir: &str, names: &[&str]) -> bool {
        path::ancestors(dir).any(|dir| names.iter().any(|name| self.snapshot.is_file(&child(dir, name))))
    }

    fn by_ecosystem(&self, invocation: &Invocation, past: &[Invocation], files: &[&str]) -> Opinion {
        let Some(cwd) = invocation.cwd.as_deref() else { return Opinion::Open };
        let name = invocation.name();
        if self.has_above(cwd, files) || may_add_programs(invocation, past) || self.may_bring(cwd, past, name) {
            return Opinion::Open;
        }
        missing(name)
    }

    fn may_bring(&self, cwd: &str, past: &[Invocation], name: &str) -> bool {
        !matches!(self.provision(cwd, past, name), Provision::No)
    }

    fn by_package(&self, invocation: &Invocation, past: &[Invocation]) -> Opinion {
        let name = invocation.name();
        let Some(cwd) = invocation.cwd.as_deref() else { return Opinion::Open };
        let adds = may_add_programs(invocation, past);
        match self.provision(cwd, past, name) {
            Provision::LeftOut(package) if !adds => {
                Opinion::Fails(Cause::DevelopmentOnly { name: name.to_owned(), package }, 127)
            }
            Provision::No if !adds => missing(name),
            Provision::Yes | Provision::LeftOut(_) | Provision::No => Opinion::Open,
            Provision::Unknown => Opinion::Unknown(format!("whether a package brings the program \"{name}\"")),
        }
    }
}

impl Judge for Toolbox<'_> {
    fn judge(&self, invocation: &Invocation, past: &[Invocation]) -> Opinion {
        let name = invocation.name();
        if name.is_empty() || invocation.via == Via::Fetch {
            return Opinion::Open;
        }
        if name.contains('/') {
            return self.by_file(invocation);
        }
        match image_program::presence(name) {
            Some(Presence::Present) => self.by_argument(invocation, past),
            Some(Presence::Absent) => self.by_ecosystem(invocation, past, &[]),
            Some(Presence::Gem) => self.by_ecosystem(invocation, past, &["Gemfile", "gems.rb"]),
            Some(Presence::Python) => {
                const FILES: [&str; 6] =
                    ["requirements.txt", "Pipfile", "pyproject.toml", "setup.py", "runtime.txt", "environment.yml"];
                self.by_ecosystem(invocation, past, &FILES)
            }
            None => self.by_package(invocation, past),
        }
    }

    fn knows_npm(&self) -> bool {
        self.knows_npm
    }
}

fn missing(name: &str) -> Opinion {
    Opinion::Fails(Cause::ProgramMissing { name: name.to_owned() }, 127)
}

/// Whether something that ran before may have put programs where the shell finds them.
fn may_add_programs(invocation: &Invocation, past: &[Invocation]) -> bool {
    const ADDERS: &str = "curl wget apt apt-get brew pip pip2 pip3 pipx pipenv poetry uv conda gem bundle cargo rustup go \
                          git tar unzip source . eval alias make asdf mise nvm corepack ln cp mv sudo python python3 ruby \
                          deno dotnet composer opam stack cabal luarocks";
    const INSTALLS: &str = "install i add global link ci in up update upgrade create init pm";
    let adds = |run: &Invocation| {
        let is_manager = is_among("npm yarn pnpm bun", run.name());
        let words: Vec<&str> = run.args.iter().map(|arg| arg.text.as_str()).collect();
        let names_package = || {
            let verb = words.iter().position(|word| is_among(INSTALLS, word));
            let is_global = words.iter().any(|word| matches!(*word, "-g" | "--global" | "global" | "link"));
            is_global || verb.is_some_and(|at| words[at + 1..].iter().any(|word| !word.starts_with('-')))
        };
        let is_script = is_among("bash sh zsh", run.name()) && !words.is_empty();
        run.name().is_empty()
            || run.name().contains('/')
            || is_among(ADDERS, run.name())
            || is_script
            || (is_manager && names_package())
    };
    invocation.is_after_gap
        || invocation.variable("PATH").is_some()
        || past.iter().any(|run| run.reach != Reach::Never && adds(run))
}

/// The folder in which a package manager installs everything that a manifest lists, if that is what it does here.
fn installs_in(run: &Invocation) -> Option<String> {
    const VERBS: &str = "install i ci in ins clean-install install-clean";
    if run.reach == Reach::Never || !is_among("npm yarn pnpm bun", run.name()) {
        return None;
    }
    let cwd = run.cwd.as_deref()?;
    let mut dir = cwd.to_owned();
    let mut args = run.args.iter();
    let mut words = Vec::new();
    while let Some(arg) = args.next() {
        let text = arg.text.as_str();
        match text.split_once('=') {
            Some(("--prefix" | "--cwd" | "--dir", value)) => dir = path::join(cwd, value)?,
            None if is_among("--prefix --cwd --dir -C", text) => dir = path::join(cwd, args.next()?.plain()?)?,
            _ if text.starts_with('-') => {}
            _ => words.push(text),
        }
    }
    let installs = match words.as_slice() {
        [] => run.name() == "yarn",
        [verb] => is_among(VERBS, verb),
        _ => false,
    };
    installs.then_some(dir)
}

/// Whether a call of a package manager leaves out development dependencies; none when the site decides.
fn omits(run: &Invocation) -> Option<bool> {
    let has = |names: &str| run.args.iter().any(|arg| is_among(names, &arg.text));
    if has("--include=dev --production=false --no-production --also=dev --prod=false") {
        return Some(false);
    }
    if has("--omit=dev --production --prod -P --only=production --only=prod --production=true") {
        return Some(true);
    }
    match run.variable("NODE_ENV") {
        Some(Some(value)) if is_among("npm yarn", run.name()) => Some(value == "production"),
        _ => None,
    }
}

/// Whether a word is a slip of a program that is there.
fn is_slip(word: &str, names: &[String]) -> bool {
    image_program::presence(word).is_none()
        && (program::meant(word, names.iter().map(String::as_str)).is_some()
            || program::meant(word, image_program::builders()).is_some())
}
