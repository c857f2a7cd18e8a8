//! PRJ085: a `webpack` function in the configuration of Next.js 16.

use crate::platform::job::Job;
use crate::project::javascript::configuration::Configuration;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{next, package};

/// The configuration of Next.js 16 has a `webpack` function, and nothing says which builder is meant.
pub(super) static RULE: Rule = Rule {
    id: "PRJ085",
    name: "next-webpack-configuration",
    summary: "Next.js 16 builds with Turbopack and finds a configuration for webpack",
    docs: "\
## What happens

The build stops and asks which of the two builders is meant.

## Why

Next.js 16 builds with Turbopack unless it is told otherwise. A `webpack` function without any `turbopack` \
setting looks like a configuration that would be passed over.

## How to mend it

Call `next build --webpack` to keep the behaviour, or add a `turbopack` setting.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/asyncapi/asyncapi-react/pull/1250", "2026-11-21"),
        observed("https://github.com/PetrIvan/chord-seq-ai-app/issues/77", "2026-11-21"),
        observed("https://github.com/storj/docs/issues/638", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for run in next::runs(job, "build").iter().filter(|run| run.package.installed.is_at_least("16.0.0")) {
        let says = |arg: &str| matches!(arg, "--webpack" | "--turbopack" | "--turbo");
        let is_told = run.tool.run.args.iter().any(|arg| arg.plain().is_none_or(says));
        let by_variable = run.tool.run.variable("TURBOPACK").is_some() || job.variable("TURBOPACK").is_some();
        let Some((path, file, source)) = next::configuration(job, run.tool.dir).filter(|_| !is_told && !by_variable)
        else {
            continue;
        };
        let Some(module) = Configuration::read(&source.text, &path, file) else { continue };
        let has_key = next::is_literal(&module) && !module.setting(&["webpack"]).is_absent();
        if !has_key || module.has_word("turbopack") || module.has_word("turbo") {
            continue;
        }
        let span = run.tool.span(job.sources);
        let at = source.text.find("webpack").unwrap_or_default();
        let end = Span { start: span.end, ..span };
        let fix = (job.written(span) == Some("next build"))
            .then(|| Fix::replace(Applicability::Safe, "build with webpack", end, " --webpack"));
        return out.report(
            package::at_tool(
                &RULE,
                job,
                &run.tool,
                format!("Next.js 16 builds with Turbopack, and \"{path}\" configures webpack"),
            )
            .label("names no builder")
            .related(Span::new(file, at, at + "webpack".len()), "for the other builder")
            .log_line("This build is using Turbopack, with a `webpack` config and no `turbopack` config")
            .help("call \"next build --webpack\", or add a \"turbopack\" setting")
            .maybe_fix(fix),
        );
    }
}
