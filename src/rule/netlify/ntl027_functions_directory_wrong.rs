//! NTL027: the functions directory is a file, or is not there.

use crate::platform::netlify::function::made;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, name, parent};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::known::Because;
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::suggest;

/// The functions directory names a file, or nothing.
pub(super) static RULE: Rule = Rule {
    id: "NTL027",
    name: "functions-directory-wrong",
    summary: "The functions directory is a file, or does not exist",
    docs: "\
## What happens

If the setting names a file, bundling stops and the build fails. If it names nothing, the build goes on with a notice, \
and not one function is deployed: every request to them gets a 404.

## Why

The setting names the folder that holds the functions, one file or sub-folder each. It is relative to the base \
directory, and names are compared letter by letter. A folder that the build makes may be missing here.

## How to mend it

Name the folder that holds the function files, or move them to `netlify/functions`, which needs no setting.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Functions,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/functions/utils.ts",
            "2026-11-20",
        ),
        observed("https://github.com/netlify/netlify-lambda/issues/142", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(directory) = site.plan.as_ref().and_then(|plan| plan.functions.as_ref()) else { return };
    let path = &directory.value;
    let span = if let Because::Written(span) = directory.because { span } else { Span::NONE };
    if site.snapshot.is_file(path) {
        let finding = RULE
            .finding(format!(
                "the functions directory \"{path}\" is a file; it must be the folder that holds the functions"
            ))
            .at_path(path.as_str())
            .at(span)
            .label("not a folder")
            .log_line("The Netlify Functions setting should target a directory, not a regular file");
        out.report(with_fix(site, finding, span, parent(path).filter(|folder| !folder.is_empty())));
        return;
    }
    let is_in_file = site.resolution.sources.get(span.file).is_some_and(|source| source.is_file);
    if !is_in_file || site.snapshot.is_dir(path) || made::may_be_made(site, path) {
        return;
    }
    let near = nearest_folder(site, path);
    let mut finding = RULE
        .finding(format!("the functions directory \"{path}\" does not exist, so no function is deployed"))
        .severity(Severity::Medium)
        .at(span)
        .label("no such folder")
        .log_line("The Netlify Functions setting targets a non-existing directory");
    if let Some(near) = &near {
        finding = finding.help(format!("the repository has a folder \"{near}\""));
    }
    out.report(with_fix(site, finding, span, near.as_deref()));
}

/// The folder beside the missing one whose name is nearest.
fn nearest_folder(site: &NetlifySite<'_>, path: &str) -> Option<String> {
    let above = parent(path)?;
    let children = site.snapshot.children(above);
    let folders = children.into_iter().filter(|(_, is_dir)| *is_dir).map(|(folder, _)| folder);
    suggest::nearest(name(path), folders).map(|folder| child(above, folder))
}

/// Offers to write `folder`, seen from the base directory, in the place of a quoted value of a file.
fn with_fix(site: &NetlifySite<'_>, finding: Finding, span: Span, folder: Option<&str>) -> Finding {
    let sources = &site.resolution.sources;
    let is_quoted = sources.get(span.file).is_some_and(|source| source.is_file)
        && sources.slice(span).is_some_and(|text| text.starts_with(['"', '\'']));
    let relative = folder.and_then(|folder| crate::project::path::strip(folder, site.build_dir()));
    match relative.filter(|relative| is_quoted && !relative.is_empty()) {
        Some(folder) => {
            let title = format!("set the functions directory to \"{folder}\"");
            finding.fix(Fix::replace(Applicability::Review, title, span, format!("\"{folder}\"")))
        }
        None => finding,
    }
}
