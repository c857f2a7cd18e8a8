//! PRJ064: the plain edition of Hugo where the extended one is needed.

use crate::platform::job::Job;
use crate::project::manifest::Manifest;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{hugo, manifest_edit::ManifestText, package};

/// Layouts use the Sass compiler of the extended edition, and `hugo-bin` brings the plain one.
pub(super) static RULE: Rule = Rule {
    id: "PRJ064",
    name: "hugo-not-extended",
    summary: "The layouts compile Sass, and the Hugo of the package cannot",
    docs: "\
## What happens

Hugo stops at the first style sheet that has to be compiled.

## Why

Only the extended edition of Hugo compiles Sass with LibSass. The package `hugo-bin` fetches the plain edition \
unless it is told otherwise; Netlify's own Hugo is the extended one.

## How to mend it

Set `\"hugo-bin\": {\"buildTags\": \"extended\"}` in `package.json`, or use the package `hugo-extended`.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/netlify/build/issues/1392", "2026-11-21"),
        observed("https://github.com/netlify/binrc/issues/16", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Templates that are looked at most.
const MAX_TEMPLATES: usize = 500;

fn check(job: &Job<'_>, out: &mut Sink) {
    for tool in hugo::builds(job) {
        let Some(manifest) = job.manifest(tool.dir).filter(|_| package::lists(job, tool.dir, "hugo-bin")) else {
            continue;
        };
        let is_extended = manifest.field("hugo-bin").is_some_and(|node| node.at(&["buildTags"]).is_some());
        let by_variable =
            job.variable("HUGO_BIN_BUILD_TAGS").is_some() || tool.run.variable("HUGO_BIN_BUILD_TAGS").is_some();
        let by_file =
            job.snapshot.text(&child(manifest.dir(), ".npmrc")).is_ok_and(|text| text.contains("hugo_bin_build_tags"));
        let is_other = package::lists(job, tool.dir, "hugo-extended");
        if is_extended || by_variable || by_file || is_other {
            continue;
        }
        let Some(template) = sass_template(job, tool.dir) else { continue };
        return out.report(
            package::at_tool(
                &RULE,
                job,
                &tool,
                format!("\"{template}\" compiles Sass, which the plain Hugo of \"hugo-bin\" cannot"),
            )
            .severity(if job.is_tentative { Severity::Medium } else { Severity::High })
            .log_line("this feature is not available in your current Hugo version")
            .help("set \"buildTags\" of \"hugo-bin\" to \"extended\" in package.json")
            .maybe_fix(extended(job, &manifest)),
        );
    }
}

/// Asks for the extended edition, where the package looks for the wish.
fn extended(job: &Job<'_>, manifest: &Manifest) -> Option<Fix> {
    let text = job.sources.get(manifest.file)?.text.as_str();
    let edit = ManifestText { file: manifest.file, text, root: &manifest.root };
    let change = edit.add_dependency("hugo-bin", "buildTags", "extended")?;
    let title = "take the extended edition".to_owned();
    Some(Fix { title, applicability: Applicability::Safe, changes: vec![change] })
}

/// A template that calls the compiler of the extended edition.
fn sass_template(job: &Job<'_>, dir: &str) -> Option<String> {
    let folders = ["layouts", "themes"].map(|name| child(dir, name));
    let entries = folders.iter().flat_map(|folder| job.snapshot.below(folder)).map(|entry| &*entry.path);
    let is_template = |path: &&str| path.ends_with(".html") && path.contains("layouts/");
    let calls = |text: &str| {
        let is_dart = text.contains("dartsass");
        !is_dart && ["toCSS", "resources.ToCSS", "css.Sass"].iter().any(|word| text.contains(word))
    };
    let mut templates = entries.filter(is_template).take(MAX_TEMPLATES);
    templates.find(|path| job.snapshot.text(path).is_ok_and(|text| calls(&text))).map(str::to_owned)
}
