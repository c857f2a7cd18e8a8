//! PRJ040: a pinned release from before the Python that is installed.

use crate::platform::job::Job;
use crate::platform::render::toolchain::python::newest;
use crate::platform::wheel;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{command, requirement};

/// A package with native code is pinned to a release without a wheel for the picked Python.
pub(super) static RULE: Rule = Rule {
    id: "PRJ040",
    name: "no-wheel-for-python",
    summary: "A pinned package has no wheel for the Python that is installed",
    docs: "\
## What happens

pip finds no wheel, downloads the source, and tries to compile it, which takes long and mostly fails.

## Why

Wheels of packages with native code are built for the versions of Python that were there at the time. An exact \
pin keeps a release that is older than the Python.

## How to mend it

Raise the pin, or pin Python to a version that the release has wheels for.
",
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/psycopg/psycopg2/issues/1734", "2026-11-21"),
        observed("https://github.com/python/cpython/issues/126522", "2026-11-21"),
        observed("https://github.com/docker-library/python/issues/1081", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(python) = job.python.as_ref().filter(|python| python.written >= 2) else { return };
    let files = requirement::files(job);
    for (file, line, wanted) in requirement::requirements(&files) {
        let Some(version) = wanted.pinned().filter(|_| wanted.marker.is_empty()) else { continue };
        let Some(gap) = wheel::gap(&wanted.name, version, python.minor()) else { continue };
        let is_certain = gap.fails && python.is_pinned;
        let (major, minor) = python.minor();
        let mut finding = RULE
            .finding(format!("\"{}\" {version} has no wheel for Python {major}.{minor}", wanted.name))
            .at(file.span(line))
            .label("would be compiled")
            .severity(if is_certain { command::severity(job) } else { Severity::Medium })
            .log_line("error: metadata-generation-failed")
            .help(format!("raise it above {}, or take an older Python", gap.up_to));
        if python.is_pinned {
            finding = finding.related(python.span, "asks for this Python");
        }
        out.report(finding.maybe_fix(older(job, python.span, &wanted.name, version, minor)));
    }
}

/// Pins the newest older Python that the release may have a wheel for.
fn older(job: &Job<'_>, span: Span, name: &str, version: &str, minor: u64) -> Option<Fix> {
    let fitting = (10..minor).rev().find(|minor| wheel::gap(name, version, (3, *minor)).is_none())?;
    let release = newest(u32::try_from(fitting).ok()?)?;
    let written = job.written(span)?;
    let plain = written.trim().trim_matches(['"', '\'']);
    let is_version = plain.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let short = format!("3.{fitting}");
    let version = if plain.split('.').count() == 3 { release } else { short };
    let text = written.replacen(plain, &version, 1);
    is_version.then(|| Fix::replace(Applicability::Review, format!("take Python {version}"), span, text))
}
