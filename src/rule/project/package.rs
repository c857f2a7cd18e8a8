//! What rules about packages share: what a folder's manifest asks for, and what gets installed of it.

use crate::platform::job::{Job, ToolRun};
use crate::platform::toolbox::release;
use crate::project::locked::Installed;
use crate::project::manifest::{DependencyKind, Field, Manifest};
use crate::rule::Rule;
use crate::rule::finding::Finding;
use crate::text::span::Span;

/// A package that a manifest asks for.
pub(super) struct Package {
    pub(super) manifest: Manifest,
    /// Where its range stands.
    pub(super) span: Span,
    /// What gets installed.
    pub(super) installed: Installed,
}

/// The fields that are installed.
const INSTALLED: [DependencyKind; 3] =
    [DependencyKind::Production, DependencyKind::Development, DependencyKind::Optional];

/// The package that the nearest manifest from a folder upwards asks for.
pub(super) fn find(job: &Job<'_>, dir: &str, name: &str) -> Option<Package> {
    let manifest = job.manifest(dir)?;
    let (_, field): (DependencyKind, Field<'_>) =
        manifest.dependency(name).find(|(kind, _)| INSTALLED.contains(kind))?;
    let (wanted, span) = (field.text?.to_owned(), field.span);
    let installed = Installed::of(job.snapshot, manifest.dir(), name, &wanted);
    Some(Package { manifest, span, installed })
}

/// Whether the nearest manifest lists a package.
pub(super) fn lists(job: &Job<'_>, dir: &str, name: &str) -> bool {
    job.manifest(dir).is_some_and(|manifest| manifest.dependency(name).any(|(kind, _)| INSTALLED.contains(&kind)))
}

/// The package, unless it is newer than all that is known of it.
pub(super) fn known(job: &Job<'_>, dir: &str, name: &str) -> Option<Package> {
    let found = find(job, dir, name)?;
    let is_beyond = release::newest(name).is_some_and(|major| found.installed.is_beyond(major));
    (!is_beyond).then_some(found)
}

/// What gets installed, for people: the version that is locked, or the range.
pub(super) fn shown(job: &Job<'_>, package: &Package) -> String {
    match &package.installed {
        Installed::Exact(version) => version.to_string(),
        _ => job.sources.slice(package.span).unwrap_or_default().trim_matches('"').to_owned(),
    }
}

/// Starts a finding about a program that the build runs, at the words that run it.
pub(super) fn at_tool(rule: &'static Rule, job: &Job<'_>, tool: &ToolRun<'_>, message: String) -> Finding {
    let finding =
        rule.finding(message).at(tool.span(job.sources)).severity(super::command::severity(job)).stage(tool.stage);
    if tool.run.text == 0 {
        return finding;
    }
    let whole = tool.trace.texts.first().map_or(0, |text| text.text.len());
    finding.related(tool.trace.span(0, job.sources, 0, whole), "run by this")
}
