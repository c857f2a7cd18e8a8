//! Redirects of a site: the rules of `_redirects` and `netlify.toml`, checked and merged.

use serde_json::{Map, Value, json};

use super::error::{Crash, Place, RoutingError, Subject};
use super::merge;
use super::redirect_line;
use super::redirect_object::RawRedirect;
use super::side_file::{FileText, SideFile, lines, unreadable};
use super::url::Address;
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table, number_to_json};

/// A text and what wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The text.
    pub text: String,
    /// What wrote it; [`Span::NONE`] if the engine made it up.
    pub span: Span,
}

/// Where a redirect leads.
#[derive(Debug, Clone, PartialEq)]
pub enum Destination {
    /// A path or a URL; from `netlify.toml` any text, also an empty one.
    Text(Word),
    /// A value of another type, which the engine passes on unless the status is 200.
    Other(Box<Node>),
}

/// The status of a redirect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Status {
    /// Any whole number.
    pub code: f64,
    /// What wrote it.
    pub span: Span,
}

/// One rule as the platform receives it; rare properties are boxed because a file can hold millions of rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Redirect {
    /// The line without surrounding white space, or the table.
    pub span: Span,
    /// Path or URL that requests must match.
    pub from: Word,
    /// Where they are led.
    pub to: Destination,
    /// Status; absent means 301 at the edge (documentation, "Redirect options").
    pub status: Option<Status>,
    /// `force` as given; absent means `false`.
    pub force: Option<Box<Node>>,
    /// Query parameters that must be present; absent means none.
    pub query: Option<Box<Node>>,
    /// Conditions such as `Role` or `Country`; absent means none.
    pub conditions: Option<Box<Table>>,
    /// Name of the variable with the key for signed proxying.
    pub signed: Option<Box<Node>>,
    /// Headers sent along with a proxied request; absent means none.
    pub headers: Option<Box<Table>>,
    /// Rate limit as given.
    pub rate_limit: Option<Box<Node>>,
    /// The parts of `from` if it is a URL.
    pub address: Option<Box<Address>>,
    /// Whether the rule is a proxy: status 200 and a URL as destination.
    pub proxy: bool,
}

impl Redirect {
    /// The destination if it is a text.
    #[must_use]
    pub fn to_text(&self) -> Option<&str> {
        match &self.to {
            Destination::Text(word) => Some(&word.text),
            Destination::Other(_) => None,
        }
    }

    /// Whether the rule shadows files; a `force` other than `true` is not counted.
    #[must_use]
    pub fn is_forced(&self) -> bool {
        self.force.as_deref().and_then(Node::as_bool) == Some(true)
    }

    /// The status if it was written.
    #[must_use]
    pub fn code(&self) -> Option<f64> {
        self.status.map(|status| status.code)
    }

    /// The path of `from`, which may be a URL.
    #[must_use]
    pub fn path(&self) -> &str {
        self.address.as_ref().map_or(&self.from.text, |address| &address.path)
    }

    /// The rule as the engine prints it for the platform.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut set = |key: &str, value: Value| object.insert(key.to_owned(), value);
        set("from", Value::from(self.from.text.as_str()));
        set("to", self.to.to_json());
        set("query", self.query.as_ref().map_or_else(|| json!({}), |query| query.to_json()));
        set("force", self.force.as_ref().map_or(Value::Bool(false), |force| force.to_json()));
        set("conditions", table_to_json(self.conditions.as_deref()));
        set("headers", table_to_json(self.headers.as_deref()));
        set("path", Value::from(self.path()));
        set("proxy", Value::Bool(self.proxy));
        if let Some(code) = self.code() {
            set("status", number_to_json(code));
        }
        if let Some(signed) = &self.signed {
            set("signed", signed.to_json());
        }
        if let Some(rate_limit) = &self.rate_limit {
            set("rate_limit", rate_limit.to_json());
        }
        if let Some(address) = &self.address {
            set("scheme", Value::from(address.scheme.as_str()));
            set("host", Value::from(address.host.as_str()));
        }
        Value::Object(object)
    }

    /// Appends a text that is equal for equal rules; what derives from `from` and `to` is left out.
    pub(super) fn write_key(&self, out: &mut String) {
        ecma::write_json_string(&self.from.text, out);
        match &self.to {
            Destination::Text(word) => ecma::write_json_string(&word.text, out),
            Destination::Other(node) => ecma::write_stable_json(node, out),
        }
        let tables = [(&self.conditions, '?'), (&self.headers, '+')];
        for (table, mark) in tables {
            if let Some(table) = table.as_ref().filter(|table| !is_blank(table)) {
                out.push(mark);
                ecma::write_stable_table(table, out);
            }
        }
        let force = self.force.as_ref().filter(|force| force.kind != Kind::Bool(false));
        let query = self.query.as_ref().filter(|query| !query.as_table().is_some_and(is_blank));
        let nodes = [(force, '!'), (query, '&'), (self.signed.as_ref(), '~'), (self.rate_limit.as_ref(), '%')];
        for (node, mark) in nodes {
            if let Some(node) = node {
                out.push(mark);
                ecma::write_stable_json(node, out);
            }
        }
        if let Some(code) = self.code() {
            out.push('#');
            out.push_str(&ecma::number_to_string(code));
        }
    }
}

/// Whether a table prints as an empty one in a key.
fn is_blank(table: &Table) -> bool {
    table.iter().all(|(key, _)| key == "__proto__")
}

impl Destination {
    /// The destination as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Destination::Text(word) => Value::from(word.text.as_str()),
            Destination::Other(node) => node.to_json(),
        }
    }

    /// What wrote the destination.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Destination::Text(word) => word.span,
            Destination::Other(node) => node.span,
        }
    }
}

fn table_to_json(table: Option<&Table>) -> Value {
    table.map_or_else(
        || json!({}),
        |table| table.iter().map(|(key, entry)| (key.to_owned(), entry.value.to_json())).collect(),
    )
}

/// The redirects of a site and what was wrong with the dropped ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Redirects {
    /// The rules in their order: side file first, then configuration.
    pub rules: Vec<Redirect>,
    /// The problems in the engine's order.
    pub errors: Vec<RoutingError>,
}

/// Reads the redirects of a side file and of the configuration and merges them
/// (`redirect-parser/src/all.js`, `config/src/redirects.js`).
///
/// # Errors
///
/// The engine itself crashes on a value that it cannot print.
pub fn parse_redirects(file: SideFile<'_>, config: Option<&Node>) -> Result<Redirects, Crash> {
    let mut found = match file {
        SideFile::Absent => Redirects::default(),
        SideFile::Unreadable { path } => {
            Redirects { rules: Vec::new(), errors: vec![unreadable(Subject::Redirect, path)] }
        }
        SideFile::Text(text) => parse_file(text),
    };
    if let Some(config) = config {
        parse_config(config, &mut found)?;
    }
    found.rules = merge::keep_last(found.rules, Redirect::write_key);
    Ok(found)
}

/// Line errors come before the errors of the rules that survived.
fn parse_file(file: FileText<'_>) -> Redirects {
    let mut found = Redirects::default();
    let mut rejected = Vec::new();
    let mut number = 0;
    for line in lines(file) {
        match redirect_line::parse(&line) {
            Err(reason) => found.errors.push(line.error(Subject::Redirect, reason)),
            Ok(raw) => {
                number += 1;
                add(raw, number, &mut found.rules, &mut rejected);
            }
        }
    }
    found.errors.append(&mut rejected);
    found
}

fn parse_config(config: &Node, found: &mut Redirects) -> Result<(), Crash> {
    let Some(items) = config.as_array() else {
        found.errors.push(RoutingError::not_a_list(Subject::Redirect, config)?);
        return Ok(());
    };
    for (index, item) in items.iter().enumerate() {
        match item.as_table() {
            None => found.errors.push(RoutingError::not_a_table(Subject::Redirect, item)?),
            Some(table) => {
                let raw = RawRedirect::from_table(table, item.span);
                add(raw, index + 1, &mut found.rules, &mut found.errors);
            }
        }
    }
    Ok(())
}

fn add(raw: RawRedirect, number: usize, rules: &mut Vec<Redirect>, errors: &mut Vec<RoutingError>) {
    let span = raw.span;
    match raw.normalize() {
        Ok(rule) => rules.push(rule),
        Err(reason) => {
            errors.push(RoutingError { subject: Subject::Redirect, span, place: Place::Number(number), reason });
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::fixture::{node, side_file};
    use super::*;

    fn first_lines(found: &Redirects) -> Vec<String> {
        found.errors.iter().map(RoutingError::first_line).collect()
    }

    #[test]
    fn the_file_comes_before_the_configuration_and_of_duplicates_the_last_one_stays() {
        let config = node(&json!([
            { "to": "/2", "from": "/b", "status": "301x" },
            { "from": "/c", "to": "/3", "conditions": {}, "query": {}, "headers": {}, "force": false },
        ]));
        let found = parse_redirects(side_file("/a /1\n/b /2 301\n/c /3\n/a /1 301\n"), Some(&config)).unwrap();
        let order: Vec<_> = found.rules.iter().map(|rule| (rule.from.text.as_str(), rule.code())).collect();
        assert_eq!(order, [("/a", None), ("/a", Some(301.0)), ("/b", Some(301.0)), ("/c", None)]);
        assert!(found.rules[0].span.is_written() && !found.rules[3].span.is_written());
    }

    #[test]
    fn rules_that_differ_in_any_property_are_kept() {
        let rule = |key: &str, value: Value| {
            let mut rule = json!({ "from": "/a", "to": "/b" });
            rule.as_object_mut().unwrap().insert(key.into(), value);
            rule
        };
        let rules = json!([
            rule("x", json!(1)),
            rule("status", json!(301)),
            rule("to", json!(["/b"])),
            rule("force", json!(true)),
            rule("force", json!(null)),
            rule("query", json!({ "a": "b" })),
            rule("query", json!([])),
            rule("conditions", json!({ "a": "b" })),
            rule("headers", json!({ "a": "b" })),
            rule("signed", json!("x")),
            rule("rate_limit", json!("x")),
        ]);
        let found = parse_redirects(SideFile::Absent, Some(&node(&rules))).unwrap();
        assert_eq!((found.rules.len(), found.errors.len()), (11, 0));
    }

    #[test]
    fn line_errors_come_before_rule_errors_which_count_surviving_lines() {
        let text = "/a\n/b /c x\n\n/d e\n/f /g\n/.netlify /h";
        let found = parse_redirects(side_file(text), Some(&node(&json!([{ "from": 5 }, 6])))).unwrap();
        let expected = [
            "Could not parse redirect line 1:",
            "Could not parse redirect line 4:",
            "Could not parse redirect number 1:",
            "Could not parse redirect number 3:",
            "Could not parse redirect number 1:",
            "Redirects must be objects not: 6",
        ];
        assert_eq!(first_lines(&found), expected);
        assert_eq!(&text[found.errors[3].span.range()], "/.netlify /h");
        assert_eq!(found.rules.len(), 1);
    }

    #[test]
    fn a_configuration_that_is_no_list_is_one_error() {
        let config = node(&json!({ "from": "/a" }));
        let found = parse_redirects(SideFile::Unreadable { path: "out/_redirects" }, Some(&config)).unwrap();
        let expected =
            ["Could not read redirects file: out/_redirects", "Redirects must be an array not: [object Object]"];
        assert_eq!(first_lines(&found), expected);
    }

    #[test]
    fn the_engine_crashes_on_tables_that_it_cannot_print() {
        for config in [json!({ "toString": 1 }), json!([[{ "toString": "x" }]])] {
            let crash = parse_redirects(SideFile::Absent, Some(&node(&config))).unwrap_err();
            assert_eq!(crash.subject, Subject::Redirect);
        }
        let inside = node(&json!([{ "toString": 1 }]));
        assert_eq!(parse_redirects(SideFile::Absent, Some(&inside)).unwrap().errors.len(), 1);
    }

    #[test]
    fn only_true_forces() {
        let config = node(&json!([{ "from": "/a", "to": "/b", "force": "true" }]));
        let found = parse_redirects(side_file("/a /b 301!"), Some(&config)).unwrap();
        assert_eq!(found.rules.iter().map(Redirect::is_forced).collect::<Vec<_>>(), [true, false]);
    }
}
