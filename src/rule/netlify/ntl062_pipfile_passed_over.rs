//! NTL062: the program that builds the site is listed in the Pipfile only, which is not installed.

use crate::platform::netlify::python::{self, Pipfile};
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::{Reach, Via};
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// Both manifests are there, and the wrong one has the program.
pub(super) static RULE: Rule = Rule {
    id: "NTL062",
    name: "pipfile-passed-over",
    summary: "The Pipfile is passed over because there is a requirements.txt",
    docs: "\
## What happens

The build command fails with `command not found`, exit code 127: the package that brings the program was not installed.

## Why

If the base directory has a `requirements.txt`, Netlify installs that and does not look at the `Pipfile` beside it.

## How to mend it

Keep one of the two. `pipenv requirements > requirements.txt` writes the second from the first.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Never,
    evidence: &[
        source("https://github.com/netlify/build-image/blob/focal/run-build-functions.sh", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/239", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(trace) = site.plan.as_ref().and_then(|plan| plan.trace.as_ref()) else { return };
    let Some(pipfile) = Pipfile::of(site) else { return };
    let Some(required) = python::required_packages(site) else { return };
    let listed = pipfile.packages();
    let installs = ["pip", "pip3", "pipenv", "poetry", "uv"].iter().any(|program| trace.runs(program).next().is_some());
    let runs = trace.invocations.iter().filter(|run| run.reach == Reach::Certain && run.via == Via::Path);
    let missing = runs.into_iter().find_map(|run| {
        let packages = python::packages_of(run.name())?;
        let brings =
            |name: &String| packages.iter().any(|package| name == package || name.starts_with(&format!("{package}-")));
        (!required.iter().any(brings) && listed.iter().any(brings)).then(|| run.name().to_owned())
    });
    let Some(program) = missing.filter(|_| !installs) else { return };
    let (dir, file) = (site.build_dir(), "requirements.txt");
    out.report(
        RULE.finding(format!("\"{program}\" comes from the Pipfile, which is passed over because of \"{file}\""))
            .at_path(child(dir, "Pipfile"))
            .log_line(format!("{program}: command not found"))
            .help(format!("list what brings \"{program}\" in \"{file}\", or remove that file")),
    );
}
