//! PRJ012: the build tool is a development dependency, and those are not installed.

use crate::platform::job::Job;
use crate::platform::toolbox::Omission;
use crate::project::command::Cause;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The build calls a program of a development dependency in a production installation.
pub(super) static RULE: Rule = Rule {
    id: "PRJ012",
    name: "build-tool-left-out",
    summary: "The build tool is a development dependency, and those are left out",
    docs: "\
## What happens

The installation succeeds, and the build ends with exit code 127: the program is not found.

## Why

`NODE_ENV=production` in the build environment counts for the installation too. npm and Yarn 1 then leave out \
`devDependencies`, which is where most build tools are listed.

## How to mend it

Drop `NODE_ENV` from the build environment (frameworks set it themselves when they build), set it in front of the \
build command only, or tell the package manager to install everything with `NPM_CONFIG_PRODUCTION = \"false\"`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/vitejs/vite/issues/14045", "2026-11-20"),
        observed("https://github.com/stackblitz/bolt.new/issues/2412", "2026-11-20"),
        docs("https://docs.netlify.com/build/configure-builds/manage-dependencies/", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::command;

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(broken) = command::build(job) else { return };
    let Cause::DevelopmentOnly { name, package } = &broken.failure.cause else { return };
    let message = format!(
        "the build runs \"{name}\", which only the development dependency \"{package}\" brings, and those are not installed"
    );
    let mut finding = broken.finding(&RULE, message).label("not installed").log_line(broken.not_found(name));
    let omission = job.installations.iter().find_map(|installation| installation.omission.as_ref());
    if let Some(omission) = omission {
        if omission.is_default() {
            finding = finding.severity(Severity::Medium);
        }
        finding = finding.note(describe(omission));
        if let Omission::Variable(_, value) | Omission::Flag(_, value) = omission {
            let span = value.span().unwrap_or(Span::NONE);
            finding = finding.related(span, "leaves them out").maybe_fix(fix(job, omission, span));
        }
    }
    out.report(finding.help("install everything with NPM_CONFIG_PRODUCTION = \"false\", or drop NODE_ENV"));
}

fn describe(omission: &Omission) -> String {
    match omission {
        Omission::Variable(name, value) => format!("{name} is \"{}\" during the installation too", value.value),
        Omission::Flag(name, value) => format!("{name} is \"{}\"", value.value),
        Omission::File(path) => format!("\"{path}\" leaves them out"),
    }
}

/// A second variable on the next line, where the first stands on a line of its own.
fn fix(job: &Job<'_>, omission: &Omission, span: Span) -> Option<Fix> {
    let Omission::Variable(name, _) = omission else { return None };
    job.written(span).filter(|_| name == "NODE_ENV")?;
    let source = job.sources.get(span.file)?;
    let before = source.text.get(..span.range().start)?;
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let indent = &line[..line.len() - line.trim_start().len()];
    if !line.trim_start().starts_with("NODE_ENV") || line.contains('{') {
        return None;
    }
    let end = Span { start: span.end, ..span };
    let newline = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let text = format!("{newline}{indent}NPM_CONFIG_PRODUCTION = \"false\"");
    Some(Fix::replace(Applicability::Safe, "install development dependencies too", end, text))
}
