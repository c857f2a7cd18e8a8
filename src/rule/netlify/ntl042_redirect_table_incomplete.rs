//! NTL042: a redirect of `netlify.toml` is incomplete or of the wrong type.

use crate::platform::netlify::routing::{Reason, Redirect, RoutingError, Subject};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::{REDIRECT_KEYS, force_by_property, is_string, is_toml, table};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::suggest;
use crate::text::tree::{Node, Table};

/// A table of `redirects` is dropped, or a property of it is lost.
pub(super) static RULE: Rule = Rule {
    id: "NTL042",
    name: "redirect-table-incomplete",
    summary: "A redirect in netlify.toml is incomplete or has a value of the wrong type",
    docs: "\
## What happens

Netlify prints a warning and drops the redirect. Some mistakes pass without a word: a `!` in `status` is ignored, and a \
`force` that is no truth value makes the edge ignore the rule.

## Why

`from` and `to` must be there (`to` may be left out only of `from = \"/path/*\"` with a status of the 200s), `status` must \
start with a whole number, `headers` must be a table, and `redirects` itself a list: `[[redirects]]` with two brackets.

## How to mend it

Write each rule as a `[[redirects]]` table with `from`, `to`, a numeric `status` and, where needed, `force = true`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/redirect-parser/src/normalize.js", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/3673", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for error in site.routing_errors(Subject::Redirect).filter(|error| is_toml(site, error.span)) {
        if !matches!(error.reason, Reason::ReservedPath { .. }) {
            out.report(dropped(site, error));
        }
    }
    for redirect in site.redirects().filter(|redirect| is_toml(site, redirect.span)) {
        if let Some(table) = table(site, "redirects", redirect.span) {
            lost(site, redirect, table, out);
        }
    }
}

fn dropped(site: &NetlifySite<'_>, error: &RoutingError) -> Finding {
    let table = table(site, "redirects", error.span);
    let is_table = site.written(error.span) == Some("[redirects]");
    let text = |key: &str| table.and_then(|table| table.get(key)?.as_str());
    let message = match (&error.reason, text("from"), text("to")) {
        (Reason::NotAList { .. }, ..) if is_table => {
            "\"redirects\" is a table; a list of tables was expected".to_owned()
        }
        (Reason::Missing { key }, Some(from), _) => {
            format!("the redirect from \"{from}\" is dropped: it has no \"{key}\"")
        }
        (Reason::Missing { key }, _, Some(to)) => format!("the redirect to \"{to}\" is dropped: it has no \"{key}\""),
        (reason, ..) => reason.to_string(),
    };
    let found = RULE.finding(message).at(error.span).label("dropped").log_line(error.first_line());
    match (&error.reason, table) {
        (Reason::Missing { key }, Some(table)) => {
            let others = table.iter().map(|(name, _)| name).filter(|name| !REDIRECT_KEYS.contains(name));
            let Some(near) = suggest::nearest(key, others).and_then(|near| table.0.get(near)) else { return found };
            let fix = || Fix::replace(Applicability::Review, format!("rename it to \"{key}\""), near.key_span, *key);
            let found = found.related(near.key_span, format!("\"{key}\" misspelled?"));
            if site.written(near.key_span).is_some() { found.fix(fix()) } else { found }
        }
        (Reason::NotAList { .. }, _) if is_table => {
            let title = "make it a list of tables";
            found.fix(Fix::replace(Applicability::Safe, title, error.span, "[[redirects]]"))
        }
        _ => found,
    }
}

/// Values that the engine accepts and that have another effect than meant.
fn lost(site: &NetlifySite<'_>, redirect: &Redirect, table: &Table, out: &mut Sink) {
    if let Some(status) = table.get("status") {
        let code = redirect.code().unwrap_or_default();
        if status.as_str().is_some_and(|text| text.trim_end().ends_with('!')) && !redirect.is_forced() {
            let message = format!("the \"!\" in status {} is ignored: \"force = true\" was expected", quoted(status));
            let found = RULE.finding(message).at(status.span).label("does not force");
            out.report(found.maybe_fix(force_by_property(site, table, status, code)));
        } else if !(100.0..600.0).contains(&code) {
            let message = format!("status \"{code}\" is no HTTP status; 301, 302, 200 or 404 was expected");
            out.report(RULE.finding(message).at(status.span).label("no such status"));
        }
    }
    if let Some(force) = table.get("force").filter(|force| is_string(force)) {
        let message = format!("force {} is a string; true or false was expected", quoted(force));
        let found = RULE.finding(message).at(force.span).label("not a truth value");
        let found = found.note("the edge ignores the rule when it cannot read \"force\"");
        let value = force.as_str().filter(|text| matches!(*text, "true" | "false"));
        let value = value.filter(|_| site.written(force.span).is_some());
        out.report(found.maybe_fix(value.map(|value| {
            Fix::replace(Applicability::Safe, format!("write {value} without quotes"), force.span, value)
        })));
    }
}

fn quoted(node: &Node) -> String {
    format!("\"{}\"", node.as_str().unwrap_or_default())
}
