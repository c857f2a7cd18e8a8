//! One line of `_redirects`.

use indexmap::IndexMap;

use super::error::Reason;
use super::redirect_object::RawRedirect;
use super::side_file::Line;
use super::url::is_url;
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// A part of a line between white space.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    start: usize,
}

impl Part<'_> {
    fn span(&self, line: &Line<'_>) -> Span {
        line.span_of(self.start, self.start + self.text.len())
    }

    fn node(&self, line: &Line<'_>) -> Node {
        Node::string(self.text, self.span(line))
    }
}

/// Reads a line as `from [query] [to] [status[!]] [conditions] [# comment]` (`redirect-parser/src/line_parser.js`).
pub(super) fn parse(line: &Line<'_>) -> Result<RawRedirect, Reason> {
    let parts: Vec<Part<'_>> = ecma::split_space(line.text)
        .map(|(start, text)| Part { text, start })
        .take_while(|part| !part.text.starts_with('#'))
        .collect();
    let Some((from, rest)) = parts.split_first() else {
        return Err(Reason::Missing { key: "from" });
    };
    let Some(first) = rest.first() else {
        return Err(Reason::MissingDestination { from: from.text.to_owned() });
    };
    let mut raw = RawRedirect::new(line.span());
    raw.from = Some(from.node(line));
    let last = if whole_number(first.text).is_some() {
        rest
    } else {
        let at = rest.iter().position(is_destination);
        let at = at.ok_or_else(|| Reason::DestinationShape { part: first.text.to_owned() })?;
        raw.query = pairs(&rest[..at], line).map(|table| Node { kind: Kind::Table(table), span: line.span() });
        raw.to = Some(rest[at].node(line));
        &rest[at + 1..]
    };
    if let Some((status, conditions)) = last.split_first() {
        set_status(&mut raw, *status, line);
        set_conditions(&mut raw, conditions, line);
    }
    Ok(raw)
}

fn is_destination(part: &Part<'_>) -> bool {
    part.text.starts_with('/') || is_url(part.text)
}

fn whole_number(text: &str) -> Option<f64> {
    ecma::parse_int(text).filter(|number| number.is_finite())
}

/// A status that is no number stays a text and fails later.
fn set_status(raw: &mut RawRedirect, part: Part<'_>, line: &Line<'_>) {
    let span = part.span(line);
    let number = whole_number(part.text);
    raw.status = Some(Node { kind: number.map_or_else(|| Kind::String(part.text.to_owned()), Kind::Number), span });
    if number.is_some() && part.text.ends_with('!') {
        raw.force = Some(Node { kind: Kind::Bool(true), span });
    }
}

fn set_conditions(raw: &mut RawRedirect, parts: &[Part<'_>], line: &Line<'_>) {
    let Some(mut table) = pairs(parts, line) else { return };
    let capitalized = table.remove("Sign");
    raw.signed = table.remove("signed").or(capitalized).map(|entry| entry.value);
    raw.conditions = Some(Node { kind: Kind::Table(table), span: line.span() });
}

/// Reads `key=value` parts: text after a second `=` is lost, the last of equal keys wins, and a last one without `=`
/// takes the key away. JavaScript ignores an assignment of text to `__proto__`.
fn pairs(parts: &[Part<'_>], line: &Line<'_>) -> Option<Table> {
    if parts.is_empty() {
        return None;
    }
    let mut values: IndexMap<&str, (Part<'_>, Option<Part<'_>>)> = IndexMap::new();
    for part in parts {
        let (key, rest) = part.text.split_once('=').map_or((part.text, None), |(key, rest)| (key, Some(rest)));
        let value = rest
            .map(|rest| Part { text: rest.split('=').next().unwrap_or_default(), start: part.start + key.len() + 1 });
        values.insert(key, (Part { text: key, start: part.start }, value));
    }
    let mut table = Table::default();
    for (key, (part, value)) in values {
        if let (false, Some(value)) = (key == "__proto__", value) {
            table.insert(key, part.span(line), value.node(line));
        }
    }
    Some(table)
}
