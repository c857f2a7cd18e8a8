//! GHP003: the job that deploys may not.

use super::step::{grant, permission_span};
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Workflow};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// The token of the job lacks a right that `deploy-pages` needs.
pub(super) static RULE: Rule = Rule {
    id: "GHP003",
    name: "deploy-permission-missing",
    summary: "The job that deploys may not write to Pages or prove who it is",
    docs: "\
## What happens

The step with `actions/deploy-pages` fails: \"Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable\" or \"Ensure \
GITHUB_TOKEN has permission \"pages: write\"\". Nothing is published.

## Why

A deployment needs `pages: write`, and `id-token: write` to prove where it comes from. No default grants the second. A \
block `permissions` of a job replaces that of the workflow, and whatever a block does not list is refused.

## How to mend it

List both in the block that governs the job that deploys.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/actions/deploy-pages/blob/main/README.md", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/37", "2026-11-21"),
        observed("https://github.com/DataMedSci/pymchelper/issues/617", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/286", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    by_caller(site, out);
    let mut seen = Vec::new();
    for place in &site.publication.deploys {
        let Some((job, step)) = place.of(workflow).filter(|_| !seen.contains(&place.job)) else { continue };
        seen.push(place.job);
        let has_own_token = step.input("token").is_some_and(|text| !text.value.contains("github.token"));
        let is_short = |missing: &Vec<&str>| missing.contains(&"id-token") || !missing.is_empty() && !has_own_token;
        if let Some(missing) = missing(workflow, job).filter(is_short) {
            out.report(finding(site, workflow, job, &missing));
        }
    }
}

/// Who is called gets no more than the caller may.
fn by_caller(site: &PagesSite<'_>, out: &mut Sink) {
    if site.publication.deploys.is_empty() {
        return;
    }
    let call = format!("./{}", site.place);
    for caller in &site.callers {
        let jobs = caller.jobs.iter().filter(|job| job.uses.as_ref().is_some_and(|uses| uses.value == call));
        for job in jobs {
            let Some(missing) = missing(caller, job).filter(|missing| !missing.is_empty()) else { continue };
            let listed = missing.iter().map(|scope| format!("\"{scope}: write\"")).collect::<Vec<_>>().join(" and ");
            let permissions = caller.permissions_of(job);
            let fresh = ["contents: read", "pages: write", "id-token: write"];
            let scopes: &[&str] = if permissions.is_some() { &missing } else { &["pages", "id-token"] };
            let fix = grant(site, caller, job, scopes, &fresh);
            out.report(
                RULE.finding(format!("the job \"{}\" calls a workflow that deploys to Pages without {listed}", job.id))
                    .at(permission_span(permissions, job))
                    .label(if permissions.is_some() { "does not list it" } else { "no permissions are listed" })
                    .stage(Stage::Workflow)
                    .log_line("is requesting 'id-token: write', but is only allowed 'id-token: none'")
                    .help(format!("grant {listed}"))
                    .maybe_fix(fix),
            );
        }
    }
}

/// The rights that a job lacks; `None` when only a run would tell.
fn missing(workflow: &Workflow, job: &Job) -> Option<Vec<&'static str>> {
    let Some(permissions) = workflow.permissions_of(job) else {
        // Who is called has the token of the caller; whether a default writes to Pages is a setting.
        return (!workflow.is_only_called()).then(|| vec!["id-token"]);
    };
    let scopes = ["pages", "id-token"].into_iter();
    scopes
        .map(|scope| permissions.may_write(scope).map(|may| (scope, may)))
        .collect::<Option<Vec<_>>>()
        .map(|found| found.into_iter().filter(|(_, may)| !may).map(|(scope, _)| scope).collect())
}

fn finding(site: &PagesSite<'_>, workflow: &Workflow, job: &Job, missing: &[&str]) -> Finding {
    let permissions = workflow.permissions_of(job);
    let listed = missing.iter().map(|scope| format!("\"{scope}: write\"")).collect::<Vec<_>>().join(" and ");
    let message = format!("the job \"{}\" deploys to Pages without {listed}", job.id);
    let log = if missing.contains(&"id-token") {
        "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable"
    } else {
        "Ensure GITHUB_TOKEN has permission \"pages: write\""
    };
    let scopes: &[&str] = if permissions.is_some() { missing } else { &["pages", "id-token"] };
    let label = if permissions.is_some() { "does not list it" } else { "no permissions are listed" };
    let fresh = ["pages: write", "id-token: write"];
    let finding = RULE.finding(message).at(permission_span(permissions, job)).label(label).log_line(log);
    match grant(site, workflow, job, scopes, &fresh) {
        Some(fix) => finding.fix(fix),
        None => finding.help(format!("grant {listed}")),
    }
}
