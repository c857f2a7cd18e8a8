//! NTL005: a backslash that is no escape.

use crate::platform::netlify::config::{Failure, Topic, escape as engine};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::edit::{self, Edit};
use crate::text::span::{FileId, Span};
use crate::text::toml::{self, escape, outline};

/// A backslash in a string that TOML does not know.
pub(super) static RULE: Rule = Rule {
    id: "NTL005",
    name: "backslash-not-an-escape",
    summary: "A backslash in a string is not an escape",
    docs: "\
## What happens

Netlify stops while it reads the configuration. Earlier releases let some of these pass, and then the deploy was green \
without any header or redirect of the file.

## Why

Between double quotes a backslash starts an escape, and TOML knows few: `\\b \\t \\n \\f \\r \\\" \\\\` and the \
numbered ones with `\\u` and `\\U`. Regular expressions and Windows paths are full of others.

## How to mend it

Double the backslash, or put the value between single quotes, where a backslash is a plain character.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/endoflife-date/endoflife.date/issues/3409", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/3673", "2026-11-20"),
        source("https://github.com/netlify/build/blob/main/packages/config/src/parse.ts", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Most backslashes of one file that are mended at once.
const MOST_FIXED: usize = 1000;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(failure) = site.failure(Topic::Escape) else { return };
    let span = failure.span();
    let Some(text) = site.resolution.sources.get(span.file).map(|source| source.text.as_str()) else { return };
    let faulty = escape::faulty(text);
    let (line, found) = match failure {
        Failure::Escape { escape, .. } => (
            format!("the following backslash should be escaped: \\{}", escape.character),
            faulty.binary_search(&escape.offset).ok().map(|_| escape.offset),
        ),
        // The parser stops behind the backslash.
        _ => ("Could not parse configuration file".to_owned(), before(&faulty, span.range().end)),
    };
    let start = found.map_or(span.start, |at| u32::try_from(at).unwrap_or(span.start));
    let finding = RULE.finding(failure.to_string()).at(Span { start, ..span }).label("not an escape").log_line(line);
    out.report(match found {
        Some(_) if faulty.len() > MOST_FIXED => finding,
        Some(at) => fixes(text, at, &faulty, span).into_iter().fold(finding, Finding::fix),
        None => finding.help("Netlify's search for backslashes does not see that this string has no escapes: avoid it"),
    });
}

fn before(faulty: &[usize], end: usize) -> Option<usize> {
    faulty[..faulty.partition_point(|at| *at < end)].last().copied()
}

/// What the backslashes can have been meant as, the likelier first.
fn fixes(text: &str, at: usize, faulty: &[usize], span: Span) -> Vec<Fix> {
    let many = if faulty.len() == 1 { "the backslash" } else { "the backslashes" };
    let edits = |range: fn(usize) -> std::ops::Range<usize>, new: &str| -> Vec<Edit> {
        faulty.iter().map(|at| Edit { range: range(*at), text: new.to_owned() }).collect()
    };
    let doubled = (format!("double {many}"), edits(|at| at..at, "\\"));
    let removed = (format!("remove {many}"), edits(|at| at..at + 1, ""));
    let is_pattern = faulty.iter().all(|at| escape::is_pattern(text, *at));
    let is_mark = |at: &usize| text[at + 1..].starts_with(|next: char| next.is_ascii_punctuation());
    let candidates = match single_quotes(text, at) {
        Some(edits) => vec![("write the path between single quotes".to_owned(), edits)],
        None if is_pattern => vec![doubled],
        None if faulty.iter().all(is_mark) => vec![removed, doubled],
        None => vec![doubled, removed],
    };
    let how_far = if is_pattern && candidates.len() == 1 { Applicability::Safe } else { Applicability::Review };
    let mended = candidates.into_iter().filter(|(_, edits)| is_mended(text, edits));
    mended.map(|(title, edits)| Fix::edits(how_far, title, span.file, edits)).collect()
}

/// A Windows path keeps all its backslashes between single quotes.
fn single_quotes(text: &str, at: usize) -> Option<Vec<Edit>> {
    let outline = outline::outline(text);
    let literal = outline.string_at(at).filter(|literal| literal.is_basic && !literal.is_multiline)?;
    let inner = text[literal.range.clone()].strip_prefix('"')?.strip_suffix('"')?;
    let is_path = inner.starts_with(|c: char| c.is_ascii_alphabetic()) && inner[1..].starts_with(":\\");
    (is_path && !inner.contains(['\'', '"']))
        .then(|| vec![Edit { range: literal.range.clone(), text: format!("'{inner}'") }])
}

/// Whether neither the engine's search nor the parser complains of a backslash after the edits.
fn is_mended(text: &str, edits: &[Edit]) -> bool {
    let Ok(mended) = edit::apply(text, edits) else { return false };
    let parsed = toml::parse(&mended, FileId::NONE);
    let is_escape = |reason: &toml::Reason| {
        use toml::Reason::{EscapedSpace, NotACharacter, ShortEscape, UnknownEscape};
        matches!(reason, UnknownEscape(_) | EscapedSpace | ShortEscape { .. } | NotACharacter(_))
    };
    engine::find(&mended).is_none() && !parsed.is_err_and(|error| is_escape(&error.reason))
}
