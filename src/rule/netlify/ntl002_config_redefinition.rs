//! NTL002: a table or key is defined twice.

use crate::platform::netlify::config::{Failure, Topic, name};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::toml::{outline, redefinition};

/// The same header or key stands in the file twice.
pub(super) static RULE: Rule = Rule {
    id: "NTL002",
    name: "config-redefinition",
    summary: "A table or key is defined twice",
    docs: "\
## What happens

Netlify stops while it reads the configuration, before anything is installed.

## Why

In TOML a table is opened once and a key is set once. Things of which there are several, such as redirects, headers \
and plugins, are lists of tables: two brackets on each side, and each `[[redirects]]` adds one more.

## How to mend it

Write `[[headers]]` instead of `[headers]` (the same goes for redirects, plugins and edge functions), put all values of \
one path under one `[headers.values]`, and join tables such as two `[build]`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/cstate/cstate/issues/230", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/2290", "2026-11-20"),
        docs("https://toml.io/en/v1.0.0#array-of-tables", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(Failure::Toml { error, span }) = site.failure(Topic::Redefinition) else { return };
    let Some(source) = site.resolution.sources.get(span.file) else { return };
    let outline = outline::outline(&source.text);
    let header = outline.headers.iter().find(|header| header.range.contains(&error.offset));
    let (what, place) = match header {
        Some(header) => {
            (&source.text[header.range.clone()], Span::new(span.file, header.range.start, header.range.end))
        }
        None => {
            let rest = source.text[error.offset..].split(['=', '\n']).next().unwrap_or_default().trim_end();
            (rest, Span::new(span.file, error.offset, error.offset + rest.len()))
        }
    };
    let mut finding = RULE
        .finding(format!("\"{what}\" defines again what is already defined, a table or key can be defined once"))
        .at(place)
        .label("defined again")
        .log_line("Could not parse configuration file");
    if let Some(first) = error.related {
        finding = finding.related(first, "defined here");
    }
    let repair = redefinition::propose(&source.text, error, name::is_list);
    let fix = repair.map(|repair| Fix::edits(Applicability::Review, repair.title, span.file, repair.edits));
    out.report(finding.maybe_fix(fix));
}
