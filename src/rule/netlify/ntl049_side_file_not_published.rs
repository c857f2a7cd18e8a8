//! NTL049: `_redirects` or `_headers` lies where nobody reads it.

use crate::platform::netlify::output::side_file::{SvelteAdapter, svelte_adapter};
use crate::platform::netlify::output::{SideFile, Standing, may_copy_more};
use crate::platform::netlify::routing::Subject;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, display, name};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

/// The file never reaches the publish directory.
pub(super) static RULE: Rule = Rule {
    id: "NTL049",
    name: "side-file-not-published",
    summary: "A _redirects or _headers file never reaches the publish directory",
    docs: "\
## What happens

The deploy log says that no rules were processed, and none of the file's rules exists.

## Why

Netlify reads both files at the top of the publish directory, nowhere else. What is to lie there must be copied by the \
build: each framework has a folder whose files it copies, such as `public` or `static`. SvelteKit's adapter for Netlify \
is the exception: it takes both files from the project's folder and, since version 5, stops when they lie in `static`.

## How to mend it

Move the file to the folder that the framework copies.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/routing/redirects/", "2026-11-20"),
        observed("https://github.com/falcosecurity/falco-website/pull/151", "2026-11-20"),
        observed("https://github.com/sigstore/docs/pull/234", "2026-11-20"),
        source("https://github.com/sveltejs/kit/blob/main/packages/adapter-netlify/index.js", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let adapter = svelte_adapter(site);
    for file in site.output.side_files.iter().filter(|file| file.standing == Standing::Stray) {
        let is_static = site.output.static_folders.iter().any(|folder| child(folder, name(&file.path)) == file.path);
        if adapter == Some(SvelteAdapter::Refuses) && is_static {
            out.report(refused(site, file));
            continue;
        }
        let is_served = |other: &&SideFile| other.subject == file.subject && other.standing != Standing::Stray;
        if site.output.side_files.iter().any(|other| is_served(&other)) || may_copy_more(site) {
            continue;
        }
        if let Some(folder) = right_folder(site, adapter) {
            out.report(stray(site, file, folder));
        }
    }
}

fn stray(site: &NetlifySite<'_>, file: &SideFile, folder: &str) -> Finding {
    let right = child(folder, name(&file.path));
    let reason = if site.is_built() { "the build does not copy it to" } else { "it is not in" };
    let message = format!("\"{}\" is never read: {reason} \"{}\"", file.path, display(site.publish()));
    let found = RULE.finding(message).at_path(&file.path);
    let rules = if file.subject == Subject::Redirect { "redirect" } else { "header" };
    let found = found.log_line(format!("No {rules} rules processed"));
    let found = found.help(format!("move it to \"{right}\""));
    let text = site.snapshot.text(&file.path).ok().filter(|_| !site.snapshot.exists(&right));
    let title = format!("copy it to \"{right}\"");
    found.maybe_fix(text.map(|text| Fix::create(Applicability::Safe, title, right, text)))
}

/// The adapter throws while the build command runs.
fn refused(site: &NetlifySite<'_>, file: &SideFile) -> Finding {
    let right = child(site.build_dir(), name(&file.path));
    let message = format!("\"{}\" stops the build: SvelteKit's adapter wants it at \"{right}\"", file.path);
    let found = RULE.finding(message).at_path(&file.path);
    found
        .fix(Fix::rename(Applicability::Review, format!("move it to \"{right}\""), file.path.clone(), right))
        .severity(Severity::Critical)
        .stage(Stage::BuildCommand)
        .log_line(format!("The {} file should be placed in the project root", name(&file.path)))
}

/// Where the file would be copied from; for a site that is not built, the publish directory itself.
fn right_folder<'a>(site: &'a NetlifySite<'_>, adapter: Option<SvelteAdapter>) -> Option<&'a str> {
    match adapter {
        Some(_) => Some(site.build_dir()),
        None if site.is_built() => site.output.static_folders.first().map(String::as_str),
        None => Some(site.publish()).filter(|_| site.output.is_complete),
    }
}
