//! PRJ007: a lock file of another generation of Yarn than the pinned one.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::platform::toolbox::release::last_of;
use crate::project::lockfile::Lock;
use crate::project::path::name;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{command, manager};

/// `yarn.lock` is of Yarn 1 and Yarn 2 or later is pinned, or the other way round.
pub(super) static RULE: Rule = Rule {
    id: "PRJ007",
    name: "yarn-lock-generation",
    summary: "The lock file was written by another generation of Yarn than the pinned one",
    docs: "\
## What happens

Yarn 2 and later want to rewrite a lock file of Yarn 1, which they may not do where `CI` is set: the \
installation stops. Yarn 1 passes over a later lock file and installs whatever is newest.

## Why

The two generations write different formats. The one that is pinned in `packageManager`, `yarnPath` or \
`YARN_VERSION` reads the lock file, whoever wrote it.

## How to mend it

Pin the Yarn that wrote the lock file, or run `yarn install` with the pinned one and commit the result.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/suitenumerique/docs/issues/2604", "2026-11-21"),
        observed("https://github.com/yarnpkg/yarn/issues/8684", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    if job.commands.iter().any(|(_, trace)| trace.texts.iter().any(|text| changes_yarn(&text.text))) {
        return;
    }
    for installation in job.installations.iter().filter(|it| it.manager == "yarn") {
        judge(job, installation, out);
    }
}

/// Whether a command may bring another Yarn.
fn changes_yarn(text: &str) -> bool {
    text.contains("corepack") || text.contains("set version")
}

fn judge(job: &Job<'_>, installation: &Installation, out: &mut Sink) {
    let Some(file) = &installation.lock else { return };
    let Lock::Yarn(lock) = &file.lock else { return };
    let is_empty = lock.entries.is_empty() && !lock.is_berry;
    let Some(major) = by_path(installation).or(installation.major).filter(|_| !is_empty) else { return };
    let later = major >= 2;
    if lock.is_berry == later {
        return;
    }
    let is_immutable = job.is_own_strict && installation.setting("enableImmutableInstalls") != Some("false");
    let told = installation.has_flag(&["--immutable"]);
    let stops = later && (told || is_immutable) && !installation.has_flag(&["--no-immutable"]);
    let severity = if stops { command::severity(job) } else { Severity::Medium };
    let (writer, what) = match (later, stops) {
        (true, true) => ("Yarn 1", "may not rewrite it"),
        (true, false) => ("Yarn 1", "rewrites it, unless CI is set"),
        (false, _) => ("Yarn 2 or later", "passes over it and installs whatever is newest"),
    };
    let mut finding = RULE
        .finding(format!("\"{}\" was written by {writer}, and Yarn {major} {what}", file.path))
        .at_path(file.path.clone())
        .severity(severity);
    if later {
        finding = finding.log_line("YN0028: The lockfile would have been modified by this install");
    }
    let fitting = if later { last_of("yarn", 1) } else { last_of("yarn", 4) };
    let pin = manager::pin(job, &installation.dir, "yarn").filter(|_| by_path(installation).is_none());
    if let Some(pin) = &pin {
        finding = finding.at(pin.span).label("another generation");
    }
    let fix = pin.zip(fitting.filter(|_| later)).filter(|(pin, _)| pin.is_field).map(|(pin, fitting)| {
        Fix::replace(Applicability::Safe, format!("pin Yarn {fitting}"), pin.span, format!("\"yarn@{fitting}\""))
    });
    out.report(finding.help(format!("pin the Yarn that wrote it, or let Yarn {major} write it anew")).maybe_fix(fix));
}

/// The major of a Yarn that lies in the repository: `.yarn/releases/yarn-4.5.3.cjs`.
fn by_path(installation: &Installation) -> Option<u64> {
    let path = installation.setting("yarnPath").or_else(|| installation.setting("yarn-path"))?;
    name(path).strip_prefix("yarn-")?.split('.').next()?.parse().ok()
}
