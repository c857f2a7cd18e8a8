//! PRJ074: a command that fetches the newest release of a package manager.

use crate::platform::job::Job;
use crate::project::lockfile::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A command installs a package manager without naming its version.
pub(super) static RULE: Rule = Rule {
    id: "PRJ074",
    name: "floating-tool-version",
    summary: "The build fetches whatever release of a tool is newest",
    docs: "\
## What happens

The same commit builds today and fails tomorrow, on the day on which a new release behaves in another way.

## Why

`yarn set version berry`, `npm install -g npm@latest` and `corepack use pnpm@latest` take the newest release \
there is.

## How to mend it

Name the version: in `packageManager`, or in the command.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/fastnear/js-monorepo/pull/19", "2026-11-21"),
        observed("https://github.com/graphql/graphql-landscape/pull/399", "2026-11-21"),
        observed("https://github.com/vuejs/pinia/issues/2460", "2026-11-21"),
    ],
    check: Check::Job(check),
};

const NEWEST: [&str; 4] = ["latest", "stable", "berry", "canary"];

fn check(job: &Job<'_>, out: &mut Sink) {
    for (stage, trace) in &job.commands {
        for (index, text) in trace.texts.iter().enumerate() {
            let Some((start, end)) = floating(&text.text) else { continue };
            let words = &text.text[start..end];
            let span = trace.span(index, job.sources, start, end);
            let pinned = job.written(span).filter(|written| *written == words).and_then(|_| pinned(job, words));
            let fix = pinned.map(|(title, text)| Fix::replace(Applicability::Review, title, span, text));
            return out.report(
                RULE.finding(format!("\"{words}\" takes whatever release is newest"))
                    .at(span)
                    .label("another one tomorrow")
                    .stage(*stage)
                    .help("name the version in \"packageManager\" or in the command")
                    .maybe_fix(fix),
            );
        }
    }
}

/// The words with the version that the manifest names or that writes the lock file, and what is done.
fn pinned(job: &Job<'_>, words: &str) -> Option<(String, String)> {
    let (before, last) = words.rsplit_once(' ')?;
    let is_yarn = words.starts_with("yarn set");
    let tool = if is_yarn { "yarn" } else { last.split('@').next()? };
    let named = job.manifest(job.dir).and_then(|manifest| {
        let field = manifest.package_manager().filter(|field| field.name == tool)?;
        Some(field.version?.split('+').next()?.to_owned())
    });
    let version = named.or_else(|| locked(job, tool).map(str::to_owned))?;
    let word = if is_yarn { version.clone() } else { format!("{tool}@{version}") };
    Some((format!("take {tool} {version}"), format!("{before} {word}")))
}

/// The newest major of a package manager that writes lock files of the generation that is there.
fn locked(job: &Job<'_>, tool: &str) -> Option<&'static str> {
    let installation = job.installations.iter().find(|installation| installation.manager == tool)?;
    let is_recent = job.node.as_ref().is_some_and(|node| node.major() >= 20);
    match &installation.lock.as_ref()?.lock {
        Lock::Npm(lock) if lock.version == 3 => Some(if is_recent { "10" } else { "8" }),
        Lock::Yarn(lock) if !lock.is_berry && tool == "yarn" => Some("1"),
        _ => None,
    }
}

/// The part of a command line that fetches the newest release of a package manager.
fn floating(text: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    for segment in text.split_inclusive(['&', ';', '|', '\n']) {
        let line = segment.trim_end_matches(['&', ';', '|', '\n']);
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_newest = |word: &str| NEWEST.contains(&word);
        let is_floating = match words.as_slice() {
            ["yarn", "set", "version", version] => is_newest(version),
            ["corepack", "use" | "prepare", tool, ..] => {
                tool.rsplit_once('@').is_some_and(|(_, version)| is_newest(version))
            }
            ["npm", "install" | "i", "-g" | "--global", tool] => {
                matches!(*tool, "npm" | "npm@latest" | "pnpm@latest" | "yarn@latest")
            }
            _ => false,
        };
        if is_floating {
            let start = at + line.len() - line.trim_start().len();
            return Some((start, at + line.trim_end().len()));
        }
        at += segment.len();
    }
    None
}
