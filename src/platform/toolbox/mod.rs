//! Which programs a command can count on: those of the machine, and those that installations bring.
//!
//! `node_modules/.bin` of the folder and of all folders above it is searched first, then the machine's own `PATH`
//! (`@npmcli/run-script`; Netlify's `build/src/plugins_core/build_command.ts`). What nobody can know is left open.

mod file;
mod image;
mod installation;
pub mod lifecycle;
mod past;
mod provision;
pub mod release;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::project::command::{Cause, Invocation, Judge, Opinion, Via};
use crate::project::path::{self, child};
use crate::project::snapshot::Snapshot;

use crate::sim::known::Known;

pub use image::{Image, Presence};
pub use installation::{Installation, Omission};
pub use past::installs_in;

use past::{Past, may_add_programs, omits};
use provision::{Folder, Provision};

/// Variables of a build, by name.
pub type Variables = [(String, Known<String>)];

/// What a platform brings along when a command begins.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The programs of its machines.
    pub image: &'a Image,
    /// What it installs by itself.
    pub installation: Option<&'a Installation>,
    /// Whether it may install something when that is none.
    pub may_install: bool,
    /// The variables that commands see.
    pub variables: &'a Variables,
    /// What other commands ran before.
    pub before: &'a [Invocation],
    /// Whether something of that could not be followed.
    pub is_after_gap: bool,
}

/// Judges programs by the machine and by what is installed.
pub struct Toolbox<'a> {
    snapshot: &'a Snapshot,
    setting: Setting<'a>,
    /// Whether npm is version 7 or later.
    knows_npm: bool,
    folders: RefCell<BTreeMap<String, Rc<Folder>>>,
}

impl<'a> Toolbox<'a> {
    /// The programs of a folder tree that is built like this, with this major of Node.js.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, setting: Setting<'a>, node: Option<u64>) -> Toolbox<'a> {
        // Node.js 15 is the first with npm 7.
        let knows_npm = node.is_none_or(|major| major >= 15);
        Toolbox { snapshot, setting, knows_npm, folders: RefCell::default() }
    }

    fn past<'p>(&'p self, now: &'p [Invocation]) -> Past<'p> {
        Past { before: self.setting.before, now, is_after_gap: self.setting.is_after_gap }
    }

    /// Whether the file system of the clone tells which files are executable.
    fn has_modes(&self) -> bool {
        self.snapshot.origin == crate::project::snapshot::Origin::GitIndex || cfg!(unix)
    }

    /// Whether one of these files lies in the folder or above it.
    fn has_above(&self, dir: &str, names: &[&str]) -> bool {
        path::ancestors(dir).any(|dir| names.iter().any(|name| self.snapshot.is_file(&child(dir, name))))
    }

    fn by_ecosystem(&self, invocation: &Invocation, past: Past<'_>, files: &[&str]) -> Opinion {
        let Some(cwd) = invocation.cwd.as_deref() else { return Opinion::Open };
        let name = invocation.name();
        if self.has_above(cwd, files) || may_add_programs(invocation, past) || self.may_bring(cwd, past, name) {
            return Opinion::Open;
        }
        missing(name)
    }

    fn may_bring(&self, cwd: &str, past: Past<'_>, name: &str) -> bool {
        !matches!(self.provision(cwd, past, name), Provision::No)
    }

    fn by_package(&self, invocation: &Invocation, past: Past<'_>) -> Opinion {
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
        let past = self.past(past);
        let name = invocation.name();
        if name.is_empty() || invocation.via == Via::Fetch {
            return Opinion::Open;
        }
        if name.contains('/') {
            return self.by_file(invocation);
        }
        match self.setting.image.presence(name) {
            Some(Presence::Present) => self.by_argument(invocation, past),
            Some(Presence::Absent) => self.by_ecosystem(invocation, past, &[]),
            Some(Presence::Gem) => self.by_ecosystem(invocation, past, &["Gemfile", "gems.rb"]),
            Some(Presence::Python) => {
                const FILES: [&str; 6] =
                    ["requirements.txt", "Pipfile", "pyproject.toml", "setup.py", "runtime.txt", "environment.yml"];
                self.by_ecosystem(invocation, past, &FILES)
            }
            None => match self.by_package(invocation, past) {
                Opinion::Open => self.by_configuration(invocation, past),
                fails => fails,
            },
        }
    }

    fn knows_npm(&self) -> bool {
        self.knows_npm
    }
}

fn missing(name: &str) -> Opinion {
    Opinion::Fails(Cause::ProgramMissing { name: name.to_owned() }, 127)
}
