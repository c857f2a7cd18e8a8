//! Repairs that are to be tried.

use crate::rule::finding::{Finding, Place};
use crate::rule::fix::{Change, Fix};
use crate::verdict::SiteVerdict;

use super::Write;
use super::proof::Aim;

/// A finding by its fingerprint and place, and a repair of it.
pub(super) type Key = (String, Place, String);

/// A repair to be tried.
pub(super) struct Candidate<'a> {
    pub(super) site: &'a SiteVerdict,
    pub(super) finding: &'a Finding,
    pub(super) fix: &'a Fix,
    pub(super) fingerprint: String,
    pub(super) key: Key,
}

impl<'v> Candidate<'v> {
    pub(super) fn aim(&self, opens: bool) -> Aim<'v> {
        Aim { site: self.site, finding: self.finding, opens }
    }

    pub(super) fn writes(&self) -> Vec<Write> {
        let write = |change: &Change| match change {
            Change::Edit { span, text } => {
                let source = self.site.sources.get(span.file)?;
                let line = Some(source.position(span.start).line);
                Some(Write {
                    path: source.name.clone(),
                    range: Some(span.range()),
                    line,
                    from: None,
                    text: text.clone(),
                })
            }
            Change::Create { path, text } => {
                Some(Write { path: path.clone(), range: None, line: None, from: None, text: text.clone() })
            }
            Change::Rename { from, to } => {
                Some(Write { path: to.clone(), range: None, line: None, from: Some(from.clone()), text: String::new() })
            }
        };
        self.fix.changes.iter().filter_map(write).collect()
    }
}

/// What a repair does, wherever its place has moved.
pub(super) fn content(fix: &Fix) -> String {
    let texts = fix.changes.iter().map(|change| match change {
        Change::Edit { text, .. } => text.as_str(),
        Change::Create { text, .. } => text,
        Change::Rename { to, .. } => to,
    });
    std::iter::once(fix.title.as_str()).chain(texts).collect::<Vec<_>>().join("\u{0}")
}
