//! The lines of `_headers`.

use indexmap::IndexMap;

use super::error::{Reason, RoutingError, Subject};
use super::side_file::{FileText, Line, lines};
use crate::text::ecma;
use crate::text::span::Span;

/// A path of `_headers` and the headers below it.
pub(super) struct PathBlock<'a> {
    pub(super) path: &'a str,
    pub(super) span: Span,
    pub(super) values: IndexMap<&'a str, Value>,
}

/// The values of one name below one path, joined with commas.
pub(super) struct Value {
    pub(super) text: String,
    pub(super) spans: Vec<Span>,
}

enum Parsed<'a> {
    Path(&'a str),
    Header { name: &'a str, value: &'a str },
    Ignored,
}

/// Reads a side file; errors of lines come before errors of order (`headers-parser/src/line_parser.ts`).
pub(super) fn parse(file: FileText<'_>) -> (Vec<PathBlock<'_>>, Vec<RoutingError>) {
    let (mut blocks, mut errors, mut misplaced) = (Vec::new(), Vec::new(), Vec::new());
    for line in lines(file) {
        match parse_line(&line) {
            Err(reason) => errors.push(line.error(Subject::Header, reason)),
            Ok(Parsed::Ignored) => {}
            Ok(Parsed::Path(path)) => blocks.push(PathBlock { path, span: line.span(), values: IndexMap::new() }),
            Ok(Parsed::Header { name, value }) => match blocks.last_mut() {
                Some(block) => add(block, name, value, line.span()),
                None => {
                    let reason = Reason::HeaderBeforePath { name: name.to_owned() };
                    misplaced.push(line.error(Subject::Header, reason));
                }
            },
        }
    }
    errors.append(&mut misplaced);
    (blocks, errors)
}

fn parse_line<'a>(line: &Line<'a>) -> Result<Parsed<'a>, Reason> {
    if line.text.starts_with('/') {
        return Ok(Parsed::Path(line.text));
    }
    let Some((name, value)) = line.text.split_once(':') else { return Ok(Parsed::Ignored) };
    let (name, value) = (ecma::trim(name), ecma::trim(value));
    if name.is_empty() {
        return Err(Reason::EmptyHeaderName);
    }
    if value.is_empty() {
        return Err(Reason::MissingHeaderValue { name: name.to_owned() });
    }
    Ok(Parsed::Header { name, value })
}

fn add<'a>(block: &mut PathBlock<'a>, name: &'a str, value: &str, span: Span) {
    let present = block.values.entry(name).or_insert_with(|| Value { text: inherited(name), spans: Vec::new() });
    if !present.text.is_empty() {
        present.text.push_str(", ");
    }
    present.text.push_str(value);
    present.spans.push(span);
}

/// What a fresh table already holds under a name: the parser looks it up without asking whether the table owns it, so
/// that names of `Object.prototype` are joined with the text of what JavaScript keeps there.
fn inherited(name: &str) -> String {
    match name {
        "__proto__" => "[object Object]".to_owned(),
        "constructor" => native("Object"),
        "__defineGetter__"
        | "__defineSetter__"
        | "__lookupGetter__"
        | "__lookupSetter__"
        | "hasOwnProperty"
        | "isPrototypeOf"
        | "propertyIsEnumerable"
        | "toLocaleString"
        | "toString"
        | "valueOf" => native(name),
        _ => String::new(),
    }
}

fn native(name: &str) -> String {
    format!("function {name}() {{ [native code] }}")
}
