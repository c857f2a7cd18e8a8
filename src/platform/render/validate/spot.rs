//! Places of remarks: Render's notation and the span.

use crate::platform::render::blueprint::{EnvEntry, Resource};
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

/// A place of the Blueprint.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) path: String,
    pub(super) span: Span,
    pub(super) key: Option<String>,
}

/// The first key and its value: what a report shows of an entry in which something is missing.
fn head(span: Span, table: &Table) -> Span {
    let first = table.iter().map(|(_, entry)| entry).find(|entry| entry.key_span.start == span.start);
    let end =
        first.map_or(span.end, |entry| match entry.value.as_array().is_some() || entry.value.as_table().is_some() {
            true => entry.key_span.end,
            false => entry.value.span.end.max(entry.key_span.end),
        });
    Span { end: end.min(span.end.max(span.start)), ..span }
}

impl Spot {
    /// The entry as a whole.
    pub(super) fn resource(resource: &Resource) -> Spot {
        Spot { path: resource.path.clone(), span: head(resource.span, &resource.table), key: None }
    }

    /// The variable as a whole.
    pub(super) fn entry(entry: &EnvEntry) -> Spot {
        Spot { path: entry.path.clone(), span: head(entry.span, &entry.table), key: None }
    }

    /// A key of this place; the place itself when it has no such key.
    pub(super) fn key(self, table: &Table, key: &str) -> Spot {
        let dot = if self.path.is_empty() { "" } else { "." };
        let span = table.key_span(key).unwrap_or(self.span);
        Spot { path: [&self.path, dot, key].concat(), span, key: Some(key.to_owned()) }
    }

    /// An item of the list below this place.
    pub(super) fn item(self, index: usize, node: &Node) -> Spot {
        let span = node.as_table().map_or(node.span, |table| head(node.span, table));
        Spot { path: format!("{}[{index}]", self.path), span, ..self }
    }
}
