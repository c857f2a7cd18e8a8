//! PRJ101: text whose encoding was broken.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;
use crate::text::edit::Edit;
use crate::text::span::Span;

/// A configuration file holds UTF-8 that somebody read as Windows-1252 or Mac Roman.
pub(super) static RULE: Rule = Rule {
    id: "PRJ101",
    name: "encoding-broken",
    summary: "A configuration file was read in another encoding and saved again",
    docs: "\
## What happens

The deploy turns green. Titles, headers and redirects hold two or three wrong characters where one letter was \
meant.

## Why

An editor or a script took the bytes of UTF-8 for letters of an old encoding and saved them as UTF-8 once more.

## How to mend it

Write the letters that were meant, and save the file as UTF-8.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[docs("https://www.w3.org/International/questions/qa-what-is-encoding", "2026-11-21")],
    check: Check::Job(check),
};

/// The configuration files that are looked at.
const FILES: [&str; 12] = [
    "netlify.toml",
    "render.yaml",
    "_redirects",
    "_headers",
    "public/_redirects",
    "static/_redirects",
    "package.json",
    "hugo.toml",
    "config.toml",
    "_config.yml",
    "mkdocs.yml",
    "astro.config.mjs",
];
/// The longest file that is read.
const MAX_LENGTH: usize = 1 << 18;

/// What two or three wrong characters were meant to be: UTF-8 read as Windows-1252, then as Mac Roman.
const BROKEN: [(&str, &str); 30] = [
    ("Ã¤", "ä"),
    ("Ã¶", "ö"),
    ("Ã¼", "ü"),
    ("ÃŸ", "ß"),
    ("Ã„", "Ä"),
    ("Ã–", "Ö"),
    ("Ãœ", "Ü"),
    ("Ã©", "é"),
    ("Ã¨", "è"),
    ("Ãª", "ê"),
    ("Ã§", "ç"),
    ("Ã±", "ñ"),
    ("Ã¡", "á"),
    ("Ã³", "ó"),
    ("Ãº", "ú"),
    ("â€™", "’"),
    ("â€œ", "“"),
    ("â€“", "–"),
    ("â€”", "—"),
    ("â€¦", "…"),
    ("√§", "ä"),
    ("√∂", "ö"),
    ("√º", "ü"),
    ("√©", "é"),
    ("√®", "è"),
    ("‚Äô", "’"),
    ("‚Äú", "“"),
    ("‚Äù", "”"),
    ("‚Äì", "–"),
    ("‚Äî", "—"),
];

fn check(job: &Job<'_>, out: &mut Sink) {
    let dirs: &[&str] = if job.dir.is_empty() { &[""] } else { &[job.dir, ""] };
    let candidates = FILES.iter().flat_map(|name| dirs.iter().map(move |dir| (*dir, *name)));
    for (dir, name) in candidates.filter(|(dir, name)| job.snapshot.holds(dir, name)) {
        let path = child(dir, name);
        let Some((file, source)) = job.open(&path).filter(|(_, source)| source.text.len() <= MAX_LENGTH) else {
            continue;
        };
        let found = places(&source.text);
        let Some((at, wrong, meant)) = found.first().copied() else { continue };
        let edits =
            found.iter().map(|(at, wrong, meant)| Edit { range: *at..at + wrong.len(), text: (*meant).to_owned() });
        let finding = RULE
            .finding(format!("\"{path}\" has \"{wrong}\" where \"{meant}\" was meant: it was read in another encoding and saved again"))
            .at(Span::new(file, at, at + wrong.len()))
            .label(format!("meant: {meant}"));
        let finding = match found.len() {
            1 => finding,
            count => finding.note(format!("{count} places in all")),
        };
        out.report(finding.fix(Fix::edits(Applicability::Review, "write the letters that were meant", file, edits)));
    }
}

/// The broken places of a text, in order.
fn places(text: &str) -> Vec<(usize, &'static str, &'static str)> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found: Vec<_> = BROKEN
        .iter()
        .flat_map(|(wrong, meant)| text.match_indices(wrong).map(move |(at, _)| (at, *wrong, *meant)))
        .collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_encodings_are_recognised_and_sound_text_is_none() {
        let meant = |text: &str| places(text).into_iter().map(|(_, _, meant)| meant).collect::<Vec<_>>();
        assert_eq!(meant("CafÃ© â€“ MÃ¼nchen"), ["é", "–", "ü"]);
        assert_eq!(meant("Caf√© ‚Äì M√ºnchen"), ["é", "–", "ü"]);
        assert!(meant("Café – München √2 Ãngelo").is_empty());
    }
}
