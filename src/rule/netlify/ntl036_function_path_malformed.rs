//! NTL036: the path of a function is not one.

use crate::platform::netlify::function::bundler::{Interface, interface};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::{Literal, Value};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A `path` in the `config` of a function is refused.
pub(super) static RULE: Rule = Rule {
    id: "NTL036",
    name: "function-path-malformed",
    summary: "The path of a function does not start with a slash, or is no text",
    docs: "\
## What happens

Bundling stops at the function, and the build fails.

## Why

`path` and `excludedPath` in the exported `config` are read without running the code. Each must be a string in quotes that \
starts with `/`, or a list of such strings. In a list, an item that would have to be computed (a template, a name) counts as \
missing and spoils the whole list.

## How to mend it

Write each path out, from the first slash on: `path: \"/api/items/:id\"`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Functions,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/netlify/build/blob/main/packages/zip-it-and-ship-it/src/runtimes/node/in_source_config/index.ts",
            "2026-11-20",
        ),
        docs("https://docs.netlify.com/functions/get-started/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let functions = site.functions();
    for function in &functions.list {
        let Some(code) = functions.code(&function.found.entry) else { continue };
        let Some(config) = &code.module.exports.config else { continue };
        if interface(&code.module) != Interface::Second {
            continue;
        }
        for key in ["path", "excludedPath"] {
            let Some(property) = config.get(key) else { continue };
            if let Some(finding) = judge(site, &function.found.name, key, &property.literal) {
                out.report(finding);
            }
        }
    }
}

/// What is wrong with a value; nothing if it is computed as a whole, because then it is not read at all.
fn judge(site: &NetlifySite<'_>, function: &str, key: &str, literal: &Literal) -> Option<Finding> {
    match &literal.value {
        Value::Computed => None,
        Value::Text(text) if text.starts_with('/') => None,
        Value::Text(text) => Some(without_slash(site, function, key, text, literal.span)),
        Value::List(items) => {
            if let Some(odd) = items.iter().find(|item| item.as_text().is_none()) {
                return Some(no_text(function, key, odd));
            }
            let faulty = items.iter().find(|item| item.as_text().is_some_and(|text| !text.starts_with('/')))?;
            Some(without_slash(site, function, key, faulty.as_text()?, faulty.span))
        }
        _ => Some(no_text(function, key, literal)),
    }
}

fn no_text(function: &str, key: &str, literal: &Literal) -> Finding {
    let is_computed = literal.value == Value::Computed;
    let what = if is_computed { "would have to be computed" } else { "is not a string" };
    RULE.finding(format!(
        "\"{key}\" of function \"{function}\" holds a value that {what}; each must be a string in quotes"
    ))
    .at(literal.span)
    .label(if is_computed { "not read" } else { "not a string" })
    .log_line(format!("has a configuration error on '{key}': Must be a string or array of strings"))
}

fn without_slash(site: &NetlifySite<'_>, function: &str, key: &str, text: &str, span: Span) -> Finding {
    let finding = RULE
        .finding(format!("\"{key}\" of function \"{function}\" is \"{text}\"; it must start with \"/\""))
        .at(span)
        .label("no slash")
        .log_line("Must start with a '/'");
    let is_plain = !text.is_empty() && !text.starts_with(['.', ' ']) && !text.contains("://");
    let is_quoted = site.resolution.sources.slice(span).is_some_and(|written| written.starts_with(['"', '\'']));
    if !is_plain || !is_quoted {
        return finding;
    }
    let start = span.start as usize + 1;
    let title = format!("write \"/{text}\"");
    finding.fix(Fix::replace(Applicability::Safe, title, Span::new(span.file, start, start), "/"))
}
