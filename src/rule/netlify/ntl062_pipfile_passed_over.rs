//! NTL062: the program that builds the site is listed in the Pipfile only, which is not installed.

use crate::platform::netlify::python::{self, Pipfile};
use crate::platform::netlify::site::NetlifySite;
use crate::project::command::{Reach, Via};
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

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
    fix: FixAvailability::Sometimes,
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
        let package = listed.iter().find(|name| brings(name)).filter(|_| !required.iter().any(brings))?;
        Some((run.name().to_owned(), package.clone()))
    });
    let Some((program, package)) = missing.filter(|_| !installs) else { return };
    let (dir, file) = (site.build_dir(), "requirements.txt");
    out.report(
        RULE.finding(format!("\"{program}\" comes from the Pipfile, which is passed over because of \"{file}\""))
            .at_path(child(dir, "Pipfile"))
            .log_line(format!("{program}: command not found"))
            .help(format!("list what brings \"{program}\" in \"{file}\", or remove that file"))
            .maybe_fix(listed_too(site, &child(dir, file), &package)),
    );
}

/// Lists the package where Netlify looks for packages.
fn listed_too(site: &NetlifySite<'_>, path: &str, package: &str) -> Option<Fix> {
    let (file, source) = site.source(path)?;
    let text = source.text.as_str();
    let is_plain = package.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if !is_plain || text.contains("--hash=") || text.trim_end().ends_with('\\') {
        return None;
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let end = text.trim_end().len();
    let title = format!("list \"{package}\" in \"requirements.txt\" too");
    Some(Fix::replace(Applicability::Review, title, Span::new(file, end, end), format!("{line_end}{package}")))
}
