//! NTL008: a path of the configuration leaves the repository.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// A path climbs above the root of the repository.
pub(super) static RULE: Rule = Rule {
    id: "NTL008",
    name: "path-outside-repository",
    summary: "A configured path leads out of the repository",
    docs: "\
## What happens

Netlify stops while it reads the configuration, before anything is installed.

## Why

The publish folder, the functions folder and all other paths are relative to the base directory and must lie inside \
the repository. Going up with `../` is fine only as far as the root. A name that itself starts with two dots, such as \
`..dist`, counts as a way out too.

## How to mend it

Let the build write into the repository, or set `base` to the folder from which the path was meant.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Never,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/files.ts", "2026-11-20"),
        observed("https://github.com/netlify/build/pull/3596", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(failure @ Failure::OutsideRoot { written, span, .. }) = site.failure(Topic::OutsideRoot) else { return };
    let mut finding = RULE
        .finding(format!("{failure}, a path inside it would be accepted"))
        .at(*span)
        .label("outside the repository")
        .log_line(format!("\"{written}\" must be inside the repository root directory"));
    let inside = written.trim_start_matches("../").trim_end_matches('/');
    if inside.starts_with("..") {
        finding = finding.help("a name that starts with two dots counts as a way out: rename the folder");
    } else if inside != written && !inside.is_empty() && site.snapshot.is_dir(inside) {
        finding =
            finding.help(format!("the repository has a folder \"{inside}\"; paths are relative to the base directory"));
    }
    out.report(finding);
}
