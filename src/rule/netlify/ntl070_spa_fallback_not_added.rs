//! NTL070: `spa_fallback` beside a catch-all redirect.

use crate::platform::netlify::routing::Redirect;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::netlify::redirect_text::shown;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::source;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The platform keeps the user's rule and does not add its own.
pub(super) static RULE: Rule = Rule {
    id: "NTL070",
    name: "spa-fallback-not-added",
    summary: "spa_fallback has no effect because another catch-all redirect exists",
    docs: "\
## What happens

Netlify prints a warning and does not add the fallback that `spa_fallback` asks for.

## Why

A redirect from `/*` exists already, and it is not the rewrite to `/index.html` with status 200. The first such rule \
counts, whatever its conditions.

## How to mend it

Drop `spa_fallback` if the rule is meant, or the rule if the fallback is.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[source(
        "https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/spa_fallback/index.ts",
        "2026-11-20",
    )],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(setting) = site.config(&["spa_fallback"]).filter(|setting| setting.as_bool() == Some(true)) else {
        return;
    };
    let Some(rule) = site.redirects().find(|redirect| redirect.from.text == "/*") else { return };
    if is_the_fallback(rule) {
        return;
    }
    let message = format!("\"spa_fallback\" has no effect beside the catch-all {}", shown(rule));
    let finding = RULE.finding(message).at(rule.span).label("already takes every path");
    out.report(
        finding
            .related(setting.span, "asks for a fallback")
            .log_line("\"spa_fallback\" is enabled, but a catch-all redirect")
            .help("drop one of the two")
            .maybe_fix(without_fallback(site)),
    );
}

/// Takes the line of the setting out.
fn without_fallback(site: &NetlifySite<'_>) -> Option<Fix> {
    let (file, source) = site.config_source()?;
    let key = site.resolution.file.as_ref()?.as_table()?.key_span("spa_fallback").filter(|span| span.file == file)?;
    let start = source.text[..key.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let end = source.text[key.start as usize..].find('\n').map_or(source.text.len(), |at| key.start as usize + at + 1);
    let is_alone = source.text[start..key.start as usize].trim().is_empty();
    let span = Span::new(file, start, end);
    is_alone.then(|| Fix::replace(Applicability::Review, "take \"spa_fallback\" out, which has no effect", span, ""))
}

fn is_the_fallback(rule: &Redirect) -> bool {
    rule.to_text() == Some("/index.html") && rule.code() == Some(200.0)
}
