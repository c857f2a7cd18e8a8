//! PRJ037: `poetry.lock` is out of step with `pyproject.toml`.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::project::python::locked;
use crate::project::python::pyproject::Pyproject;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{package, package_edit, version_edit};

/// A dependency of `pyproject.toml` is not in `poetry.lock`, and Poetry installs.
pub(super) static RULE: Rule = Rule {
    id: "PRJ037",
    name: "poetry-lock-outdated",
    summary: "poetry.lock lacks a dependency of pyproject.toml",
    docs: "\
## What happens

Poetry stops and asks for a new lock file.

## Why

Since 1.8 Poetry refuses a lock file that was made for another `pyproject.toml`.

## How to mend it

Run `poetry lock` and commit the lock file.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/PacktPublishing/LLM-Engineers-Handbook/issues/8", "2026-11-21"),
        observed("https://github.com/nborrmann/diff-poetry-lock/pull/10", "2026-11-21"),
        observed("https://github.com/vectara/vectara-ingest/pull/71", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for tool in job.tools("poetry").filter(|tool| matches!(tool.run.subcommand(), Some("install" | "sync"))) {
        let (pyproject, path) = (child(tool.dir, "pyproject.toml"), child(tool.dir, "poetry.lock"));
        let (Ok(project), Ok(lock)) = (job.snapshot.text(&pyproject), job.snapshot.text(&path)) else { continue };
        let (Some(project), Some(locked)) = (Pyproject::read(&project), locked::of_toml(&lock)) else { continue };
        let relocks = job.tools("poetry").any(|other| other.run.subcommand() == Some("lock"));
        let Some(missing) = project.requirements.iter().find(|wanted| !locked.contains(&wanted.name)) else { continue };
        if relocks {
            continue;
        }
        // Before 1.8 Poetry only warned.
        let pinned = job.variable("POETRY_VERSION").map(|value| value.value.clone());
        let is_old = pinned.is_some_and(|version| version.starts_with("1.") && !version.starts_with("1.8"));
        let message = format!("\"{path}\" does not hold \"{}\", which \"{pyproject}\" asks for", missing.name);
        let finding = package::at_tool(&RULE, job, &tool, message).label("installs from the lock file");
        let finding = if is_old { finding.severity(Severity::Medium) } else { finding };
        return out.report(
            finding
                .log_line("pyproject.toml changed significantly since poetry.lock was last generated")
                .maybe_fix(package_edit::reviewed(
                    "lock anew before the installation",
                    version_edit::in_front(job, &tool, "poetry lock && ").map(|change| vec![change]),
                ))
                .fix(Fix::show("run \"poetry lock\" and commit the lock file")),
        );
    }
}
