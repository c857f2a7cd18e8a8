//! PRJ089: Bun may not change a lock file that needs it.

use crate::platform::job::Job;
use crate::project::lockfile::{Lock, compare};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// `bun.lock` does not match `package.json`, and Bun may not change it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ089",
    name: "bun-lock-outdated",
    summary: "bun.lock was made for another package.json",
    docs: "\
## What happens

Bun stops: the lock file had changes, and it is frozen.

## Why

With `--frozen-lockfile` (or `bun ci`) Bun installs only what `bun.lock` says. A plain `bun install` repairs the \
file on the way, on build machines too.

## How to mend it

Run `bun install` once and commit `bun.lock`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/oven-sh/bun/issues/6043", "2026-11-20"),
        observed("https://github.com/cdxgen/cdxgen/pull/1030", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::lock;

fn check(job: &Job<'_>, out: &mut Sink) {
    for frozen in lock::frozen(job, "bun") {
        let Some((manifest, Some(file))) = lock::pair(job, &frozen.dir, "bun") else { continue };
        let Lock::Bun(locked) = &file.lock else { continue };
        let found = compare::bun(&manifest, locked);
        let Some(finding) = lock::finding(&RULE, &frozen, &file.path, &manifest.path, &found) else { continue };
        out.report(
            finding
                .label("not locked like this")
                .log_line("error: lockfile had changes, but lockfile is frozen")
                .help("run \"bun install\" once and commit \"bun.lock\""),
        );
    }
}
