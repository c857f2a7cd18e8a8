//! GHP005: an action that GitHub no longer serves.

use super::step::editor;
use crate::platform::pages::action::{self, Retired};
use crate::platform::pages::site::PagesSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Change};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The service for artifacts behind it was switched off.
pub(super) static RULE: Rule = Rule {
    id: "GHP005",
    name: "action-retired",
    summary: "An action relies on the service for artifacts that was switched off",
    docs: "\
## What happens

The run fails before its first step, \"This request has been automatically failed because it uses a deprecated version \
of actions/upload-artifact\", or the deployment finds no artifact.

## Why

Versions 1 to 3 of `actions/upload-artifact` and `actions/download-artifact` spoke to a service that ended on 30 January \
2025. `actions/upload-pages-artifact` up to version 2 and `actions/deploy-pages` up to version 3 are built on them.

## How to mend it

Use `actions/upload-pages-artifact@v3` or later together with `actions/deploy-pages@v4` or later. Version 4 of the first \
leaves out files whose names begin with a dot.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Workflow,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://github.blog/changelog/2024-04-16-deprecation-notice-v3-of-the-artifact-actions/", "2026-11-21"),
        source("https://github.com/actions/upload-pages-artifact/blob/v2/action.yml", "2026-11-21"),
        observed("https://github.com/actions/upload-pages-artifact/issues/113", "2026-11-21"),
        observed("https://github.com/actions/deploy-pages/issues/391", "2026-11-21"),
        observed("https://github.com/ChainAgnostic/namespaces/pull/134", "2026-11-21"),
    ],
    check: Check::Pages(check),
};

fn check(site: &PagesSite<'_>, out: &mut Sink) {
    let Some(workflow) = &site.workflow else { return };
    let jobs = site.relevant().filter_map(|job| workflow.jobs.get(job));
    let steps = jobs.flat_map(|job| job.steps.iter()).filter(|step| !step.is_off());
    for (action, retired) in steps.filter_map(|step| {
        let action = step.action.as_ref()?;
        Some((action, action::retired(action)?))
    }) {
        let Retired { name, version, next, is_drop_in, log } = retired;
        let is_commit = !version.is_empty();
        let shown = if is_commit { version } else { action.reference.as_str() };
        let change = action
            .reference_span(site.text())
            .map(|span| if is_commit { with_comment(site.text(), span) } else { span })
            .map(|span| Change::Edit { span, text: next.to_owned() });
        let is_safe = is_drop_in && !is_commit;
        let applicability = if is_safe { Applicability::Safe } else { Applicability::Review };
        let fix = editor(site, workflow).fix(applicability, format!("use \"{name}@{next}\""), [change]);
        let finding = RULE
            .finding(format!("\"{name}\" of version \"{shown}\" relies on a service that was switched off"))
            .at(action.text.span)
            .label("refused since January 2025")
            .stage(if log.starts_with("This") { Stage::Workflow } else { Stage::Deploy })
            .log_line(log);
        let finding = if is_commit { finding.note(format!("the commit is that of {version}")) } else { finding };
        out.report(match fix {
            Some(fix) => finding.fix(fix),
            None => finding.help(format!("use \"{name}@{next}\" or later")),
        });
    }
}

/// A commit with the comment that names its version, which would no longer be true.
fn with_comment(text: &str, span: Span) -> Span {
    let rest = text[span.end as usize..].lines().next().unwrap_or_default();
    let is_version = rest.trim_start().strip_prefix('#').is_some_and(|rest| rest.trim_start().starts_with(['v', 'V']));
    let length = if is_version { rest.trim_end().len() } else { 0 };
    Span::new(span.file, span.start as usize, span.end as usize + length)
}
