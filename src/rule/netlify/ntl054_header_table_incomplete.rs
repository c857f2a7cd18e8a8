//! NTL054: a header entry of `netlify.toml` is incomplete or of the wrong type.

use crate::platform::netlify::routing::{Reason, RoutingError, Subject};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{is_toml, items, table};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

/// A table of `headers` is dropped.
pub(super) static RULE: Rule = Rule {
    id: "NTL054",
    name: "header-table-incomplete",
    summary: "A header entry in netlify.toml is incomplete or has a value of the wrong type",
    docs: "\
## What happens

Netlify prints a warning and drops the whole entry; an entry without `values` is dropped without a word.

## Why

`for` must be a string, the headers stand in a table `values` below it, and each value is a string or a list of strings: \
`max-age = 1` and `X-Flag = true` are neither.

## How to mend it

Write `[[headers]]` with `for = \"/*\"`, then `[headers.values]`, and quote every value.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/headers-parser/src/normalize.ts", "2026-11-20"),
        observed("https://github.com/cstate/cstate/issues/230", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut known: Vec<Span> = Vec::new();
    for error in site.routing_errors(Subject::Header).filter(|error| is_toml(site, error.span)) {
        known.push(error.span);
        out.report(dropped(site, error));
    }
    for item in items(site, "headers").into_iter().filter(|item| !known.contains(&item.span)) {
        let Some(table) = item.as_table() else { continue };
        let is_blank = |values: &Node| values.as_table().is_some_and(Table::is_empty);
        if table.get("values").is_none_or(is_blank) {
            out.report(without_values(item.span, table));
        }
    }
}

fn dropped(site: &NetlifySite<'_>, error: &RoutingError) -> Finding {
    let is_table = site.written(error.span) == Some("[headers]");
    let message = match &error.reason {
        Reason::NotAList { .. } if is_table => "\"headers\" is a table; a list of tables was expected".to_owned(),
        Reason::Missing { key } => format!("a header entry is dropped: it has no \"{key}\""),
        reason => reason.to_string(),
    };
    let found = RULE.finding(message).at(error.span).label("dropped").log_line(error.first_line());
    match &error.reason {
        Reason::HeaderValueType { name } => {
            let values = table(site, "headers", error.span).and_then(|table| table.get("values")?.as_table());
            let entry = values.and_then(|values| values.iter().find(|(key, _)| key.trim() == name));
            let Some((_, entry)) = entry else { return found };
            let found = found.at(entry.value.span).label("not a string");
            found.maybe_fix(quote(site, &entry.value))
        }
        Reason::NotAList { .. } if is_table => {
            let title = "make it a list of tables";
            found.fix(Fix::replace(Applicability::Review, title, error.span, "[[headers]]"))
        }
        _ => found,
    }
}

fn quote(site: &NetlifySite<'_>, value: &Node) -> Option<Fix> {
    let text = site.written(value.span)?;
    let is_scalar = matches!(value.kind, Kind::Number(_) | Kind::Bool(_)) && !text.contains(['"', '\'']);
    is_scalar.then(|| Fix::replace(Applicability::Safe, "quote the value", value.span, format!("\"{text}\"")))
}

fn without_values(span: Span, table: &Table) -> Finding {
    let path = table.get("for").and_then(Node::as_str).unwrap_or_default();
    let message = format!("the entry for \"{path}\" sets no headers: a table \"values\" was expected");
    let stray: Vec<String> = table
        .iter()
        .map(|(key, _)| key)
        .filter(|key| *key != "for" && *key != "values")
        .map(|key| format!("\"{key}\""))
        .collect();
    let finding = RULE.finding(message).at(span).label("dropped without a word");
    if stray.is_empty() { finding } else { finding.help(format!("move {} below [headers.values]", stray.join(", "))) }
}
