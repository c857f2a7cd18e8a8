//! PRJ088: a Bundler 1 on Ruby 3.2 and later.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::project::ruby::Lock;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{bundle, command, version_edit};

/// `BUNDLED WITH` names Bundler 1, and Ruby 3.2 or later is picked.
pub(super) static RULE: Rule = Rule {
    id: "PRJ088",
    name: "bundler-too-old",
    summary: "Gemfile.lock was written by a Bundler that does not run on this Ruby",
    docs: "\
## What happens

The installation of the gems stops in Bundler's own code.

## Why

The platform installs the Bundler that `BUNDLED WITH` names. Bundler 1 calls a method that Ruby 3.2 has removed.

## How to mend it

Run `bundle update --bundler` and commit the lock file.
",
    severity: Severity::Critical,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/yfxie/jekpack/issues/47", "2026-11-21"),
        observed("https://github.com/netlify/build-image/issues/296", "2026-11-21"),
        observed("https://github.com/netlify/build-image/issues/383", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// A Bundler 2 that runs on every Ruby from 3.0 on.
const SUCCESSOR: &str = "2.5.23";

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(ruby) = job.ruby.as_ref().filter(|ruby| ruby.is_pinned && ruby.written >= 2 && ruby.minor() >= (3, 2))
    else {
        return;
    };
    let Some(path) = bundle::dir(job).map(|dir| child(&dir, "Gemfile.lock")).filter(|path| job.snapshot.is_file(path))
    else {
        return;
    };
    let Some((file, source)) = job.open(&path) else { return };
    let Some(bundler) = Lock::read(&source.text).bundler.filter(|version| version.starts_with("1.")) else { return };
    let at = source.text.rfind(bundler.as_str()).unwrap_or_default();
    let severity = if job.is_own_strict { command::severity(job) } else { Severity::Medium };
    out.report(
        RULE.finding(format!("Bundler {bundler} does not run on Ruby {}", ruby.text))
            .at(Span::new(file, at, at + bundler.len()))
            .label("wrote the lock file")
            .related(ruby.span, "asks for this Ruby")
            .severity(severity)
            .log_line("undefined method 'untaint'")
            .help("run \"bundle update --bundler\" and commit the lock file")
            .maybe_fix(version_edit::pin(
                job,
                Applicability::Review,
                format!("name Bundler {SUCCESSOR}, which reads the same lock file"),
                Span::new(file, at, at + bundler.len()),
                SUCCESSOR,
            )),
    );
}
