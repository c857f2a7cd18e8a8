//! GHP016: the job that deploys names no environment.
//!
//! Most repositories are refused then; some are known that deploy without one, and no file shows why
//! (<https://github.com/actions/deploy-pages/issues/273>).

use super::step::editor;
use crate::platform::pages::site::PagesSite;
use crate::rule::edit::Place;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// A deployment without an environment is refused as a rule.
pub(super) static RULE: Rule = Rule {
    id: "GHP016",
    name: "environment-missing",
    summary: "The job that deploys names no environment",
    docs: "\
## What happens

The step with `actions/deploy-pages` fails: \"Missing environment. Ensure your workflow's deployment job has an \
environment\".

## Why

Pages wants a deployment to come from a job that deploys to an environment, whose rules say who may. Any name will do; \
`github-pages` is the one that GitHub makes by itself. Some repositories deploy without one, which no file explains: the \
verdict is unknown then.

## How to mend it

Give the job `environment: github-pages`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/deploy-pages/blob/main/README.md", "2026-11-21"),
        observed("https://github.com/NotYuSheng/MeetMemo/pull/128", "2026-11-21"),
        observed("https://github.com/django-components/django-components/pull/1685", "2026-11-21"),
        observed("https://github.com/slsa-framework/slsa/issues/885", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/273", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    let mut seen = Vec::new();
    for place in &site.publication.deploys {
        let Some((job, step)) = place.of(workflow) else { continue };
        let Some(node) = workflow.job_node(job).filter(|node| node.at(&["environment"]).is_none()) else { continue };
        if seen.contains(&place.job) {
            continue;
        }
        seen.push(place.job);
        let fix = Place::of(node).and_then(|place| {
            let after = ["needs", "runs-on", "name"].into_iter().find(|key| place.table.contains_key(key))?;
            let editor = editor(site, workflow);
            let change = editor.insert(place, after, "environment", "github-pages");
            editor.fix(Applicability::Safe, "deploy to the environment \"github-pages\"", [change])
        });
        out.report(
            RULE.finding(format!("the job \"{}\" deploys to Pages without an environment", job.id))
                .at(job.key_span)
                .label("names no environment")
                .related(step.place(), "is refused as a rule")
                .log_line("Missing environment. Ensure your workflow's deployment job has an environment")
                .maybe_fix(fix),
        );
    }
}
