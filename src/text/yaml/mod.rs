//! YAML 1.2 as the npm package `yaml` 2.x reads it, with the span of every key and value.
//!
//! The core schema with merge keys, as `parseDocument(text, { merge: true })` followed by `toJS()`. Places where
//! readers of YAML 1.1 (Go's `yaml.v2` and `yaml.v3`, libyaml) would see something else are listed as doubts.

mod build;
mod compose;
mod doubt;
mod error;
mod lexer;
mod mark;
mod nesting;
mod part;
mod raw;
mod scalar;
mod token;

use std::borrow::Cow;

use super::span::FileId;
use super::tree::{Kind, Node};

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use doubt::{Doubt, DoubtKind};
pub use error::{ErrorKind, SyntaxError};
pub use mark::Marks;

/// The deepest nesting of lists and mappings that is read.
pub const MAX_DEPTH: usize = 128;

/// What a YAML text says.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The value; `None` when the text holds nothing but comments. Beside errors it is what could be read.
    pub root: Option<Node>,
    /// Why the text is not YAML, in the order in which the reader meets the faults. Empty when it is.
    pub errors: Vec<SyntaxError>,
    /// Where readers of YAML disagree, by position.
    pub doubts: Vec<Doubt>,
    /// How values are written, as far as an editor must know.
    pub marks: Marks,
}

impl Document {
    /// Whether the text is valid.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Reads a text; never fails, but may hold errors.
#[must_use]
pub fn parse(text: &str, file: FileId) -> Document {
    let (raw, findings) = compose::compose(text, file);
    build::build(raw, text, findings)
}

/// The text of a scalar as a reader sees it that asks for a string: `3.10`, `off`, `0x1F`.
///
/// The written text of a plain scalar, the value of a quoted or block scalar; `None` for a list, a mapping, or a value
/// that nobody wrote. `source` is the text that was parsed. A scalar that came through an alias has the span of the
/// alias, so that only strings, and not numbers and truth values, have a text there.
#[must_use]
pub fn scalar_text<'a>(node: &'a Node, source: &'a str) -> Option<Cow<'a, str>> {
    match &node.kind {
        Kind::String(text) => Some(Cow::Borrowed(text)),
        Kind::Array(_) | Kind::Table(_) => None,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) if !node.span.is_written() => None,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {
            let written = source.get(node.span.range())?;
            (!written.starts_with('*')).then_some(Cow::Borrowed(written))
        }
    }
}
