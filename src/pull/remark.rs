//! Findings as they are told on a pull request: each once, with every platform that it concerns.

use std::collections::BTreeMap;

use crate::heal::proof;
use crate::report::anchor::{self, Site};
use crate::rule::Rule;
use crate::rule::finding::{Finding, Level, Severity};
use crate::verdict::SiteVerdict;

use super::Inspection;

/// What there is to be done about a remark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Repair {
    /// Nothing is known.
    Unknown,
    /// Something that only a person can do.
    Person(String),
    /// A proven repair, in the patch.
    Patch,
    /// A proven repair, as a suggestion at its line.
    Suggested,
    /// A proven repair, as a comment on its file.
    OnFile,
    /// A proven repair that was committed.
    Committed,
    /// A proven repair that another pull request brings.
    PullRequest,
}

impl Repair {
    /// A word or two for a table.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Repair::Unknown | Repair::Person(_) => "needs you",
            Repair::Patch => "in the patch",
            Repair::Suggested => "suggested",
            Repair::OnFile => "on the file",
            Repair::Committed => "committed",
            Repair::PullRequest => "pull request",
        }
    }

    /// Whether there is a proven repair.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !matches!(self, Repair::Unknown | Repair::Person(_))
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Remark {
    /// The fingerprints of its findings.
    pub fingerprints: Vec<String>,
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one clause.
    pub message: String,
    /// The platforms that it concerns, by their titles.
    pub platforms: Vec<&'static str>,
    /// The file that shows it, from the top of the repository.
    pub path: Option<String>,
    /// Its first and its last line, from 1.
    pub lines: Option<(u32, u32)>,
    /// Facts, what to do, and the fragment of the platform's log.
    pub details: Vec<String>,
    /// What is to be done.
    pub repair: Repair,
}

impl Remark {
    /// The level it counts as.
    #[must_use]
    pub fn level(&self) -> Level {
        self.severity.level()
    }

    /// Where it is, for people: `netlify.toml:3`.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.path, self.lines) {
            (Some(path), Some((line, _))) => format!("{path}:{line}"),
            (Some(path), None) => path.clone(),
            (None, _) => "the site".to_owned(),
        }
    }
}

/// All remarks about a folder, worst first.
#[must_use]
pub fn remarks(inspection: &Inspection) -> Vec<Remark> {
    let mut found: Vec<Remark> = Vec::new();
    let mut known: BTreeMap<(&'static str, String, String), usize> = BTreeMap::new();
    for site in &inspection.healing.before {
        for finding in &site.findings {
            let remark = remark(inspection, site, finding);
            let key = (remark.rule.id, remark.place(), remark.message.clone());
            match known.get(&key).and_then(|at| found.get_mut(*at)) {
                Some(same) => join(same, remark),
                None => {
                    known.insert(key, found.len());
                    found.push(remark);
                }
            }
        }
    }
    found.sort_by_cached_key(|remark| {
        (std::cmp::Reverse(remark.severity), remark.path.clone(), remark.lines, remark.rule.id)
    });
    found
}

fn join(remark: &mut Remark, other: Remark) {
    remark.severity = remark.severity.max(other.severity);
    remark.fingerprints.extend(other.fingerprints);
    for platform in other.platforms {
        if !remark.platforms.contains(&platform) {
            remark.platforms.push(platform);
        }
    }
    if !remark.repair.is_ready() {
        remark.repair = other.repair;
    }
}

fn remark(inspection: &Inspection, site: &SiteVerdict, finding: &Finding) -> Remark {
    let fingerprint = proof::fingerprint(site, finding);
    let place = anchor::of(Site { verdict: site, prefix: &inspection.prefix }, finding);
    let quoted = finding.log_line.as_ref().map(|line| format!("{}'s log would say: {line}", site.platform.title));
    let mut applied = inspection.healing.fixes_applied.iter();
    let repair = match applied.any(|applied| applied.subject.fingerprint == fingerprint) {
        true => Repair::Patch,
        false => finding.fixes.first().map_or(Repair::Unknown, |fix| Repair::Person(fix.title.clone())),
    };
    Remark {
        fingerprints: vec![fingerprint],
        rule: finding.rule,
        severity: finding.severity,
        message: finding.message.clone(),
        platforms: vec![site.platform.title],
        path: place.path,
        lines: place.region.map(|region| lines(region.start, region.end)),
        details: finding.notes.iter().chain(&finding.help).cloned().chain(quoted).collect(),
        repair,
    }
}

/// First and last line; a range that ends before the first character of a line ends on the line above.
fn lines(start: (u32, u32), end: (u32, u32)) -> (u32, u32) {
    let last = if end.1 == 1 && end.0 > start.0 { end.0 - 1 } else { end.0 };
    (start.0, last)
}
