//! GHP017: there is no artifact to deploy when the deployment begins.

use super::step::{editor, set_input, step_before};
use crate::platform::pages::publication::{DEPLOY, Place, UPLOAD, UPLOAD_ANY, artifact_name, may_upload};
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Step, Workflow};
use crate::rule::edit;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// What `deploy-pages` looks for has not been uploaded, or not yet.
pub(super) static RULE: Rule = Rule {
    id: "GHP017",
    name: "artifact-missing",
    summary: "Nothing has uploaded the artifact when it is to be deployed",
    docs: "\
## What happens

The step with `actions/deploy-pages` fails: \"No artifacts named \"github-pages\" were found for this workflow run\".

## Why

It deploys an artifact of that name which the same run has uploaded before. Jobs run side by side unless one `needs` the \
other; `actions/upload-artifact` gives another name, and packs the files in another way.

## How to mend it

Upload the folder with `actions/upload-pages-artifact`, in the same job or in one that the deploying job `needs`, and let \
both steps agree on the name.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/deploy-pages/blob/main/src/internal/api-client.js", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/286", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/225", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    if workflow.triggers.get("workflow_call").is_some() || !workflow.triggers.is_known {
        return;
    }
    for place in &site.publication.deploys {
        let Some((job, step)) = place.of(workflow) else { continue };
        let (Some(name), Some(before)) = (artifact_name(step), steps_before(workflow, *place)) else { continue };
        let is_open = before.iter().any(|(_, step)| may_make(step, name));
        let calls = workflow.needed_by(place.job).unwrap_or_default();
        let is_called = calls.iter().any(|job| workflow.jobs[*job].uses.is_some());
        if !is_open && !is_called {
            out.report(finding(site, workflow, (*place, job, step), name, &before));
        }
    }
}

/// The steps that certainly have run when a step begins.
fn steps_before(workflow: &Workflow, place: Place) -> Option<Vec<(Place, &Step)>> {
    let jobs = workflow.needed_by(place.job)?;
    let steps = jobs.into_iter().flat_map(|job| {
        let steps = workflow.jobs[job].steps.iter().enumerate();
        steps.map(move |(step, description)| (Place { job, step }, description))
    });
    Some(steps.filter(|(it, step)| (it.job != place.job || it.step < place.step) && !step.is_off()).collect())
}

/// Whether a step makes an artifact of that name, or may.
fn may_make(step: &Step, name: &str) -> bool {
    let Some(action) = &step.action else { return false };
    if step.uses(UPLOAD) || step.uses(UPLOAD_ANY) {
        return artifact_name(step).is_none_or(|made| made == name);
    }
    !step.uses(DEPLOY) && may_upload(action)
}

fn finding(
    site: &PagesSite<'_>,
    workflow: &Workflow,
    (place, job, step): (Place, &Job, &Step),
    name: &str,
    before: &[(Place, &Step)],
) -> Finding {
    let finding = RULE
        .finding(format!("no step before it uploads the artifact \"{name}\""))
        .at(step.place())
        .label("looks for it in this run")
        .log_line(format!("No artifacts named \"{name}\" were found for this workflow run"));
    if let Some((_, other)) = before.iter().find(|(_, step)| step.uses(UPLOAD)) {
        let made = artifact_name(other).unwrap_or_default();
        let change = set_input(site, workflow, (job, step), ("artifact_name", made));
        let fix =
            editor(site, workflow).fix(Applicability::Review, format!("deploy the artifact \"{made}\""), [change]);
        return finding.related(other.place(), format!("uploads \"{made}\"")).maybe_fix(fix);
    }
    let elsewhere = site.publication.uploads.iter().find(|upload| upload.job != place.job);
    if let Some((other, upload)) = elsewhere.and_then(|place| place.of(workflow)) {
        let fix = need(site, workflow, job, &other.id);
        return finding
            .related(upload.place(), format!("the job \"{}\" uploads it at the same time", other.id))
            .maybe_fix(fix);
    }
    match before.iter().find(|(_, step)| step.uses(UPLOAD_ANY)) {
        Some((_, other)) => finding
            .related(other.place(), "uploads another artifact, packed in another way")
            .help(format!("use \"{UPLOAD}\" instead of \"{UPLOAD_ANY}\""))
            .maybe_fix(packed(site, workflow, other, name)),
        None => finding
            .help(format!("upload the built folder with \"{UPLOAD}\""))
            .maybe_fix(whole(site, workflow, job, step)),
    }
}

/// Lets a job wait for another one.
fn need(site: &PagesSite<'_>, workflow: &Workflow, job: &Job, other: &str) -> Option<Fix> {
    let editor = editor(site, workflow);
    let place = edit::Place::of(workflow.job_node(job)?)?;
    let change = match job.needs.list.as_slice() {
        [] => {
            let after = ["name", "runs-on", "permissions"].into_iter().find(|key| place.table.contains_key(key))?;
            editor.insert(place, after, "needs", other)
        }
        [only] if place.table.get("needs")?.as_array().is_none() => {
            editor.set(place, "needs", &format!("[{}, {other}]", only.value))
        }
        _ => None,
    };
    editor.fix(Applicability::Review, format!("let \"{}\" wait for \"{other}\"", job.id), [change])
}

/// Packs the artifact for Pages, if the step gives it no name of its own.
fn packed(site: &PagesSite<'_>, workflow: &Workflow, step: &Step, name: &str) -> Option<Fix> {
    let action = step.action.as_ref()?;
    let is_plain = name == "github-pages" && step.input("name").is_none() && step.input("path").is_some();
    let span = action.text.span;
    let written =
        site.text().get(span.range()).filter(|written| is_plain && written.starts_with(&format!("{UPLOAD_ANY}@v")))?;
    let change = (!written.contains('\n')).then(|| Change::Edit { span, text: format!("{UPLOAD}@v4") });
    editor(site, workflow).fix(Applicability::Review, format!("use \"{UPLOAD}\" instead"), [change])
}

/// Uploads the repository as it is, where its root is a site and nothing is built.
fn whole(site: &PagesSite<'_>, workflow: &Workflow, job: &Job, step: &Step) -> Option<Fix> {
    let is_checked_out = job.steps.iter().any(|step| step.uses("actions/checkout"));
    let is_built = job.steps.iter().any(|step| step.run.is_some());
    let is_site = site.snapshot.is_file("index.html") && is_checked_out && !is_built;
    let node = workflow.step_node(job, step).filter(|_| is_site)?;
    let lines = [format!("- uses: {UPLOAD}@v4"), "  with:".to_owned(), "    path: .".to_owned()];
    let change = step_before(site, workflow, node, &lines.each_ref().map(String::as_str));
    editor(site, workflow).fix(Applicability::Review, "upload the repository as it is", [change])
}
