//! Values for tests.

use serde_json::Value;

use super::side_file::{FileText, SideFile};
use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node, Table};

/// The number of the side file in tests.
pub(super) const FILE: FileId = FileId(7);

/// A value that nobody wrote.
pub(super) fn node(value: &Value) -> Node {
    Node::default_of(match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(*value),
        Value::Number(value) => Kind::Number(value.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Kind::String(text.clone()),
        Value::Array(items) => Kind::Array(items.iter().map(node).collect()),
        Value::Object(object) => {
            let mut table = Table::default();
            for (key, value) in object {
                table.insert(key.as_str(), Span::NONE, node(value));
            }
            Kind::Table(table)
        }
    })
}

/// A side file.
pub(super) fn side_file(text: &str) -> SideFile<'_> {
    SideFile::Text(FileText { text, file: FILE })
}
