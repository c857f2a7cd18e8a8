//! Conditions of a redirect: `Role`, `Language`, `Country` and the others.

use super::error::Reason;
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// The conditions that may start in lower case and whose text is a list.
const LISTS: [(&str, &str); 3] = [("role", "Role"), ("language", "Language"), ("country", "Country")];

/// Gives conditions their final names and lists (`redirect-parser/src/conditions.js`).
///
/// Lists and texts become tables with their indices as keys, as JavaScript's rest operator sees them.
///
/// # Errors
///
/// `null` has no properties.
pub fn normalize(conditions: Node) -> Result<Table, Reason> {
    if ecma::is_null(&conditions) {
        return Err(Reason::WrongType { key: "conditions", expected: "a table" });
    }
    let mut table = properties(conditions);
    for (name, capitalized) in LISTS {
        let upper = table.remove(capitalized);
        if let Some(entry) = table.remove(name).or(upper) {
            table.insert(capitalized, entry.key_span, entry.value);
        }
    }
    for (_, name) in LISTS {
        if let Some(value) = table.get_mut(name) {
            split_text(value);
        }
    }
    Ok(table)
}

fn split_text(value: &mut Node) {
    if let Kind::String(text) = &value.kind {
        let items = ecma::split_commas(text).map(|item| Node::string(item, value.span)).collect();
        value.kind = Kind::Array(items);
    }
}

fn properties(node: Node) -> Table {
    let span = node.span;
    match node.kind {
        Kind::Table(table) => table,
        Kind::Array(items) => indexed(items),
        Kind::String(text) => indexed(text.encode_utf16().map(|unit| Node::string(code_unit(unit), span))),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => Table::default(),
    }
}

fn indexed(items: impl IntoIterator<Item = Node>) -> Table {
    let mut table = Table::default();
    for (index, item) in items.into_iter().enumerate() {
        table.insert(index.to_string(), Span::NONE, item);
    }
    table
}

/// One UTF-16 code unit as a text; halves of a pair have no text of their own and become U+FFFD.
fn code_unit(unit: u16) -> String {
    String::from_utf16_lossy(&[unit])
}
