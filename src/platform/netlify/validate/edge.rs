//! Declarations of edge functions (`config/src/edge_functions.ts`).

use crate::text::tree::{Kind, Node};

use super::problem::{Expected, Problem, found, nearest, shorten};
use super::shape::{has_one, known_names, not_both, one_of, string, string_or_strings};
use super::walk::{Fault, Rule, Subject};

/// Names that a declaration in the configuration file may have (`config/src/edge_functions.ts`).
pub const EDGE_FUNCTION_NAMES: [&str; 9] =
    ["path", "excludedPath", "pattern", "excludedPattern", "function", "cache", "method", "header", "name"];

/// The same and what frameworks may add (`config/src/edge_functions.ts`).
const ALL_NAMES: [&str; 10] = [
    "path",
    "excludedPath",
    "pattern",
    "excludedPattern",
    "function",
    "cache",
    "method",
    "header",
    "name",
    "generator",
];

/// Cache modes of edge functions (`config/src/edge_functions.ts`).
pub const CACHE_MODES: [&str; 2] = ["manual", "off"];

/// Methods that an edge function can be limited to, in any case (`config/src/edge_functions.ts`).
pub const METHODS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// The checks of declarations, in the engine's order.
pub(super) const RULES: [Rule; 16] = [
    Rule::new(&["edge_functions", "*"], |edge| known_names(edge, &ALL_NAMES, &[])),
    Rule::new(&["edge_functions", "*"], |edge| has_one(edge, &["path", "pattern"])),
    Rule::new(&["edge_functions", "*"], |edge| not_both(edge, "path", "pattern")),
    Rule::new(&["edge_functions", "*"], |edge| not_both(edge, "excludedPath", "excludedPattern")),
    Rule::new(&["edge_functions", "*"], |edge| has_one(edge, &["function"])),
    Rule::new(&["edge_functions", "*", "path"], string),
    Rule::new(&["edge_functions", "*", "excludedPath"], string_or_strings),
    Rule::new(&["edge_functions", "*", "pattern"], string),
    Rule::new(&["edge_functions", "*", "excludedPattern"], string_or_strings),
    Rule::new(&["edge_functions", "*", "function"], string),
    Rule::new(&["edge_functions", "*", "name"], string),
    Rule::new(&["edge_functions", "*", "generator"], string),
    Rule::new(&["edge_functions", "*", "path"], absolute_path),
    Rule::new(&["edge_functions", "*", "cache"], |cache| one_of(cache, &CACHE_MODES)),
    Rule::new(&["edge_functions", "*", "method"], method),
    Rule::new(&["edge_functions", "*", "header"], header),
];

/// The names of the configuration file; what is no table is left to a later check.
pub(super) fn user_names(subject: &Subject<'_>) -> Result<(), Fault> {
    if subject.value.as_table().is_none() {
        return Ok(());
    }
    known_names(subject, &EDGE_FUNCTION_NAMES, &[])
}

fn absolute_path(subject: &Subject<'_>) -> Result<(), Fault> {
    let path = subject.value.as_str().ok_or(Fault::Crash)?;
    if path.starts_with('/') { Ok(()) } else { Err(Fault::new(Problem::RelativePath(shorten(path)))) }
}

fn method(subject: &Subject<'_>) -> Result<(), Fault> {
    let wrong = match &subject.value.kind {
        Kind::Array(items) if !items.is_empty() => items.iter().find(|item| !is_method(item)),
        _ => Some(subject.value).filter(|value| !is_method(value)),
    };
    let Some(wrong) = wrong else { return Ok(()) };
    let suggestion = wrong.as_str().and_then(|text| nearest(text, &METHODS));
    let problem = Problem::NotOneOf { found: found(wrong), valid: &METHODS, suggestion };
    Err(Fault::at(problem, Some(wrong.span), None))
}

fn is_method(value: &Node) -> bool {
    value.as_str().is_some_and(|text| METHODS.contains(&text.to_uppercase().as_str()))
}

fn header(subject: &Subject<'_>) -> Result<(), Fault> {
    let expected = Expected::Headers;
    let Some(headers) = subject.value.as_table() else {
        return Err(Fault::new(Problem::Kind { found: found(subject.value), expected }));
    };
    let is_accepted = |value: &Node| matches!(value.kind, Kind::Bool(_) | Kind::String(_));
    match headers.iter().find(|(_, entry)| !is_accepted(&entry.value)) {
        None => Ok(()),
        Some((name, entry)) => {
            let place = format!("{:?}", shorten(name));
            let key_span = Some(entry.key_span).filter(|span| span.is_written());
            let problem = Problem::Item { found: found(&entry.value), place, expected };
            Err(Fault::at(problem, Some(entry.value.span), key_span))
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use crate::platform::netlify::validate::{Violation, after_normalise, sample};

    fn violation(edge: Value) -> Option<Violation> {
        after_normalise(&sample::table(json!({"edge_functions": [edge]}))).err()
    }

    fn with(key: &str, value: Value) -> Value {
        let mut edge = json!({"path": "/a", "function": "f"});
        edge[key] = value;
        edge
    }

    #[test]
    fn each_rule_fails_where_the_engine_says() {
        let cases = [
            (with("paths", json!("/b")), "edge_functions[0]"),
            (json!({"function": "f"}), "edge_functions[0]"),
            (with("pattern", json!("x")), "edge_functions[0]"),
            (json!({"path": "/a"}), "edge_functions[0]"),
            (with("path", json!(1)), "edge_functions[0].path"),
            (with("path", json!("a")), "edge_functions[0].path"),
            (with("excludedPath", json!([1])), "edge_functions[0].excludedPath"),
            (json!({"pattern": 1, "function": "f"}), "edge_functions[0].pattern"),
            (with("excludedPattern", json!(true)), "edge_functions[0].excludedPattern"),
            (with("function", json!(1)), "edge_functions[0].function"),
            (with("name", json!(1)), "edge_functions[0].name"),
            (with("generator", json!(1)), "edge_functions[0].generator"),
            (with("cache", json!("on")), "edge_functions[0].cache"),
            (with("method", json!([])), "edge_functions[0].method"),
            (with("method", json!(["GET", "HEAD"])), "edge_functions[0].method"),
            (with("header", json!([])), "edge_functions[0].header"),
            (with("header", json!({"a": true, "b": 1})), "edge_functions[0].header"),
        ];
        for (edge, expected) in cases {
            let property = violation(edge.clone()).and_then(|violation| violation.property);
            assert_eq!(property.as_deref(), Some(expected), "{edge}");
        }
    }

    #[test]
    fn accepted_declarations_pass() {
        for (key, value) in [
            ("excludedPath", json!([])),
            ("excludedPattern", json!("x")),
            ("cache", json!("off")),
            ("method", json!("get")),
            ("method", json!(["po\u{17f}t", "Delete"])),
            ("header", json!({"a": true, "b": "x"})),
            ("generator", json!("g")),
        ] {
            assert_eq!(violation(with(key, value.clone())), None, "{key} {value}");
        }
    }

    #[test]
    fn an_unknown_name_is_pointed_at_with_the_one_that_was_meant() {
        let config = sample::table(json!({"edge_functions": [with("excluded_path", json!("/b"))]}));
        let violation = after_normalise(&config).unwrap_err();
        let edge = config.get("edge_functions").unwrap().as_array().unwrap()[0].clone();
        assert_eq!(violation.key_span, edge.as_table().unwrap().key_span("excluded_path"));
        assert!(violation.to_string().contains("\"excluded_path\" (did you mean \"excludedPath\"?)"));
    }
}
