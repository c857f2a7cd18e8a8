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
    value.as_str().is_some_and(|text| METHODS.iter().any(|method| text.to_uppercase() == *method))
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
