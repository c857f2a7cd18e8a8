//! GHP020: the workflow waits for a branch that is not there.

use super::step::editor;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::workflow::{Text, Workflow, expression};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// A push to the default branch starts nothing.
pub(super) static RULE: Rule = Rule {
    id: "GHP020",
    name: "branch-never-pushed",
    summary: "The workflow waits for pushes to a branch that is not the default branch",
    docs: "\
## What happens

A push starts no run, or the deploying job is skipped in every run. The published site stays as it was.

## Why

`branches` names `master` where the default branch is `main`, or the reverse. `$default-branch` is replaced only when a \
workflow is made from one of GitHub's templates; in a repository it is a name like any other. A condition on \
`github.ref` that names a branch which never starts the workflow never holds.

## How to mend it

Name the default branch.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Workflow,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax", "2026-11-21"),
        observed("https://github.com/MAAP-Project/maap-py/pull/133", "2026-11-21"),
        observed("https://github.com/emilk/eframe_template/pull/117", "2026-11-21"),
        observed("https://github.com/chaos-polymtl/lethe/pull/312", "2026-11-21"),
        observed("https://github.com/JuulLabs/krayon/pull/315", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

/// Names of default branches, of which a repository has one.
const USUAL: [&str; 2] = ["main", "master"];

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    let default = site.default_branch.as_deref();
    if let Some(finding) = by_trigger(site, workflow, default).or_else(|| by_condition(site, workflow, default)) {
        out.report(finding);
    }
}

fn by_trigger(site: &PagesSite<'_>, workflow: &Workflow, default: Option<&str>) -> Option<Finding> {
    let push = workflow.triggers.get("push").filter(|_| workflow.triggers.is_known)?;
    let branches = push.filter.branches.as_deref()?;
    if let Some(template) = branches.iter().find(|text| text.value == "$default-branch") {
        let is_other = |text: &Text| USUAL.contains(&text.value.as_str()) || text.value.contains('*');
        if branches.iter().any(is_other) {
            return None;
        }
        let finding =
            RULE.finding("\"$default-branch\" is a placeholder of templates, and no branch of that name is pushed");
        let finding = finding.at(template.span).label("is not replaced here");
        return Some(with_branch(site, workflow, finding, template, default));
    }
    let default = default?;
    let is_started_otherwise = push.filter.tags.is_some()
        || workflow.triggers.events.iter().any(|event| !matches!(event.name.as_str(), "push" | "workflow_dispatch"));
    let is_usual = branches.iter().all(|text| text.plain().is_some_and(|text| USUAL.contains(&text)));
    if is_started_otherwise || !is_usual || push.filter.passes_branch(default) != Some(false) {
        return None;
    }
    let first = branches.first()?;
    let message = format!("the workflow waits for pushes to \"{}\"; the default branch is \"{default}\"", first.value);
    let finding = RULE.finding(message).at(first.span).label("not the default branch");
    Some(with_branch(site, workflow, finding, first, Some(default)))
}

/// A condition on the way to the deployment that no run fulfils.
fn by_condition(site: &PagesSite<'_>, workflow: &Workflow, default: Option<&str>) -> Option<Finding> {
    let relevant = site.relevant().filter_map(|job| workflow.jobs.get(job));
    let mut found = relevant.filter_map(|job| {
        let condition = job.condition.as_ref()?;
        Some((job, condition, expression::only_branch(&condition.value)?))
    });
    found.find_map(|(job, condition, branch)| {
        let push = workflow.triggers.get("push").filter(|_| workflow.triggers.is_known)?;
        let is_by_hand =
            workflow.triggers.events.iter().any(|event| !matches!(event.name.as_str(), "push" | "pull_request"));
        let is_never_started = !is_by_hand && push.filter.passes_branch(branch) == Some(false);
        let is_other =
            USUAL.contains(&branch) && default.is_some_and(|default| default != branch && USUAL.contains(&default));
        let why = match default {
            Some(default) if is_other => format!("the default branch is \"{default}\""),
            _ if is_never_started => "no push to it starts the workflow".to_owned(),
            _ => return None,
        };
        let message = format!("the job \"{}\" runs for the branch \"{branch}\" alone, and {why}", job.id);
        let finding = RULE.finding(message).at(condition.span).label("never holds");
        let finding = if is_other { finding } else { finding.related(push.span, "starts for other branches") };
        let editor = editor(site, workflow);
        let new = default.filter(|_| is_other).map(|default| condition.value.replacen(branch, default, 1));
        let fix = new.and_then(|new| {
            let is_as_written = editor.written(condition.span) == condition.value;
            let change = is_as_written.then_some(Change::Edit { span: condition.span, text: new });
            editor.fix(Applicability::Review, format!("name \"{}\"", default.unwrap_or_default()), [change])
        });
        Some(finding.maybe_fix(fix))
    })
}

fn with_branch(
    site: &PagesSite<'_>,
    workflow: &Workflow,
    finding: Finding,
    text: &Text,
    default: Option<&str>,
) -> Finding {
    let Some(default) = default else { return finding.help("name the default branch") };
    let editor = editor(site, workflow);
    let written = editor.written(text.span);
    let is_plain = written.trim_matches(['\'', '"']) == text.value;
    let change = is_plain.then(|| Change::Edit { span: text.span, text: written.replace(&text.value, default) });
    finding.maybe_fix(editor.fix(Applicability::Review, format!("name \"{default}\""), [change]))
}
