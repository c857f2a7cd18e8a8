//! PRJ001: `npm ci` finds a lock file that does not match the manifest.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::project::lockfile::compare::{Difference, Mismatch};
use crate::project::lockfile::npm::NpmLock;
use crate::project::lockfile::{Lock, compare, member};
use crate::project::manifest::Manifest;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `npm ci` is called, and a direct dependency is not locked at a version that fits.
pub(super) static RULE: Rule = Rule {
    id: "PRJ001",
    name: "npm-lock-outdated",
    summary: "npm ci is called with a package-lock.json that does not fit package.json",
    docs: "\
## What happens

`npm ci` stops before it installs anything.

## Why

`npm ci` installs exactly what the lock file says and never changes it. A dependency that was added to \
`package.json`, or whose range was changed, without running `npm install` is not in the lock file, or is there at a \
version that no longer fits. Netlify's own installation is a plain `npm install`, which repairs the lock file on the \
way: only a `npm ci` in the build command fails.

## How to mend it

Run `npm install` once (or `npm install --package-lock-only`) and commit the lock file.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/open-source-uom/myuom/issues/78", "2026-11-20"),
        observed("https://github.com/GoogleChrome/web.dev/pull/7618", "2026-11-20"),
        docs("https://docs.npmjs.com/cli/commands/npm-ci", "2026-11-20"),
    ],
    check: Check::Job(check),
};

use super::lock;

fn check(job: &Job<'_>, out: &mut Sink) {
    for frozen in lock::frozen(job, "npm") {
        let Some((manifest, Some(file))) = lock::pair(job, &frozen.dir, "npm") else { continue };
        let Lock::Npm(locked) = &file.lock else { continue };
        let Some((path, found)) = difference(job, &frozen.dir, &manifest, locked) else { continue };
        let finding = lock::finding(&RULE, &frozen, &file.path, &path, &found);
        let Some(finding) = finding else { continue };
        let written = job.written(frozen.span).filter(|text| *text == "npm ci");
        let fix = written.map(|_| {
            let title = "call \"npm install\" instead, which mends the lock file for the build";
            Fix::replace(Applicability::Review, title, frozen.span, "npm install")
        });
        out.report(
            finding
                .label("not locked like this")
                .log_line("`npm ci` can only install packages when your package.json and package-lock.json")
                .help("run \"npm install\" once and commit the lock file")
                .maybe_fix(fix),
        );
    }
}

/// What differs in the project's own manifest, or else in the first one of the workspace.
fn difference(job: &Job<'_>, dir: &str, manifest: &Manifest, locked: &NpmLock) -> Option<(String, Vec<Mismatch>)> {
    let is_lenient = |it: &Installation| {
        it.has_flag(&["--legacy-peer-deps", "--force"])
            || it.setting("legacy-peer-deps").is_some_and(|value| value != "false")
    };
    let has_peers =
        !job.installations.iter().any(|it| is_lenient(it)) && job.node.as_ref().is_none_or(|node| node.major() >= 15);
    let own = compare::npm(manifest, locked, "", has_peers);
    let patterns = member::of_manifest(manifest);
    if !own.is_empty() || patterns.is_empty() || locked.version < 2 {
        return (!own.is_empty()).then(|| (manifest.path.clone(), own));
    }
    for folder in member::folders(job.snapshot, dir, &patterns)? {
        let manifest = job.manifest(&child(dir, &folder))?;
        let is_locked = locked.entries.contains_key(&folder);
        let mut found = if is_locked { compare::npm(&manifest, locked, &folder, has_peers) } else { Vec::new() };
        if let Some(name) = manifest.name().filter(|_| !is_locked) {
            found.push(Mismatch { name: name.to_owned(), span: Span::NONE, difference: Difference::Missing });
        }
        if !found.is_empty() {
            return Some((manifest.path, found));
        }
    }
    None
}
