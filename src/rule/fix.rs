//! Repairs as byte-range edits.

use crate::text::edit::Edit;
use crate::text::span::{FileId, Span};

/// How far a repair may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Only to be shown.
    Show,
    /// To be looked at before it is applied.
    Review,
    /// Keeps what the site does, or restores what it plainly means.
    Safe,
}

impl Applicability {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Show => "show",
            Applicability::Review => "review",
            Applicability::Safe => "safe",
        }
    }
}

/// One change of a file; nothing ever deletes what a user has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Replaces the bytes of a span (empty: inserts) in a file of the repository.
    Edit {
        /// The bytes to replace.
        span: Span,
        /// What to put there.
        text: String,
    },
    /// Makes a new file.
    Create {
        /// Repository path.
        path: String,
        /// Its text.
        text: String,
    },
    /// Gives a tracked file another name; its content and its rights stay.
    Rename {
        /// Repository path.
        from: String,
        /// Repository path; nothing is there yet.
        to: String,
    },
}

/// A repair: all of its changes or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: `set "publish" to "dist"`.
    pub title: String,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// Its changes; none when only the title can be shown.
    pub changes: Vec<Change>,
}

impl Fix {
    /// A repair by one replacement.
    #[must_use]
    pub fn replace(applicability: Applicability, title: impl Into<String>, span: Span, text: impl Into<String>) -> Fix {
        Fix { title: title.into(), applicability, changes: vec![Change::Edit { span, text: text.into() }] }
    }

    /// A repair by several edits of one file.
    #[must_use]
    pub fn edits(
        applicability: Applicability,
        title: impl Into<String>,
        file: FileId,
        edits: impl IntoIterator<Item = Edit>,
    ) -> Fix {
        let change =
            |edit: Edit| Change::Edit { span: Span::new(file, edit.range.start, edit.range.end), text: edit.text };
        Fix { title: title.into(), applicability, changes: edits.into_iter().map(change).collect() }
    }

    /// A repair by a new file.
    #[must_use]
    pub fn create(
        applicability: Applicability,
        title: impl Into<String>,
        path: impl Into<String>,
        text: impl Into<String>,
    ) -> Fix {
        let change = Change::Create { path: path.into(), text: text.into() };
        Fix { title: title.into(), applicability, changes: vec![change] }
    }

    /// A repair by another name for a file.
    #[must_use]
    pub fn rename(
        applicability: Applicability,
        title: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Fix {
        let change = Change::Rename { from: from.into(), to: to.into() };
        Fix { title: title.into(), applicability, changes: vec![change] }
    }

    /// What only a person can do, since it takes a command or an answer that no file holds.
    #[must_use]
    pub fn show(title: impl Into<String>) -> Fix {
        Fix { title: title.into(), applicability: Applicability::Show, changes: Vec::new() }
    }
}
