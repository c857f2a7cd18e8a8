//! Changes of jobs and steps.

use crate::platform::pages::run::CHECKOUT;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Permissions, Step, Workflow};
use crate::rule::edit::{Editor, Place};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;
use crate::text::tree::Node;

/// The editor of a site's workflow.
pub(super) fn editor<'a>(site: &'a PagesSite<'_>, workflow: &'a Workflow) -> Editor<'a> {
    let text = site.sources.get(workflow.file).map_or("", |source| source.text.as_str());
    Editor::new(text, &workflow.document.marks, workflow.file)
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
    let Some(place) = Place::of(node) else {
        let holder = if job.permissions.is_some() { workflow.job_node(job)? } else { root };
        return listed_instead(&editor, Place::of(holder)?, title, job, fresh);
    };
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

/// Lists scopes in the place of one word such as `read-all`.
fn listed_instead(editor: &Editor<'_>, holder: Place<'_>, title: String, job: &Job, fresh: &[&str]) -> Option<Fix> {
    let reads = job.steps.iter().any(|step| step.uses(CHECKOUT)) && !fresh.contains(&"contents: write");
    let listed = reads.then_some("contents: read").into_iter().chain(fresh.iter().copied());
    let listed: Vec<String> = listed.map(|scope| format!("  {scope}")).collect();
    let lines: Vec<&str> = std::iter::once("permissions:").chain(listed.iter().map(String::as_str)).collect();
    editor.fix(Applicability::Review, title, [editor.rewrite_lines(holder, "permissions", &lines)])
}

/// Puts a step in front of another one.
pub(super) fn step_before(site: &PagesSite<'_>, workflow: &Workflow, step: &Node, lines: &[&str]) -> Option<Change> {
    let text = site.sources.get(workflow.file)?.text.as_str();
    let start = step.span.start as usize;
    let line = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let dash = text[line..start].find('-').filter(|at| text[line..line + at].trim().is_empty())?;
    let is_block = !workflow.document.marks.is_flow(step.span) && text[line + dash + 1..start].trim().is_empty();
    let break_ = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let indent = " ".repeat(dash);
    let written: String = lines.iter().map(|line| format!("{indent}{line}{break_}")).collect();
    is_block.then(|| Change::Edit { span: Span::new(workflow.file, line, line), text: written })
}
