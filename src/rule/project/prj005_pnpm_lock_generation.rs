//! PRJ005: a lock file of pnpm that the pinned pnpm does not follow.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::platform::toolbox::release::{Reading, last_of, major_for, reading};
use crate::project::lockfile::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{command, manager};

/// `lockfileVersion` belongs to another major of pnpm than the one that is pinned.
pub(super) static RULE: Rule = Rule {
    id: "PRJ005",
    name: "pnpm-lock-generation",
    summary: "The pinned pnpm does not follow a lock file of this generation",
    docs: "\
## What happens

pnpm passes over the lock file and installs whatever is newest, or it stops: always with `--frozen-lockfile`, \
and with pnpm 7 and 8 when the lock file is one generation away.

## Why

pnpm 6 and 7 write lock files of the versions 5.3 and 5.4, pnpm 8 writes 6.0, and pnpm 9 and later write 9.0. \
pnpm 9 also reads 6.0. Everything else is taken for no lock file at all.

## How to mend it

Pin the pnpm that wrote the lock file in `packageManager`, or run `pnpm install` with the pinned one and commit \
the lock file.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/delucis/astro-netlify-cms-starter/issues/10", "2026-11-21"),
        observed("https://github.com/DemoMacro/hexo-boilerplate-netlify-cms/issues/36", "2026-11-21"),
        observed("https://github.com/mainmatter/mainmatter.com/pull/2604", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in job.installations.iter().filter(|it| it.manager == "pnpm") {
        judge(job, installation, out);
    }
}

fn judge(job: &Job<'_>, installation: &Installation, out: &mut Sink) {
    let Some(file) = &installation.lock else { return };
    let Lock::Pnpm(lock) = &file.lock else { return };
    let (Some(major), Some(version)) = (installation.major, installation.version.as_deref()) else { return };
    let Some(generation) = lock.version.split('.').next().and_then(|word| word.parse().ok()) else { return };
    let is_strict = installation.has_flag(&["--frozen-lockfile", "--frozen-lockfile=true"]);
    let is_open = !installation.is_frozen();
    let (stops, what) = match reading(major, generation) {
        Reading::Refuses if job.is_own_strict && !is_open => (true, "stops"),
        Reading::Refuses => (is_strict, "stops where CI is set"),
        Reading::Ignores if is_strict => (true, "stops"),
        Reading::Ignores => (false, "passes over it and installs whatever is newest"),
        Reading::Follows | Reading::Unknown => return,
    };
    let severity = if stops { command::severity(job) } else { Severity::Medium };
    let release = version.split('+').next().unwrap_or_default();
    let pin = manager::pin(job, &installation.dir, "pnpm");
    let mut finding = RULE
        .finding(format!("\"{}\" is of version {}, and pnpm {release} {what}", file.path, lock.version))
        .at_path(file.path.clone())
        .severity(severity)
        .log_line("Ignoring not compatible lockfile");
    if let Some(pin) = &pin {
        finding = finding.at(pin.span).label("another generation");
    }
    let fitting = major_for(generation).and_then(|major| last_of("pnpm", major));
    let Some(fitting) = fitting else { return out.report(finding) };
    let applicability = if generation > 5 { Applicability::Safe } else { Applicability::Review };
    let fix = pin
        .filter(|pin| pin.is_field)
        .map(|pin| Fix::replace(applicability, format!("pin pnpm {fitting}"), pin.span, format!("\"pnpm@{fitting}\"")));
    out.report(finding.help(format!("pin the pnpm that wrote it, such as {fitting}")).maybe_fix(fix));
}
