//! NTL039: the declaration of an edge function is not accepted.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{EDGE_FUNCTION_NAMES, Expected, Problem, Violation};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::suggest;

use super::property;

/// An entry of `edge_functions` that the engine rejects.
pub(super) static RULE: Rule = Rule {
    id: "NTL039",
    name: "edge-function-invalid",
    summary: "The declaration of an edge function is not accepted",
    docs: "\
## What happens

Netlify stops while it checks the configuration, before anything is installed.

## Why

An entry of `[[edge_functions]]` names a `function` and either the `path` or the `pattern` for which it runs. A path \
starts with a slash. Paths may be excluded by `excludedPath` or `excludedPattern`, and a few more names are known; all \
others are errors, unlike elsewhere in the file.

## How to mend it

Declare one path per entry, `path = \"/admin/*\"` with `function = \"name-of-the-file\"`. The folder of edge functions is \
set in `[build]`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/edge_functions.ts", "2026-11-20"),
        docs("https://docs.netlify.com/build/edge-functions/declarations/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(Failure::Violation(violation)) = site.failure(Topic::EdgeFunction) else { return };
    let mut finding = property::finding(&RULE, site, violation).maybe_fix(fix(site, violation));
    let is_folder = site.written(violation.span).is_some_and(|written| written.starts_with(['"', '\'']));
    if violation.name == "edge_functions" && is_folder {
        finding = finding.help("the folder of edge functions is set as \"edge_functions\" in [build]");
    }
    out.report(finding);
}

fn fix(site: &NetlifySite<'_>, violation: &Violation) -> Option<Fix> {
    let span = violation.span;
    let written = site.written(span)?;
    let quote = || written.chars().next().filter(|quote| ['"', '\''].contains(quote));
    let review = |title: String, text: String| Some(Fix::replace(Applicability::Review, title, span, text));
    match &*violation.problem {
        Problem::RelativePath(_) => {
            quote()?;
            let start = Span { start: span.start + 1, end: span.start + 1, ..span };
            Some(Fix::replace(Applicability::Review, "start the path with a slash", start, "/"))
        }
        Problem::NotOneOf { suggestion: Some(known), .. } => {
            let quote = quote()?;
            review(format!("write \"{known}\""), format!("{quote}{known}{quote}"))
        }
        Problem::Kind { expected: Expected::Tables, .. } if written == "[edge_functions]" => {
            review("open a list of tables with two brackets".to_owned(), format!("[{written}]"))
        }
        Problem::UnknownProperties { .. } => {
            let key = violation.key_span?;
            let known = suggest::nearest(site.written(key)?, EDGE_FUNCTION_NAMES)?;
            Some(Fix::replace(Applicability::Review, format!("write \"{known}\""), key, known))
        }
        _ => None,
    }
}
