//! Healing for a patch that others may read: what would show a secret is left out.

use std::collections::BTreeSet;

use crate::heal::run::Judge;
use crate::heal::{self, Healing, Limits};
use crate::project::snapshot::Snapshot;
use crate::report::{diff, mask};
use crate::rule::finding::Finding;
use crate::rule::fix::Change;
use crate::verdict::SiteVerdict;

/// Rounds in which repairs are left out; after the last one every repair is.
const MOST_ROUNDS: usize = 5;

/// What a repair is known by, whichever simulation proposed it.
type Name = (&'static str, String);

/// Heals without the repairs whose lines or neighbouring lines hold a secret; tells of those that were left out.
pub(super) fn heal(
    base: &Snapshot,
    judge: Judge<'_>,
    limits: &Limits,
    is_over: &dyn Fn() -> bool,
) -> (Healing, Vec<String>) {
    let mut left_out: BTreeSet<Name> = BTreeSet::new();
    for round in 0..=MOST_ROUNDS {
        let is_last = round == MOST_ROUNDS;
        let discreet = |snapshot: &Snapshot| {
            let mut sites = judge(snapshot);
            let findings = sites.iter_mut().flat_map(|site| &mut site.findings);
            findings.for_each(|finding| withhold(finding, &left_out, is_last));
            sites
        };
        let healing = heal::heal(base, &discreet, limits, is_over);
        let shown = revealing(&healing);
        if shown.is_empty() {
            return (healing, told(&left_out));
        }
        left_out.extend(shown);
    }
    (Healing::untried(judge(base)), told(&left_out))
}

/// Takes away the repairs that may not be shown.
fn withhold(finding: &mut Finding, left_out: &BTreeSet<Name>, all: bool) {
    let id = finding.rule.id;
    let is_shown = finding.is_secret();
    finding
        .fixes
        .retain(|fix| fix.changes.is_empty() || !(all || is_shown || left_out.contains(&(id, fix.title.clone()))));
}

/// The repairs whose part of the patch shows a secret.
fn revealing(healing: &Healing) -> BTreeSet<Name> {
    let is_shown = |line: &str| mask::reveals(line, &healing.secrets);
    let numbers = healing.files.iter().flat_map(|file| diff::showing(file, &is_shown));
    let applied = numbers.filter_map(|number| healing.fixes_applied.get(number));
    applied.map(|applied| (applied.subject.rule.id, applied.title.clone())).collect()
}

fn told(left_out: &BTreeSet<Name>) -> Vec<String> {
    let tell = |(id, title): &Name| {
        format!(
            "the repair of {id}, {title}, is not in the patch, which would show the secret beside it; --write without --patch applies it"
        )
    };
    left_out.iter().map(tell).collect()
}

/// Tells of findings about secrets, whose repairs no patch may show.
pub(super) fn kept_back(sites: &[SiteVerdict]) -> Vec<String> {
    let findings = sites.iter().flat_map(|site| &site.findings);
    let secret = findings.filter(|finding| finding.is_secret() && finding.fixes.iter().any(is_edit));
    let rules: BTreeSet<&str> = secret.map(|finding| finding.rule.id).collect();
    let tell = |id: &str| {
        format!(
            "the repair of {id} is not in the patch, which would show the secret that it takes away; --write without --patch applies it"
        )
    };
    rules.into_iter().map(tell).collect()
}

fn is_edit(fix: &crate::rule::fix::Fix) -> bool {
    fix.changes.iter().any(|change| matches!(change, Change::Edit { .. }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::Configuration;
    use crate::report::heal::HealReport;
    use crate::rule::finding::Severity;
    use crate::rule::fix::Applicability;
    use crate::verdict::registry::{PLATFORMS, Question, Target};

    const PASSWORD: &str = "k3Tq9vLw2x";

    fn blueprint(lines_between: usize) -> Snapshot {
        let comments = "      # nothing\n".repeat(lines_between);
        let text = format!(
            "services:\n  - type: web\n    name: app\n    runtime: image\n    image:\n      url: docker.io/library/nginx:1.27\n    envVars:\n      - key: DATABASE_URL\n        value: postgres://app:{PASSWORD}@db.internal.test:5432/app\n{comments}    plan: startr\n"
        );
        Snapshot::in_memory([("render.yaml", text.into_bytes())])
    }

    fn judged(snapshot: &Snapshot) -> Vec<SiteVerdict> {
        let platform = PLATFORMS.iter().find(|platform| platform.profile.name == "render").unwrap();
        let target = Target { place: "render.yaml".to_owned(), question: Question::default() };
        vec![(platform.judge)(snapshot, &target, &Configuration::default())]
    }

    fn limits() -> Limits {
        Limits { permission: Applicability::Review, severity: Severity::Low }
    }

    fn report(healing: &Healing) -> HealReport<'_> {
        HealReport {
            root: String::new(),
            prefix: String::new(),
            healing,
            is_written: false,
            patch: None,
            notices: Vec::new(),
        }
    }

    fn raw(healing: &Healing) -> String {
        healing.files.iter().map(|file| diff::unified(file, &healing.fixes_applied, "", false)).collect()
    }

    #[test]
    fn what_is_shown_to_others_holds_no_secret_not_even_beside_a_repair() {
        for (between, repairs) in [(0, 0), (2, 0), (3, 1)] {
            let snapshot = blueprint(between);
            let plain = heal::heal(&snapshot, &judged, &limits(), &|| false);
            assert!(raw(&plain).contains(PASSWORD), "the test would show nothing: {}", raw(&plain));
            let (healing, left_out) = heal(&snapshot, &judged, &limits(), &|| false);
            assert!(!raw(&healing).contains(PASSWORD), "{}", raw(&healing));
            assert_eq!((healing.fixes_applied.len(), left_out.len()), (repairs, 1 - repairs), "{left_out:?}");
        }
    }

    #[test]
    fn a_diff_for_people_and_programs_masks_the_secret_that_it_takes_away() {
        let snapshot = blueprint(0);
        let healing = heal::heal(&snapshot, &judged, &limits(), &|| false);
        let report = report(&healing);
        let texts = [
            crate::report::heal::human(&report, crate::report::Style { colour: false, verbose: false }),
            crate::report::heal::json(&report).to_string(),
            crate::report::markdown::heal(&report),
        ];
        for text in texts {
            assert!(!text.contains(PASSWORD) && text.contains(mask::MASK), "{text}");
        }
    }
}
