//! NTL024: an entry of `plugins` is not accepted.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{Problem, Violation, ViolationKind};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{plugin_entry, property};

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
        Problem::UnknownProperties { .. } | Problem::Missing(_) => plugin_entry::renamed(site),
        Problem::NpmName(_) => plugin_entry::without_version(site, violation.span),
        _ => None,
    };
    out.report(finding.maybe_fix(fix));
}

/// The entry that names the same package before.
fn first_entry(site: &NetlifySite<'_>, violation: &Violation) -> Option<Span> {
    let entries = property::entries(site, "plugins").into_iter().filter_map(|entry| entry.get("package"));
    let same = entries.filter(|package| package.as_str() == Some(&violation.name));
    let before = same.map(|package| package.span).filter(|span| span.start < violation.span.start);
    before.max().filter(|_| violation.kind == ViolationKind::DuplicatePlugin)
}
