//! PRJ014: the command asks for a package script that does not exist.

use crate::platform::job::Job;
use crate::project::command::Cause;
use crate::project::path::display;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::suggest;

/// The build runs a package script, or a command of the package manager, that does not exist.
pub(super) static RULE: Rule = Rule {
    id: "PRJ014",
    name: "script-missing",
    summary: "The command runs a package script that does not exist",
    docs: "\
## What happens

The package manager names the missing script and ends with an error; nothing is built.

## Why

The script was renamed or never written, the command runs in another folder than the one whose `package.json` has \
it, or the word is no command at all: `npm build` is not short for `npm run build`. Yarn 1, pnpm and Bun take an \
empty script for a missing one.

## How to mend it

Name a script that exists, add the script, or set `base` to the folder that has it.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/gatsbyjs/gatsby/issues/17279", "2026-11-20"),
        observed("https://github.com/npm/npm/issues/17272", "2026-11-20"),
        source("https://github.com/npm/cli/blob/latest/lib/commands/run.js", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::command::{self, Broken};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(broken) = command::build(job) else { return };
    match &broken.failure.cause {
        Cause::ScriptMissing { manager, name, manifest, is_empty } => {
            out.report(missing(job, &broken, manager, name, manifest, *is_empty));
        }
        Cause::NpmCommandUnknown { name } => {
            let finding = broken
                .finding(&RULE, format!("\"npm {name}\" is no command of npm"))
                .label("no such command")
                .log_line(format!("Unknown command: \"{name}\""));
            let meant = name.strip_prefix("run-").or_else(|| name.strip_prefix("run:")).unwrap_or(name);
            out.report(finding.help(format!("a package script is run with \"npm run {meant}\"")));
        }
        Cause::PackageMissing { manager, name } => {
            let line = if *manager == "npm" { "npm error No workspaces found" } else { "error Unknown workspace" };
            let message =
                format!("{manager} is asked for the package \"{name}\", and the repository has none of that name");
            out.report(broken.finding(&RULE, message).label("no such package").log_line(line));
        }
        Cause::ManifestMissing { manager, dir } => {
            let message = format!(
                "\"{manager}\" runs in \"{}\", and no folder from there up has a \"package.json\"",
                display(dir)
            );
            let line = if *manager == "npm" { "npm error enoent Could not read package.json" } else { "package.json" };
            out.report(broken.finding(&RULE, message).label("no package.json").log_line(line));
        }
        _ => {}
    }
}

fn missing(
    job: &Job<'_>,
    broken: &Broken<'_>,
    manager: &str,
    name: &str,
    manifest: &str,
    is_empty: bool,
) -> crate::rule::finding::Finding {
    let message = if is_empty {
        format!("the script \"{name}\" of \"{manifest}\" is empty, which {manager} takes for missing")
    } else {
        format!("\"{manifest}\" has no script \"{name}\"")
    };
    let line = match manager {
        "npm" => format!("npm error Missing script: \"{name}\""),
        "yarn" => format!("error Command \"{name}\" not found."),
        "pnpm" => format!("ERR_PNPM_NO_SCRIPT  Missing script: {name}"),
        "bun" => format!("error: Script not found \"{name}\""),
        _ => format!("Task not found: \"{name}\""),
    };
    let finding = broken.finding(&RULE, message).label("no such script").log_line(line);
    if is_empty {
        return finding.help("write a command into the script, or leave it out of the build");
    }
    let Some(read) = command::manifest(job.snapshot, job.sources, manifest) else { return finding };
    let scripts = read.scripts();
    let near = suggest::nearest(name, scripts.iter().map(|script| script.key)).filter(|near| *near != name);
    let longer = || {
        let mut found =
            scripts.iter().map(|script| script.key).filter(|key| key.starts_with(name) || name.starts_with(key));
        found.next().filter(|_| found.next().is_none())
    };
    let Some(near) = near.or_else(longer) else {
        let list: Vec<String> = scripts.iter().take(8).map(|script| format!("\"{}\"", script.key)).collect();
        return if list.is_empty() { finding } else { finding.help(format!("it has {}", list.join(", "))) };
    };
    let span = broken.span();
    let is_word = broken.is_editable(span) && job.written(span) == Some(name);
    let fix = is_word.then(|| Fix::replace(Applicability::Review, format!("run \"{near}\""), span, near));
    finding.help(format!("it has a script \"{near}\"")).maybe_fix(fix)
}
