//! PRJ044: a submodule whose URL the builder cannot use.

use crate::platform::job::Job;
use crate::project::snapshot::Mode;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::submodule;

/// A submodule is fetched over SSH, from a relative address, or from a path of another machine.
pub(super) static RULE: Rule = Rule {
    id: "PRJ044",
    name: "submodule-url-unusable",
    summary: "A submodule's URL means nothing to the builder",
    docs: "\
## What happens

Git stops while it fetches the submodule: there is no such path, or no key for the host. A deploy key that was \
given to the platform helps for SSH.

## Why

Developers have keys and local paths that a build machine has not. A relative address is taken from wherever the \
platform has cloned the repository from.

## How to mend it

Write the address with `https://`, if the repository is public.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Checkout,
    fix: FixAvailability::Sometimes,
    evidence: &[observed("https://github.com/cryptoadvance/specter-diy/pull/216", "2026-11-21")],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    if !job.snapshot.is_file(submodule::FILE) {
        return;
    }
    let Some((file, source)) = job.open(submodule::FILE) else { return };
    for section in submodule::read(&source.text) {
        let is_link = job.snapshot.entry(section.path).is_some_and(|entry| entry.mode == Mode::Submodule);
        let Some((what, severity)) = fault(section.url, job.is_own_strict).filter(|_| is_link) else { continue };
        let span = Span::new(file, section.start, section.start + section.url.len());
        let fix = https(section.url).map(|url| Fix::replace(Applicability::Review, "fetch it over https", span, url));
        out.report(
            RULE.finding(format!("the submodule \"{}\" {what}", section.path))
                .at(span)
                .label("of no use to the builder")
                .severity(severity)
                .help("write the address with https, if the repository is public")
                .maybe_fix(fix),
        );
    }
}

fn fault(url: &str, is_netlify: bool) -> Option<(&'static str, Severity)> {
    let is_drive = url.len() > 2 && url.as_bytes()[0].is_ascii_alphabetic() && url.as_bytes()[1] == b':';
    if url.starts_with("file:") || url.starts_with('/') || is_drive {
        return Some(("is fetched from a path of another machine", Severity::Critical));
    }
    if url.starts_with("../") || url.starts_with("./") {
        return is_netlify.then_some(("has a relative address", Severity::Medium));
    }
    let is_ssh = url.starts_with("git@") || url.starts_with("ssh://");
    is_ssh.then_some(("is fetched over SSH, which needs a key", Severity::Medium))
}

/// The same repository over https: `git@host:owner/name`.
fn https(url: &str) -> Option<String> {
    let rest = url.strip_prefix("ssh://").unwrap_or(url).strip_prefix("git@")?;
    let at = rest.find([':', '/'])?;
    let is_plain = !rest[at + 1..].starts_with(|first: char| first.is_ascii_digit());
    is_plain.then(|| format!("https://{}/{}", &rest[..at], &rest[at + 1..]))
}
