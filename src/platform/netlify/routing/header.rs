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
        "" | "undefined" => Err(Reason::EmptyHeaderName),
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
