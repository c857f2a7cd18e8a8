//! Pieces of repairs that are right by themselves, each proven on a copy.

use std::ops::RangeInclusive;

use sha3::{Digest as _, Sha3_256};

use crate::heal::proof::{self, Aim, Rigour};
use crate::heal::{HealedFile, Subject};
use crate::report::diff;
use crate::rule::finding::Finding;
use crate::rule::fix::Applicability;
use crate::text::escape;
use crate::verdict::{SiteVerdict, Status};

use super::Inspection;
use super::hunk::{Hunk, hunks};

/// Pieces that are tried in a run; every one is a simulation.
const MOST_TRIED: usize = 60;

/// A change of a few lines that helps although nothing else changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The file, from the top of the repository.
    pub path: String,
    /// The lines that it replaces, from 1.
    pub lines: RangeInclusive<u32>,
    /// What stands there, without line ends.
    pub before: Vec<String>,
    /// What is to stand there.
    pub after: String,
    /// The repairs behind it: numbers in `Healing::fixes_applied`.
    pub repairs: Vec<usize>,
    /// Whether everything passes with this change alone.
    pub passes: bool,
    /// Same for the same change of the same lines.
    pub fingerprint: String,
}

/// Simulates the folder with one file changed: its path below the folder, and its text.
pub type Trial<'a> = &'a dyn Fn(&str, &str) -> Vec<SiteVerdict>;

/// The pieces of all repairs that can be taken one by one. A repair of which one piece is not right by itself has none.
#[must_use]
pub fn pieces(inspection: &Inspection, trial: Trial<'_>, is_over: &dyn Fn() -> bool) -> Vec<Piece> {
    let healing = &inspection.healing;
    let all: Vec<(&HealedFile, Hunk)> =
        healing.files.iter().flat_map(|file| hunks(file).into_iter().map(move |hunk| (file, hunk))).collect();
    let is_whole = all.len() == 1 && healing.files.len() == 1;
    let mut spoilt: Vec<usize> = repairs_of_new_files(inspection);
    let mut found = Vec::new();
    for (number, (file, hunk)) in all.iter().enumerate() {
        let is_tried = number < MOST_TRIED && !is_over();
        match is_tried.then(|| piece(inspection, file, hunk, trial, is_whole)).flatten() {
            Some(piece) => found.push(piece),
            None => spoilt.extend(&hunk.repairs),
        }
    }
    // What was spoilt takes along what shares a piece with it.
    loop {
        let (kept, dropped): (Vec<Piece>, Vec<Piece>) =
            found.into_iter().partition(|piece| !piece.repairs.iter().any(|repair| spoilt.contains(repair)));
        found = kept;
        if dropped.is_empty() {
            return found;
        }
        spoilt.extend(dropped.iter().flat_map(|piece| piece.repairs.iter().copied()));
    }
}

/// Repairs that make a file, which no comment can.
fn repairs_of_new_files(inspection: &Inspection) -> Vec<usize> {
    let is_new = |file: &&HealedFile| file.before.is_none();
    let files = inspection.healing.files.iter().filter(is_new);
    files.flat_map(|file| file.marks.iter().map(|(_, repair)| *repair)).collect()
}

fn piece(inspection: &Inspection, file: &HealedFile, hunk: &Hunk, trial: Trial<'_>, is_whole: bool) -> Option<Piece> {
    let text = std::str::from_utf8(file.before.as_deref()?).ok()?;
    let before = diff::lines(text);
    let (range, lines) = hunk.anchored(&before)?;
    let (old, after) = (before.get(range.clone())?.concat(), lines.concat());
    if !escape::is_plain(&after) || !escape::is_plain(&old) || hunk.repairs.is_empty() {
        return None;
    }
    let proven = if is_whole {
        passes(inspection.healing.after())
    } else {
        prove(inspection, hunk, &trial(&file.path, &hunk.alone(&before)?))?
    };
    let path = inspection.path(&file.path);
    let line = |index: usize| u32::try_from(index + 1).ok();
    Some(Piece {
        lines: line(range.start)?..=line(range.end.checked_sub(1)?)?,
        before: old.lines().map(str::to_owned).collect(),
        fingerprint: fingerprint(&[&path, &rules(inspection, hunk), &old, &after]),
        after,
        repairs: hunk.repairs.clone(),
        passes: proven,
        path,
    })
}

/// Whether everything passes with this piece alone; nothing when it does not help.
fn prove(inspection: &Inspection, hunk: &Hunk, after: &[SiteVerdict]) -> Option<bool> {
    let healing = &inspection.healing;
    let mut aims = Vec::new();
    for repair in &hunk.repairs {
        let (site, finding) = find(&healing.before, &healing.fixes_applied.get(*repair)?.subject)?;
        aims.push(Aim { site, finding, opens: false });
    }
    proof::compare(&healing.before, after, &aims, Rigour::Unfolding).ok()?;
    Some(passes(after))
}

fn passes(sites: &[SiteVerdict]) -> bool {
    sites.iter().all(|site| site.status == Status::Pass)
}

fn find<'a>(sites: &'a [SiteVerdict], subject: &Subject) -> Option<(&'a SiteVerdict, &'a Finding)> {
    let mut all = sites.iter().flat_map(|site| site.findings.iter().map(move |finding| (site, finding)));
    all.find(|(site, finding)| proof::fingerprint(site, finding) == subject.fingerprint)
}

fn rules(inspection: &Inspection, hunk: &Hunk) -> String {
    let applied = hunk.repairs.iter().filter_map(|repair| inspection.healing.fixes_applied.get(*repair));
    applied.map(|applied| applied.subject.rule.id).collect::<Vec<_>>().join(" ")
}

fn fingerprint(parts: &[&str]) -> String {
    let mut hasher = Sha3_256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a repair has to be looked at before it is taken.
#[must_use]
pub fn needs_a_look(inspection: &Inspection, piece: &Piece) -> bool {
    let applied = piece.repairs.iter().filter_map(|repair| inspection.healing.fixes_applied.get(*repair));
    applied.into_iter().any(|applied| applied.applicability < Applicability::Safe)
}
