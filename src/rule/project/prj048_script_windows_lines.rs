//! PRJ048: a script has the line ends of Windows.

use crate::platform::job::Job;
use crate::project::command::Cause;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::edit::Edit;

/// A script that the build calls names its interpreter in a line that ends with a carriage return.
pub(super) static RULE: Rule = Rule {
    id: "PRJ048",
    name: "script-windows-lines",
    summary: "A script that the build calls has the line ends of Windows",
    docs: "\
## What happens

The system looks for an interpreter whose name ends with a carriage return and finds none.

## Why

The carriage return of a Windows line end becomes part of the first line. It is in the repository itself, so it does \
not matter how git converts files on a laptop.

## How to mend it

Save the file with LF, and add `*.sh text eol=lf` to `.gitattributes` so that it stays that way.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/ericc-ch/copilot-api/issues/137", "2026-11-20"),
        observed("https://github.com/kartoza/docker-postgis/issues/106", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::command;

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(broken) =
        command::build(job).filter(|broken| broken.is(|cause| matches!(cause, Cause::WindowsLines { .. })))
    else {
        return;
    };
    let Cause::WindowsLines { path } = &broken.failure.cause else { return };
    let fix = command::file(job, path).map(|(file, text)| {
        let edits = text.match_indices("\r\n").map(|(at, _)| Edit { range: at..at + 1, text: String::new() });
        Fix::edits(Applicability::Safe, format!("save \"{path}\" with LF"), file, edits)
    });
    out.report(
        broken
            .finding(
                &RULE,
                format!("the lines of \"{path}\" end with a carriage return, also the one that names its interpreter"),
            )
            .label("Windows line ends")
            .log_line("bad interpreter: No such file or directory")
            .help(format!("save \"{path}\" with LF and add \"*.sh text eol=lf\" to \".gitattributes\""))
            .maybe_fix(fix),
    );
}
