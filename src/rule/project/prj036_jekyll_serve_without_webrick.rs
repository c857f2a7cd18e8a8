//! PRJ036: `jekyll serve` on Ruby 3 without webrick.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::project::ruby::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{bundle, gem_edit, requirement};

/// The service is started with `jekyll serve`, and the lock file holds no `webrick`.
pub(super) static RULE: Rule = Rule {
    id: "PRJ036",
    name: "jekyll-serve-without-webrick",
    summary: "jekyll serve is started without webrick",
    docs: "\
## What happens

The build is green, and the service stops: Jekyll cannot load its server.

## Why

Ruby 3.0 has taken `webrick` out of its standard library. Jekyll names it only since 4.3, and only `jekyll \
serve` needs it.

## How to mend it

Deploy the site as a static site, or add `gem \"webrick\"` to the `Gemfile` and lock anew.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/yousinix/portfolYOU/issues/120", "2026-11-21"),
        observed("https://github.com/pyOpenSci/pyopensci.github.io/issues/123", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let serves = job.start.iter().find(|run| {
        let is_jekyll = run.name() == "jekyll" || run.has_arg("jekyll");
        run.decides() && is_jekyll && (run.has_arg("serve") || run.has_arg("server") || run.has_arg("s"))
    });
    let Some(ruby) = job.ruby.as_ref().filter(|ruby| ruby.is_pinned && ruby.major() >= 3 && serves.is_some()) else {
        return;
    };
    let Some(dir) = bundle::dir(job) else { return };
    let path = child(&dir, "Gemfile.lock");
    let Ok(text) = job.snapshot.text(&path) else { return };
    let lock = Lock::read(&text);
    let Some(version) = lock.versions.get("jekyll") else { return };
    let is_old = requirement::numbers(version).is_some_and(|numbers| numbers < vec![4, 3]);
    if !is_old || lock.gems.contains("webrick") {
        return;
    }
    out.report(
        RULE.finding(format!(
            "\"jekyll serve\" needs \"webrick\", which neither Ruby {} nor \"{path}\" has",
            ruby.text
        ))
        .at_path(path)
        .log_line("cannot load such file -- webrick (LoadError)")
        .help("deploy it as a static site, or add gem \"webrick\"")
        .maybe_fix(gem_edit::added(job, &dir, "webrick", "1.9.1")),
    );
}
