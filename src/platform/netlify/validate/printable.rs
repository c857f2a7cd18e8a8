//! Whether the engine can print an offending value in its message.
//!
//! The engine prints the value as TOML (`config/src/utils/toml.js`, package `tomlify-j0.4`), and fails with
//! another message where that cannot be done. Only the failing is modelled, in the printer's own order.

use crate::text::tree::{Entry, Kind, Node, Table};

use crate::text::ecma::own_entries;

/// Why a value cannot be printed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unprintable {
    /// A list of different types, or an empty key; with the place as the printer names it.
    Value(String),
    /// A number that is not finite.
    Number,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

#[derive(Default)]
struct Printer<'a> {
    path: Vec<Step<'a>>,
}

/// Checks that the printer gets to the end of a table.
pub(super) fn check(table: &Table) -> Result<(), Unprintable> {
    Printer::default().table(table)
}

impl<'a> Printer<'a> {
    fn failure(&self) -> Unprintable {
        let mut text = String::new();
        for step in &self.path {
            if !text.is_empty() {
                text.push('.');
            }
            match step {
                Step::Key("") => return Unprintable::Value("<root>".to_owned()),
                Step::Key(key) => text.push_str(&escape(key)),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
            }
        }
        Unprintable::Value(if text.is_empty() { "<root>".to_owned() } else { text })
    }

    fn within(
        &mut self,
        step: Step<'a>,
        print: impl FnOnce(&mut Self) -> Result<(), Unprintable>,
    ) -> Result<(), Unprintable> {
        self.path.push(step);
        print(self)?;
        self.path.pop();
        Ok(())
    }

    /// A table under its own header: first the plain values, then a look for whole numbers among the lists of
    /// tables, then the tables.
    fn table(&mut self, table: &'a Table) -> Result<(), Unprintable> {
        let (tables, values): (Vec<_>, Vec<_>) =
            own_entries(table).into_iter().partition(|(_, entry)| has_header(entry));
        for (key, entry) in values {
            self.within(Step::Key(key), |printer| printer.pair(key, &entry.value))?;
        }
        for (key, entry) in &tables {
            if entry.value.as_array().is_some_and(|items| items.iter().any(is_integer)) {
                self.within(Step::Key(key), |printer| printer.pair(key, &entry.value))?;
            }
        }
        for (key, entry) in tables {
            self.within(Step::Key(key), |printer| printer.headed(&entry.value))?;
        }
        Ok(())
    }

    fn headed(&mut self, node: &'a Node) -> Result<(), Unprintable> {
        match &node.kind {
            Kind::Table(table) => self.table(table),
            Kind::Array(items) => items.iter().enumerate().try_for_each(|(index, item)| match &item.kind {
                Kind::Table(table) => self.within(Step::Index(index), |printer| printer.table(table)),
                _ => Ok(()),
            }),
            _ => Ok(()),
        }
    }

    /// `key = value` on a line.
    fn pair(&mut self, key: &str, value: &'a Node) -> Result<(), Unprintable> {
        if key.is_empty() { Err(self.failure()) } else { self.value(value) }
    }

    fn value(&mut self, node: &'a Node) -> Result<(), Unprintable> {
        match &node.kind {
            Kind::Number(number) if !number.is_finite() => Err(Unprintable::Number),
            Kind::Array(items) if is_mixed(items) => Err(self.failure()),
            Kind::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| self.within(Step::Index(index), |printer| printer.value(item))),
            Kind::Table(table) => self.inline_table(table),
            _ => Ok(()),
        }
    }

    fn inline_table(&mut self, table: &'a Table) -> Result<(), Unprintable> {
        for (key, entry) in own_entries(table).into_iter().filter(|(_, entry)| !entry.value.is_null()) {
            if key.is_empty() {
                return Err(self.failure());
            }
            self.within(Step::Key(key), |printer| printer.value(&entry.value))?;
        }
        Ok(())
    }
}

fn has_header(entry: &Entry) -> bool {
    match &entry.value.kind {
        Kind::Table(_) => true,
        Kind::Array(items) => items.iter().any(|item| item.as_table().is_some()),
        _ => false,
    }
}

fn is_integer(node: &Node) -> bool {
    node.as_number().is_some_and(|number| number.is_finite() && number.fract() == 0.0)
}

fn is_mixed(items: &[Node]) -> bool {
    let Some((first, rest)) = items.split_first() else { return false };
    let kind = std::mem::discriminant(&first.kind);
    rest.iter().any(|item| !item.is_null() && std::mem::discriminant(&item.kind) != kind)
}

/// The key as the printer writes it: quoted as JSON unless bare.
fn escape(key: &str) -> String {
    let is_bare = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if is_bare { key.to_owned() } else { serde_json::Value::from(key).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::netlify::validate::sample;

    fn path(json: serde_json::Value) -> Option<String> {
        match check(&sample::table(json)) {
            Ok(()) => None,
            Err(Unprintable::Value(path)) => Some(path),
            Err(Unprintable::Number) => Some("a number".to_owned()),
        }
    }

    #[test]
    fn lists_of_one_type_are_printed() {
        let printed = json!({"a": [1, 1.5, null], "b": [[1], ["x"]], "c": [{}, "x", [1, "y"], 1.5], "d": null});
        assert_eq!(path(printed), None);
    }

    #[test]
    fn mixed_lists_are_named_with_their_place() {
        let cases = [
            (json!({"build": {"command": ["a", 1]}}), "build.command"),
            (json!({"build": {"a b": [[1], [1, "x"]]}}), "build.\"a b\".[1]"),
            (json!({"a": [{"b": [true, 1]}]}), "a.[0].b"),
            (json!({"a": [null, "x"]}), "a"),
            (json!({"a": [[{"b": [1, "x"]}]]}), "a.[0].[0].b"),
            (json!({"": {"a": [1, "x"]}}), "<root>"),
        ];
        for (value, place) in cases {
            assert_eq!(path(value.clone()).as_deref(), Some(place), "{value}");
        }
    }

    #[test]
    fn a_list_of_tables_fails_over_whole_numbers_only() {
        assert_eq!(path(json!({"a": [{}, 1]})).as_deref(), Some("a"));
        assert_eq!(path(json!({"a": [{}, 1.5]})), None);
    }

    #[test]
    fn plain_values_fail_before_tables() {
        assert_eq!(path(json!({"x": {"a": {"": 1}, "b": ["x", 1]}})).as_deref(), Some("x.b"));
    }

    #[test]
    fn an_empty_key_fails_except_as_a_header() {
        assert_eq!(path(json!({"a": {"": 1}})).as_deref(), Some("<root>"));
        assert_eq!(path(json!({"a": {"": null}})).as_deref(), Some("<root>"));
        assert_eq!(path(json!({"a": {"": {"b": 1}}})), None);
        assert_eq!(path(json!({"a": [[{"": 1}]]})).as_deref(), Some("a.[0].[0]"));
        assert_eq!(path(json!({"a": [[{"": null}]]})), None);
    }

    #[test]
    fn numbers_have_to_be_finite() {
        let mut table = Table::default();
        table.insert("a", crate::text::span::Span::NONE, Node::default_of(Kind::Number(f64::INFINITY)));
        assert_eq!(check(&table), Err(Unprintable::Number));
    }

    #[test]
    fn deep_nesting_is_walked() {
        let deep =
            (0..1000).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"a": inner}) });
        assert_eq!(path(json!({"a": deep})), None);
    }
}
