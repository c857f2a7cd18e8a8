//! A patch that brings settings of the dashboard into the repository, proven by simulating before and after.

use std::time::{Duration, Instant};

use crate::cli::input::{self, Repository};
use crate::drift::live::Live;
use crate::drift::repair;
use crate::heal::{self, Limits};
use crate::platform::netlify::site::{NetlifySite, Request, Site};
use crate::project::snapshot::Snapshot;
use crate::report::heal::HealReport;
use crate::rule::finding::Severity;
use crate::rule::fix::Applicability;
use crate::verdict;

/// How long it may take.
const BUDGET: Duration = Duration::from_secs(60);

/// What is proposed.
#[derive(Debug, Default)]
pub(super) struct Proposal {
    /// What each repair does.
    pub(super) titles: Vec<String>,
    /// All of them as a patch.
    pub(super) patch: String,
}

/// Proposes repairs; what would make anything worse is not among them.
pub(super) fn propose(repository: &Repository, site: &Site, request: &Request, live: &Live) -> Proposal {
    let configuration = &repository.configuration;
    let judge = |snapshot: &Snapshot| {
        let netlify = NetlifySite::new(snapshot, site.clone(), request);
        let own = repair::findings(&netlify, live);
        let mut verdict = verdict::netlify::judge(netlify, "production", configuration);
        // Other findings are nobody's business here, but they must not grow.
        verdict.findings.iter_mut().for_each(|finding| finding.fixes.clear());
        verdict.findings.extend(own);
        vec![verdict]
    };
    let limits = Limits { permission: Applicability::Review, severity: Severity::Low };
    let started = Instant::now();
    let healing = heal::heal(&repository.snapshot, &judge, &limits, &|| started.elapsed() >= BUDGET);
    let report = HealReport {
        root: String::new(),
        prefix: input::prefix(repository.root()),
        healing: &healing,
        is_written: false,
        patch: None,
        notices: Vec::new(),
    };
    Proposal {
        titles: healing.fixes_applied.iter().map(|applied| applied.title.clone()).collect(),
        patch: report.patch_text(false),
    }
}
