//! PRJ029: the configuration of the package manager needs a token from the environment.

use crate::platform::job::Job;
use crate::project::path::{ancestors, child};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `.npmrc` or `.yarnrc.yml` takes a token from a variable that no file of the platform declares.
pub(super) static RULE: Rule = Rule {
    id: "PRJ029",
    name: "registry-token-undeclared",
    summary: "A package registry needs a token that the files do not declare",
    docs: "\
## What happens

If the variable is not set in the dashboard either, the installation stops: pnpm and Yarn do not accept a \
variable that is missing, npm sends an empty token and is turned away.

## Why

The token of a private registry does not belong into the repository, so the configuration takes it from a \
variable. Developers have it on their machines; the platform has it only if somebody has set it.

## How to mend it

Set the variable in the dashboard of the platform, for all contexts that are deployed.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/netlify/build-image/pull/851", "2026-11-21"),
        observed("https://github.com/netlify/build-image/issues/423", "2026-11-21"),
        observed("https://github.com/WYRE-AI/ninjaone-mcp/issues/33", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(installation) = job.installations.first() else { return };
    let manager = installation.manager;
    let name = match manager {
        "npm" | "pnpm" => ".npmrc",
        "yarn" if installation.is_berry() => ".yarnrc.yml",
        _ => return,
    };
    for dir in ancestors(&installation.dir) {
        let path = child(dir, name);
        if !job.snapshot.is_file(&path) {
            continue;
        }
        let Some((file, source)) = job.open(&path) else { continue };
        for (start, variable) in variables(&source.text) {
            let is_platform_s = ["HOME", "PATH", "CI", "PWD", "USER", "NODE_VERSION"].contains(&variable);
            if job.variable(variable).is_some() || is_platform_s {
                continue;
            }
            out.report(
                RULE.finding(format!("\"{path}\" takes a token from {variable}, which no file declares"))
                    .at(Span::new(file, start, start + variable.len()))
                    .label("set in the dashboard?")
                    .log_line(format!("Failed to replace env in config: ${{{variable}}}"))
                    .help(format!("set {variable} in the dashboard of {}", job.platform.title)),
            );
        }
        return;
    }
}

/// The variables that lines with a token take, each with its place; those with a default are passed over.
fn variables(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_token =
            ["_authToken", "_auth", "_password", "npmAuthToken", "npmAuthIdent"].iter().any(|key| line.contains(key));
        let is_comment = line.trim_start().starts_with(['#', ';']);
        if let Some(open) = line.find("${").filter(|_| is_token && !is_comment)
            && let Some(length) = line[open + 2..].find('}')
        {
            let name = &line[open + 2..open + 2 + length];
            let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if is_name {
                found.push((at + open + 2, name));
            }
        }
        at += line.len();
    }
    found
}
