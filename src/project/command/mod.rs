//! What a build command runs: the shell's grammar, then package scripts, runners and wrappers, down to the programs.
//!
//! [`follow`](follow::follow) turns a command into a [`Trace`]: every program with its folder, whether it is certain to
//! run, and whether its failure is the failure of the whole; and how the command ends, as far as files decide it.

mod flow;
pub mod follow;
mod invocation;
mod manager;
pub mod npm;
mod option;
mod runner;
pub mod shell;
mod syntax;
mod task;
mod trace;
pub mod word;
mod workspace;
mod wrapper;

#[cfg(test)]
mod tests;

use crate::text::span::Span;

pub use invocation::{Invocation, Reach, Via};
pub use trace::{End, Trace, mentions};
pub use word::Word;

/// The shell that reads a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash: the platform's own, for the build command (`build/src/plugins_core/build_command.ts`).
    Bash,
    /// `sh`: for package scripts (dash on the build image).
    Sh,
}

impl Shell {
    /// The name in its own messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Shell::Bash => "bash",
            Shell::Sh => "sh",
        }
    }
}

/// One text that a shell reads: the build command itself, or a package script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, as the shell gets it.
    pub text: String,
    /// Who reads it.
    pub shell: Shell,
    /// What it is.
    pub origin: Origin,
}

/// Where a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The build command, or whatever else the caller began with; the span covers its value.
    Command(Span),
    /// A script of a manifest.
    Script {
        /// Repository path of the manifest.
        manifest: String,
        /// Name of the script.
        name: String,
        /// Where its value was written.
        span: Span,
    },
    /// A piece of another text, which a wrapper hands to a shell.
    Piece(usize),
}

/// Something on the way that the files do not decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What, in one clause.
    pub what: String,
    /// Which of the trace's texts it stands in.
    pub text: usize,
    /// Whether it is run.
    pub reach: Reach,
    /// Whether the program itself is unknown, so that nothing can be said of it.
    pub is_everything: bool,
    /// Whether only the presence of a program is in question.
    pub is_about_program: bool,
}

/// Why a part of the command certainly exits with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The shell cannot parse the text.
    Syntax {
        /// What is wrong, in one clause.
        what: &'static str,
        /// Where in the text.
        at: usize,
    },
    /// A package manager is asked for a script that the manifest does not have.
    ScriptMissing {
        /// The package manager: `npm`.
        manager: &'static str,
        /// The script.
        name: String,
        /// Repository path of the manifest.
        manifest: String,
        /// Whether the manifest has the script, and it is empty, which only npm takes for a script.
        is_empty: bool,
    },
    /// A package manager is asked for a package of the workspace that is not there.
    PackageMissing {
        /// The package manager: `yarn`.
        manager: &'static str,
        /// The package as named.
        name: String,
    },
    /// npm knows no such command.
    NpmCommandUnknown {
        /// The command as written.
        name: String,
    },
    /// A package manager is asked for a script, and no folder up to the root has a manifest.
    ManifestMissing {
        /// The package manager: `npm`.
        manager: &'static str,
        /// The folder it runs in.
        dir: String,
    },
    /// `cd` into a folder that is not there, or a package manager that is sent there.
    FolderMissing {
        /// The folder as written.
        name: String,
        /// The repository path.
        path: String,
        /// The package manager.
        manager: Option<&'static str>,
    },
    /// The text itself says so: `exit 1`, `false`.
    Deliberate,
    /// A program that nobody installs.
    ProgramMissing {
        /// The program.
        name: String,
    },
    /// A program that only a development dependency brings, when those are left out.
    DevelopmentOnly {
        /// The program.
        name: String,
        /// The package that brings it.
        package: String,
    },
    /// An interpreter is given a file that is not there.
    FileMissing {
        /// The file as written.
        name: String,
        /// The repository path.
        path: String,
    },
    /// A file is called as a program and is not executable.
    NotExecutable {
        /// The repository path.
        path: String,
    },
    /// A script names its interpreter in a line that ends like those of Windows.
    WindowsLines {
        /// The repository path.
        path: String,
    },
}

/// A certain end with an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub cause: Cause,
    /// Exit code of the part that fails.
    pub code: u8,
    /// Which of the trace's texts it stands in.
    pub text: usize,
    /// First byte of the words in question, in that text.
    pub start: usize,
    /// One past their last byte.
    pub end: usize,
    /// The invocation in question, if it is one.
    pub invocation: Option<usize>,
}

/// Whether a word is one of a list with spaces between.
pub(crate) fn is_among(list: &str, word: &str) -> bool {
    let (list, word) = (list.as_bytes(), word.as_bytes());
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
    let is_whole = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| list.get(before));
        is_end(before) && is_end(list.get(at + word.len()))
    };
    // Lists are short: to prepare a search for the whole word costs more than it saves.
    let Some(first) = word.first().filter(|_| !word.contains(&b' ')) else { return false };
    memchr::memchr_iter(*first, list).any(|at| is_whole(at) && list[at..].starts_with(word))
}

/// What somebody who knows the platform says about a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opinion {
    /// It runs; its exit code is its own.
    Open,
    /// It certainly exits with this code.
    Fails(Cause, u8),
    /// Whether it is there hangs on something that this names.
    Unknown(String),
}

/// Says what is known about programs; the platform knows which are installed.
pub trait Judge {
    /// The opinion about one invocation, given all that stand before it.
    fn judge(&self, invocation: &Invocation, past: &[Invocation]) -> Opinion;

    /// Whether npm is a version whose commands are known (7 or later).
    fn knows_npm(&self) -> bool {
        true
    }
}

/// Has no opinion.
#[derive(Debug, Clone, Copy)]
pub struct NoJudge;

impl Judge for NoJudge {
    fn judge(&self, _: &Invocation, _: &[Invocation]) -> Opinion {
        Opinion::Open
    }
}
