//! PRJ074: a command that fetches the newest release of a package manager.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
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
    fix: FixAvailability::Never,
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
            return out.report(
                RULE.finding(format!("\"{words}\" takes whatever release is newest"))
                    .at(trace.span(index, job.sources, start, end))
                    .label("another one tomorrow")
                    .stage(*stage)
                    .help("name the version in \"packageManager\" or in the command"),
            );
        }
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
