//! PRJ010: `packageManager` without an exact version.

use crate::platform::job::Job;
use crate::platform::toolbox::release::{last_of, major_for};
use crate::project::lockfile::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::command;

/// Corepack refuses a field that does not name an exact version.
pub(super) static RULE: Rule = Rule {
    id: "PRJ010",
    name: "package-manager-field-malformed",
    summary: "packageManager names no exact version",
    docs: "\
## What happens

The installation stops: Corepack, which brings pnpm and Yarn on the platform, does not understand the field.

## Why

`packageManager` must hold a name and an exact version (`pnpm@9.15.4`), with a checksum behind it if need be. A \
tag such as `latest`, a range, or a name alone is none.

## How to mend it

Write an exact version.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/mainmatter/mainmatter.com/pull/2604", "2026-11-21"),
        observed("https://github.com/mainmatter/sheepdog/pull/193", "2026-11-21"),
        observed("https://github.com/front-commerce/developers.front-commerce.com/pull/631", "2026-11-21"),
        docs("https://nodejs.org/docs/latest-v22.x/api/corepack.html", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in &job.installations {
        let Ok(manifest) = &installation.manifest else { continue };
        let Some(field) = manifest.package_manager() else { continue };
        // npm comes with Node.js, Bun is not Corepack's.
        let name = field.name.trim_start_matches('^');
        let is_corepack_s = matches!(name, "pnpm" | "yarn");
        let version = field.version.unwrap_or_default();
        if !is_corepack_s || is_exact(version) || version.starts_with("http") {
            continue;
        }
        // A name alone was seen to pass: pnpm takes it for no wish at all.
        let is_certain = job.is_own_strict && field.version.is_some();
        let severity = if is_certain { command::severity(job) } else { Severity::Medium };
        let generation = installation.lock.as_ref().and_then(|file| match &file.lock {
            Lock::Pnpm(lock) => major_for(lock.version.split('.').next()?.parse().ok()?),
            Lock::Yarn(lock) => Some(if lock.is_berry { 4 } else { 1 }),
            _ => None,
        });
        let release = generation.and_then(|major| last_of(name, major));
        let fix = release.map(|release| {
            Fix::replace(
                Applicability::Safe,
                format!("pin {name} {release}"),
                field.span,
                format!("\"{name}@{release}\""),
            )
        });
        let shown = job.sources.slice(field.span).unwrap_or_default().trim_matches('"');
        out.report(
            RULE.finding(format!("\"packageManager\" is \"{shown}\", which names no exact version"))
                .at_path(manifest.path.clone())
                .at(field.span)
                .label("no exact version")
                .severity(severity)
                .log_line("Invalid package manager specification in package.json")
                .help(format!("write all three numbers, such as \"{name}@{}\"", release.unwrap_or("9.15.4")))
                .maybe_fix(fix),
        );
    }
}

/// Whether a text is one version: three numbers, and what may follow them.
fn is_exact(version: &str) -> bool {
    let version = version.trim().trim_start_matches(['v', '=']);
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Vec<&str> = core.split('.').collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use super::is_exact;

    #[test]
    fn a_version_has_three_numbers() {
        assert!(is_exact("9.15.4") && is_exact("4.0.0-rc.1") && is_exact("9.1.0+sha512.abc"));
        assert!(!is_exact("") && !is_exact("latest") && !is_exact("9") && !is_exact("^9.0.0") && !is_exact("9.x.0"));
    }
}
