//! What the judge has to say about a place of the Blueprint.

use crate::text::span::Span;

/// How bad it is for the deploy, whoever notices it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Worth knowing.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The sync, the build or the running service fails.
    Error,
}

impl Grade {
    /// The name in the conformance document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Grade::Info => "info",
            Grade::Warning => "warning",
            Grade::Error => "error",
        }
    }
}

/// Where the knowledge comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A message of the real validator is on record.
    Engine,
    /// The documentation says so.
    Docs,
    /// It follows from documented behaviour.
    Derived,
    /// A fact about the files of the repository.
    Repo,
}

impl Basis {
    /// The name in the conformance document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Basis::Engine => "engine",
            Basis::Docs => "docs",
            Basis::Derived => "derived",
            Basis::Repo => "repo",
        }
    }
}

/// What Render's validator does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// It lets it pass.
    Accepts,
    /// Nobody knows.
    Unknown,
    /// It refuses the file.
    Rejects,
}

impl Engine {
    /// The name in the conformance document.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Accepts => "accepts",
            Engine::Unknown => "unknown",
            Engine::Rejects => "rejects",
        }
    }
}

/// The resource that a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The file as a whole.
    File,
    /// The service of this index in [`Blueprint::services`](crate::platform::render::blueprint::Blueprint::services).
    Service(usize),
    /// The database of this index.
    Database(usize),
    /// The environment group of this index.
    Group(usize),
}

/// One thing to say about one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its name in the conformance document: `env-no-source`.
    pub rule: &'static str,
    /// How bad it is.
    pub grade: Grade,
    /// The place in Render's own notation: `services[0].plan`.
    pub path: String,
    /// A wrong key, or the beginning of the entry in which something is missing.
    pub span: Span,
    /// Where the knowledge comes from.
    pub basis: Basis,
    /// What Render's validator does about it.
    pub engine: Engine,
    /// What is wrong, in one clause, and what would be accepted.
    pub message: String,
    /// The validator's own wording, where it is on record.
    pub wording: Option<String>,
    /// The word that was probably meant, if there is one.
    pub meant: Option<String>,
    /// The resource that it is about.
    pub subject: Subject,
    /// The variable that it is about, as an index into the resource's entries.
    pub entry: Option<usize>,
    /// The key of the entry or resource that it is about.
    pub key: Option<String>,
}

impl Remark {
    /// Adds the validator's own wording.
    pub(super) fn says(&mut self, wording: impl Into<String>) -> &mut Remark {
        self.wording = Some(wording.into());
        self
    }

    /// Adds the word that was probably meant.
    pub(super) fn means(&mut self, word: Option<&str>) {
        self.meant = word.map(str::to_owned);
    }
}
