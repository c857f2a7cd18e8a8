//! PRJ028: the lock file holds the native variants of other systems only.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::project::lockfile::Lock;
use crate::project::lockfile::npm::NpmLock;
use crate::project::manifest::Manifest;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{command, manifest_edit::ManifestText, package, package_edit};

/// npm recorded only the developer's variant of a package with native code.
pub(super) static RULE: Rule = Rule {
    id: "PRJ028",
    name: "native-variant-missing",
    summary: "The lock file lacks the Linux build of a native package",
    docs: "\
## What happens

The installation passes, and the first program that loads the package stops: its native part is not there.

## Why

Packages with native code bring one optional package per system. When npm writes a lock file while \
`node_modules` is there, it may record only the variant of that machine (npm issue 4828). On Linux that variant \
is passed over, and no other one is installed.

## How to mend it

Delete `node_modules` and `package-lock.json`, run `npm install`, and commit the new lock file; or name the \
Linux variant in `optionalDependencies` and install once.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/pomerium/mcp-app-demo/issues/9", "2026-11-21"),
        observed("https://github.com/ntohq/buefy-next/issues/322", "2026-11-21"),
        observed("https://github.com/mbloch/mapshaper/pull/677", "2026-11-21"),
        observed("https://github.com/npm/cli/issues/4828", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Packages that need one of their variants, with what stands in front of the name of the system.
const NATIVE: [(&str, &str); 9] = [
    ("rollup", "@rollup/rollup-"),
    ("esbuild", "@esbuild/"),
    ("@swc/core", "@swc/core-"),
    ("lightningcss", "lightningcss-"),
    ("@tailwindcss/oxide", "@tailwindcss/oxide-"),
    ("rolldown", "@rolldown/binding-"),
    ("@parcel/watcher", "@parcel/watcher-"),
    ("sharp", "@img/sharp-"),
    ("@oxc-parser/binding", "@oxc-parser/binding-"),
];

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in job.installations.iter().filter(|it| it.manager == "npm") {
        let Some(file) = &installation.lock else { continue };
        let Lock::Npm(lock) = &file.lock else { continue };
        // Without any dependency to install there is nothing to load either.
        if lock.version < 2 || installation.manifest.is_err() {
            continue;
        }
        for (package, prefix) in NATIVE {
            let Some((missing, version)) = missing(lock, package, prefix) else { continue };
            let is_development = lock.top(package).is_some_and(|entry| entry.dev) && installation.omission.is_some();
            // npm adds what the manifest lists itself, unless it may not change the lock file.
            let is_listed = package::lists(job, &installation.dir, &missing);
            if is_development || is_listed {
                continue;
            }
            out.report(
                RULE.finding(format!(
                    "\"{}\" holds \"{package}\" without \"{missing}\", which it needs on Linux",
                    file.path
                ))
                .at_path(file.path.clone())
                .severity(if job.is_tentative { Severity::Medium } else { command::severity(job).min(Severity::High) })
                .stage(job.commands.first().map_or(RULE.stage, |(stage, _)| *stage))
                .log_line(format!("Cannot find module {missing}"))
                .note("only the variants of other systems are recorded (npm issue 4828)")
                .maybe_fix(package_edit::reviewed(
                    format!("list \"{missing}\" in \"optionalDependencies\""),
                    listed(job, installation, &missing, &version),
                ))
                .fix(Fix::show(
                    "delete \"node_modules\" and the lock file, run \"npm install\", and commit the new one",
                )),
            );
        }
    }
}

/// Lists the variant in the manifest, at the version that its package asks for.
fn listed(job: &Job<'_>, installation: &Installation, name: &str, version: &str) -> Option<Vec<Change>> {
    let manifest = installation.manifest.as_ref().ok()?;
    let mut changes = package_edit::unlocked(job)?;
    let (file, source) = job.open(&manifest.path)?;
    let manifest = Manifest::of(source, file).ok()?;
    let edit = ManifestText { file, text: &source.text, root: &manifest.root };
    changes.push(edit.add_dependency("optionalDependencies", name, version)?);
    Some(changes)
}

/// The variant for Linux that a package asks for and the lock file lacks, while it has another one.
fn missing(lock: &NpmLock, package: &str, prefix: &str) -> Option<(String, String)> {
    let entry = lock.top(package)?;
    let wanted = ["linux-x64-gnu", "linux-x64"];
    let wanted = wanted
        .iter()
        .map(|end| format!("{prefix}{end}"))
        .find(|name| entry.optional_dependencies.contains_key(name))?;
    let has = |name: &str| lock.entries.keys().any(|path| path.rsplit("node_modules/").next() == Some(name));
    let has_another = entry.optional_dependencies.keys().any(|name| name.starts_with(prefix) && has(name));
    let version = entry.optional_dependencies.get(&wanted)?.clone();
    (has_another && !has(&wanted)).then_some((wanted, version))
}
