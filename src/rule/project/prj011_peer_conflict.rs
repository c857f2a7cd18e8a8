//! PRJ011: a direct dependency's peer range excludes the version that the manifest asks for.

use nodejs_semver::Range;

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::project::lockfile::Lock;
use crate::project::lockfile::npm::NpmLock;
use crate::project::manifest::{DependencyKind, Manifest};
use crate::project::path::{child, parent};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::command;

/// npm 7 and later refuse a peer range that the manifest's own range rules out.
pub(super) static RULE: Rule = Rule {
    id: "PRJ011",
    name: "peer-conflict",
    summary: "Two direct dependencies ask for versions of a package that exclude each other",
    docs: "\
## What happens

npm stops with `ERESOLVE` before it installs anything, with `npm install` as with `npm ci`.

## Why

A package names in `peerDependencies` which versions of another package it works with. When both are direct \
dependencies, npm must put one version beside it that fits both ranges, and there is none. Lock files that were \
written with `--legacy-peer-deps` keep such a pair.

## How to mend it

Raise the package that lags behind, or lower the other one. If the pair is known to work, write \
`legacy-peer-deps=true` into `.npmrc`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/cobiwave/simplefolio/issues/129", "2026-11-21"),
        observed("https://github.com/saleor/storefront/issues/155", "2026-11-21"),
        observed("https://github.com/sanity-io/sanity-template-nextjs-landing-pages/issues/64", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    // Node.js 15 is the first with npm 7.
    if job.node.as_ref().is_some_and(|node| node.major() < 15) {
        return;
    }
    for installation in job.installations.iter().filter(|it| it.manager == "npm" && !is_lenient(job, it)) {
        let (Ok(manifest), Some(file)) = (&installation.manifest, &installation.lock) else { continue };
        let Lock::Npm(lock) = &file.lock else { continue };
        let is_own = parent(&file.path) == Some(installation.dir.as_str());
        if lock.version < 2 || !is_own || manifest.field("overrides").is_some() || !manifest.workspaces().is_empty() {
            continue;
        }
        if let Some(finding) = conflict(job, installation, manifest, lock) {
            out.report(finding);
        }
    }
}

/// Whether somebody has told npm to let it pass.
fn is_lenient(job: &Job<'_>, installation: &Installation) -> bool {
    let is_on = |value: &str| value != "false";
    let by_setting = ["legacy-peer-deps", "force"].iter().any(|name| installation.setting(name).is_some_and(is_on));
    let by_variable =
        ["NPM_CONFIG_LEGACY_PEER_DEPS", "NPM_CONFIG_FORCE", "npm_config_legacy_peer_deps", "npm_config_force"]
            .iter()
            .any(|name| job.variable(name).is_some_and(|value| is_on(&value.value)));
    by_setting
        || by_variable
        || installation.has_flag(&["--legacy-peer-deps", "--force", "-f", "--legacy-peer-deps=true"])
}

const KINDS: [DependencyKind; 2] = [DependencyKind::Development, DependencyKind::Production];

fn conflict(job: &Job<'_>, installation: &Installation, manifest: &Manifest, lock: &NpmLock) -> Option<Finding> {
    for kind in KINDS {
        for field in manifest.dependencies(kind) {
            let Some(entry) = lock.top(field.key).filter(|entry| fits(field.text, entry.version.as_deref())) else {
                continue;
            };
            for (peer, wanted) in entry.required_peers() {
                let own =
                    KINDS.iter().rev().find_map(|kind| manifest.dependency(peer).find(|(found, _)| found == kind));
                let Some((own, range)) = own.and_then(|(_, own)| Some((own, own.text?))) else { continue };
                if !excludes(range, wanted) {
                    continue;
                }
                let name = field.key;
                let finding = RULE
                    .finding(format!("\"{name}\" needs \"{peer}\" {wanted}, and the manifest asks for {range}"))
                    .at_path(manifest.path.clone())
                    .at(own.span)
                    .label("excluded by a peer")
                    .related(field.span, "wants another version")
                    .severity(command::severity(job))
                    .log_line("ERESOLVE could not resolve")
                    .help(format!("take versions of \"{name}\" and \"{peer}\" that go together"));
                let path = child(&installation.dir, ".npmrc");
                let fix = (!job.snapshot.exists(&path)).then(|| {
                    let title = "let npm pass over peer ranges";
                    Fix::create(Applicability::Review, title, path, "legacy-peer-deps=true\n")
                });
                return Some(finding.maybe_fix(fix));
            }
        }
    }
    None
}

/// Whether the locked version is one that the manifest asks for, so that the lock file speaks of what is installed.
fn fits(range: Option<&str>, version: Option<&str>) -> bool {
    let version = version.and_then(|version| nodejs_semver::Version::parse(version).ok());
    let range = range.and_then(|range| Range::parse(range.trim()).ok());
    range.zip(version).is_some_and(|(range, version)| range.satisfies(&version))
}

/// Whether no version fits both ranges.
fn excludes(own: &str, peer: &str) -> bool {
    let is_open = own.contains('-') || peer.contains('-');
    let (Ok(own), Ok(peer)) = (Range::parse(own.trim()), Range::parse(peer.trim())) else { return false };
    !is_open && !own.allows_any(&peer)
}
