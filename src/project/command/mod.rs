//! What a build command runs: the shell's grammar, then package scripts, runners and wrappers, down to the programs.
//!
//! [`follow`](follow::follow) turns a command into a [`Trace`]: every program with its folder, whether it is certain to
//! run, and whether its failure is the failure of the whole; and how the command ends, as far as files decide it.

pub mod follow;
mod manager;
pub mod npm;
mod runner;
pub mod shell;
pub mod word;
mod wrapper;

#[cfg(test)]
mod tests;

use crate::text::span::Span;

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

/// Whether a program is run at all, if those before it do what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Never, because of what comes before.
    Never,
    /// It hangs on something that the files do not say.
    Maybe,
    /// Yes.
    Certain,
}

/// How a program was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// Looked up by the shell, in `node_modules/.bin` first.
    Path,
    /// Through `npx`, `pnpm dlx` and the like, which fetch what is not installed.
    Fetch,
    /// Through `pnpm exec`, `yarn X` and the like, which run only what is installed.
    Installed,
}

/// One program that would be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The program as written: `vite`, `./build.sh`.
    pub program: Word,
    /// Its arguments.
    pub args: Vec<Word>,
    /// The folder it runs in, as a repository path; none when only the run knows.
    pub cwd: Option<String>,
    /// Variables set for it by the command; none for a value that only the run knows.
    pub env: Vec<(String, Option<String>)>,
    /// Whether it is run.
    pub reach: Reach,
    /// Whether the whole command fails when it does.
    pub is_fatal: bool,
    /// How it was found.
    pub via: Via,
    /// Which of the trace's texts it stands in.
    pub text: usize,
    /// Whether nothing before it can have made files or installed programs.
    pub is_pristine: bool,
    /// Whether something before it could not be followed.
    pub is_after_gap: bool,
}

impl Invocation {
    /// The program's name, if it is written out.
    #[must_use]
    pub fn name(&self) -> &str {
        self.program.plain().unwrap_or_default()
    }

    /// The first argument that is no option.
    #[must_use]
    pub fn subcommand(&self) -> Option<&str> {
        self.args.iter().filter_map(Word::plain).find(|arg| !arg.starts_with('-'))
    }

    /// Whether one of the arguments is this.
    #[must_use]
    pub fn has_arg(&self, wanted: &str) -> bool {
        self.args.iter().any(|arg| arg.plain() == Some(wanted))
    }

    /// What an option is set to: `--out dist` or `--out=dist`.
    #[must_use]
    pub fn option(&self, names: &[&str]) -> Option<&Word> {
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            if names.contains(&arg.text.as_str()) {
                return args.next();
            }
        }
        None
    }

    /// A variable that the command sets for it.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Option<String>> {
        self.env.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether its failure would certainly be the failure of the command.
    #[must_use]
    pub fn decides(&self) -> bool {
        self.is_fatal && self.reach == Reach::Certain
    }

    /// Whether it leaves no file behind and installs nothing.
    #[must_use]
    pub fn is_harmless(&self) -> bool {
        const WRITES_NOTHING: &str = "echo printf true false : cd pwd test [ exit export set unset ls cat env date sleep which command type ulimit umask whoami uname printenv df du free rm rmdir rimraf del del-cli unlink kill wait head tail wc grep egrep";
        let asks_version = matches!(self.args.as_slice(), [only] if matches!(only.text.as_str(), "-v" | "--version" | "-V" | "version"));
        is_among(WRITES_NOTHING, self.name()) || (asks_version && self.via == Via::Path)
    }
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
    /// Whether only the presence of a program is open, which stands among the invocations.
    pub is_presence: bool,
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
    /// `cd` into a folder that is not there.
    FolderMissing {
        /// The folder as written.
        name: String,
        /// The repository path.
        path: String,
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

/// How a command ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With exit code 0; nothing that it runs can fail.
    Success,
    /// With the exit code of its programs.
    Open,
    /// With an error, whatever its programs do.
    Failure(Box<Failure>),
}

/// Everything that a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The texts that shells read, the command itself first.
    pub texts: Vec<Text>,
    /// The programs, in the order in which they stand.
    pub invocations: Vec<Invocation>,
    /// What the files do not decide.
    pub gaps: Vec<Gap>,
    /// How it ends.
    pub end: End,
}

impl Trace {
    /// The failure that is certain, if there is one.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        if let End::Failure(failure) = &self.end { Some(failure) } else { None }
    }

    /// The invocations of a program that may be run.
    pub fn runs<'a>(&'a self, program: &'a str) -> impl Iterator<Item = &'a Invocation> {
        self.invocations.iter().filter(move |run| run.reach != Reach::Never && run.name() == program)
    }

    /// Whether a text that may be run names this file or folder, as a whole path part.
    #[must_use]
    pub fn mentions(&self, path: &str) -> bool {
        self.texts.iter().any(|text| mentions(&text.text, path))
    }

    /// Whether it certainly runs nothing that could make a file.
    #[must_use]
    pub fn builds_nothing(&self) -> bool {
        let writes = |run: &Invocation| run.reach != Reach::Never && !run.is_harmless();
        let redirects = self.texts.iter().any(|text| text.text.contains('>'));
        self.gaps.iter().all(|gap| gap.reach == Reach::Never) && !redirects && !self.invocations.iter().any(writes)
    }

    /// Where something in one of the texts was written: the part if the text stands there as it is, else its value.
    #[must_use]
    pub fn span(&self, text: usize, sources: &crate::text::source::Sources, start: usize, end: usize) -> Span {
        let Some(entry) = self.texts.get(text) else { return Span::NONE };
        let span = match &entry.origin {
            Origin::Command(span) | Origin::Script { span, .. } => *span,
            Origin::Piece(parent) if *parent < text => return self.span(*parent, sources, usize::MAX, usize::MAX),
            Origin::Piece(_) => return Span::NONE,
        };
        let written = sources.slice(span).unwrap_or_default();
        let offset = match written.find(&entry.text) {
            Some(offset) if !entry.text.is_empty() && end <= entry.text.len() => offset,
            _ => return span,
        };
        let first = span.start as usize + offset;
        Span::new(span.file, first + start, first + end)
    }
}

/// Whether a word is one of a list with spaces between.
pub(crate) fn is_among(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split(' ').any(|one| one == word)
}

/// Whether a text names a file or folder, as a whole path part.
#[must_use]
pub fn mentions(text: &str, path: &str) -> bool {
    let path = path.trim_matches('/').trim_start_matches("./");
    let is_part =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let bytes = text.as_bytes();
    !path.is_empty()
        && text.match_indices(path).any(|(at, _)| {
            !is_part(at.checked_sub(1).and_then(|before| bytes.get(before))) && !is_part(bytes.get(at + path.len()))
        })
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
