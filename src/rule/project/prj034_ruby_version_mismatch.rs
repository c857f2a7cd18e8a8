//! PRJ034: the `Gemfile` rules out the Ruby that is installed.

use crate::platform::job::Job;
use crate::platform::pick::Pick;
use crate::project::path::child;
use crate::project::ruby::{Gemfile, RubyVersion};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{bundle, command, version_edit};

/// `ruby` in the `Gemfile` does not fit the version that the platform picks.
pub(super) static RULE: Rule = Rule {
    id: "PRJ034",
    name: "ruby-version-mismatch",
    summary: "The Gemfile asks for another Ruby than the one that is installed",
    docs: "\
## What happens

Bundler stops before it installs anything.

## Why

The platform picks the version from `.ruby-version`, `RUBY_VERSION` or the lock file. Bundler compares it with \
the line `ruby` of the `Gemfile`.

## How to mend it

Write the same version in both places, or `ruby file: \".ruby-version\"` into the `Gemfile`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/luckyframework/website-old/pull/215", "2026-11-21"),
        observed("https://github.com/hanakai-rb/site/pull/110", "2026-11-21"),
        observed("https://github.com/adr/madr/pull/156", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(ruby) = job.ruby.as_ref().filter(|ruby| ruby.is_pinned && ruby.written >= 2) else { return };
    let Some(path) = bundle::dir(job).map(|dir| child(&dir, "Gemfile")) else { return };
    let Some((file, source)) = job.open(&path) else { return };
    let Some(RubyVersion::Written { version, range }) = Gemfile::read(&source.text).ruby else { return };
    let span = Span::new(file, range.start, range.end);
    if fits(ruby, &version) != Some(false) || span == ruby.span {
        return;
    }
    out.report(
        RULE.finding(format!("the Gemfile wants Ruby \"{version}\", and {} is installed", ruby.text))
            .at(span)
            .label("another version")
            .related(ruby.span, "asks for this one")
            .severity(command::severity(job))
            .log_line(format!("Your Ruby version is {}, but your Gemfile specified {version}", ruby.text))
            .help("write the same version in both places")
            .maybe_fix(written(job, ruby, &version)),
    );
}

/// Writes the version of the `Gemfile` where the platform looks for one; the first release that a range allows.
fn written(job: &Job<'_>, ruby: &Pick, requirement: &str) -> Option<Fix> {
    let (is_exact, version) = match requirement.strip_prefix("~>") {
        Some(version) => (false, version.trim()),
        None => (true, requirement.trim()),
    };
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers.filter(|numbers| numbers.len() == 3)?;
    let source = job.sources.get(ruby.span.file)?;
    // The lock file holds a version too, which Bundler writes.
    let is_ours = !source.name.ends_with("Gemfile.lock") && !source.name.ends_with("Gemfile");
    let applicability = if is_exact { Applicability::Safe } else { Applicability::Review };
    let place = Some(ruby.span).filter(|_| is_ours)?;
    version_edit::pin(job, applicability, format!("install Ruby {version}"), place, version)
}

/// Whether a version fits a requirement; none when the numbers that are written do not decide it.
fn fits(ruby: &Pick, requirement: &str) -> Option<bool> {
    let mut all = Some(true);
    for part in requirement.split(',') {
        match fits_one(ruby, part.trim()) {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

fn fits_one(ruby: &Pick, requirement: &str) -> Option<bool> {
    let at = requirement.find(|c: char| c.is_ascii_digit())?;
    let (operator, version) = (requirement[..at].trim(), requirement[at..].trim());
    let wanted: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    let wanted = wanted?;
    let own = [ruby.version.0, ruby.version.1, ruby.version.2];
    let own = &own[..ruby.written.min(3)];
    let common = own.len().min(wanted.len());
    let order = own[..common].cmp(&wanted[..common]);
    let is_open = order.is_eq() && own.len() < wanted.len();
    match operator {
        "" | "=" if wanted.len() == 3 => {
            if is_open {
                None
            } else {
                Some(order.is_eq())
            }
        }
        ">=" => {
            if is_open {
                None
            } else {
                Some(order.is_ge())
            }
        }
        "~>" if wanted.len() >= 2 => {
            let fixed = wanted.len() - 1;
            if own.len() < fixed {
                return None;
            }
            let is_same = own[..fixed] == wanted[..fixed];
            if is_same && is_open { None } else { Some(is_same && order.is_ge()) }
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn requirements_of_gems_are_compared_number_by_number() {
        let fits = |ruby: &str, wanted: &str| fits(&Pick::plain(ruby, Span::NONE, true).unwrap(), wanted);
        assert_eq!(fits("3.4.1", "3.2.2"), Some(false));
        assert_eq!(fits("3.2.2", "3.2.2"), Some(true));
        assert_eq!(fits("3.2", "3.2.2"), None);
        assert_eq!(fits("3.3", "3.2.2"), Some(false));
        assert_eq!(
            (fits("3.3.1", "~> 3.2"), fits("3.3.1", "~> 3.2.0"), fits("3.3.1", ">= 3.1")),
            (Some(true), Some(false), Some(true))
        );
        assert_eq!(
            (fits("3.3.1", "~> 3.4"), fits("3.3.1", "< 4"), fits("3.3.1", ">= 3.1, < 4")),
            (Some(false), None, None)
        );
    }
}
