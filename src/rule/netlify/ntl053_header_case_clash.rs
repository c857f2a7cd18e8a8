//! NTL053: one header under names that differ in case only.

use std::collections::HashMap;

use crate::platform::netlify::config::Warning;
use crate::platform::netlify::routing::Header;
use crate::platform::netlify::routing::case_clash::HeaderUse;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::netlify::redirect_text::is_toml;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `X-Frame-Options` and `x-frame-options` for one path.
pub(super) static RULE: Rule = Rule {
    id: "NTL053",
    name: "header-case-clash",
    summary: "The same header is set twice under names that differ in case",
    docs: "\
## What happens

Netlify prints a warning and sends both headers. What a browser makes of two values is up to the header: two different \
`X-Frame-Options` are none, of two `Content-Security-Policy` both hold.

## Why

Header names do not care for case, Netlify's tables do: two spellings are two entries.

## How to mend it

Spell the name the same way everywhere and keep one value for each path.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/log/messages.js", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/2290", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

const LOG_LINE: &str = "the same header is set twice with different cases";

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut first_of: HashMap<(&str, String), (&Header, &str)> = HashMap::new();
    let mut has_found = false;
    for (header, name) in site.headers().flat_map(|header| header.values.keys().map(move |name| (header, name))) {
        let key = (header.path.text.as_str(), name.to_lowercase());
        let (earlier, known) = *first_of.entry(key).or_insert((header, name));
        if known == name {
            continue;
        }
        has_found = true;
        let place =
            |header: &Header, name: &str| header.values.get(name).and_then(|value| value.spans.first().copied());
        let path = &header.path.text;
        let message = format!("\"{name}\" is set for \"{path}\" although \"{known}\" is: both are sent");
        let span = place(header, name).unwrap_or(header.span);
        let mut finding = RULE.finding(message).at(span).label("set again").log_line(LOG_LINE);
        if let Some(first) = place(earlier, known) {
            finding = finding.related(first, "first set here");
        }
        out.report(finding.maybe_fix(fix(site, header, name, known)));
    }
    if !has_found {
        spellings(site, out);
    }
}

/// The engine also warns of two spellings for two paths, which harms nobody.
fn spellings(site: &NetlifySite<'_>, out: &mut Sink) {
    for warning in &site.resolution.warnings {
        let Warning::HeaderCase(clash) = warning else { continue };
        let span = |used: &HeaderUse| used.spans.first().copied().unwrap_or(Span::NONE);
        let (earlier, later) = (&clash.earlier, &clash.later);
        let message = format!("\"{}\" is spelled \"{}\" for \"{}\"", later.name, earlier.name, earlier.path);
        let finding = RULE.finding(message).at(span(later)).label("another spelling").log_line(LOG_LINE);
        out.report(finding.related(span(earlier), "first spelling").severity(Severity::Low));
    }
}

/// Spells the later name like the earlier one; two equal keys in one table of TOML would be an error.
fn fix(site: &NetlifySite<'_>, header: &Header, name: &str, known: &str) -> Option<Fix> {
    let spans = &header.values.get(name)?.spans;
    let rename = |span: &Span| {
        let text = site.written(*span).filter(|text| text.starts_with(name) && !is_toml(site, *span))?;
        let end = span.start as usize + name.len();
        text.contains(':')
            .then(|| Change::Edit { span: Span::new(span.file, span.start as usize, end), text: known.to_owned() })
    };
    let changes: Option<Vec<Change>> = spans.iter().map(rename).collect();
    let changes = changes.filter(|changes| !changes.is_empty())?;
    let differs = |other: &String| other != known && other != name && other.eq_ignore_ascii_case(known);
    let is_all = !site.headers().any(|other| {
        other.span != header.span && (other.values.contains_key(name) || other.values.keys().any(differs))
    });
    let applicability = if is_all { Applicability::Safe } else { Applicability::Review };
    Some(Fix { title: format!("spell it \"{known}\""), applicability, changes })
}
