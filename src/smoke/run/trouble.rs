//! What keeps a test from holding.

use crate::smoke::ast::Span;

/// Something that keeps a test from holding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// Whether the site is wrong, or nobody can say.
    pub kind: TroubleKind,
    /// Where in the smoke file.
    pub span: Span,
    /// What is wrong, in one clause.
    pub message: String,
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
        Trouble { kind: TroubleKind::Failed, span: span.clone(), message: message.into() }
    }

    pub(super) fn unknown(span: &Span, message: impl Into<String>) -> Trouble {
        Trouble { kind: TroubleKind::Unknown, span: span.clone(), message: message.into() }
    }
}
