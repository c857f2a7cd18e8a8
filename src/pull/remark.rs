//! Findings as they are told on a pull request: each once, with every platform that it concerns.

use std::collections::BTreeMap;

use crate::heal::{Applied, Subject};
use crate::project::path::display;
use crate::rule::Rule;
use crate::rule::finding::{Finding, Level, Place, Severity};
use crate::rule::fix::Applicability;
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
    /// The file or folder, from the top of the repository.
    pub path: Option<String>,
    /// Its first and its last line, from 1.
    pub lines: Option<(u32, u32)>,
    /// The file that an annotation can stand at, when `path` is none or is not there.
    pub stand_in: Option<String>,
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
    let subject = Subject::of(site, finding);
    let (path, lines) = place(inspection, site, finding);
    let is_missing = matches!(finding.place, Place::Missing(_) | Place::Site) || path.is_none();
    let config = site.config_path.as_deref().map(|path| inspection.path(path));
    let quoted = finding.log_line.as_ref().map(|line| format!("{}'s log says: {line}", site.platform.title));
    let applied = inspection.healing.fixes_applied.iter();
    let is_healed = |applied: &&Applied| applied.subject.fingerprint == subject.fingerprint;
    let repair = match applied.clone().find(is_healed) {
        Some(_) => Repair::Patch,
        None => finding.fixes.first().map_or(Repair::Unknown, |fix| Repair::Person(fix.title.clone())),
    };
    Remark {
        fingerprints: vec![subject.fingerprint.clone()],
        rule: finding.rule,
        severity: finding.severity,
        message: finding.message.clone(),
        platforms: vec![site.platform.title],
        stand_in: config.filter(|_| is_missing),
        path,
        lines,
        details: finding.notes.iter().chain(&finding.help).cloned().chain(quoted).collect(),
        repair,
    }
}

fn place(inspection: &Inspection, site: &SiteVerdict, finding: &Finding) -> (Option<String>, Option<(u32, u32)>) {
    match &finding.place {
        Place::Span(span) => {
            let source = site.sources.get(span.file).filter(|source| source.is_file);
            let Some(source) = source else { return (None, None) };
            let (first, last) = (source.position(span.start), source.position(span.end));
            let last = if last.column == 1 && last.line > first.line { last.line - 1 } else { last.line };
            (Some(inspection.path(&source.name)), Some((first.line, last)))
        }
        Place::Path(path) | Place::Missing(path) => (Some(display(&inspection.path(path)).to_owned()), None),
        Place::Site => (None, None),
    }
}

/// The title of the repair of a remark, if one was proven.
#[must_use]
pub fn repair_title<'a>(inspection: &'a Inspection, remark: &Remark) -> Option<(&'a str, Applicability)> {
    let mut applied = inspection.healing.fixes_applied.iter();
    let found = applied.find(|applied| remark.fingerprints.contains(&applied.subject.fingerprint))?;
    Some((found.title.as_str(), found.applicability))
}
