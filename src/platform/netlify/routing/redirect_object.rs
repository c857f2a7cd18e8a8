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
