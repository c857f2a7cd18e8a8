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
pub(super) fn normalize(conditions: Node) -> Result<Table, Reason> {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::super::fixture::node;
    use super::*;

    fn normalized(conditions: Value) -> Value {
        Node::default_of(Kind::Table(normalize(node(&conditions)).unwrap())).to_json()
    }

    #[test]
    fn three_names_are_capitalised_and_lower_case_wins() {
        let given = json!({ "role": ["a"], "Role": ["b"], "Country": ["us"], "cookie": "x", "LANGUAGE": "en" });
        let expected = json!({ "Role": ["a"], "Country": ["us"], "cookie": "x", "LANGUAGE": "en" });
        assert_eq!(normalized(given), expected);
    }

    #[test]
    fn texts_of_the_three_become_lists() {
        let given = json!({ "Role": " admin ,\u{a0}user", "language": "", "country": 5, "Cookie": "a,b" });
        let expected = json!({ "Role": ["admin", "user"], "Language": [""], "Country": 5, "Cookie": "a,b" });
        assert_eq!(normalized(given), expected);
    }

    #[test]
    fn lists_and_texts_have_indices_as_keys() {
        assert_eq!(normalized(json!(["Role=x", 1])), json!({ "0": "Role=x", "1": 1 }));
        assert_eq!(normalized(json!("aé")), json!({ "0": "a", "1": "é" }));
        assert_eq!(normalized(json!(5)), json!({}));
        assert_eq!(normalized(json!(false)), json!({}));
    }

    #[test]
    fn null_is_rejected() {
        assert!(normalize(node(&json!(null))).is_err());
        assert!(normalize(Node::default_of(Kind::Number(f64::NAN))).is_err());
    }

    #[test]
    fn a_null_condition_stays() {
        assert_eq!(normalized(json!({ "role": null, "Role": "a" })), json!({ "Role": null }));
    }
}
