//! What is wrong with a smoke file, and where.

use std::ops::Range;

use crate::text::source::Source;
use crate::text::span::Position;

/// Kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// It is no Hurl.
    Syntax,
    /// It is Hurl, of the part that is not supported here.
    Unsupported,
}

/// A fault of a smoke file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether Hurl knows it.
    pub kind: FaultKind,
    /// The bytes that are meant.
    pub span: Range<usize>,
    /// What is wrong, in one clause, and what would be accepted.
    pub message: String,
}

impl Fault {
    /// Something that is no Hurl.
    #[must_use]
    pub fn syntax(span: Range<usize>, message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Syntax, span, message: message.into() }
    }

    /// Something that is Hurl, and is not supported here.
    #[must_use]
    pub fn unsupported(span: Range<usize>, message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Unsupported, span, message: message.into() }
    }

    /// Line and column of its first byte in `text`.
    #[must_use]
    pub fn position(&self, text: &str) -> Position {
        position(text, self.span.start)
    }

    /// The fault in one line, as `FILE:LINE:COLUMN: message`.
    #[must_use]
    pub fn line(&self, file: &str, text: &str) -> String {
        let Position { line, column } = self.position(text);
        let kind = if self.kind == FaultKind::Unsupported { "unsupported: " } else { "" };
        format!("{file}:{line}:{column}: {kind}{}", self.message)
    }
}

/// Line and column of a byte of a text.
#[must_use]
pub fn position(text: &str, at: usize) -> Position {
    Source::new("", false, text).position(u32::try_from(at).unwrap_or(u32::MAX))
}
