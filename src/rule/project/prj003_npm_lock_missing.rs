//! PRJ003: `npm ci` without a lock file.

use crate::platform::job::Job;
use crate::project::lockfile::Lock;
use crate::project::path::{ancestors, child, display};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// `npm ci` is called where there is no lock file that npm can read.
pub(super) static RULE: Rule = Rule {
    id: "PRJ003",
    name: "npm-lock-missing",
    summary: "npm ci is called without a package-lock.json",
    docs: "\
## What happens

`npm ci` stops at once: it can only install from a lock file. In the folder in which Netlify itself has just run \
`npm install` it finds the lock file that this has written, and the build passes with whatever versions are newest.

## Why

The lock file is not tracked (often because `.gitignore` names it), lies in another folder, or is empty or cut \
short, which npm takes for no lock file at all.

## How to mend it

Commit `package-lock.json`, or call `npm install` instead of `npm ci`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/graphql/graphql-landscape/pull/399", "2026-11-20"),
        docs("https://docs.npmjs.com/cli/commands/npm-ci", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::lock;

fn check(job: &Job<'_>, out: &mut Sink) {
    for frozen in lock::frozen(job, "npm") {
        let Some((_, file)) = lock::pair(job, &frozen.dir, "npm") else { continue };
        let dir = display(&frozen.dir);
        let message = match &file {
            None if is_workspace_member(job, &frozen.dir) => continue,
            None => format!("\"npm ci\" runs in \"{dir}\", which has no \"package-lock.json\""),
            Some(file) => match &file.lock {
                Lock::Broken(reason) if !file.has_conflict => {
                    format!("npm takes \"{}\" for none at all: it {reason}", file.path)
                }
                _ => continue,
            },
        };
        let finding = if writes_lock(job, &frozen.dir) {
            let message = format!(
                "{message}; it finds the one that {}'s own \"npm install\" has just written",
                job.platform.title
            );
            RULE.finding(message).severity(Severity::Medium).label("what it installs is not pinned")
        } else {
            let line = "The `npm ci` command can only install with an existing package-lock.json";
            RULE.finding(message).severity(frozen.severity).label("needs a lock file").log_line(line)
        };
        let place = child(&frozen.dir, "package-lock.json");
        let finding = finding.stage(frozen.stage);
        let finding = if file.is_some() { finding.at_path(place) } else { finding.at_missing(place) };
        let written = job.written(frozen.span).filter(|text| *text == "npm ci");
        let fix = written
            .map(|_| Fix::replace(Applicability::Safe, "call \"npm install\" instead", frozen.span, "npm install"));
        out.report(finding.at(frozen.span).help("commit the lock file, or call \"npm install\"").maybe_fix(fix));
    }
}

/// Whether the platform's own `npm install` runs there first, which leaves a lock file behind for the command.
fn writes_lock(job: &Job<'_>, dir: &str) -> bool {
    job.own.is_some_and(|installation| installation.manager == "npm" && installation.dir == dir)
}

/// Whether a folder above has a lock file, which may be that of a workspace.
fn is_workspace_member(job: &Job<'_>, dir: &str) -> bool {
    let has_lock = |dir: &str| {
        ["package-lock.json", "npm-shrinkwrap.json"].iter().any(|name| job.snapshot.is_file(&child(dir, name)))
    };
    ancestors(dir).skip(1).any(has_lock)
}
