//! NTL005: a backslash that is no escape.

use crate::platform::netlify::config::{Failure, Topic, escape as engine};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::edit::{self, Edit};
use crate::text::span::FileId;
use crate::text::toml::{self, escape};

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

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(failure) = site.failure(Topic::Escape) else { return };
    let span = failure.span();
    let Some(text) = site.resolution.sources.get(span.file).map(|source| source.text.as_str()) else { return };
    let finding = RULE.finding(failure.to_string()).at(span).label("not an escape");
    let finding = match failure {
        Failure::Escape { escape, .. } => {
            finding.log_line(format!("the following backslash should be escaped: \\{}", escape.character))
        }
        _ => finding.log_line("Could not parse configuration file"),
    };
    let faulty = escape::faulty(text);
    let is_known = faulty.contains(&offset(failure)) || !matches!(failure, Failure::Escape { .. });
    if !is_known {
        out.report(finding.help(
            "Netlify's search for such backslashes does not see that this is no string with escapes; avoid it there",
        ));
        return;
    }
    let edits = |double: bool| {
        faulty.iter().map(move |at| match double {
            true => Edit { range: *at..*at, text: "\\".to_owned() },
            false => Edit { range: *at..*at + 1, text: String::new() },
        })
    };
    let is_pattern = faulty.iter().all(|at| escape::is_pattern(text, *at));
    let how_far = if is_pattern { Applicability::Safe } else { Applicability::Review };
    let many = if faulty.len() == 1 { "the backslash" } else { "the backslashes" };
    let mut fixes = Vec::new();
    if is_mended(text, &edits(true).collect::<Vec<_>>()) {
        fixes.push(Fix::edits(how_far, format!("double {many}"), span.file, edits(true)));
    }
    if !is_pattern && is_mended(text, &edits(false).collect::<Vec<_>>()) {
        fixes.push(Fix::edits(Applicability::Review, format!("remove {many}"), span.file, edits(false)));
    }
    out.report(fixes.into_iter().fold(finding, crate::rule::finding::Finding::fix));
}

fn offset(failure: &Failure) -> usize {
    failure.span().range().start
}

/// Whether neither the engine's search nor the parser complains of a backslash after the edits.
fn is_mended(text: &str, edits: &[Edit]) -> bool {
    let Ok(mended) = edit::apply(text, edits) else { return false };
    let parsed = toml::parse(&mended, FileId::NONE);
    let is_escape = |reason: &toml::Reason| {
        use toml::Reason::{EscapedSpace, NotACharacter, ShortEscape, UnknownEscape};
        matches!(reason, UnknownEscape(_) | EscapedSpace | ShortEscape { .. } | NotACharacter(_))
    };
    !edits.is_empty() && engine::find(&mended).is_none() && !parsed.is_err_and(|error| is_escape(&error.reason))
}
