//! Where a finding hangs in outputs that know nothing but files and lines.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::project::path;
use crate::rule::finding::{Finding, Place};
use crate::text::span::{Position, Span};
use crate::verdict::SiteVerdict;

/// A verdict, and where the files that it speaks of lie.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The verdict.
    pub verdict: &'a SiteVerdict,
    /// Path from the top of the work tree to the repository's root that was looked at.
    pub prefix: &'a str,
}

/// A place in the repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// Path from the top of the work tree; none when no file shows the cause.
    pub path: Option<String>,
    /// First and last position; none for a file as a whole.
    pub region: Option<Region>,
}

/// A range of a file, by lines and columns from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    /// Line and column of the first character.
    pub start: (u32, u32),
    /// Line and column after the last character.
    pub end: (u32, u32),
}

/// The place of a finding: its own, else what explains it, else the configuration that was in force.
#[must_use]
pub fn of(site: Site<'_>, finding: &Finding) -> Anchor {
    let whole = |path: &str| Anchor { path: Some(path::child(site.prefix, path)), region: None };
    let own = match &finding.place {
        Place::Span(span) => at(site, *span),
        Place::Path(path) if !path.is_empty() => Some(whole(path)),
        _ => None,
    };
    let related = || finding.related.iter().find_map(|label| at(site, label.span));
    let asking = || site.verdict.config_path.as_deref().map(whole);
    let missing = || match &finding.place {
        Place::Missing(path) if !path.is_empty() => Some(whole(path)),
        _ => None,
    };
    own.or_else(related).or_else(asking).or_else(missing).unwrap_or(Anchor { path: None, region: None })
}

/// The place of a span, if it lies in a file.
#[must_use]
pub fn at(site: Site<'_>, span: Span) -> Option<Anchor> {
    let source = site.verdict.sources.get(span.file).filter(|source| source.is_file)?;
    let pair = |position: Position| (position.line, position.column);
    let (start, end) = (pair(source.position(span.start)), pair(source.position(span.end.max(span.start))));
    Some(Anchor { path: Some(path::child(site.prefix, &source.name)), region: Some(Region { start, end }) })
}

/// The findings of all sites, worst first; what several platforms find at one place is there once.
#[must_use]
pub fn worst_first<'a>(sites: impl Iterator<Item = Site<'a>>) -> Vec<(Site<'a>, &'a Finding, Anchor)> {
    let all = sites.flat_map(|site| {
        let anchored = move |finding| (site, finding, of(site, finding));
        site.verdict.findings.iter().map(anchored)
    });
    let mut seen = BTreeSet::new();
    let is_new = |(_, finding, anchor): &(Site<'_>, &Finding, Anchor)| {
        seen.insert((finding.rule.id, anchor.clone(), finding.message.clone()))
    };
    let mut found: Vec<_> = all.filter(is_new).collect();
    found.sort_by_key(|(_, finding, _)| Reverse(finding.severity));
    found
}
