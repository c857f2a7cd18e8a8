//! NTL024: an entry of `plugins` is not accepted.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{Problem, Violation, ViolationKind};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

use super::{plugin_entry, property, redirect_text};

/// A plugin entry with other names, no package, or something else than a package.
pub(super) static RULE: Rule = Rule {
    id: "NTL024",
    name: "plugin-entry-invalid",
    summary: "An entry of plugins is not accepted",
    docs: "\
## What happens

Netlify stops while it checks the configuration, before anything is installed.

## Why

An entry of `[[plugins]]` has a `package`, and if need be `inputs` and `pinned_version`, and nothing else. The package \
is the bare name of an npm package, or a path that starts with `./` or `/`. Each package is named once in a file and \
once in a context.

## How to mend it

Write the name without a version, and the settings of the plugin under `[plugins.inputs]`. Old tutorials have \
`type` instead of `package` and `config` instead of `inputs`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/validate/validations.js", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/337", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(Failure::Violation(violation)) = site.failure(Topic::Plugin) else { return };
    let mut finding = property::finding(&RULE, site, violation);
    if let Some(first) = first_entry(site, violation) {
        finding = finding.related(first, "named here");
    }
    let fix = match *violation.problem {
        Problem::UnknownProperties { .. } => plugin_entry::renamed(site),
        Problem::Missing(_) => plugin_entry::renamed(site).or_else(|| without_nameless(site)),
        Problem::NpmName(_) => plugin_entry::without_version(site, violation.span),
        _ => None,
    };
    out.report(finding.maybe_fix(fix.or_else(|| without_repetition(site, violation))));
}

/// Takes the first entry out that names no package, when it is a section of its own.
fn without_nameless(site: &NetlifySite<'_>) -> Option<Fix> {
    let (file, source) = site.config_source()?;
    let entries = redirect_text::items(site, "plugins");
    let nameless = entries.iter().find(|item| item.at(&["package"]).is_none())?;
    let lines = section(&source.text, nameless.span.start as usize)?;
    let span = Span::new(file, lines.start, lines.end);
    Some(Fix::replace(Applicability::Review, "take the entry out, which names no package", span, ""))
}

/// Takes the later of two entries out, when it is a section of its own.
fn without_repetition(site: &NetlifySite<'_>, violation: &Violation) -> Option<Fix> {
    let (file, source) = site.config_source().filter(|_| violation.kind == ViolationKind::DuplicatePlugin)?;
    let text = source.text.as_str();
    let entries = redirect_text::items(site, "plugins");
    let names = |item: &Node| item.at(&["package"]).and_then(Node::as_str) == Some(violation.name.as_str());
    let mut same = entries.iter().filter(|item| names(item)).map(|item| section(text, item.span.start as usize));
    let (first, second) = (same.next()??, same.next()??);
    let is_same = text[first].trim() == text[second.clone()].trim();
    let applicability = if is_same { Applicability::Safe } else { Applicability::Review };
    let span = Span::new(file, second.start, second.end);
    let title = format!("take the second entry of \"{}\" out", violation.name);
    Some(Fix::replace(applicability, title, span, ""))
}

/// The lines from the head of a plugin up to the head of what comes next.
fn section(text: &str, head: usize) -> Option<std::ops::Range<usize>> {
    let start = text.get(..head)?.rfind('\n').map_or(0, |at| at + 1);
    let is_head = text[start..].trim_start().starts_with("[[plugins]]");
    let mut end = start;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        let line_text = line.trim_start();
        if number > 0 && line_text.starts_with('[') && !line_text.starts_with("[plugins.") {
            break;
        }
        end += line.len();
    }
    is_head.then_some(start..end)
}

/// The entry that names the same package before.
fn first_entry(site: &NetlifySite<'_>, violation: &Violation) -> Option<Span> {
    let entries = property::entries(site, "plugins").into_iter().filter_map(|entry| entry.get("package"));
    let same = entries.filter(|package| package.as_str() == Some(&violation.name));
    let before = same.map(|package| package.span).filter(|span| span.start < violation.span.start);
    before.max().filter(|_| violation.kind == ViolationKind::DuplicatePlugin)
}
