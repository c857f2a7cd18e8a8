//! RND026: the root directory of a service is not there.

use super::service::set_value;
use crate::platform::render::blueprint::Text;
use crate::platform::render::service::Presence;
use crate::platform::render::site::RenderSite;
use crate::project::path::{child, name, parent};
use crate::project::snapshot::{Entry, Snapshot};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::suggest;

/// `rootDir` names a folder that is not tracked.
pub(super) static RULE: Rule = Rule {
    id: "RND026",
    name: "root-directory-missing",
    summary: "The root directory of a service does not exist",
    docs: "\
## What happens

The Blueprint is accepted. Then the deploy of the service stops right after the checkout, before anything is built.

## Why

Every command of a service runs in its `rootDir`, which is relative to the root of the repository, also when the \
Blueprint itself lies in a folder. Names are compared letter by letter, and git tracks no empty folders.

## How to mend it

Let `rootDir` name the folder that holds the service, written as git tracks it, or leave it out.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Checkout,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/monorepo-support", "2026-11-20"),
        observed("https://github.com/hongbo-miao/hongbomiao.com/pull/36628", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// Files that make a folder a package.
const MANIFESTS: [&str; 5] = ["package.json", "requirements.txt", "pyproject.toml", "Gemfile", "go.mod"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let Some(text) = service.text("rootDir").filter(|_| plan.is_here) else { continue };
        if plan.root.presence != Presence::Missing {
            continue;
        }
        let what = match &plan.root.path {
            None => "leads out of the repository",
            Some(path) if site.snapshot.is_file(path) => "is a file, not a folder",
            Some(_) => "does not exist",
        };
        let message = format!("the root directory \"{}\" of \"{}\" {what}", text.value, service.name());
        let mut finding = RULE
            .finding(message)
            .at(text.span)
            .label("no such folder")
            .log_line(format!("Service Root Directory \"/opt/render/project/src/{}\" is missing.", text.value));
        if let Some(meant) = meant(site.snapshot, text) {
            let title = format!("set \"rootDir\" to \"{meant}\"");
            finding = finding.help(format!("the repository has a folder \"{meant}\"")).maybe_fix(set_value(
                site,
                Applicability::Review,
                title,
                text,
                &meant,
            ));
        }
        out.report(finding);
    }
}

/// The folder that was meant: the nearest name at each level, the only folder with the last name, or the only package.
fn meant(snapshot: &Snapshot, text: &Text) -> Option<String> {
    nearest(snapshot, &text.value)
        .or_else(|| same_name(snapshot, &text.value))
        .or_else(|| only_package(snapshot))
        .filter(|path| !path.is_empty())
}

fn nearest(snapshot: &Snapshot, wanted: &str) -> Option<String> {
    let mut found = String::new();
    for part in wanted.split('/').filter(|part| !matches!(*part, "" | ".")) {
        let folders: Vec<&str> =
            snapshot.children(&found).into_iter().filter(|(_, is_dir)| *is_dir).map(|it| it.0).collect();
        let same = folders.iter().find(|name| **name == part).copied();
        found = child(&found, same.or_else(|| suggest::nearest(part, folders.iter().copied()))?);
    }
    Some(found)
}

fn same_name(snapshot: &Snapshot, wanted: &str) -> Option<String> {
    let last = name(wanted.trim_end_matches('/'));
    let mut found: Vec<String> = Vec::new();
    for entry in snapshot.entries() {
        let mut at = 0;
        for part in entry.path.split('/') {
            let end = at + part.len();
            let path = &entry.path[..end];
            if part.eq_ignore_ascii_case(last) && end < entry.path.len() && !found.iter().any(|it| it == path) {
                found.push(path.to_owned());
            }
            at = end + 1;
        }
        if found.len() > 1 {
            return None;
        }
    }
    found.pop()
}

/// The only folder with a manifest, if the root has none.
fn only_package(snapshot: &Snapshot) -> Option<String> {
    let is_manifest = |entry: &&Entry| MANIFESTS.contains(&name(&entry.path));
    let mut found: Vec<&str> =
        snapshot.entries().iter().filter(is_manifest).filter_map(|it| parent(&it.path)).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [only] if !only.is_empty() => Some((*only).to_owned()),
        _ => None,
    }
}
