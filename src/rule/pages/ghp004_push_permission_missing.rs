//! GHP004: the job that pushes the branch may not.

use super::step::{grant, permission_span};
use crate::platform::pages::publication::{Push, Pusher};
use crate::platform::pages::run::CHECKOUT;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Job, Step};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// The token with which a branch is pushed may only read.
pub(super) static RULE: Rule = Rule {
    id: "GHP004",
    name: "push-permission-missing",
    summary: "The job that pushes the published branch may not write to the repository",
    docs: "\
## What happens

The build runs through, and the push of the branch is refused with status 403: \"Permission to … denied to \
github-actions[bot]\".

## Why

The token of a job writes to the repository only with `contents: write`. A block `permissions` refuses whatever it does \
not list; without any block a setting decides, which says \"read\" for repositories and organisations made since \
February 2023.

## How to mend it

Grant `contents: write` to the job that pushes.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs(
            "https://github.blog/changelog/2023-02-02-github-actions-updating-the-default-github_token-permissions-to-read-only/",
            "2026-11-21",
        ),
        observed("https://github.com/purs-jp/purescript-book/pull/4", "2026-11-21"),
        observed("https://github.com/peaceiris/actions-gh-pages/issues/725", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    for push in &site.publication.pushes {
        let Some((job, step)) = push.place.of(workflow).filter(|(job, step)| uses_job_token(*push, job, step)) else {
            continue;
        };
        let permissions = workflow.permissions_of(job);
        let severity = match permissions.map(|permissions| permissions.may_write("contents")) {
            Some(Some(false)) => Severity::Critical,
            None if !workflow.is_only_called() => Severity::Medium,
            _ => continue,
        };
        let message = format!("the job \"{}\" pushes a branch without \"contents: write\"", job.id);
        let is_listed = permissions.is_some();
        let finding = RULE
            .finding(message)
            .at(permission_span(permissions, job))
            .label(if is_listed { "does not list it" } else { "no permissions are listed" })
            .related(step.place(), "pushes the branch")
            .severity(severity)
            .log_line("Permission to OWNER/NAME.git denied to github-actions[bot]");
        let note = "without a list a setting of the repository decides, which reads by default since February 2023";
        let finding = if is_listed { finding } else { finding.note(note) };
        out.report(finding.maybe_fix(grant(site, workflow, job, &["contents"], &["contents: write"])));
    }
}

/// Whether a push certainly uses the token of its job.
fn uses_job_token(push: Push, job: &Job, step: &Step) -> bool {
    let has = |names: &[&str]| {
        names.iter().any(|name| step.input(name).is_some_and(|text| !matches!(text.value.trim(), "" | "false")))
    };
    let is_job_token = |text: &str| {
        let text = text.to_lowercase();
        text.contains("secrets.github_token") || text.contains("github.token")
    };
    let is_given =
        |names: &[&str]| names.iter().find_map(|name| step.input(name)).map(|text| is_job_token(&text.value));
    match push.pusher {
        Pusher::Peaceiris => {
            !has(&["deploy_key", "personal_token", "external_repository"]) && is_given(&["github_token"]) == Some(true)
        }
        Pusher::JamesIves => {
            !has(&["ssh-key", "ssh", "access_token", "repository-name", "repository_name", "dry-run"])
                && is_given(&["token", "github_token"]).unwrap_or(true)
        }
        Pusher::CrazyMax => {
            let token = step.variables.get("GITHUB_TOKEN");
            !has(&["repo"]) && step.variables.get("GH_PAT").is_none() && token.is_some_and(|it| is_job_token(&it.value))
        }
        Pusher::GhPages | Pusher::MkDocs => pushes_as_checked_out(job, step),
        Pusher::Other => false,
    }
}

/// Whether a command pushes to the remote that the checkout set up, with its token.
fn pushes_as_checked_out(job: &Job, step: &Step) -> bool {
    const ELSEWHERE: [&str; 7] = ["set-url", "ssh", "insteadOf", "--repo", " -r ", "remote add", "--remote-name"];
    let is_plain = |text: &str| !ELSEWHERE.iter().any(|word| text.contains(word));
    let before = || job.steps.iter().filter(|other| other.index <= step.index);
    let checkouts: Vec<&Step> = before().filter(|step| step.uses(CHECKOUT)).collect();
    let keeps = |step: &&Step| {
        let is_off = step.input("persist-credentials").is_some_and(|text| text.value == "false");
        !is_off && ["token", "ssh-key", "repository"].iter().all(|name| step.input(name).is_none())
    };
    let has_agent = before().any(|step| step.action.as_ref().is_some_and(|action| action.name.contains("ssh")));
    checkouts.len() == 1
        && checkouts.iter().all(keeps)
        && !has_agent
        && before().filter_map(|step| step.run.as_ref()).all(|run| is_plain(&run.value))
        && ["GH_TOKEN", "GITHUB_TOKEN"].iter().all(|name| step.variables.get(name).is_none())
}
