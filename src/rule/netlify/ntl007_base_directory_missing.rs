//! NTL007: the base directory is not there.

use crate::platform::netlify::config::Failure;
use crate::platform::netlify::site::NetlifySite;
use crate::project::manifest;
use crate::project::path::{display, parent};
use crate::project::snapshot::Snapshot;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::suggest;

/// `build.base` names a folder that is not tracked.
pub(super) static RULE: Rule = Rule {
    id: "NTL007",
    name: "base-directory-missing",
    summary: "The base directory does not exist",
    docs: "\
## What happens

Netlify stops while it reads the configuration, before anything is installed.

## Why

The build runs in the base directory. Names are compared letter by letter: `Site` and `site` are two folders, although \
a laptop may not tell them apart. Git tracks no empty folders, so a folder without a tracked file does not exist either.

## How to mend it

Set `base` to the folder that holds the site, written as git tracks it, or leave `base` out to build in the root.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/build_dir.ts", "2026-11-20"),
        observed("https://answers.netlify.com/t/base-directory-does-not-exist/87364", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Err(Failure::BaseMissing { base, span }) = &site.resolution.outcome else { return };
    let what = if site.snapshot.is_file(base) { "is a file, not a folder" } else { "does not exist" };
    let mut finding = RULE
        .finding(format!("the base directory \"{base}\" {what}"))
        .at(*span)
        .label("no such folder")
        .log_line(format!("Base directory does not exist: /opt/build/repo/{base}"));
    if let Some(near) = nearest_folder(site, base).or_else(|| only_package(site.snapshot)) {
        let shown = display(&near);
        finding = finding.help(format!("the repository has a folder \"{shown}\""));
        if site.resolution.sources.slice(*span).is_some_and(|text| text.starts_with(['"', '\''])) {
            let title = format!("set \"base\" to \"{shown}\"");
            finding = finding.fix(Fix::replace(Applicability::Review, title, *span, format!("\"{shown}\"")));
        }
    }
    out.report(finding);
}

/// The only folder with a manifest, if the root has none.
fn only_package(snapshot: &Snapshot) -> Option<String> {
    let mut found = snapshot.named(manifest::NAME).filter_map(|entry| parent(&entry.path));
    let only = found.next().filter(|folder| !folder.is_empty())?;
    found.next().is_none().then(|| only.to_owned())
}

/// The folder beside the missing one whose name is nearest, letter case aside.
fn nearest_folder(site: &NetlifySite<'_>, base: &str) -> Option<String> {
    let mut found = String::new();
    for part in base.split('/') {
        let folders: Vec<&str> =
            site.snapshot.children(&found).into_iter().filter(|(_, is_dir)| *is_dir).map(|it| it.0).collect();
        let next = folders.iter().find(|name| **name == part).copied();
        let next = next.or_else(|| suggest::nearest(part, folders.iter().copied()))?;
        found = crate::project::path::child(&found, next);
    }
    Some(found)
}
