//! PRJ019: two tracked paths differ only in the case of letters.

use crate::platform::job::Job;
use crate::project::import::scan::Dialect;
use crate::project::path::{name, parent, strip};
use crate::project::snapshot::Entry;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::import;

/// Two tracked sources have one name on some disks.
pub(super) static RULE: Rule = Rule {
    id: "PRJ019",
    name: "paths-clash",
    summary: "Two tracked paths differ only in upper and lower case",
    docs: "\
## What happens

The platform has both files; a machine with macOS or Windows has one of them, and shows the other as changed. What is \
built there is not what is built here.

## Why

A file was renamed in case only, on a disk that does not tell case apart, and git kept the old path beside the new one.

## How to mend it

Keep the path that is imported, and remove the other one with `git rm --cached`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/ryanwiemer/gatsby-starter-gcn/issues/86", "2026-11-20"),
        observed("https://github.com/Novicell/novicell-frontend/pull/295", "2026-11-20"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let is_own = |entry: &Entry| strip(&entry.path, job.dir).is_some() && is_source(&entry.path);
    let clashes = job.snapshot.clashes().filter(|(first, other)| is_own(first) && is_own(other));
    for (first, entry) in clashes.take(import::MOST) {
        let first = &first.path;
        let build = job.commands.first().map_or(RULE.stage, |(stage, _)| *stage);
        let message = format!("\"{first}\" and \"{}\" differ only in case", entry.path);
        let finding = RULE.finding(message).at_path(entry.path.to_string()).stage(build);
        out.report(finding.help("keep the one that is imported, and remove the other one with \"git rm --cached\""));
    }
}

/// Sources, and what lies beside them; other people's code and prose are left alone.
fn is_source(path: &str) -> bool {
    let is_read = Dialect::of(name(path)).is_some() || path.ends_with(".json") || path.ends_with(".scss");
    let is_vendored = || path.split('/').any(|part| matches!(part, "node_modules" | "vendor" | "third_party"));
    is_read && parent(path).is_some() && !is_vendored()
}
