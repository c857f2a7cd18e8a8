//! RND029: the start command calls a program that the requirements do not bring.

use crate::platform::render::python::{self, PythonService};
use crate::platform::render::run::Run;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::path::name;
use crate::project::python::program::{of_module, of_program};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A server is called that nothing installs.
pub(super) static RULE: Rule = Rule {
    id: "RND029",
    name: "server-not-installed",
    summary: "The start command uses a Python program that the requirements do not bring",
    docs: "\
## What happens

The build is green, and the service never starts: the shell, or Python, does not find the program.

## Why

On a developer's machine the server is often installed for all projects. Render installs exactly what the build command \
installs; `fastapi` without the extra `standard` brings no server, and Flask's own is not gunicorn.

## How to mend it

Add the package to the file that the build command installs, and commit it.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/vasusen-code/SaveRestrictedContentBot/issues/83", "2026-11-21"),
        observed("https://github.com/docker/python-docker/issues/14", "2026-11-21"),
        observed("https://github.com/karpathy/covid-sanity/issues/2", "2026-11-21"),
        source("https://github.com/render-oss/skills/blob/main/skills/render-debug/references/error-patterns.md", "2026-11-21"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site) {
        for phase in [Phase::PreDeploy, Phase::Start] {
            if let Some(run) = service.runs.of_phase(phase).find(|run| is_missing(&service, run)) {
                report(site, &service, run, out);
                break;
            }
        }
    }
}

fn wanted(run: &Run) -> Option<&'static [String]> {
    if run.is_module { of_module(run.program()) } else { of_program(run.invocation.name()) }
}

fn is_missing(service: &PythonService<'_>, run: &Run) -> bool {
    let is_known = service.runs.is_known(&[run.phase]) && !service.may_set(run, "PATH");
    is_known && run.invocation.decides() && wanted(run).is_some_and(|wanted| service.surely_lacks(wanted))
}

fn report(site: &RenderSite<'_>, service: &PythonService<'_>, run: &Run, out: &mut Sink) {
    let Some(package) = wanted(run).and_then(|wanted| wanted.first()) else { return };
    let program = run.program();
    let files = service.declared().files.join("\", \"");
    let stage = if run.phase == Phase::Start { Stage::Start } else { Stage::PreDeploy };
    let message = format!("\"{program}\" is not installed: \"{files}\" does not ask for \"{package}\"");
    let log =
        if run.is_module { format!("No module named {program}") } else { format!("{program}: command not found") };
    let finding = RULE
        .finding(message)
        .at(run.word_span(site, &run.invocation.program))
        .stage(stage)
        .help(format!("add \"{package}\" to what the build command installs"))
        .log_line(log);
    out.report(finding.maybe_fix(append(site, service, package)));
}

/// Adds a line to the first requirements file.
fn append(site: &RenderSite<'_>, service: &PythonService<'_>, package: &str) -> Option<Fix> {
    let path = service.declared().files.first().filter(|path| name(path).ends_with(".txt"))?;
    let (file, source) = site.files().open(path)?;
    let text = &source.text;
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let end = text.trim_end().len();
    let is_hashed = text.contains("--hash=");
    let at = Span::new(file, end, end);
    let line = if end == 0 { format!("{package}{line_end}") } else { format!("{line_end}{package}") };
    let applicability = if is_hashed { Applicability::Show } else { Applicability::Safe };
    Some(Fix::replace(applicability, format!("add \"{package}\" to \"{path}\""), at, line))
}
