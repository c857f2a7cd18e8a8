//! Two simulations compared: whether a repair has helped and done no harm.

use std::collections::BTreeMap;

use sha3::{Digest, Sha3_256};

use crate::rule::finding::{Finding, Level, Place, Severity};
use crate::verdict::{SiteVerdict, Status};

/// Why a repair is taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The finding is still there.
    #[error("the finding stays")]
    Stays,
    /// Something else appeared that is as bad.
    #[error("it brings {rule}: {message}")]
    New {
        /// The rule.
        rule: &'static str,
        /// What it says.
        message: String,
    },
    /// The deploy gets less far than before, or is less certain.
    #[error("\"{site}\" would get worse: {before} before, {after} after")]
    Worse {
        /// The site.
        site: String,
        /// Status and stage before.
        before: String,
        /// Status and stage after.
        after: String,
    },
    /// A site is no longer found.
    #[error("\"{0}\" would no longer be a site")]
    Lost(String),
    /// The tree has been the same before.
    #[error("the repairs go round in a circle")]
    Circle,
    /// A file that matters could not be read.
    #[error("what the repair leads to cannot be judged: {0}")]
    Unread(String),
}

/// A finding that a repair is to heal, in the verdicts before.
#[derive(Debug, Clone, Copy)]
pub struct Aim<'a> {
    /// The site.
    pub site: &'a SiteVerdict,
    /// The finding.
    pub finding: &'a Finding,
    /// Whether the repair makes a file readable, so that whatever is wrong in it comes to light.
    pub opens: bool,
}

/// Same for the same finding of two simulations: rule, severity, place and what is written there, but not where.
#[must_use]
pub fn fingerprint(site: &SiteVerdict, finding: &Finding) -> String {
    let written = match &finding.place {
        Place::Span(span) => site.sources.slice(*span).unwrap_or_default().trim(),
        _ => "",
    };
    let parts = [
        site.platform.name,
        &site.name,
        finding.rule.id,
        finding.severity.name(),
        &path_of(site, finding),
        written,
        &finding.message,
    ];
    let mut hasher = Sha3_256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn path_of(site: &SiteVerdict, finding: &Finding) -> String {
    match &finding.place {
        Place::Span(span) => site.sources.get(span.file).map(|source| source.name.clone()).unwrap_or_default(),
        Place::Path(path) | Place::Missing(path) => path.clone(),
        Place::Site => String::new(),
    }
}

/// Site, rule and file: findings that agree in them are of one kind.
type Kind = (&'static str, String, &'static str, String);

fn kind(site: &SiteVerdict, finding: &Finding) -> Kind {
    (site.platform.name, site.name.clone(), finding.rule.id, path_of(site, finding))
}

/// How many findings there are.
#[derive(Default)]
struct Census {
    /// Of every kind: at least low, medium, high, critical.
    kinds: BTreeMap<Kind, [usize; 4]>,
    /// Of every fingerprint.
    alike: BTreeMap<String, usize>,
}

impl Census {
    fn of(sites: &[SiteVerdict]) -> Census {
        let mut census = Census::default();
        for site in sites {
            for finding in &site.findings {
                let counts = census.kinds.entry(kind(site, finding)).or_default();
                counts[..=finding.severity as usize].iter_mut().for_each(|count| *count += 1);
                *census.alike.entry(fingerprint(site, finding)).or_default() += 1;
            }
        }
        census
    }

    fn of_kind(&self, kind: &Kind, least: Severity) -> usize {
        self.kinds.get(kind).map_or(0, |counts| counts[least as usize])
    }

    fn alike(&self, fingerprint: &str) -> usize {
        self.alike.get(fingerprint).copied().unwrap_or_default()
    }
}

/// How new findings are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rigour {
    /// None that is as bad as what was healed.
    Strict,
    /// Those are let pass that were hidden, since the platform did not get beyond reading what was healed.
    Revealing,
    /// Those too that were hidden because the build ended with what was healed. They may be its doing as well, so that it is only
    /// kept if something is gained in the end.
    Unfolding,
}

/// Judges repairs by what the platform does before and after them.
///
/// # Errors
/// The first reason to take them back.
pub fn compare(
    before: &[SiteVerdict],
    after: &[SiteVerdict],
    aims: &[Aim<'_>],
    rigour: Rigour,
) -> Result<(), Rejection> {
    for site in before {
        let same = after.iter().find(|other| is_same(site, other));
        check_stage(site, same.ok_or_else(|| Rejection::Lost(site.name.clone()))?)?;
    }
    let (known, now) = (Census::of(before), Census::of(after));
    aims.iter().try_for_each(|aim| check_gone(&known, &now, aim, rigour))?;
    let least = aims.iter().map(|aim| aim.finding.severity).min().unwrap_or(Severity::High);
    let was_hidden = |site: &SiteVerdict, finding: &Finding| {
        let mut aims = aims.iter().filter(|aim| is_same(aim.site, site));
        aims.any(|aim| match rigour {
            Rigour::Strict => false,
            Rigour::Revealing => aim.hides(),
            Rigour::Unfolding => aim.hides() || aim.stops(finding),
        })
    };
    let findings = after.iter().flat_map(|site| site.findings.iter().map(move |finding| (site, finding)));
    check_new(&known, findings.filter(|(site, finding)| !was_hidden(site, finding)), least)
}

/// Whether no site has more errors than before, and some site has fewer or gets further.
#[must_use]
pub fn has_gained(before: &[SiteVerdict], after: &[SiteVerdict]) -> bool {
    let errors = |site: &SiteVerdict| site.findings.iter().filter(|finding| finding.level() == Level::Error).count();
    let gains = before.iter().map(|site| {
        let now = after.iter().find(|other| is_same(site, other))?;
        (errors(now) <= errors(site)).then_some(errors(now) < errors(site) || progress(now) > progress(site))
    });
    gains.collect::<Option<Vec<bool>>>().is_some_and(|gains| gains.contains(&true))
}

/// How far the deploy of a site gets.
fn progress(site: &SiteVerdict) -> usize {
    site.stage.map_or(usize::MAX, |stage| site.platform.order(stage))
}

impl Aim<'_> {
    /// Whether its finding kept others from being seen.
    fn hides(&self) -> bool {
        self.opens || is_rejected(self.site)
    }

    /// Whether the deploy ended with its finding, in the stage in which another shows or before it: a build that does not run
    /// reads no source and writes nothing that could be looked at.
    fn stops(&self, finding: &Finding) -> bool {
        let order = |stage| self.site.platform.order(stage);
        let ends_here = self.site.status == Status::Fail && self.site.stage == Some(self.finding.stage);
        ends_here && order(finding.stage) >= order(self.finding.stage)
    }
}

fn is_same(one: &SiteVerdict, other: &SiteVerdict) -> bool {
    one.platform.name == other.platform.name && one.name == other.name
}

fn rank(status: Status) -> u8 {
    match status {
        Status::Pass => 0,
        Status::Unknown => 1,
        Status::Fail => 2,
    }
}

fn check_stage(before: &SiteVerdict, after: &SiteVerdict) -> Result<(), Rejection> {
    let is_worse = rank(after.status) > rank(before.status) || rank(after.deploy) > rank(before.deploy);
    let is_earlier = after.status == before.status && progress(after) < progress(before);
    if !is_worse && !is_earlier {
        return Ok(());
    }
    let told = |site: &SiteVerdict| match site.stage {
        Some(stage) => format!("{} at stage {}", site.status.name(), stage.name()),
        None => site.status.name().to_owned(),
    };
    Err(Rejection::Worse { site: before.name.clone(), before: told(before), after: told(after) })
}

/// The finding is gone if there are fewer of its kind, and fewer that read exactly like it.
fn check_gone(before: &Census, after: &Census, aim: &Aim<'_>, rigour: Rigour) -> Result<(), Rejection> {
    let (kind, severity) = (kind(aim.site, aim.finding), aim.finding.severity);
    let fingerprint = fingerprint(aim.site, aim.finding);
    // Of what makes a file unreadable, only the first is ever seen.
    let is_next = || rigour == Rigour::Revealing && aim.hides();
    let is_fewer = after.of_kind(&kind, severity) < before.of_kind(&kind, severity) || is_next();
    if is_fewer && after.alike(&fingerprint) < before.alike(&fingerprint) { Ok(()) } else { Err(Rejection::Stays) }
}

/// Whether the platform did not get beyond reading the configuration, so that whatever else is wrong was hidden.
#[must_use]
pub fn is_rejected(site: &SiteVerdict) -> bool {
    site.status == Status::Fail && site.decisions.is_empty() && site.groups.is_empty()
}

/// A finding counts at its own severity and at all below, so that none may get worse in the place of another.
fn check_new<'a>(
    known: &Census,
    findings: impl Iterator<Item = (&'a SiteVerdict, &'a Finding)>,
    least: Severity,
) -> Result<(), Rejection> {
    let mut seen: BTreeMap<Kind, [usize; 4]> = BTreeMap::new();
    for (site, finding) in findings.filter(|(_, finding)| finding.severity >= least) {
        let kind = kind(site, finding);
        let known = known.kinds.get(&kind).copied().unwrap_or_default();
        let counts = seen.entry(kind).or_default();
        let levels = least as usize..=finding.severity as usize;
        counts[levels.clone()].iter_mut().for_each(|count| *count += 1);
        if levels.into_iter().any(|level| counts[level] > known[level]) {
            return Err(Rejection::New { rule: finding.rule.id, message: finding.message.clone() });
        }
    }
    Ok(())
}
