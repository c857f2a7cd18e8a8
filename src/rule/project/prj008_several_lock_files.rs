//! PRJ008: lock files of several package managers in one folder.

use crate::platform::job::Job;
use crate::project::lockfile::NAMES;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// Two tools lock the same folder, and nothing says which one is meant.
pub(super) static RULE: Rule = Rule {
    id: "PRJ008",
    name: "several-lock-files",
    summary: "Lock files of several package managers lie side by side",
    docs: "\
## What happens

The platform picks one of the package managers by an order of its own. If that is not the one that the \
developers use, it installs from a lock file that nobody has kept up to date.

## Why

Each package manager writes a lock file of its own and leaves those of the others alone. Without \
`packageManager` in `package.json` nothing says which one counts.

## How to mend it

Delete the lock files that are not used, or name the package manager in `packageManager`. A repair never deletes or renames \
what somebody has committed, so the command is only shown.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/gatsbyjs/gatsby/issues/13194", "2026-11-21"),
        observed("https://github.com/vercel/vercel/issues/1183", "2026-11-21"),
        observed("https://github.com/freeCodeCamp/events/issues/1", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(installation) = job.own.or_else(|| job.installations.first().copied()) else { return };
    let dir = installation.dir.as_str();
    let Ok(manifest) = &installation.manifest else { return };
    let mut found = Vec::new();
    for (tool, names) in NAMES {
        let name = names.iter().find(|name| job.snapshot.holds(dir, name));
        found.extend(name.map(|name| (tool, child(dir, name))));
    }
    let named = manifest.package_manager().map(|field| field.name.to_owned());
    let is_settled = named.is_some_and(|named| found.iter().any(|(tool, _)| *tool == named));
    if found.len() < 2 || is_settled {
        return;
    }
    let Some((_, stale)) = found.iter().find(|(tool, _)| *tool != installation.manager) else { return };
    let list: Vec<String> = found.iter().map(|(_, path)| format!("\"{path}\"")).collect();
    let finding = RULE
        .finding(format!(
            "{} lock the same dependencies, and {} uses {}",
            list.join(" and "),
            job.platform.title,
            installation.manager
        ))
        .at_path(stale.clone())
        .help("delete the one that is not used, or name the package manager in \"packageManager\"")
        .fix(Fix::show(format!("run \"git rm {stale}\" if {} is the one that you use", installation.manager)));
    out.report(finding);
}
