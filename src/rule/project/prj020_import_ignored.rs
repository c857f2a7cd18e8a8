//! PRJ020: what is imported is kept out of git.

use crate::platform::job::Job;
use crate::project::path::{child, parent, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::import::{self, Cause};

/// An imported source matches a pattern of `.gitignore` and is not tracked.
pub(super) static RULE: Rule = Rule {
    id: "PRJ020",
    name: "import-ignored",
    summary: "What is imported is kept out of the repository by .gitignore",
    docs: "\
## What happens

The build stops: the file is on the author's machine only.

## Why

A pattern such as `lib/` or `data/` in an ignore file holds in every folder, also in that of the sources, so git never \
added the file and the platform never gets it.

## How to mend it

Begin the pattern with a slash, so that it holds for the folder at the root alone, or take it out; then add the files.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[observed("https://github.com/WeepingDogel/matrix-historian/pull/37", "2026-11-20")],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let mut seen = std::collections::HashSet::new();
    for lost in import::lost(job) {
        let Some(Cause::Ignored(file, (start, end))) = lost.cause(job) else { continue };
        if seen.len() >= import::MOST || !seen.insert(lost.missing.wanted.clone()) {
            continue;
        }
        let specifier = &lost.load.specifier;
        let message = format!("\"{specifier}\" is imported, and git is told to pass over it");
        let mut finding = lost.finding(job, &RULE, message).label("not in the repository");
        let bound = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if let Some(span) = import::span(job, &file, bound(start), bound(end)) {
            finding = finding.related(span, "by this pattern");
            let pattern = job.written(span).unwrap_or_default();
            if let Some(anchored) = anchored(pattern, &file, &lost.missing.wanted) {
                let title = format!("ignore \"{anchored}\" at the root alone");
                finding = finding.fix(Fix::replace(Applicability::Review, title, span, anchored));
            }
        }
        let path = &lost.missing.wanted;
        let shown = Fix::show(format!("run \"git add -f {path}\", which adds it whatever the pattern says"));
        out.report(finding.help(format!("change the pattern, then add \"{path}\"")).fix(shown));
    }
}

/// The pattern for the folder of the ignore file alone, if it then no longer covers what is imported.
fn anchored(pattern: &str, file: &str, wanted: &str) -> Option<String> {
    let is_loose = !pattern.trim_end_matches('/').contains('/') && !pattern.starts_with('!');
    let below = strip(wanted, parent(file).unwrap_or_default())?;
    let anchored = child("/", pattern).replacen("//", "/", 1);
    let first = below.split('/').next().unwrap_or_default();
    (is_loose && pattern.trim_end_matches('/') != first && !pattern.contains('*')).then_some(anchored)
}
