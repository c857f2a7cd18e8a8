//! PRJ013: a script of the manifest stops the installation.

use crate::platform::job::Job;
use crate::project::command::{Cause, Origin, is_among};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A script that the package manager runs during the installation certainly fails.
pub(super) static RULE: Rule = Rule {
    id: "PRJ013",
    name: "install-script-fails",
    summary: "A script of package.json that runs during the installation fails",
    docs: "\
## What happens

The package manager stops, and with it the deploy: nothing is built.

## Why

`preinstall`, `postinstall`, `prepare` and their like are run by every installation. One that ends with an error, or \
that calls a program which is not there (not installed, or left out in a production installation), makes the whole \
installation fail.

## How to mend it

Let the script end well where its tool is missing (`husky || true`), or list the tool where the installation finds \
it.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/typicode/husky/issues/1331", "2026-11-20"),
        observed("https://github.com/cuhacking/2025/issues/314", "2026-11-20"),
        docs("https://docs.npmjs.com/cli/using-npm/scripts", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::command::{self, Broken};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some((manager, broken)) = command::lifecycle(job) else { return };
    let what = match &broken.failure.cause {
        Cause::ProgramMissing { name } => format!("runs \"{name}\", which nothing installs"),
        Cause::DevelopmentOnly { name, package } => {
            format!("runs \"{name}\" of the development dependency \"{package}\", and those are left out")
        }
        Cause::FileMissing { path, .. } => format!("needs \"{path}\", which is not in the repository"),
        Cause::FolderMissing { path, .. } => format!("enters \"{path}\", which is not in the repository"),
        Cause::ScriptMissing { name, .. } => format!("runs the script \"{name}\", which does not exist"),
        Cause::Syntax { what, .. } => format!("cannot be parsed: {what}"),
        Cause::NotExecutable { path } => format!("calls \"{path}\", which is not executable"),
        _ => format!("ends with exit code {}", broken.failure.code),
    };
    let script = broken.trace.texts.iter().rev().find_map(|text| match &text.origin {
        Origin::Script { name, .. } => Some(name.as_str()),
        _ => None,
    });
    let through = script.map(|name| format!(" (through \"{name}\")")).unwrap_or_default();
    let line = match manager {
        "npm" => format!("npm error code {}", broken.failure.code),
        "yarn" => format!("error Command failed with exit code {}", broken.failure.code),
        "pnpm" => format!("ELIFECYCLE  Command failed with exit code {}", broken.failure.code),
        _ => format!("exited with {}", broken.failure.code),
    };
    let message = format!("a script that runs during the installation{through} {what}");
    let finding = broken.finding(&RULE, message).severity(Severity::Critical).label("fails here").log_line(line);
    let fix = tolerant(job, &broken);
    out.report(finding.help("let the script succeed on a build machine, for instance with \"|| true\"").maybe_fix(fix));
}

/// Programs that set up hooks of git, which no build needs.
const HOOKS: &str = "husky lefthook simple-git-hooks pre-commit";

/// Lets a script end well that does nothing but set up hooks.
fn tolerant(job: &Job<'_>, broken: &Broken<'_>) -> Option<Fix> {
    let (Cause::ProgramMissing { name } | Cause::DevelopmentOnly { name, .. }) = &broken.failure.cause else {
        return None;
    };
    let text = broken.trace.texts.get(broken.failure.text)?.text.as_str();
    let is_alone = !text.contains(['&', '|', ';', '\n', '"', '\\']) && text.trim().starts_with(name.as_str());
    let whole = broken.trace.span(broken.failure.text, job.sources, 0, text.len());
    let is_editable = is_among(HOOKS, name) && is_alone && job.written(whole) == Some(text);
    let end = Span { start: whole.end, ..whole };
    is_editable.then(|| Fix::replace(Applicability::Safe, "let it succeed without the hooks", end, " || true"))
}
