//! GHP009: the deploying job runs for branches and tags that its environment refuses.

use super::step::editor;
use crate::platform::pages::publication::Place;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Event, Job, Workflow};
use crate::rule::edit;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// By default only the default branch may deploy.
pub(super) static RULE: Rule = Rule {
    id: "GHP009",
    name: "ref-refused",
    summary: "The deploying job also runs for branches or tags that may not deploy",
    docs: "\
## What happens

Runs for a pull request, a tag or another branch fail in the deploying job: \"Branch … is not allowed to deploy to \
github-pages due to environment protection rules\".

## Why

The environment `github-pages` that GitHub makes admits the default branch alone. Its rules can be widened in the \
settings, which no file shows.

## How to mend it

Let the deploying job run for the default branch only: \
`if: github.ref_name == github.event.repository.default_branch`. Or admit the tags in the settings of the environment.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs(
            "https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments",
            "2026-11-21",
        ),
        observed("https://github.com/actions/deploy-pages/issues/151", "2026-11-21"),
        observed("https://github.com/polarsquad/krops/pull/336", "2026-11-21"),
        observed("https://github.com/LSSTDESC/imSim/pull/298", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

const CONDITION: &str = "github.ref_name == github.event.repository.default_branch";

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    for place in &site.publication.deploys {
        let Some((job, step)) = place.of(workflow).filter(|_| is_open(workflow, *place)) else { continue };
        let is_standard = job.environment.as_ref().is_some_and(|environment| {
            environment.name.as_ref().is_some_and(|name| name.plain() == Some("github-pages"))
        });
        let refused = workflow.triggers.events.iter().find_map(|event| Some((event, refused(event)?)));
        let Some((event, (what, severity))) = refused.filter(|_| is_standard && step.is_unconditional()) else {
            continue;
        };
        let is_only = workflow.triggers.events.iter().all(|other| other.name == event.name || is_manual(other));
        let deploys_branches = event.name == "push" && event.filter.tags.is_none();
        let finding = RULE
            .finding(format!(
                "the job \"{}\" also deploys for {what}, which its environment refuses by default",
                job.id
            ))
            .at(event.span)
            .label(format!("starts it for {what}"))
            .related(job.key_span, "deploys without a condition")
            .severity(severity)
            .log_line("is not allowed to deploy to github-pages due to environment protection rules");
        out.report(match condition(site, workflow, job).filter(|_| !is_only || deploys_branches) {
            Some(fix) => finding.fix(fix),
            None => finding.fix(Fix::show("admit these refs in the settings of the environment \"github-pages\"")),
        });
    }
}

/// Whether nothing on the way to a job asks which branch it is.
fn is_open(workflow: &Workflow, place: Place) -> bool {
    let jobs = workflow.needed_by(place.job).unwrap_or_default();
    !jobs.is_empty() && jobs.iter().all(|job| workflow.jobs[*job].is_unconditional())
}

fn is_manual(event: &Event) -> bool {
    matches!(event.name.as_str(), "workflow_dispatch" | "repository_dispatch")
}

/// Whether only the end of a pull request counts.
fn is_closing(event: &Event) -> bool {
    event.filter.types.as_ref().is_some_and(|types| types.iter().all(|text| text.value == "closed"))
}

/// The refs of an event that the default branch is not among.
fn refused(event: &Event) -> Option<(&'static str, Severity)> {
    match event.name.as_str() {
        // A pull request that is merged runs for the branch that it went into.
        "pull_request" if is_closing(event) => None,
        "pull_request" => Some(("pull requests", Severity::Medium)),
        "release" => Some(("releases", Severity::Medium)),
        "push" if event.filter.tags.is_some() => Some(("tags", Severity::Medium)),
        "push" if event.filter.passes_branch("no-branch/of-this/name") == Some(true) => {
            Some(("pushes to any branch", Severity::Low))
        }
        _ => None,
    }
}

fn condition(site: &PagesSite<'_>, workflow: &Workflow, job: &Job) -> Option<Fix> {
    let editor = editor(site, workflow);
    let place = edit::Place::of(workflow.job_node(job)?).filter(|place| !place.table.contains_key("if"))?;
    let after = ["needs", "name", "runs-on"].into_iter().find(|key| place.table.contains_key(key))?;
    let change = editor.insert(place, after, "if", CONDITION);
    editor.fix(Applicability::Review, "deploy the default branch only", [change])
}
