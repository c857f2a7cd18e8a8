//! PRJ089: Bun may not change a lock file that needs it.

use crate::rule::fix::{Change, Fix};
use crate::text::span::Span;
use nodejs_semver::{Range, Version};

use crate::platform::job::Job;
use crate::project::lockfile::compare::{Difference, Mismatch};
use crate::project::lockfile::{Lock, compare};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{command, lock, package_edit};

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
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/oven-sh/bun/issues/6043", "2026-11-20"),
        observed("https://github.com/cdxgen/cdxgen/pull/1030", "2026-11-20"),
    ],
    check: Check::Job(check),
};

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
                .maybe_fix(ranges(job, &file.path, &found))
                .maybe_fix(lock::loosened(job, &frozen, "bun"))
                .fix(Fix::show("run \"bun install\" and commit \"bun.lock\"")),
        );
    }
}

/// Writes the manifest's ranges into the lock file, if the locked versions lie inside all of them.
fn ranges(job: &Job<'_>, path: &str, found: &[Mismatch]) -> Option<Fix> {
    let (file, text) = command::file(job, path)?;
    let own = text.find("\"packages\"")?;
    let change = |mismatch: &Mismatch| {
        let Difference::Range { wanted, locked } = &mismatch.difference else { return None };
        let key = format!("\"{}\": ", mismatch.name);
        let entry = text[own..].find(&format!("{key}[\"{}@", mismatch.name)).map(|at| own + at)?;
        let version = text[entry + key.len()..].split('"').nth(1)?.rsplit('@').next()?;
        let is_inside = Range::parse(wanted.trim()).ok()?.satisfies(&Version::parse(version).ok()?);
        let line = format!("{key}\"{locked}\"");
        let at = text[..own].find(&line).filter(|_| is_inside && text[..own].matches(&line).count() == 1)?;
        let span = Span::new(file, at + key.len(), at + line.len());
        Some(Change::Edit { span, text: format!("\"{wanted}\"") })
    };
    let changes: Option<Vec<Change>> = found.iter().map(change).collect();
    let title = "write the ranges of the manifest into the lock file, whose versions lie inside them";
    package_edit::reviewed(title, changes)
}
