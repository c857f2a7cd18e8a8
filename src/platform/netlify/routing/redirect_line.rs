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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::super::fixture::FILE;
    use super::super::side_file::{FileText, lines};
    use super::*;

    fn read(text: &str) -> Result<Value, Reason> {
        let line = lines(FileText { text, file: FILE }).next().unwrap();
        let raw = parse(&line)?;
        let mut object = serde_json::Map::new();
        let properties = [
            ("from", raw.from),
            ("query", raw.query),
            ("to", raw.to),
            ("status", raw.status),
            ("force", raw.force),
            ("conditions", raw.conditions),
            ("signed", raw.signed),
        ];
        for (key, node) in properties {
            object.extend(node.map(|node| (key.to_owned(), node.to_json())));
        }
        Ok(Value::Object(object))
    }

    #[test]
    fn all_parts_of_a_line_are_read() {
        let expected = json!({
            "from": "/a", "query": { "id": ":id" }, "to": "/b#c", "status": 200, "force": true,
            "conditions": { "Country": "us,ca", "Role": "x" }, "signed": "KEY",
        });
        assert_eq!(read("/a id=:id\t/b#c 200! Country=us,ca\u{a0}signed=KEY Role=x # and more"), Ok(expected));
    }

    #[test]
    fn a_path_alone_has_no_destination() {
        for text in ["/a", "/a # /b", "/a\u{2028}#"] {
            assert_eq!(read(text), Err(Reason::MissingDestination { from: "/a".into() }));
        }
    }

    #[test]
    fn a_destination_has_a_slash_or_a_scheme_in_front() {
        assert_eq!(read("/a b=c ftp://d"), Err(Reason::DestinationShape { part: "b=c".into() }));
        assert_eq!(read("/a https://"), Ok(json!({ "from": "/a", "to": "https://" })));
    }

    #[test]
    fn a_number_in_second_place_leaves_no_destination() {
        let expected = json!({ "from": "/a/*", "status": 5, "conditions": { "k": "v" } });
        assert_eq!(read("/a/* 5=x k=v"), Ok(expected));
        let beyond = format!("/a {} /b", "9".repeat(400));
        assert_eq!(read(&beyond), Ok(json!({ "from": "/a", "query": {}, "to": "/b" })));
    }

    #[test]
    fn a_status_that_is_no_number_stays_text_and_never_forces() {
        assert_eq!(read("/a /b x301!"), Ok(json!({ "from": "/a", "to": "/b", "status": "x301!" })));
        assert_eq!(read("/a /b 301"), Ok(json!({ "from": "/a", "to": "/b", "status": 301 })));
    }

    #[test]
    fn the_last_of_equal_pairs_wins_and_text_after_a_second_equals_sign_is_lost() {
        let expected = json!({ "from": "/a", "to": "/b", "query": { "a": "2", "c": "d", "": "f" } });
        assert_eq!(read("/a a=1 a=2 b=1 b c=d=e =f __proto__=x /b"), Ok(expected));
    }

    #[test]
    fn lower_case_signed_wins_unless_it_has_no_value() {
        let signed = |text: &str| read(text).unwrap()["signed"].clone();
        assert_eq!(signed("/a /b 200 signed=x Sign=y"), json!("x"));
        assert_eq!(signed("/a /b 200 Sign=y signed"), json!("y"));
    }

    #[test]
    fn spans_cover_the_parts() {
        let text = "# é\n  /a\u{a0}q=é  /b 301! k=v ";
        let line = lines(FileText { text, file: FILE }).next().unwrap();
        let raw = parse(&line).unwrap();
        let written = |span: Span| &text[span.range()];
        assert_eq!(written(raw.span), "/a\u{a0}q=é  /b 301! k=v");
        assert_eq!(written(raw.from.unwrap().span), "/a");
        assert_eq!(written(raw.to.unwrap().span), "/b");
        assert_eq!(written(raw.status.unwrap().span), "301!");
        let conditions = raw.conditions.unwrap();
        let table = conditions.as_table().unwrap();
        assert_eq!((written(table.key_span("k").unwrap()), written(table.get("k").unwrap().span)), ("k", "v"));
        let query = raw.query.unwrap();
        assert_eq!(written(query.at(&["q"]).unwrap().span), "é");
    }
}
