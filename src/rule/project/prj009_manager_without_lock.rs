//! PRJ009: the command calls another package manager than the one that locks.

use crate::platform::job::Job;
use crate::project::lockfile::NAMES;
use crate::project::path::{ancestors, child};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// `yarn`, `pnpm` or `bun` is called where only another package manager has a lock file.
pub(super) static RULE: Rule = Rule {
    id: "PRJ009",
    name: "manager-without-lock",
    summary: "The command uses a package manager that the repository does not lock for",
    docs: "\
## What happens

The command runs the script with a package manager that has installed nothing. Some only warn, pnpm may want to \
install first, and a machine may lack the program.

## Why

The platform installs with the package manager whose lock file is there. The build command names another one, \
often left over from an older set-up.

## How to mend it

Call the script with the package manager that locks the dependencies.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/netlify/cli/issues/328", "2026-11-21"),
        observed("https://github.com/netlify/build-image/issues/881", "2026-11-21"),
    ],
    check: Check::Job(check),
};

const BROUGHT: [&str; 3] = ["yarn", "pnpm", "bun"];

fn check(job: &Job<'_>, out: &mut Sink) {
    for (stage, trace) in &job.commands {
        let Some(text) = trace.texts.first().map(|text| text.text.as_str()) else { continue };
        let moves =
            text.split_whitespace().any(|word| matches!(word, "cd" | "pushd" | "-C" | "--cwd" | "--prefix" | "--dir"));
        let Some((start, called)) = calls(text).into_iter().find(|_| !moves) else { continue };
        let Some((locked, path)) = other_lock(job, job.dir, called) else { continue };
        let names_it = |dir: &str| {
            job.manifest(dir).and_then(|manifest| Some(manifest.package_manager()?.name == called)) == Some(true)
        };
        let before = &text[..start];
        if ancestors(job.dir).any(names_it) || before.contains(called) || before.contains("corepack") {
            continue;
        }
        let span = trace.span(0, job.sources, start, start + called.len());
        let rest = text[start + called.len()..].trim_start();
        let explicit = if rest.starts_with("run ") { locked.to_owned() } else { format!("{locked} run") };
        let is_word = job.written(span) == Some(called);
        let fix = is_word.then(|| Fix::replace(Applicability::Safe, format!("call {locked}"), span, explicit));
        return out.report(
            RULE.finding(format!("the command calls {called}, and \"{path}\" locks for {locked}"))
                .at(span)
                .stage(*stage)
                .label(format!("the lock file is {locked}'s"))
                .help(format!("run the script with {locked}"))
                .maybe_fix(fix),
        );
    }
}

/// The package managers that a command line runs a script of the manifest with, and where they stand.
fn calls(text: &str) -> Vec<(usize, &'static str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for segment in text.split_inclusive(['&', ';', '|', '\n']) {
        let words: Vec<&str> = segment.trim_end_matches(['&', ';', '|', '\n']).split_whitespace().collect();
        let start = at + segment.len() - segment.trim_start().len();
        at += segment.len();
        let called = words.first().and_then(|first| BROUGHT.into_iter().find(|name| name == first));
        found.extend(called.filter(|_| runs_script(&words[1..])).map(|called| (start, called)));
    }
    found
}

/// Whether it runs a script of the manifest: `yarn build`, `pnpm run build`.
fn runs_script(words: &[&str]) -> bool {
    match words {
        ["run", script, ..] => !script.starts_with('-'),
        [script, ..] => matches!(*script, "build" | "generate" | "export" | "docs:build" | "build:prod"),
        [] => false,
    }
}

/// The lock file of another package manager, if the one that is called has none in the folder or above it.
fn other_lock(job: &Job<'_>, dir: &str, called: &str) -> Option<(&'static str, String)> {
    let has =
        |dir: &str, names: &[&str]| names.iter().map(|name| child(dir, name)).find(|path| job.snapshot.is_file(path));
    for dir in ancestors(dir) {
        let found: Vec<(&'static str, String)> =
            NAMES.iter().filter_map(|(tool, names)| Some((*tool, has(dir, names)?))).collect();
        if found.iter().any(|(tool, _)| *tool == called) {
            return None;
        }
        if let [only] = found.as_slice() {
            return Some(only.clone());
        }
        if found.len() > 1 {
            return None;
        }
    }
    None
}
