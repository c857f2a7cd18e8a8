//! GHP018: the theme is a submodule that nobody fetches.

use super::step::{editor, set_input};
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::theme::{self, Needed};
use crate::platform::pages::workflow::{Job, Step, Workflow};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// The folder is empty when the generator looks into it.
pub(super) static RULE: Rule = Rule {
    id: "GHP018",
    name: "submodule-not-fetched",
    summary: "The build needs a submodule that the checkout does not fetch",
    docs: "\
## What happens

Hugo warns \"found no layout file\" and goes on: the deployment turns green and every page is missing. Zola stops, since it \
cannot read the theme.

## Why

A theme is often a submodule. `actions/checkout` leaves the folders of submodules empty unless it is told otherwise.

## How to mend it

Give `submodules: recursive` to the checkout.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Always,
    evidence: &[
        source("https://github.com/actions/checkout/blob/main/action.yml", "2026-11-21"),
        observed("https://github.com/gohugoio/hugo/issues/8430", "2026-11-21"),
        observed("https://github.com/HEIGE-PCloud/DoIt/issues/44", "2026-11-21"),
        observed("https://github.com/peaceiris/actions-hugo/issues/42", "2026-11-21"),
        observed("https://github.com/victoriadrake/hugo-remote/issues/1", "2026-11-21"),
        observed("https://github.com/actions/checkout/issues/804", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    for (job, run) in site.relevant().filter_map(|job| Some((workflow.jobs.get(job)?, site.runs.get(job)?))) {
        let Some(checkout) = run.checkout.as_ref().filter(|checkout| checkout.with_submodules == Some(false)) else {
            continue;
        };
        let Some(step) = job.steps.get(checkout.step).filter(|_| !fetches(job)) else { continue };
        let mut commands = run.commands.iter().filter(|command| command.decides && command.step > checkout.step);
        if let Some(needed) = commands.find_map(|command| theme::needed(site, command).into_iter().next()) {
            out.report(finding(site, workflow, (job, step), &needed));
        }
    }
}

/// Whether a step says anything of submodules, or may fetch whatever it likes.
fn fetches(job: &Job) -> bool {
    job.steps.iter().any(|step| {
        step.run.as_ref().is_some_and(|run| {
            run.value.contains("submodule") || run.value.contains("git clone") || run.value.contains("themes")
        })
    })
}

fn finding(site: &PagesSite<'_>, workflow: &Workflow, (job, step): (&Job, &Step), it: &Needed) -> Finding {
    let message =
        format!("{} needs the {} in \"{}\", a submodule that is not checked out", it.generator, it.role, it.path);
    let change = set_input(site, workflow, (job, step), ("submodules", "recursive"));
    let fix = editor(site, workflow).fix(Applicability::Safe, "check out submodules, too", [change]);
    let finding = RULE.finding(message).at(step.place()).label("leaves submodules empty");
    let finding = finding.related(it.span, format!("names the {}", it.role)).maybe_fix(fix);
    let finding = match it.log {
        Some(log) => finding.log_line(log),
        None => finding,
    };
    match (it.stops, it.is_doubtful) {
        (true, _) => finding.stage(Stage::Build).severity(Severity::Critical),
        (false, true) => finding.severity(Severity::Medium).note("templates of its own may do without the theme"),
        (false, false) => finding,
    }
}
