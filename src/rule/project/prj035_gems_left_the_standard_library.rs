//! PRJ035: an old Jekyll on Ruby 3.4 and later.

use crate::platform::job::{Job, ToolRun};
use crate::project::path::child;
use crate::project::ruby::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{bundle, package, requirement, version_edit};

/// Jekyll before 4.4 is locked without `csv`, which Ruby 3.4 has taken out of its standard library.
pub(super) static RULE: Rule = Rule {
    id: "PRJ035",
    name: "gems-left-the-standard-library",
    summary: "Jekyll needs a gem that Ruby 3.4 no longer brings along",
    docs: "\
## What happens

Jekyll stops at its first line: it cannot load `csv`.

## Why

Ruby 3.4 has made `csv` a gem like any other. Under Bundler only the gems of the lock file can be loaded, and \
Jekyll names `csv` only since 4.4.

## How to mend it

Raise Jekyll to 4.4, add `gem \"csv\"` to the `Gemfile` and lock anew, or pin Ruby 3.3.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[observed("https://github.com/jekyll/jekyll/issues/9774", "2026-11-21")],
    check: Check::Job(check),
};

/// The last Ruby before 3.4 that both platforms have.
const OLDER: &str = "3.3.6";

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(ruby) = job.ruby.as_ref().filter(|ruby| ruby.is_pinned && ruby.written >= 2 && ruby.minor() >= (3, 4))
    else {
        return;
    };
    let Some(dir) = bundle::dir(job) else { return };
    let Ok(text) = job.snapshot.text(&child(&dir, "Gemfile.lock")) else { return };
    let lock = Lock::read(&text);
    let Some(version) = lock.versions.get("jekyll") else { return };
    let is_old = requirement::numbers(version).is_some_and(|numbers| numbers < vec![4, 4]);
    if !is_old || lock.gems.contains("csv") {
        return;
    }
    let mut tools = job.tools("jekyll").chain(job.tools("bundle"));
    let builds = |tool: &ToolRun<'_>| {
        tool.run.has_arg("build")
            && (tool.run.name() == "jekyll" || (tool.run.has_arg("exec") && tool.run.has_arg("jekyll")))
    };
    let Some(tool) = tools.find(builds) else { return };
    let message = format!("Jekyll {version} loads \"csv\", which Ruby {} no longer brings along", ruby.text);
    let severity = if job.is_tentative { Severity::Medium } else { Severity::High };
    let title = format!("pin Ruby {OLDER}, which still brings it along");
    let fix = version_edit::pin(job, Applicability::Review, title, ruby.span, OLDER);
    out.report(
        package::at_tool(&RULE, job, &tool, message)
            .severity(severity)
            .related(ruby.span, "asks for this Ruby")
            .log_line("cannot load such file -- csv (LoadError)")
            .help("raise Jekyll to 4.4, add gem \"csv\", or pin Ruby 3.3")
            .maybe_fix(fix),
    );
}
