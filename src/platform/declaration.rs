//! Where a file would declare another variable of a build.

use crate::text::span::Span;

/// The place of a further variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The empty range in which it goes.
    pub span: Span,
    /// What has to stand before each of its lines: a line break and the indentation.
    pub lead: String,
}
