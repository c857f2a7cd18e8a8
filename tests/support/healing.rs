//! What holds of every healing.

use std::ops::Range;

use chimera::heal::proof::is_rejected;
use chimera::heal::{HealedFile, Healing, Limits, heal};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::{Level, Severity};
use chimera::rule::fix::Applicability;
use chimera::text::span::FileId;
use chimera::text::{json, toml, yaml};
use chimera::verdict::SiteVerdict;

/// Simulates a tree.
pub(crate) type Judge<'a> = &'a dyn Fn(&Snapshot) -> Vec<SiteVerdict>;

/// What is healed unasked.
pub(crate) const SAFE: Limits = Limits { permission: Applicability::Safe, severity: Severity::High };

/// What is healed once somebody has looked at it.
pub(crate) const REVIEWED: Limits = Limits { permission: Applicability::Review, severity: Severity::High };

/// Everything that can be healed at all.
pub(crate) const EVERYTHING: Limits = Limits { permission: Applicability::Review, severity: Severity::Low };

pub(crate) fn healed(snapshot: &Snapshot, judge: Judge<'_>, limits: &Limits) -> Healing {
    heal(snapshot, judge, limits, &|| false)
}

/// The tree after a healing.
pub(crate) fn tree(snapshot: &Snapshot, healing: &Healing) -> Snapshot {
    chimera::heal::tree(snapshot, &healing.files)
}

/// Heals and checks every law; what is broken, in words.
pub(crate) fn check(snapshot: &Snapshot, judge: Judge<'_>, limits: &Limits) -> Result<Healing, String> {
    let healing = healed(snapshot, judge, limits);
    for file in &healing.files {
        check_file(file).map_err(|law| format!("{}: {law}; {}", file.path, titles(&healing)))?;
    }
    check_errors(&healing)?;
    let after = tree(snapshot, &healing);
    let again = healed(&after, judge, limits);
    if !again.files.is_empty() {
        return Err(format!("the healed is healed again: {}; first {}", titles(&again), titles(&healing)));
    }
    Ok(healing)
}

pub(crate) fn titles(healing: &Healing) -> String {
    let titles: Vec<String> =
        healing.fixes_applied.iter().map(|fix| format!("{} {}", fix.subject.rule.id, fix.title)).collect();
    titles.join(", ")
}

/// Errors never rise; only what a rejected configuration has hidden may come to light.
fn check_errors(healing: &Healing) -> Result<(), String> {
    let errors = |sites: &[SiteVerdict]| sites.iter().flat_map(|site| site.at_level(Level::Error)).count();
    let (before, after) = (errors(&healing.before), errors(healing.after()));
    let was_hidden = healing.before.iter().any(is_rejected)
        || healing.before.iter().flat_map(|site| &site.findings).any(|finding| finding.rule.id == "PRJ016");
    if after <= before || was_hidden {
        return Ok(());
    }
    Err(format!("{before} errors became {after} by {}", titles(healing)))
}

fn check_file(file: &HealedFile) -> Result<(), String> {
    if file.from.is_some() && file.before.as_ref() == Some(&file.after) {
        return Ok(());
    }
    let after = std::str::from_utf8(&file.after).map_err(|_| "the healed text is not UTF-8")?;
    let Some(before) = &file.before else { return check_readable(&file.path, after) };
    let before = std::str::from_utf8(before).map_err(|_| "a text that is not UTF-8 was edited")?;
    check_bytes_outside_edits(before, after, &file.marks)?;
    // In these, Windows line breaks are the fault that is mended.
    let is_about_breaks = [".nvmrc", "-version", ".sh"].iter().any(|end| file.path.ends_with(end));
    if !is_about_breaks {
        check_manner(before, after)?;
    }
    if check_readable(&file.path, before).is_ok() { check_readable(&file.path, after) } else { Ok(()) }
}

/// What lies between the edits lay there before, in the same order.
fn check_bytes_outside_edits(before: &str, after: &str, marks: &[(Range<usize>, usize)]) -> Result<(), String> {
    let mut ranges: Vec<&Range<usize>> = marks.iter().map(|(range, _)| range).collect();
    ranges.sort_by_key(|range| (range.start, range.end));
    let (mut at, mut rest) = (0, before);
    for (number, range) in ranges.into_iter().enumerate() {
        let kept = &after[at.min(range.start)..range.start.max(at)];
        let kept = if range.start < at { "" } else { kept };
        let found = if number == 0 { rest.starts_with(kept).then_some(0) } else { rest.find(kept) };
        let found = found.ok_or_else(|| format!("{kept:?} is not in the original any more"))?;
        rest = &rest[found + kept.len()..];
        at = at.max(range.end);
    }
    if rest.ends_with(&after[at..]) { Ok(()) } else { Err("the end of the file is another".to_owned()) }
}

/// Line breaks, byte order mark and the line break at the end.
fn check_manner(before: &str, after: &str) -> Result<(), String> {
    let plain = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
    if before.contains('\n') && plain(before) == 0 && plain(after) > 0 {
        return Err("a file with Windows line breaks got others".to_owned());
    }
    if !before.contains("\r\n") && after.contains("\r\n") {
        return Err("a file without Windows line breaks got some".to_owned());
    }
    if before.ends_with('\n') && !after.is_empty() && !after.ends_with('\n') {
        return Err("the line break at the end is gone".to_owned());
    }
    Ok(())
}

fn check_readable(path: &str, text: &str) -> Result<(), String> {
    const FILE: FileId = FileId(0);
    let fault = match path.rsplit('.').next() {
        Some("toml") => toml::parse(text, FILE).err().map(|error| error.to_string()),
        Some("json") => json::parse_manifest(text, FILE).err().map(|error| error.to_string()),
        Some("yaml" | "yml") => yaml::parse(text, FILE).errors.first().map(|error| error.message.clone()),
        _ => None,
    };
    fault.map_or(Ok(()), |fault| Err(format!("cannot be read any more: {fault}")))
}
