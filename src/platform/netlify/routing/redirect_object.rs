//! One redirect as properties with values of any type, before it is checked.

use super::condition;
use super::error::Reason;
use super::redirect::{Destination, Redirect, Status, Word};
use super::url::{is_url, parse_from};
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// The properties of a redirect under their present names; absent ones are JavaScript's `undefined`.
#[derive(Debug)]
pub(super) struct RawRedirect {
    pub(super) span: Span,
    pub(super) from: Option<Node>,
    pub(super) query: Option<Node>,
    pub(super) to: Option<Node>,
    pub(super) status: Option<Node>,
    pub(super) force: Option<Node>,
    pub(super) conditions: Option<Node>,
    pub(super) signed: Option<Node>,
    pub(super) headers: Option<Node>,
    pub(super) rate_limit: Option<Node>,
}

impl RawRedirect {
    /// A redirect without properties.
    pub(super) fn new(span: Span) -> RawRedirect {
        RawRedirect {
            span,
            from: None,
            query: None,
            to: None,
            status: None,
            force: None,
            conditions: None,
            signed: None,
            headers: None,
            rate_limit: None,
        }
    }

    /// Reads a table of `netlify.toml`; former names count when the present one is absent
    /// (`redirect-parser/src/normalize.js`).
    pub(super) fn from_table(table: &Table, span: Span) -> RawRedirect {
        let first = |names: &[&str]| names.iter().find_map(|name| table.get(name)).cloned();
        RawRedirect {
            span,
            from: first(&["from", "origin"]),
            query: first(&["query", "params", "parameters"]),
            to: first(&["to", "destination"]),
            status: first(&["status"]),
            force: first(&["force"]),
            conditions: first(&["conditions"]),
            signed: first(&["signed", "signing", "sign"]),
            headers: first(&["headers"]),
            rate_limit: first(&["rate_limit"]),
        }
    }

    /// Checks the properties in the engine's order and gives them their types (`redirect-parser/src/normalize.js`).
    pub(super) fn normalize(self) -> Result<Redirect, Reason> {
        let from = self.from.ok_or(Reason::Missing { key: "from" })?;
        let headers = self.headers.map(header_table).transpose()?;
        let status = self.status.as_ref().map(parse_status).transpose()?;
        let Node { kind: Kind::String(from), span: from_span } = from else {
            return Err(Reason::WrongType { key: "from", expected: "a string" });
        };
        let from = Word { text: from, span: from_span };
        let code = status.map(|status| status.code);
        let to = self.to.map_or_else(|| forward(&from, code), |to| Ok(destination(to)))?;
        let address = parse_from(&from.text)?;
        let proxy = code == Some(200.0) && leads_elsewhere(&to)?;
        let conditions = self.conditions.map(condition::normalize).transpose()?;
        Ok(Redirect {
            span: self.span,
            from,
            to,
            status: status.map(settle),
            force: self.force.map(Box::new),
            query: self.query.map(Box::new),
            conditions: conditions.map(Box::new),
            signed: self.signed.map(Box::new),
            headers: headers.map(Box::new),
            rate_limit: self.rate_limit.map(Box::new),
            address: address.map(Box::new),
            proxy,
        })
    }
}

fn header_table(headers: Node) -> Result<Table, Reason> {
    match headers.kind {
        Kind::Table(table) => Ok(table),
        _ => Err(Reason::WrongType { key: "headers", expected: "a table" }),
    }
}

/// Reads a status of any type as `parseInt` does (`redirect-parser/src/status.js`).
fn parse_status(status: &Node) -> Result<Status, Reason> {
    let text = ecma::to_text(status).map_err(|_| Reason::WrongType { key: "status", expected: "a whole number" })?;
    match ecma::parse_int(&text).filter(|code| code.is_finite()) {
        Some(code) => Ok(Status { code, span: status.span }),
        None => Err(Reason::InvalidStatus { status: text }),
    }
}

/// The status after the engine read its own result once more: from 10²¹ on a number prints with an exponent, of which
/// `parseInt` sees the first digit only.
fn settle(status: Status) -> Status {
    let code = ecma::parse_int(&ecma::number_to_string(status.code)).unwrap_or(status.code);
    Status { code, ..status }
}

fn destination(to: Node) -> Destination {
    match to.kind {
        Kind::String(text) => Destination::Text(Word { text, span: to.span }),
        kind => Destination::Other(Box::new(Node { kind, span: to.span })),
    }
}

/// The destination of a rule without one: `/path/*` with a status of the 200s leads to `/path/:splat`.
fn forward(from: &Word, code: Option<f64>) -> Result<Destination, Reason> {
    let succeeds = code.is_some_and(|code| (200.0..300.0).contains(&code));
    let parent = from.text.strip_suffix("/*").filter(|_| succeeds).ok_or(Reason::Missing { key: "to" })?;
    Ok(Destination::Text(Word { text: format!("{parent}/:splat"), span: Span::NONE }))
}

fn leads_elsewhere(to: &Destination) -> Result<bool, Reason> {
    match to {
        Destination::Text(word) => Ok(is_url(&word.text)),
        Destination::Other(_) => Err(Reason::WrongType { key: "to", expected: "a string" }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::super::fixture::node;
    use super::*;

    fn read(rule: Value) -> Result<Value, Reason> {
        let node = node(&rule);
        RawRedirect::from_table(node.as_table().unwrap(), Span::NONE).normalize().map(|rule| rule.to_json())
    }

    #[test]
    fn defaults_and_derived_properties_are_added() {
        let expected = json!({
            "from": "/a", "to": "/b", "query": {}, "force": false, "conditions": {}, "headers": {}, "path": "/a",
            "proxy": false,
        });
        assert_eq!(read(json!({ "from": "/a", "to": "/b", "unknown": 1 })), Ok(expected));
        let rule = read(json!({ "from": "http://A.b/c", "to": "https://d", "status": 200 })).unwrap();
        assert_eq!((&rule["scheme"], &rule["host"], &rule["path"]), (&json!("http"), &json!("a.b"), &json!("/c")));
        assert_eq!(rule["proxy"], json!(true));
    }

    #[test]
    fn former_names_count_when_the_present_one_is_absent() {
        let old = json!({ "origin": "/a", "destination": "/b", "parameters": { "x": "1" }, "sign": "K" });
        let rule = read(old).unwrap();
        assert_eq!((&rule["from"], &rule["to"]), (&json!("/a"), &json!("/b")));
        assert_eq!((&rule["query"], &rule["signed"]), (&json!({ "x": "1" }), &json!("K")));
        let both = json!({
            "origin": "/a", "from": "/c", "to": "", "destination": "/b", "params": 1, "parameters": 2, "signing": 3,
            "sign": 4,
        });
        let rule = read(both).unwrap();
        assert_eq!((&rule["from"], &rule["to"]), (&json!("/c"), &json!("")));
        assert_eq!((&rule["query"], &rule["signed"]), (&json!(1), &json!(3)));
    }

    #[test]
    fn a_status_of_any_type_is_read_as_an_integer() {
        let status = |status: Value| read(json!({ "from": "/a", "to": "/b", "status": status }));
        for (given, code) in
            [(json!("200!"), 200), (json!(301.9), 301), (json!([[302, 1]]), 302), (json!(5e-7), 5), (json!("-0"), 0)]
        {
            assert_eq!(status(given).unwrap()["status"], json!(code));
        }
        for (given, printed) in [(json!(true), "true"), (json!(null), "null"), (json!([]), ""), (json!("x"), "x")] {
            assert_eq!(status(given), Err(Reason::InvalidStatus { status: printed.into() }));
        }
        let unprintable = status(json!({ "toString": 1 }));
        assert!(matches!(unprintable, Err(Reason::WrongType { key: "status", .. })));
    }

    #[test]
    fn a_huge_status_shrinks_to_its_first_digit() {
        let rule = read(json!({ "from": "/a/*", "to": "/b", "status": "29999999999999999999999" })).unwrap();
        assert_eq!(rule["status"], json!(3));
        let rule = read(json!({ "from": "/a", "to": "/b", "status": 123_456_789_012_345_678_901_f64 })).unwrap();
        assert_eq!(rule["status"], json!(123_456_789_012_345_680_000_f64));
    }

    #[test]
    fn a_splat_with_a_status_of_the_200s_needs_no_destination() {
        let to =
            |from: &str, status: Value| read(json!({ "from": from, "status": status })).map(|rule| rule["to"].clone());
        assert_eq!(to("/a/*/*", json!(200)), Ok(json!("/a/*/:splat")));
        assert_eq!(to("https://b/*", json!("299")), Ok(json!("https://b/:splat")));
        for (from, status) in [("/a/*", 300), ("/a/*", 199), ("/a*", 200)] {
            assert_eq!(to(from, json!(status)), Err(Reason::Missing { key: "to" }));
        }
        assert_eq!(read(json!({ "from": "/a/*" })), Err(Reason::Missing { key: "to" }));
    }

    #[test]
    fn checks_come_in_the_order_of_the_engine() {
        assert_eq!(read(json!({ "headers": 1 })), Err(Reason::Missing { key: "from" }));
        let wrong = |rule: Value| match read(rule) {
            Err(Reason::WrongType { key, .. }) => key,
            other => unreachable!("{other:?}"),
        };
        assert_eq!(wrong(json!({ "from": 5, "headers": [], "status": "x" })), "headers");
        assert_eq!(read(json!({ "from": 5, "status": "x" })), Err(Reason::InvalidStatus { status: "x".into() }));
        assert_eq!(wrong(json!({ "from": null })), "from");
        assert_eq!(wrong(json!({ "from": ["/a"], "to": "/b" })), "from");
        assert_eq!(wrong(json!({ "from": "/a", "to": 5, "status": 200, "conditions": null })), "to");
        assert_eq!(wrong(json!({ "from": "/a", "to": 5, "conditions": null })), "conditions");
    }

    #[test]
    fn values_of_other_types_are_passed_on() {
        let given = json!({
            "from": "no slash", "to": { "x": [1] }, "status": 301, "force": "yes", "query": null, "signed": null,
            "rate_limit": 5,
        });
        let rule = read(given.clone()).unwrap();
        for key in ["from", "to", "force", "query", "signed", "rate_limit"] {
            assert_eq!(rule[key], given[key]);
        }
    }
}
