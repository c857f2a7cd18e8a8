//! Repairs that bring another package: by edits where the installation may add what is not locked, else by a command.

use crate::platform::job::Job;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;

use super::{lock, manifest_edit::ManifestText, package};

/// The command that adds a package with the package manager of a job.
pub(super) fn command(job: &Job<'_>, name: &str, is_development: bool) -> String {
    let manager = job.installations.first().map_or("npm", |installation| installation.manager);
    let verb = if manager == "npm" { "install" } else { "add" };
    let option = match (manager, is_development) {
        ("npm" | "pnpm" | "yarn", true) => " -D",
        ("bun", true) => " -d",
        _ => "",
    };
    format!("{manager} {verb}{option} {name}")
}

/// Whether the installations of a job add what the manifest lists and no lock file holds; what has to change for that.
pub(super) fn unlocked(job: &Job<'_>) -> Option<Vec<Change>> {
    let manager = job.installations.first()?.manager;
    let is_lenient = matches!(manager, "npm" | "yarn" | "bun")
        && job.installations.iter().all(|it| it.manager == manager && !it.is_berry());
    let frozen = if is_lenient { lock::frozen(job, manager) } else { return None };
    frozen.iter().map(|frozen| lock::loosen(job, frozen, manager)).collect()
}

/// Lists another package in the place of one, or beside the others, so that the installation adds it.
pub(super) fn replaced(job: &Job<'_>, dir: &str, old: Option<&str>, new: (&str, &str)) -> Option<Vec<Change>> {
    let (name, range) = new;
    if package::lists(job, dir, name) {
        return Some(Vec::new());
    }
    let mut changes = unlocked(job)?;
    let manifest = job.manifest(dir)?;
    let listed = old.and_then(|old| manifest.dependency(old).next());
    if let Some((_, field)) = listed {
        let span = Span { end: field.span.end, ..field.key_span };
        changes.push(Change::Edit { span, text: format!("\"{name}\": \"{range}\"") });
        return Some(changes);
    }
    let text = job.sources.get(manifest.file)?.text.as_str();
    let edit = ManifestText { file: manifest.file, text, root: &manifest.root };
    let field = if manifest.field("dependencies").is_some() { "dependencies" } else { "devDependencies" };
    changes.push(edit.add_dependency(field, name, range)?);
    Some(changes)
}

/// Writes another range for a package that the manifest lists.
pub(super) fn ranged(job: &Job<'_>, span: Span, range: &str) -> Option<Vec<Change>> {
    let mut changes = unlocked(job)?;
    job.written(span).filter(|written| written.starts_with('"'))?;
    changes.push(Change::Edit { span, text: format!("\"{range}\"") });
    Some(changes)
}

/// A repair to be reviewed.
pub(super) fn reviewed(title: impl Into<String>, changes: Option<Vec<Change>>) -> Option<Fix> {
    let changes = changes.filter(|changes| !changes.is_empty())?;
    Some(Fix { title: title.into(), applicability: Applicability::Review, changes })
}
