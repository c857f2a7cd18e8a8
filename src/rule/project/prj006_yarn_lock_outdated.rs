//! PRJ006: Yarn may not change a lock file that needs it.

use crate::platform::job::Job;
use crate::project::lockfile::compare::Mismatch;
use crate::project::lockfile::yarn::YarnLock;
use crate::project::lockfile::{Lock, compare, member};
use crate::project::manifest::Manifest;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// `yarn.lock` does not match `package.json`, and Yarn may not change it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ006",
    name: "yarn-lock-outdated",
    summary: "yarn.lock was made for another package.json",
    docs: "\
## What happens

Yarn stops with a word about the lock file that would have to change.

## Why

Yarn 2 and later refuse to change `yarn.lock` on build machines. Yarn 1 does so only when it is called with \
`--frozen-lockfile`, for instance through the variable `YARN_FLAGS`; otherwise it repairs the file on the way.

## How to mend it

Run `yarn install` once and commit `yarn.lock`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/yarnpkg/berry/issues/2948", "2026-11-20"),
        docs("https://classic.yarnpkg.com/lang/en/docs/cli/install/", "2026-11-20"),
        docs("https://yarnpkg.com/configuration/yarnrc#enableImmutableInstalls", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::lock;
use crate::rule::fix::Fix;

fn check(job: &Job<'_>, out: &mut Sink) {
    let installation = job.installations.iter().find(|installation| installation.manager == "yarn");
    let is_berry =
        installation.is_some_and(|it| it.is_berry() && (it.major.is_some() || it.setting("yarnPath").is_some()));
    for frozen in lock::frozen(job, "yarn") {
        let Some((manifest, Some(file))) = lock::pair(job, &frozen.dir, "yarn") else { continue };
        let Lock::Yarn(locked) = &file.lock else { continue };
        let (path, found, line) = match (locked.is_berry, is_berry) {
            (true, true) => {
                let (path, found) = berry(job, &frozen.dir, &manifest, locked);
                let line =
                    "YN0028: The lockfile would have been modified by this install, which is explicitly forbidden";
                (path, found, line)
            }
            (false, false) => (
                manifest.path.clone(),
                compare::yarn_classic(&manifest, locked),
                "Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`",
            ),
            // A lock file of another generation: what Yarn makes of it is not followed.
            _ => continue,
        };
        let Some(finding) = lock::finding(&RULE, &frozen, &file.path, &path, &found) else { continue };
        out.report(
            finding
                .label("not locked like this")
                .log_line(line)
                .maybe_fix(lock::loosened(job, &frozen, "yarn"))
                .fix(Fix::show("run \"yarn install\" and commit \"yarn.lock\"")),
        );
    }
}

/// What differs in the project's own manifest, or else in the first one of the workspace.
fn berry(job: &Job<'_>, dir: &str, manifest: &Manifest, locked: &YarnLock) -> (String, Vec<Mismatch>) {
    let own = compare::yarn_berry(manifest, locked, "");
    let patterns = member::of_manifest(manifest);
    let folders = if own.is_empty() { member::folders(job.snapshot, dir, &patterns) } else { None };
    for folder in folders.unwrap_or_default() {
        let Some(manifest) = job.manifest(&child(dir, &folder)) else { continue };
        let found = compare::yarn_berry(&manifest, locked, &folder);
        if !found.is_empty() {
            return (manifest.path, found);
        }
    }
    (manifest.path.clone(), own)
}
