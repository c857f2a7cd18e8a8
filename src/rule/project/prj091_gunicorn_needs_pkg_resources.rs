//! PRJ091: gunicorn before 21 with a setuptools without `pkg_resources`.

use crate::platform::job::Job;
use crate::project::python::install::program;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::requirement;

/// gunicorn is pinned below 21 and setuptools is not pinned.
pub(super) static RULE: Rule = Rule {
    id: "PRJ091",
    name: "gunicorn-needs-pkg-resources",
    summary: "An old gunicorn needs a module that setuptools has dropped",
    docs: "\
## What happens

The build is green, and gunicorn stops as soon as it is started.

## Why

gunicorn before 21 imports `pkg_resources`, which setuptools has brought along until release 81. A fresh \
installation takes the newest setuptools.

## How to mend it

Raise gunicorn to 21 or later, or pin `setuptools<81`.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/johnpooch/diplicity-react/pull/489", "2026-11-21"),
        observed("https://github.com/AlertaDengue/AlertaDengue/issues/857", "2026-11-21"),
        observed("https://github.com/jwoglom/tconnectsync/issues/133", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let is_started = job.start.iter().any(|run| program(run) == "gunicorn" || run.has_arg("gunicorn"));
    let files = requirement::files(job);
    if !is_started || requirement::is_constrained(&files) {
        return;
    }
    let all: Vec<_> = requirement::requirements(&files).collect();
    let is_held = all.iter().any(|(_, _, other)| other.name == "setuptools" && requirement::is_bounded(other));
    for (file, line, wanted) in
        all.iter().filter(|(_, _, wanted)| wanted.name == "gunicorn" && wanted.marker.is_empty())
    {
        let Some(version) = wanted.pinned().filter(|_| !is_held) else { continue };
        let Some(numbers) = requirement::numbers(version).filter(|numbers| numbers.first() < Some(&21)) else {
            continue;
        };
        let newline = if file.source.text.contains("\r\n") { "\r\n" } else { "\n" };
        let at = Span::new(file.file, line.range.end, line.range.end);
        let is_plain =
            numbers.len() > 1 && !file.text(line).contains(['\\', '\n']) && !file.source.text.contains("--hash=");
        let fix = is_plain
            .then(|| Fix::replace(Applicability::Safe, "hold setuptools back", at, format!("{newline}setuptools<81")));
        out.report(
            RULE.finding(format!(
                "gunicorn {version} imports \"pkg_resources\", which the newest setuptools does not have"
            ))
            .at(file.span(line))
            .label("needs an old setuptools")
            .log_line("ModuleNotFoundError: No module named 'pkg_resources'")
            .help("raise gunicorn to 21 or later, or add \"setuptools<81\"")
            .maybe_fix(fix),
        );
    }
}
