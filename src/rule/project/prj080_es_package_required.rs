//! PRJ080: a package that has only ES modules is loaded with `require`.

use crate::platform::pick::Pick;
use crate::rule::fix::{Applicability, Fix};
use crate::text::span::Span;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::platform::job::Job;
use crate::project::import::LoadKind;
use crate::project::import::bundle::Loader;
use crate::project::import::resolve::Resolved;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::{import, package, package_edit};

/// `require` of a package whose installed release is an ES module.
pub(super) static RULE: Rule = Rule {
    id: "PRJ080",
    name: "es-package-required",
    summary: "A package that has only ES modules is loaded with require on an old Node.js",
    docs: "\
## What happens

Node.js stops with ERR_REQUIRE_ESM when the file is loaded.

## Why

Many packages dropped CommonJS with a new major: node-fetch 3, chalk 5, got 12. Before 20.19 and 22.12 Node.js refuses to \
`require` them; later releases hand back the module's namespace.

## How to mend it

Use `await import(…)`, a newer Node.js, or the last major that had CommonJS. `fetch` is built in since Node.js 18.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require", "2026-11-21"),
        observed("https://github.com/netlify/explorers-up-and-running-with-serverless-functions/issues/5", "2026-11-20"),
        observed("https://github.com/himshim/bandwidth-hero-proxy2/issues/27", "2026-11-20"),
    ],
    check: Check::Job(check),
};

/// The first major of a package without CommonJS.
#[derive(Deserialize)]
struct Table {
    first_major: BTreeMap<String, u64>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../project/data/es-only-packages.json"))
        .expect("internal: the table is part of the program")
});

fn check(job: &Job<'_>, out: &mut Sink) {
    let refuses = |version: (u64, u64, u64)| version < (20, 19, 0) || (version.0 >= 21 && version < (22, 12, 0));
    let Some(node) = job.node.as_ref().filter(|node| node.is_pinned && refuses(node.version)) else { return };
    for survey in job.surveys().iter().filter(|survey| survey.bundle.loader == Loader::Node) {
        for (path, file) in &survey.graph.files {
            for (load, resolved) in file.loads().filter(|(load, _)| load.kind == LoadKind::Require) {
                let Resolved::Package(name) = resolved else { continue };
                let Some(major) = TABLE.first_major.get(name) else { continue };
                let Some(found) = package::find(job, &survey.bundle.root, name) else { continue };
                let Some(span) = import::span(job, path, load.start, load.end) else { continue };
                if !found.installed.is_at_least(&format!("{major}.0.0")) {
                    continue;
                }
                let message = format!(
                    "\"{name}\" {} has only ES modules, which Node.js {} does not load with \"require\"",
                    package::shown(job, &found),
                    node.text
                );
                let fixes = repairs(job, &found, (name, *major), node, span);
                let finding = RULE
                    .finding(message)
                    .at(span)
                    .label("refused")
                    .related(found.span, "this release")
                    .related(node.span, "this Node.js")
                    .severity(import::severity(job))
                    .stage(survey.stage)
                    .log_line("ERR_REQUIRE_ESM")
                    .help(format!("load it with \"await import('{name}')\", or take \"{name}\" below {major}"));
                return out.report(fixes.into_iter().fold(finding, Finding::fix));
            }
        }
    }
}

/// The built-in `fetch` where Node.js has one; else the last major with CommonJS.
fn repairs(job: &Job<'_>, found: &package::Package, (name, major): (&str, u64), node: &Pick, span: Span) -> Vec<Fix> {
    let older = major.saturating_sub(1);
    let built_in = (name == "node-fetch" && node.major() >= 18).then(|| built_in(job, span)).flatten();
    let ranged = package_edit::ranged(job, found.span, &format!("^{older}.0.0"));
    let ranged = package_edit::reviewed(format!("take \"{name}\" {older}, the last one with CommonJS"), ranged);
    let command = package_edit::command(job, &format!("{name}@{older}"), false);
    built_in
        .into_iter()
        .chain(ranged)
        .chain([Fix::show(format!("run \"{command}\" and commit the lock file"))])
        .collect()
}

/// Takes the `fetch` that Node.js brings along, if the whole module is assigned to that name.
fn built_in(job: &Job<'_>, span: Span) -> Option<Fix> {
    let text = job.sources.get(span.file)?.text.as_str();
    let (start, end) = (span.start as usize, span.end as usize);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..start].trim_end_matches(['"', '\'']).strip_suffix("require(")?;
    let is_whole = ["const fetch = ", "let fetch = ", "var fetch = "].contains(&before);
    let rest = text[end..].trim_start_matches(['"', '\'']);
    let after =
        rest.strip_prefix(')').filter(|rest| is_whole && rest.trim_start_matches(';').starts_with(['\n', '\r']))?;
    let place = Span::new(span.file, line + before.len(), text.len() - after.len());
    let title = "take the \"fetch\" that Node.js brings along";
    Some(Fix::replace(Applicability::Review, title, place, "globalThis.fetch"))
}
