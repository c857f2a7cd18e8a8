//! PRJ068: pages that load scripts, styles or frames over plain http.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A tracked page of the published folder names a script, a style sheet or a frame with `http://`.
pub(super) static RULE: Rule = Rule {
    id: "PRJ068",
    name: "mixed-content",
    summary: "A published page loads code over plain http",
    docs: "\
## What happens

The deploy turns green, and browsers refuse to load the file: the page comes over https.

## Why

A page that comes over https may not load code over plain http. On a developer's machine the page itself comes \
over http.

## How to mend it

Write `https://`, or `//` without a scheme.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/themefisher/educenter-hugo/issues/8", "2026-11-21"),
        observed("https://github.com/furioustheme/portio-hugo/issues/7", "2026-11-21"),
        observed("https://github.com/Azure/static-web-apps/issues/431", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Pages that are read at most, and the longest one.
const MAX_PAGES: usize = 200;
const MAX_LENGTH: usize = 1 << 19;
/// The beginnings of tags that load code, with the attribute that names it.
const TAGS: [(&str, &str); 3] = [("<script", "src"), ("<link", "href"), ("<iframe", "src")];

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(publish) = job.publish else { return };
    let pages = job.snapshot.below(publish).iter().map(|entry| &*entry.path);
    let is_page = |path: &&str| {
        path.ends_with(".html") && !path.contains("node_modules/") && !path.split('/').any(|part| part.starts_with('.'))
    };
    for path in pages.filter(is_page).take(MAX_PAGES) {
        let Some(text) =
            job.snapshot.text(path).ok().filter(|text| text.len() <= MAX_LENGTH && text.contains("http://"))
        else {
            continue;
        };
        let Some((start, end)) = insecure(&text) else { continue };
        let Some((file, _)) = job.open(path) else { continue };
        let span = Span::new(file, start, start + "http://".len());
        let shown: String = text[start..end].chars().take(80).collect();
        out.report(
            RULE.finding(format!(
                "\"{path}\" loads \"{shown}\", which browsers refuse on a page that comes over https"
            ))
            .at(Span::new(file, start, end))
            .label("plain http")
            .fix(Fix::replace(Applicability::Review, "load it over https", span, "https://")),
        );
    }
}

/// The first address that a tag loads code from over plain http.
fn insecure(text: &str) -> Option<(usize, usize)> {
    for (tag, attribute) in TAGS {
        for (at, _) in text.match_indices(tag) {
            let Some(length) = text[at..].find('>') else { continue };
            let inner = &text[at..at + length];
            let is_code = tag != "<link" || inner.contains("stylesheet");
            let Some(value) =
                inner.find(&format!("{attribute}=")).map(|from| from + attribute.len() + 1).filter(|_| is_code)
            else {
                continue;
            };
            let rest = inner[value..].trim_start_matches(['"', '\'']);
            let start = at + length - rest.len();
            let is_local = rest.starts_with("http://localhost") || rest.starts_with("http://127.0.0.1");
            if rest.starts_with("http://") && !is_local {
                let end = rest.find(['"', '\'', ' ']).unwrap_or(rest.len());
                return Some((start, start + end));
            }
        }
    }
    None
}
