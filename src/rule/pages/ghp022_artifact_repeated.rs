//! GHP022: the artifact is uploaded more than once.

use super::step::editor;
use crate::platform::pages::publication::{ARTIFACT, Place, artifact_name};
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Matrix, Step, Workflow};
use crate::rule::edit;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// Names of artifacts are unique within a run.
pub(super) static RULE: Rule = Rule {
    id: "GHP022",
    name: "artifact-repeated",
    summary: "More than one job uploads the artifact that is to be deployed",
    docs: "\
## What happens

The second upload is refused, \"an artifact with this name already exists on the workflow run\", or the deployment \
finds several and stops: \"Multiple artifacts named \"github-pages\" were unexpectedly found for this workflow run\".

## Why

A run holds one artifact of a name. A job with a matrix runs once for every combination, and each run uploads.

## How to mend it

Upload in one job only, or in one combination of the matrix: `if: matrix.node == 24`. Artifacts that are not for Pages \
get a `name` of their own.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Publish,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/upload-artifact/blob/main/README.md", "2026-11-21"),
        source("https://github.com/actions/deploy-pages/blob/main/src/internal/api-client.js", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/372", "2026-11-21"),
        observed("https://github.com/colis-anr/morbig/pull/198", "2026-11-21"),
        observed("https://github.com/awslabs/llmeter/pull/64", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

const LOG: &str = "Multiple artifacts named \"github-pages\" were unexpectedly found for this workflow run";

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    if site.publication.deploys.is_empty() {
        return;
    }
    let certain: Vec<Place> =
        site.publication.uploads.iter().copied().filter(|place| is_certain(workflow, *place)).collect();
    for place in &certain {
        let Some((job, step)) = place.of(workflow) else { continue };
        let Matrix::Known(count) = job.matrix else { continue };
        if count > 1 {
            let message = format!("the job \"{}\" runs {count} times and uploads the artifact each time", job.id);
            out.report(
                RULE.finding(message)
                    .at(step.place())
                    .label(format!("uploaded {count} times"))
                    .related(job.matrix_span, "one run for every combination")
                    .help("upload in one combination only, or in a job without a matrix")
                    .maybe_fix(once(site, workflow, job, step))
                    .log_line(LOG),
            );
            return;
        }
    }
    let [first, second, ..] = certain.as_slice() else { return };
    let (Some((one, upload)), Some((other, again))) = (first.of(workflow), second.of(workflow)) else { return };
    let message = format!("the jobs \"{}\" and \"{}\" both upload the artifact \"{ARTIFACT}\"", one.id, other.id);
    let message =
        if one.id == other.id { format!("the job \"{}\" uploads the artifact twice", one.id) } else { message };
    out.report(
        RULE.finding(message)
            .at(again.place())
            .label("uploaded a second time")
            .related(upload.place(), "uploaded here")
            .help("keep one of the uploads, or give the other artifact a name of its own")
            .log_line(LOG),
    );
}

/// Whether an upload of the artifact certainly takes place in every run.
fn is_certain(workflow: &Workflow, place: Place) -> bool {
    let Some((_, step)) = place.of(workflow) else { return false };
    let jobs = workflow.needed_by(place.job).unwrap_or_default();
    let is_unconditional = !jobs.is_empty() && jobs.iter().all(|job| workflow.jobs[*job].is_unconditional());
    is_unconditional && step.is_unconditional() && !step.may_fail && artifact_name(step) == Some(ARTIFACT)
}

/// Uploads in the first combination alone; which one it is makes no difference where they do not write it.
fn once(site: &PagesSite<'_>, workflow: &Workflow, job: &Job, step: &Step) -> Option<Fix> {
    let editor = editor(site, workflow);
    let place = edit::Place::of(workflow.step_node(job, step)?)?;
    let change = editor.insert(place, "uses", "if", "strategy.job-index == 0");
    editor.fix(Applicability::Review, "upload in the first combination alone", [change])
}
