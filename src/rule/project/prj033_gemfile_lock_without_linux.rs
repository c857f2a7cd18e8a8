//! PRJ033: a `Gemfile.lock` for other platforms.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::project::ruby::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{bundle, command};

/// `PLATFORMS` of the lock file lists neither `ruby` nor Linux.
pub(super) static RULE: Rule = Rule {
    id: "PRJ033",
    name: "gemfile-lock-without-linux",
    summary: "Gemfile.lock names no platform that Linux can use",
    docs: "\
## What happens

Where Bundler may not change the lock file (`BUNDLE_DEPLOYMENT`, `BUNDLE_FROZEN`, `--deployment`), it stops. \
Elsewhere it adds the platform and may lock other versions on the way.

## Why

Bundler locks for the platforms that the developers have. On a Mac or on Windows that does not include the one \
that builds.

## How to mend it

Run `bundle lock --add-platform x86_64-linux` and commit the lock file.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/ruby/setup-ruby/issues/177", "2026-11-21"),
        observed("https://github.com/devcenter-square/disease-info/pull/74", "2026-11-21"),
        observed("https://github.com/sbroenne/mcp-server-excel/pull/184", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(dir) = bundle::dir(job) else { return };
    let path = child(&dir, "Gemfile.lock");
    if !job.snapshot.is_file(&path) {
        return;
    }
    let Some((file, source)) = job.open(&path) else { return };
    let lock = Lock::read(&source.text);
    let adds = job.commands.iter().any(|(_, trace)| trace.texts.iter().any(|text| text.text.contains("add-platform")));
    if !lock.lacks_linux() || adds {
        return;
    }
    let text = source.text.as_str();
    let Some(at) = text.find("PLATFORMS").map(|at| at + "PLATFORMS".len()) else { return };
    let span = Span::new(file, at - "PLATFORMS".len(), at);
    let last =
        lock.platforms.last().and_then(|platform| Some(at + text[at..].find(platform.as_str())? + platform.len()));
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    // A native variant of another system would stay the only one that is locked.
    let is_plain = !text.lines().any(|line| {
        let line = line.trim();
        line.ends_with(')') && lock.platforms.iter().any(|platform| line.contains(&format!("-{platform})")))
    });
    let fix = last.filter(|_| is_plain).map(|end| {
        let place = Span::new(file, end, end);
        Fix::replace(
            Applicability::Review,
            "add the platform of the builder",
            place,
            format!("{newline}  x86_64-linux"),
        )
    });
    let is_frozen = bundle::is_frozen(job, &dir);
    let severity = if is_frozen { command::severity(job) } else { Severity::Medium };
    out.report(
        RULE.finding(format!("\"{path}\" is locked for \"{}\" only", lock.platforms.join("\", \"")))
            .at(span)
            .label("no Linux")
            .severity(severity)
            .log_line("Your bundle only supports platforms")
            .help("run \"bundle lock --add-platform x86_64-linux\" and commit the lock file")
            .maybe_fix(fix),
    );
}
