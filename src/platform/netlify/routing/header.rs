//! Headers of a site: the entries of `_headers` and `netlify.toml`, checked and merged.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::error::{Crash, Place, Reason, RoutingError, Subject};
use super::header_line::{self, PathBlock};
use super::merge;
use super::pattern;
use super::redirect::Word;
use super::side_file::{SideFile, unreadable};
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// How far the engine takes header entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As in a resolved configuration: patterns are not looked at.
    Minimal,
    /// With the pattern of every path; an invalid pattern makes an entry invalid.
    Complete,
}

/// The value of one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderValue {
    /// The value; several are joined with commas.
    pub text: String,
    /// What wrote it: lines of `_headers`, or the value in `netlify.toml`.
    pub spans: Vec<Span>,
}

/// One entry: a path and the headers of its responses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The line of the path without surrounding white space, or the table.
    pub span: Span,
    /// The path pattern (`for`), which may lack a slash.
    pub path: Word,
    /// Names and values in the order of the source.
    pub values: IndexMap<String, HeaderValue>,
}

impl Header {
    /// The pattern of the path as JavaScript prints it (`/^\/a\/?$/iu`); `None` if it is not valid.
    #[must_use]
    pub fn pattern(&self) -> Option<String> {
        pattern::for_path(&self.path.text).ok()
    }

    /// The entry as the engine prints it for the platform; without `forRegExp` if the pattern is not valid.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let values: Map<String, Value> =
            self.values.iter().map(|(name, value)| (name.clone(), Value::from(value.text.as_str()))).collect();
        let mut object = json!({ "for": self.path.text, "values": values });
        if let (Some(pattern), Some(object)) = (self.pattern(), object.as_object_mut()) {
            object.insert("forRegExp".to_owned(), Value::from(pattern));
        }
        object
    }

    fn write_key(&self, out: &mut String) {
        ecma::write_json_string(&self.path.text, out);
        let mut values: Vec<_> = self.values.iter().collect();
        values.sort_unstable_by_key(|(name, _)| name.as_str());
        for (name, value) in values {
            ecma::write_json_string(name, out);
            ecma::write_json_string(&value.text, out);
        }
    }
}

/// The header entries of a site and what was wrong with the dropped ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headers {
    /// The entries in their order: side file first, then configuration.
    pub rules: Vec<Header>,
    /// The problems in the engine's order.
    pub errors: Vec<RoutingError>,
}

/// Reads the headers of a side file and of the configuration and merges them
/// (`headers-parser/src/all.ts`, `config/src/headers.js`).
///
/// # Errors
///
/// The engine itself crashes on a value that it cannot print.
pub fn parse_headers(file: SideFile<'_>, config: Option<&Node>, form: Form) -> Result<Headers, Crash> {
    let mut found = Headers::default();
    match file {
        SideFile::Absent => {}
        SideFile::Unreadable { path } => found.errors.push(unreadable(Subject::Header, path)),
        SideFile::Text(text) => {
            let (blocks, errors) = header_line::parse(text);
            found.errors = errors;
            for (index, block) in blocks.into_iter().enumerate() {
                let span = block.span;
                add(from_block(block), index + 1, span, form, &mut found);
            }
        }
    }
    if let Some(config) = config {
        parse_config(config, form, &mut found)?;
    }
    found.rules = merge::keep_last(found.rules, Header::write_key);
    Ok(found)
}

fn parse_config(config: &Node, form: Form, found: &mut Headers) -> Result<(), Crash> {
    let Some(items) = config.as_array() else {
        found.errors.push(RoutingError::not_a_list(Subject::Header, config)?);
        return Ok(());
    };
    for (index, item) in items.iter().enumerate() {
        match item.as_table() {
            None => found.errors.push(RoutingError::not_a_table(Subject::Header, item)?),
            Some(table) => add(from_table(table, item.span), index + 1, item.span, form, found),
        }
    }
    Ok(())
}

/// Adds an entry unless it is wrong or has no values.
fn add(entry: Result<Option<Header>, Reason>, number: usize, span: Span, form: Form, found: &mut Headers) {
    let checked = entry.and_then(|entry| match entry {
        Some(header) if form == Form::Complete => pattern::for_path(&header.path.text).map(|_| Some(header)),
        entry => Ok(entry),
    });
    match checked {
        Ok(entry) => found.rules.extend(entry),
        Err(reason) => {
            found.errors.push(RoutingError { subject: Subject::Header, span, place: Place::Number(number), reason });
        }
    }
}

fn from_block(block: PathBlock<'_>) -> Result<Option<Header>, Reason> {
    let mut values = IndexMap::with_capacity(block.values.len());
    for (name, value) in block.values {
        let name = header_name(name)?;
        values.insert(name, HeaderValue { text: join_commas(&value.text), spans: value.spans });
    }
    let path = Word { text: block.path.to_owned(), span: block.span };
    Ok((!values.is_empty()).then_some(Header { span: block.span, path, values }))
}

/// Reads a table of `netlify.toml` (`headers-parser/src/normalize.ts`).
fn from_table(table: &Table, span: Span) -> Result<Option<Header>, Reason> {
    let path = table.get("for").ok_or(Reason::Missing { key: "for" })?;
    let text = path.as_str().ok_or(Reason::WrongType { key: "for", expected: "a string" })?;
    let path = Word { text: ecma::trim(text).to_owned(), span: path.span };
    let Some(given) = table.get("values") else { return Ok(None) };
    let given = given.as_table().ok_or(Reason::WrongType { key: "values", expected: "a table" })?;
    let mut values = IndexMap::with_capacity(given.len());
    for (key, entry) in ecma::own_entries(given) {
        let name = header_name(key)?;
        let text = header_value(&name, &entry.value)?;
        values.insert(name, HeaderValue { text, spans: vec![entry.value.span] });
    }
    Ok((!values.is_empty()).then_some(Header { span, path, values }))
}

/// The trimmed name; the engine takes `undefined` for an absent one.
fn header_name(key: &str) -> Result<String, Reason> {
    match ecma::trim(key) {
        name @ ("" | "undefined") => Err(Reason::EmptyHeaderName { name: name.to_owned() }),
        name => Ok(name.to_owned()),
    }
}

fn header_value(name: &str, value: &Node) -> Result<String, Reason> {
    match &value.kind {
        Kind::String(text) => Ok(join_commas(text)),
        Kind::Array(items) => {
            let texts: Result<Vec<&str>, Reason> =
                items.iter().enumerate().map(|(index, item)| list_item(name, index, item)).collect();
            Ok(texts?.join(", "))
        }
        _ => Err(Reason::HeaderValueType { name: name.to_owned() }),
    }
}

fn list_item<'a>(name: &str, index: usize, item: &'a Node) -> Result<&'a str, Reason> {
    item.as_str().map(ecma::trim).ok_or_else(|| Reason::HeaderValueType { name: format!("{name}[{index}]") })
}

fn join_commas(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for (index, part) in ecma::split_commas(text).enumerate() {
        if index > 0 {
            joined.push_str(", ");
        }
        joined.push_str(part);
    }
    joined
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::fixture::{node, side_file};
    use super::*;

    fn read(text: &str, config: Value, form: Form) -> Headers {
        parse_headers(side_file(text), Some(&node(&config)), form).unwrap()
    }

    fn values(given: Value) -> Result<Value, Reason> {
        let mut found = read("", json!([{ "for": "/a", "values": given }]), Form::Minimal);
        match found.errors.pop() {
            Some(error) => Err(error.reason),
            None => Ok(found.rules[0].to_json()["values"].clone()),
        }
    }

    #[test]
    fn an_entry_is_printed_with_its_pattern() {
        let found = read("/a-b/*\n  X: 1 ,2\n", json!([]), Form::Complete);
        let expected = json!({ "for": "/a-b/*", "values": { "X": "1, 2" }, "forRegExp": r"/^\/a\x2db\/?(.*)\/?$/iu" });
        assert_eq!(found.rules[0].to_json(), expected);
    }

    #[test]
    fn texts_are_split_at_commas_and_lists_are_not() {
        let given =
            json!({ " Link ": [" a,b ", "c"], "Cache-Control": "\n max-age=0,\n\u{a0}no-store \n", "Empty": [] });
        let expected = json!({ "Link": "a,b, c", "Cache-Control": "max-age=0, no-store", "Empty": "" });
        assert_eq!(values(given), Ok(expected));
    }

    #[test]
    fn of_names_that_trim_to_the_same_the_last_one_wins_and_numbers_come_first() {
        assert_eq!(values(json!({ " a": "1", "a ": "2" })), Ok(json!({ "a": "2" })));
        assert_eq!(values(json!({ " 1": "x", "1": "y" })), Ok(json!({ "1": "x" })));
    }

    #[test]
    fn wrong_values_are_rejected() {
        for name in ["", " ", "undefined", "\u{feff}undefined "] {
            let name = name.to_owned();
            let rejected = values(json!({ name: "x" }));
            assert!(matches!(rejected, Err(Reason::EmptyHeaderName { .. })));
        }
        assert_eq!(values(json!({ "A": 1 })), Err(Reason::HeaderValueType { name: "A".into() }));
        assert_eq!(values(json!({ "A": ["x", null] })), Err(Reason::HeaderValueType { name: "A[1]".into() }));
        for given in [json!(null), json!([]), json!("x")] {
            assert!(matches!(values(given), Err(Reason::WrongType { key: "values", .. })));
        }
    }

    #[test]
    fn entries_without_values_are_dropped_in_silence_but_counted() {
        let config = json!([{ "for": "/a" }, { "for": "/b", "values": {} }, { "values": {} }, { "for": 1 }, "x"]);
        let found = read("/c\n/d\nundefined: x", config, Form::Minimal);
        let errors: Vec<_> = found.errors.iter().map(RoutingError::first_line).collect();
        let expected = [
            "Could not parse header number 2:",
            "Could not parse header number 3:",
            "Could not parse header number 4:",
            "Header must be an object not: x",
        ];
        assert_eq!(errors, expected);
        assert!(found.rules.is_empty());
    }

    #[test]
    fn equal_entries_keep_the_last_position_whatever_the_order_of_names() {
        let config =
            json!([{ "for": " /a ", "values": { "Y": "2", "X": "1" } }, { "for": "/a", "values": { "X": "1" } }]);
        let found = read("/a\nX: 1\nY: 2\n/b\nX: 1\n", config, Form::Minimal);
        let paths: Vec<_> = found.rules.iter().map(|rule| (rule.path.text.as_str(), rule.values.len())).collect();
        assert_eq!(paths, [("/b", 1), ("/a", 2), ("/a", 1)]);
    }

    #[test]
    fn an_invalid_pattern_counts_in_the_complete_form_only() {
        let text = "/*.{js,css}\nX: 1";
        let minimal = read(text, json!([]), Form::Minimal);
        assert_eq!((minimal.rules.len(), minimal.errors.len()), (1, 0));
        assert_eq!(minimal.rules[0].to_json(), json!({ "for": "/*.{js,css}", "values": { "X": "1" } }));
        let complete = read(text, json!([]), Form::Complete);
        assert_eq!(complete.errors[0].reason, Reason::InvalidPattern { path: "/*.{js,css}".into() });
    }

    #[test]
    fn the_shape_of_the_configuration_is_checked() {
        let found = parse_headers(SideFile::Unreadable { path: "_headers" }, Some(&node(&json!(5))), Form::Minimal);
        let lines: Vec<_> = found.unwrap().errors.iter().map(RoutingError::first_line).collect();
        assert_eq!(lines, ["Could not read headers file: _headers", "Headers must be an array not: 5"]);
        let crash = parse_headers(SideFile::Absent, Some(&node(&json!([[{ "toString": 1 }]]))), Form::Minimal);
        assert_eq!(crash.unwrap_err().subject, Subject::Header);
    }
}
