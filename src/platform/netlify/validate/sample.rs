//! Trees for tests, written as JSON; every value and key has a span of its own.

use serde_json::Value;

use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node, Table};

/// The tree of an object.
pub(super) fn table(json: Value) -> Table {
    match node(json).kind {
        Kind::Table(table) => table,
        _ => Table::default(),
    }
}

/// The tree of any value.
pub(super) fn node(json: Value) -> Node {
    grow(json, &mut 0)
}

fn grow(json: Value, count: &mut usize) -> Node {
    let mut span = || {
        *count += 1;
        Span::new(FileId(0), *count, *count + 1)
    };
    let own = span();
    let kind = match json {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(value),
        Value::Number(number) => Kind::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Kind::String(text),
        Value::Array(items) => Kind::Array(items.into_iter().map(|item| grow(item, count)).collect()),
        Value::Object(entries) => {
            let mut table = Table::default();
            for (key, value) in entries {
                *count += 1;
                let key_span = Span::new(FileId(0), *count, *count + 1);
                table.insert(key, key_span, grow(value, count));
            }
            Kind::Table(table)
        }
    };
    Node { kind, span: own }
}
