//! Scalars as Render's decoder reads them: their text.

use crate::text::span::Span;
use crate::text::tree::{Entry, Table};
use crate::text::yaml;

/// A scalar, whatever its type: the decoder takes its text (`3.10`, `true`, `0x1F` stay as they are written).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub value: String,
    /// Where the value stands.
    pub span: Span,
    /// Where its key stands.
    pub key_span: Span,
}

impl Text {
    /// The text of a key, if its value is a scalar and not null.
    #[must_use]
    pub fn of(table: &Table, key: &str, source: &str) -> Option<Text> {
        table.0.get(key).and_then(|entry| Text::read(entry, source))
    }

    /// The text of a value.
    #[must_use]
    pub fn read(entry: &Entry, source: &str) -> Option<Text> {
        if entry.value.is_null() {
            return None;
        }
        let value = yaml::scalar_text(&entry.value, source)?;
        Some(Text { value: value.into_owned(), span: entry.value.span, key_span: entry.key_span })
    }
}
