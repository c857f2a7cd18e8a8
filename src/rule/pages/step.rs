//! Changes of jobs and steps.

use crate::platform::pages::run::CHECKOUT;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Permissions, Step, Workflow};
use crate::rule::edit::{Editor, Place};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;

/// The editor of a site's workflow.
pub(super) fn editor<'a>(site: &'a PagesSite<'_>, workflow: &'a Workflow) -> Editor<'a> {
    Editor::new(site.text(), &workflow.document.marks, workflow.file)
}

/// Writes scopes into the block that governs a job, or makes one in the job.
pub(super) fn grant(
    site: &PagesSite<'_>,
    workflow: &Workflow,
    job: &Job,
    scopes: &[&str],
    fresh: &[&str],
) -> Option<Fix> {
    let editor = editor(site, workflow);
    let listed = scopes.iter().map(|scope| format!("\"{scope}: write\"")).collect::<Vec<_>>().join(" and ");
    let title = format!("grant {listed}");
    let root = workflow.document.root.as_ref()?;
    let node = match (&job.permissions, &workflow.permissions) {
        (Some(_), _) => workflow.job_node(job)?.at(&["permissions"])?,
        (None, Some(_)) => root.at(&["permissions"])?,
        (None, None) => {
            let place = Place::of(workflow.job_node(job)?)?;
            // A block takes away what it does not list.
            let reads = job.steps.iter().any(|step| step.uses(CHECKOUT) && !fresh.contains(&"contents: write"));
            let listed = reads.then_some("contents: read").into_iter().chain(fresh.iter().copied());
            let lines: Vec<String> =
                std::iter::once("permissions:".to_owned()).chain(listed.map(|scope| format!("  {scope}"))).collect();
            let after = ["needs", "runs-on", "name"].into_iter().find(|key| place.table.contains_key(key))?;
            return editor.fix(Applicability::Safe, title, [editor.insert_lines(place, after, &lines)]);
        }
    };
    let place = Place::of(node)?;
    let (last, _) = place.table.iter().last()?;
    let (known, new): (Vec<&str>, Vec<&str>) = scopes.iter().partition(|scope| place.table.contains_key(scope));
    let changed = known.iter().map(|scope| editor.set(place, scope, "write"));
    let lines: Vec<String> = new.iter().map(|scope| format!("{scope}: write")).collect();
    let lines = if place.is_flow(&workflow.document) { vec![lines.join(", ")] } else { lines };
    let added = (!new.is_empty()).then(|| editor.insert_lines(place, last, &lines));
    editor.fix(Applicability::Safe, title, changed.chain(added))
}

/// Where the permissions of a job are written, or the job itself.
pub(super) fn permission_span(permissions: Option<&Permissions>, job: &Job) -> Span {
    permissions.map_or(job.key_span, |permissions| permissions.key_span)
}

/// Sets an input of a step, which may have none yet.
pub(super) fn set_input(
    site: &PagesSite<'_>,
    workflow: &Workflow,
    (job, step): (&Job, &Step),
    (key, value): (&str, &str),
) -> Option<Change> {
    let editor = editor(site, workflow);
    let place = Place::of(workflow.step_node(job, step)?)?;
    let Some(with) = place.table.get("with").and_then(Place::of) else {
        if place.table.contains_key("with") {
            return None;
        }
        let lines = ["with:".to_owned(), format!("  {key}: {value}")];
        return editor.insert_lines(place, "uses", &lines);
    };
    if let Some((written, _)) = with.table.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)) {
        return editor.set(with, written, value);
    }
    let (last, _) = with.table.iter().last()?;
    editor.insert_lines(with, last, &[format!("{key}: {value}")])
}
