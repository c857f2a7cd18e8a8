//! Repairs that are proven before they are offered.
//!
//! The loop ([`run::heal`]) simulates, applies a repair to a copy in memory, simulates again, and keeps the repair only
//! if its finding is gone, no stage got worse and nothing new of equal or higher severity appeared. [`draft`] applies
//! byte-range edits and refuses what it cannot answer for, [`format`] reads every edited file again, [`proof`] compares
//! two simulations.

mod candidate;
pub mod draft;
pub mod format;
pub mod proof;
pub mod refusal;
pub mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::digest::Digest;
use crate::project::path;
use crate::project::snapshot::Snapshot;
use crate::rule::Rule;
use crate::rule::finding::{Finding, Place, Severity};
use crate::rule::fix::{Applicability, Fix};
use crate::verdict::SiteVerdict;

pub use refusal::Refusal;
pub use run::heal;

/// How often a finding is tried to be healed before it is left to people.
pub const HEAL_MAX_ATTEMPTS: u32 = 3;

/// Files of more bytes are not edited.
pub const MAX_FILE_BYTES: usize = 10_000_000;

/// What may be done without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The least trust that a repair must deserve.
    pub permission: Applicability,
    /// The least severity of findings that are healed.
    pub severity: Severity,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { permission: Applicability::Safe, severity: Severity::High }
    }
}

/// A finding, as far as it outlives its simulation.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Same for the same finding of two simulations, wherever other edits have moved it.
    pub fingerprint: String,
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Name of the platform.
    pub platform: &'static str,
    /// Name of the site.
    pub site: String,
    /// The file or folder that it is about.
    pub path: Option<String>,
    /// Line in that file, from 1.
    pub line: Option<u32>,
}

impl Subject {
    fn of(site: &SiteVerdict, finding: &Finding) -> Subject {
        let (path, line) = match &finding.place {
            Place::Span(span) => {
                let source = site.sources.get(span.file);
                (source.map(|source| source.name.clone()), source.map(|source| source.position(span.start).line))
            }
            Place::Path(path) | Place::Missing(path) => (Some(path::display(path).to_owned()), None),
            Place::Site => (None, None),
        };
        Subject {
            fingerprint: proof::fingerprint(site, finding),
            rule: finding.rule,
            severity: finding.severity,
            message: finding.message.clone(),
            platform: site.platform.name,
            site: site.name.clone(),
            path,
            line,
        }
    }
}

/// A repair that was kept.
#[derive(Debug, Clone)]
pub struct Applied {
    /// What it heals.
    pub subject: Subject,
    /// What it does.
    pub title: String,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// Which attempt at this finding it was, from 1.
    pub attempt: u32,
    /// What it writes.
    pub writes: Vec<Write>,
}

/// One change of a repair that was kept.
#[derive(Debug, Clone)]
pub struct Write {
    /// The file, as the repair names it.
    pub path: String,
    /// The bytes replaced, in the text that the repair was made for; nothing for a new or renamed file.
    pub range: Option<std::ops::Range<usize>>,
    /// The line that they begin in, from 1.
    pub line: Option<u32>,
    /// The old path of a file that gets another name.
    pub from: Option<String>,
    /// What stands there now.
    pub text: String,
}

/// A repair that was tried and taken back.
#[derive(Debug, Clone)]
pub struct Reverted {
    /// What it was to heal.
    pub subject: Subject,
    /// What it did.
    pub title: String,
    /// Which attempt at this finding it was, from 1.
    pub attempt: u32,
    /// Why it was taken back.
    pub reason: proof::Rejection,
}

/// A finding that stands, since nothing was or could be done about it.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The finding.
    pub subject: Subject,
    /// The repair that there would be.
    pub title: Option<String>,
    /// Why it was not applied.
    pub reason: Reason,
}

/// Why a finding is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The repair has to be looked at.
    #[error("the repair has to be looked at first; --review applies it")]
    NeedsReview,
    /// The repair can only be shown.
    #[error("the repair is for a person to make")]
    ShowOnly,
    /// There is no repair.
    #[error("no repair is known for it")]
    NoFix,
    /// The repair cannot be applied.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// All that was tried was taken back.
    #[error("manual review: {0} of at most {HEAL_MAX_ATTEMPTS} attempts were made, and none helped")]
    ManualReview(u32),
    /// The time was over.
    #[error("the time was over before it was tried")]
    OutOfTime,
}

impl Reason {
    /// The name in reports.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Reason::NeedsReview => "needs-review",
            Reason::ShowOnly => "show-only",
            Reason::NoFix => "no-fix",
            Reason::Refused(_) => "not-editable",
            Reason::ManualReview(_) => "manual-review",
            Reason::OutOfTime => "out-of-time",
        }
    }
}

/// What became of a repository.
#[derive(Debug)]
pub struct Healing {
    /// The repairs that were kept, in their order.
    pub fixes_applied: Vec<Applied>,
    /// The findings that stand, with the reasons.
    pub refused: Vec<Refused>,
    /// The repairs that were tried and taken back.
    pub reverted: Vec<Reverted>,
    /// How many times a repair was tried.
    pub attempts: u32,
    /// The files that have other contents now, by path.
    pub files: Vec<HealedFile>,
    /// The verdicts before.
    pub before: Vec<SiteVerdict>,
    /// The verdicts after, if anything has changed.
    pub healed: Option<Vec<SiteVerdict>>,
    /// The secrets that were found on the way: no report may show them, in whatever file they stand.
    pub secrets: BTreeSet<String>,
    /// Whether the time ended before the work.
    pub is_out_of_time: bool,
}

impl Healing {
    /// Verdicts that nothing was tried about.
    #[must_use]
    pub fn untried(before: Vec<SiteVerdict>) -> Healing {
        Healing {
            secrets: secrets(&before).collect(),
            fixes_applied: Vec::new(),
            refused: Vec::new(),
            reverted: Vec::new(),
            attempts: 0,
            files: Vec::new(),
            before,
            healed: None,
            is_out_of_time: false,
        }
    }

    /// The verdicts after.
    #[must_use]
    pub fn after(&self) -> &[SiteVerdict] {
        self.healed.as_deref().unwrap_or(&self.before)
    }
}

/// A file with other contents.
#[derive(Debug, Clone)]
pub struct HealedFile {
    /// Path of the file that is written, links followed.
    pub path: String,
    /// Where it was before, if it has another name now.
    pub from: Option<String>,
    /// What it held; nothing when it is new.
    pub before: Option<Arc<[u8]>>,
    /// What it holds.
    pub after: Arc<[u8]>,
    /// Where repairs have left their marks: bytes of the new text, number in [`Healing::fixes_applied`].
    pub marks: Vec<(std::ops::Range<usize>, usize)>,
}

/// A tree in which healed files have their new contents and names.
#[must_use]
pub fn tree<'a>(base: &Snapshot, files: impl IntoIterator<Item = &'a HealedFile>) -> Snapshot {
    let (mut contents, mut moved) = (BTreeMap::new(), BTreeMap::new());
    for file in files {
        contents.insert(file.path.clone(), Arc::clone(&file.after));
        moved.extend(file.from.clone().map(|from| (file.path.clone(), from)));
    }
    base.with_changes(&contents, &moved)
}

impl HealedFile {
    /// Digests of what it held and of what it holds, as hexadecimal SHA3-256.
    #[must_use]
    pub fn digests(&self) -> (Option<String>, String) {
        (self.before.as_deref().map(digest), digest(&self.after))
    }
}

fn digest(bytes: &[u8]) -> String {
    Digest::sha3(bytes).to_string()
}

/// The secrets that findings are about.
fn secrets(sites: &[SiteVerdict]) -> impl Iterator<Item = String> {
    sites.iter().flat_map(|site| &site.findings).flat_map(|finding| &finding.secrets).cloned()
}

/// The repairs of a finding that could be applied at all, best first.
fn candidates<'a>(finding: &'a Finding, limits: &Limits) -> impl Iterator<Item = &'a Fix> {
    let permission = limits.permission.min(Applicability::Review);
    finding.fixes.iter().filter(move |fix| fix.applicability >= permission && !fix.changes.is_empty())
}
