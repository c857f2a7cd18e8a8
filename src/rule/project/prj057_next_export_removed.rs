//! PRJ057: `next export` on Next.js 14 and later.

use crate::platform::job::Job;
use crate::project::javascript::configuration::Configuration;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{next, package};

/// The build calls `next export`, which Next.js 14 has removed.
pub(super) static RULE: Rule = Rule {
    id: "PRJ057",
    name: "next-export-removed",
    summary: "next export is called with a Next.js that no longer has it",
    docs: "\
## What happens

The command stops and says that `next export` was replaced by a setting.

## Why

Since Next.js 14 the export is part of `next build`, if the configuration says `output: \"export\"`.

## How to mend it

Leave out the call, and set `output: \"export\"` in the configuration.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/vercel/next.js/issues/59116", "2026-11-21"),
        observed("https://github.com/actions/starter-workflows/issues/2233", "2026-11-21"),
        observed("https://github.com/department-of-veterans-affairs/next-build/pull/472", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let runs = next::runs(job, "export");
    if let Some(run) = runs.iter().find(|run| run.package.installed.is_at_least("14.0.0")) {
        let version = package::shown(job, &run.package);
        let span = run.tool.span(job.sources);
        let is_set = next::configuration(job, run.tool.dir).is_some_and(|(path, file, source)| {
            let module = Configuration::read(&source.text, &path, file);
            module.is_some_and(|module| module.setting(&["output"]).text() == Some("export"))
        });
        let finding = package::at_tool(&RULE, job, &run.tool, format!("Next.js {version} has no \"next export\""))
            .label("removed in 14")
            .log_line("\"next export\" has been removed in favor of \"output: export\"");
        let finding =
            if is_set { finding } else { finding.help("set output: \"export\" in the configuration instead") };
        out.report(finding.maybe_fix(fix(job, span, is_set)));
    }
}

/// Takes the call away, with the `&&` in front of it.
fn fix(job: &Job<'_>, span: Span, is_set: bool) -> Option<Fix> {
    job.written(span).filter(|written| *written == "next export")?;
    let source = job.sources.get(span.file)?;
    let before = source.text.get(..span.start as usize)?.trim_end();
    let start = before.strip_suffix("&&")?.trim_end().len();
    let end = source.text[span.range().end..].chars().next().filter(|next| matches!(next, '"' | '\''))?;
    let applicability = if is_set && end == '"' { Applicability::Safe } else { Applicability::Review };
    let whole = Span::new(span.file, start, span.range().end);
    Some(Fix::replace(applicability, "leave out the call", whole, ""))
}
