//! PRJ039: a requirement that exists for Windows only.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{command, requirement};

/// A requirements file asks for a package without any build for Linux.
pub(super) static RULE: Rule = Rule {
    id: "PRJ039",
    name: "package-of-windows",
    summary: "A requirement exists for Windows only",
    docs: "\
## What happens

pip stops: it finds no release of the package for Linux.

## Why

`pip freeze` on Windows also lists packages that only make sense there. They have no builds for other systems \
and cannot be compiled elsewhere.

## How to mend it

Put the marker `; sys_platform == \"win32\"` behind the requirement, or drop the line.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/mhammond/pywin32/issues/1739", "2026-11-21"),
        observed("https://github.com/mhammond/pywin32/issues/1698", "2026-11-21"),
        observed("https://github.com/mhammond/pywin32/issues/1767", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Packages with builds for Windows alone (their files on the index, 2026-11-21).
const WINDOWS_ONLY: [&str; 4] = ["pypiwin32", "pywin32", "pywinpty", "windows-curses"];

fn check(job: &Job<'_>, out: &mut Sink) {
    let files = requirement::files(job);
    for (file, line, wanted) in requirement::requirements(&files) {
        if !WINDOWS_ONLY.contains(&wanted.name.as_str()) || !wanted.marker.is_empty() {
            continue;
        }
        let text = file.text(line);
        let end = Span::new(file.file, line.range.end, line.range.end);
        let is_plain = !text.contains(['\\', '\n', '@']) && !text.contains("--");
        let fix = is_plain.then(|| {
            Fix::replace(Applicability::Safe, "ask for it on Windows only", end, " ; sys_platform == \"win32\"")
        });
        out.report(
            RULE.finding(format!(
                "\"{}\" exists for Windows only, and \"{}\" asks for it everywhere",
                wanted.name, file.path
            ))
            .at(file.span(line))
            .label("no build for Linux")
            .severity(command::severity(job))
            .log_line(format!("No matching distribution found for {text}"))
            .help("put the marker ; sys_platform == \"win32\" behind it")
            .maybe_fix(fix),
        );
    }
}
