//! What keeps a test from holding.

use crate::smoke::ast::Span;

/// Something that keeps a test from holding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whether the site is wrong, or nobody can say.
    pub kind: TroubleKind,
    /// Where in the smoke file.
    pub span: Span,
    /// What is so, in one clause.
    pub message: String,
    /// What should be so instead, where there is something to compare.
    pub expected: Option<String>,
}

/// Kinds of troubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TroubleKind {
    /// It could not be found out here; elsewhere it might.
    Unknown,
    /// There was no whole answer.
    Silent,
    /// The answer is not as it has to be.
    Failed,
}

impl Trouble {
    pub(super) fn failed(span: &Span, message: impl Into<String>) -> Trouble {
        Trouble { kind: TroubleKind::Failed, span: span.clone(), message: message.into(), expected: None }
    }

    /// Something that is so, and what should be instead.
    pub(super) fn wrong(span: &Span, message: impl Into<String>, expected: impl Into<String>) -> Trouble {
        Trouble { expected: Some(expected.into()), ..Trouble::failed(span, message) }
    }

    pub(super) fn unknown(span: &Span, message: impl Into<String>) -> Trouble {
        Trouble { kind: TroubleKind::Unknown, span: span.clone(), message: message.into(), expected: None }
    }

    /// All of it in one clause.
    #[must_use]
    pub fn told(&self) -> String {
        match &self.expected {
            Some(expected) => format!("{}, where {expected} is expected", self.message),
            None => self.message.clone(),
        }
    }
}
