//! PRJ030: a dependency that is fetched over SSH.

use crate::platform::job::Job;
use crate::project::manifest::DependencyKind;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A specifier of the manifest is an address that needs an SSH key.
pub(super) static RULE: Rule = Rule {
    id: "PRJ030",
    name: "dependency-over-ssh",
    summary: "A dependency is fetched over SSH",
    docs: "\
## What happens

The installation stops, unless the platform has a key for that host: for public repositories it needs none, but \
the address asks for one.

## Why

Addresses such as `git@host:owner/name` and `git+ssh://` log in with an SSH key. Developers have one, a build \
machine only if somebody has given it one.

## How to mend it

Write the address with `https`, if the repository is public.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/aarongustafson/jekyll-webmention_io/issues/158", "2026-11-21"),
        observed("https://github.com/cncf/landscapeapp/issues/72", "2026-11-21"),
        observed("https://github.com/web3/web3.js/issues/5918", "2026-11-21"),
    ],
    check: Check::Job(check),
};

const KINDS: [DependencyKind; 3] = [DependencyKind::Production, DependencyKind::Development, DependencyKind::Optional];

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in &job.installations {
        let Ok(manifest) = &installation.manifest else { continue };
        for field in KINDS.iter().flat_map(|kind| manifest.dependencies(*kind)) {
            let Some(text) = field.text.filter(|text| is_ssh(text)) else { continue };
            let fix = https(text).filter(|_| job.written(field.span).is_some()).map(|address| {
                Fix::replace(
                    Applicability::Review,
                    format!("take \"{}\" over https", field.key),
                    field.span,
                    format!("\"{address}\""),
                )
            });
            out.report(
                RULE.finding(format!("\"{}\" is fetched over SSH, which needs a key", field.key))
                    .at_path(manifest.path.clone())
                    .at(field.span)
                    .label("needs a key")
                    .log_line("Host key verification failed")
                    .help("write the address with https, if the repository is public")
                    .maybe_fix(fix),
            );
        }
    }
}

fn is_ssh(text: &str) -> bool {
    let is_short = || text.strip_prefix("git@").is_some_and(|rest| rest.contains(':'));
    text.starts_with("git+ssh://") || text.starts_with("ssh://") || is_short()
}

/// The same repository over https.
fn https(text: &str) -> Option<String> {
    let rest = text.strip_prefix("git+").unwrap_or(text);
    let rest = rest.strip_prefix("ssh://").unwrap_or(rest);
    let rest = rest.strip_prefix("git@").unwrap_or(rest);
    let at = rest.find(['/', ':'])?;
    let (host, path) = (&rest[..at], &rest[at + 1..]);
    let is_plain = !host.is_empty() && !host.contains('@') && !path.starts_with(|first: char| first.is_ascii_digit());
    is_plain.then(|| format!("git+https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::{https, is_ssh};

    #[test]
    fn addresses_are_turned_into_https() {
        for text in
            ["git@github.com:a/b.git#v1", "git+ssh://git@github.com/a/b.git#v1", "git+ssh://git@github.com:a/b.git#v1"]
        {
            assert!(is_ssh(text));
            assert_eq!(https(text).as_deref(), Some("git+https://github.com/a/b.git#v1"));
        }
        assert!(!is_ssh("git+https://github.com/a/b.git") && !is_ssh("github:a/b") && !is_ssh("^1.0.0"));
    }
}
