//! PRJ004: pnpm finds a lock file that does not match the manifest.

use crate::platform::job::Job;
use crate::project::lockfile::pnpm::{Importer, PnpmLock};
use crate::project::lockfile::{Lock, LockFile, compare, member};
use crate::project::path::{ancestors, child, join, parent};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// `pnpm-lock.yaml` was made for another `package.json`; in CI pnpm never changes it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ004",
    name: "pnpm-lock-outdated",
    summary: "pnpm-lock.yaml was made for another package.json",
    docs: "\
## What happens

pnpm stops before it installs anything.

## Why

Build machines set `CI`, and then pnpm treats the lock file as frozen. The lock file records every range of \
`package.json` word for word and the field it stands in: a dependency that was added, removed, moved or re-ranged by \
hand no longer fits.

## How to mend it

Run `pnpm install` once (or `pnpm install --lockfile-only`) and commit the lock file. For the time being the \
variable `PNPM_FLAGS=--no-frozen-lockfile` lets pnpm change it on the build machine.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/pnpm/pnpm/issues/5144", "2026-11-20"),
        observed("https://github.com/upleveled/preflight/issues/438", "2026-11-20"),
        docs("https://pnpm.io/cli/install", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::{command, lock, pnpm_edit};

/// More folders of a workspace than this are not compared.
const MAX_IMPORTERS: usize = 200;

fn check(job: &Job<'_>, out: &mut Sink) {
    for frozen in lock::frozen(job, "pnpm") {
        let file = ancestors(&frozen.dir).find_map(|dir| Some(lock::pair(job, dir, "pnpm")?.1));
        let Some(Some(file)) = file else { continue };
        if let Lock::Broken(why) = &file.lock
            && job.snapshot.text(&file.path).is_ok_and(|text| text.trim().is_empty())
        {
            let message = format!("\"{}\" {why}, and pnpm may not write it", file.path);
            let finding =
                RULE.finding(message).at_path(file.path.clone()).severity(frozen.severity).stage(frozen.stage);
            out.report(
                finding.log_line("ERR_PNPM_BROKEN_LOCKFILE").help("run \"pnpm install\" once and commit the lock file"),
            );
        }
        if let Lock::Pnpm(locked) = &file.lock
            && !file.has_conflict
            && follows(job, locked)
            && !job.snapshot.is_file(&child(parent(&file.path).unwrap_or_default(), ".pnpmfile.cjs"))
        {
            compare(job, &frozen, &file, locked, out);
        }
    }
}

/// Whether the pnpm that runs reads this generation of lock files: 6 goes with pnpm 8 and 9, 9 with 9 and later.
fn follows(job: &Job<'_>, locked: &PnpmLock) -> bool {
    let major = job.installations.iter().find(|it| it.manager == "pnpm").and_then(|it| it.major);
    match locked.version.split('.').next() {
        Some("5") => major.is_some_and(|major| major <= 7),
        Some("6") => major.is_none_or(|major| major == 8 || major == 9),
        Some("9") => major.is_none_or(|major| major >= 9),
        _ => false,
    }
}

fn compare(job: &Job<'_>, frozen: &lock::Frozen, file: &LockFile, locked: &PnpmLock, out: &mut Sink) {
    let root = parent(&file.path).unwrap_or_default();
    let members =
        member::of_pnpm(job.snapshot, root).and_then(|patterns| member::folders(job.snapshot, root, &patterns));
    let nothing = Importer::default();
    let new = members.iter().flatten().filter(|folder| !locked.importers.contains_key(*folder));
    let all = locked.importers.iter().chain(new.map(|folder| (folder, &nothing)));
    for (folder, importer) in all.take(MAX_IMPORTERS) {
        let Some(path) = join(root, folder).map(|dir| child(&dir, "package.json")) else { continue };
        let Some(manifest) = command::manifest(job.snapshot, job.sources, &path) else { continue };
        let found = compare::pnpm(&manifest, locked, importer);
        let Some(finding) = lock::finding(&RULE, frozen, &file.path, &path, &found) else { continue };
        out.report(
            finding
                .label("not locked like this")
                .log_line("ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\"")
                .maybe_fix(pnpm_edit::ranges(job, &file.path, folder, &found))
                .fix(Fix::show("run \"pnpm install\" and commit \"pnpm-lock.yaml\"")),
        );
        return;
    }
}
