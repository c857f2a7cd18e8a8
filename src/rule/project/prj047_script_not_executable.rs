//! PRJ047: a script is called as a program and is not executable.

use crate::platform::job::Job;
use crate::project::command::Cause;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The build calls a file of the repository whose executable bit is not set.
pub(super) static RULE: Rule = Rule {
    id: "PRJ047",
    name: "script-not-executable",
    summary: "A script that the build calls is not executable",
    docs: "\
## What happens

The shell answers `Permission denied` and ends with exit code 126.

## Why

Git records whether a file may be executed. Files made on Windows or in the web editor come without that bit.

## How to mend it

Run `git update-index --chmod=+x` on the file, or call it with its interpreter: `bash build.sh`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/rjsf-team/react-jsonschema-form/pull/2045", "2026-11-20"),
        observed("https://github.com/bridgetownrb/bridgetown/pull/302", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::command;

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(broken) = command::build(job) else { return };
    let Cause::NotExecutable { path } = &broken.failure.cause else { return };
    let what = if job.snapshot.is_dir(path) { "is a folder" } else { "is not executable" };
    let span = broken.span();
    let name = broken.trace.texts[broken.failure.text].text.get(broken.failure.start..broken.failure.end);
    let fix = shell_of(job, path).filter(|_| job.written(span) == name && broken.is_editable(span)).map(|shell| {
        let before = Span { end: span.start, ..span };
        Fix::replace(Applicability::Safe, format!("call it with \"{shell}\""), before, format!("{shell} "))
    });
    out.report(
        broken
            .finding(&RULE, format!("the command calls \"{path}\", which {what}"))
            .label("not executable")
            .log_line(broken.shell_line(&format!("{}: Permission denied", name.unwrap_or(path))))
            .help(format!("run \"git update-index --chmod=+x {path}\""))
            .maybe_fix(fix),
    );
}

/// The shell that the first line names, if it is one.
fn shell_of(job: &Job<'_>, path: &str) -> Option<&'static str> {
    let text = job.snapshot.text(path).ok()?;
    let first = text.lines().next().unwrap_or_default();
    let name = first.rsplit(['/', ' ']).next().unwrap_or_default();
    match name {
        "sh" if first.starts_with("#!") => Some("sh"),
        "bash" if first.starts_with("#!") => Some("bash"),
        _ => None,
    }
}
