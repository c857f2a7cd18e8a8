//! PRJ002: the lock file lacks something that one of its packages needs.

use crate::platform::job::Job;
use crate::project::lockfile::{Lock, compare};
use crate::project::manifest::DependencyKind;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::lock;

/// `npm ci` is called, and a package of the lock file needs one that is not in it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ002",
    name: "npm-lock-incomplete",
    summary: "npm ci is called with a lock file that lacks a package below the top level",
    docs: "\
## What happens

`npm ci` stops before it installs anything and names what is missing from the lock file.

## Why

The direct dependencies are all there, and something below them is not: the lock file was written by another \
version of npm, merged by hand, or pruned on another operating system.

## How to mend it

Run `npm install` with the version of npm that the platform uses, and commit the lock file.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/warpdotdev/docs/pull/421", "2026-11-21"),
        observed("https://github.com/artyomsv/quil/pull/189", "2026-11-21"),
        observed("https://github.com/aws-samples/sample-ai-sales-roleplay/issues/96", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for frozen in lock::frozen(job, "npm") {
        let Some((manifest, Some(file))) = lock::pair(job, &frozen.dir, "npm") else { continue };
        let Lock::Npm(locked) = &file.lock else { continue };
        let is_simple =
            locked.version >= 2 && manifest.field("overrides").is_none() && manifest.workspaces().is_empty();
        if !is_simple || !compare::npm(&manifest, locked, "", true).is_empty() {
            continue;
        }
        let kinds = [DependencyKind::Production, DependencyKind::Development];
        let direct = kinds.iter().flat_map(|kind| manifest.dependencies(*kind)).map(|field| field.key);
        let holes = locked.holes(direct);
        let Some(first) = holes.first() else { continue };
        let from = first.from.rsplit("node_modules/").next().unwrap_or_default();
        let mut finding = RULE
            .finding(format!("\"{}\" lacks \"{}\" {}, which \"{from}\" needs", file.path, first.name, first.range))
            .at_path(file.path.clone())
            .at(frozen.span)
            .severity(frozen.severity)
            .stage(frozen.stage)
            .log_line(format!("Missing: {}@", first.name))
            .maybe_fix(lock::loosened(job, &frozen, "npm"))
            .fix(Fix::show("run \"npm install --package-lock-only\" and commit the lock file"));
        if holes.len() > 1 {
            finding = finding.note(format!("{} more are missing", holes.len() - 1));
        }
        out.report(finding);
    }
}
