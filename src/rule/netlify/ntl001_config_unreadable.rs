//! NTL001: the configuration file cannot be read, or is not TOML.

use std::collections::BTreeMap;

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::edit::Edit;
use crate::text::span::Span;
use crate::text::toml::{Construct, DialectNote, Release, repair};

/// `netlify.toml` is not what Netlify's parser takes.
pub(super) static RULE: Rule = Rule {
    id: "NTL001",
    name: "config-unreadable",
    summary: "The configuration file is not valid TOML",
    docs: "\
## What happens

Netlify stops while it reads the configuration, before anything is installed. A warning of this rule means that the \
newest parser takes the file and another one in use does not: the same file can then fail on the next deploy.

## Why

TOML is stricter than it looks: text needs quotes, a string in single quotes marks ends on its line, and each key \
stands on a line of its own. Netlify's parser reads TOML 1.0 with some of 1.1, and its version is not pinned.

## How to mend it

Mend the line that is shown; the real slip is sometimes at the end of the line above. Numbers with two points, such as \
versions, are text and need quotes.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/cstate/cstate/issues/230", "2026-11-20"),
        observed("https://github.com/openshiporg/openship/issues/19", "2026-11-20"),
        observed("https://github.com/NYCPlanning/labs-zap-search/issues/1676", "2026-11-20"),
        docs("https://toml.io/en/v1.0.0", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let finding = match site.failure(Topic::File) {
        Some(Failure::Toml { error, span }) => {
            let source = site.resolution.sources.get(span.file);
            let name = source.map_or("netlify.toml", |source| source.name.as_str());
            let repair = source.and_then(|source| repair::propose(&source.text, error));
            let fix = repair.map(|repair| Fix::edits(Applicability::Review, repair.title, span.file, repair.edits));
            let string = source.and_then(|source| error.unclosed_string(&source.text, span.file));
            let finding = RULE
                .finding(format!("\"{name}\" is not valid TOML: {}", error.reason))
                .at(string.unwrap_or(*span))
                .label(if string.is_some() { "not closed" } else { "the parser stops here" })
                .log_line("Could not parse configuration file")
                .maybe_fix(fix);
            // A byte pair that starts UTF-16 is no UTF-8.
            if source.is_some_and(|source| source.text.starts_with('\u{fffd}')) {
                finding.help("the file is not UTF-8: save it as UTF-8, without a byte order mark")
            } else {
                finding
            }
        }
        Some(Failure::Missing { path }) => RULE
            .finding(format!("the configuration file \"{path}\" does not exist"))
            .at_missing(path)
            .log_line("Configuration file does not exist"),
        Some(failure @ Failure::Unreadable { path, .. }) => {
            RULE.finding(failure.to_string()).at_path(path).log_line("Could not read configuration file")
        }
        _ => return dialect(site, out),
    };
    out.report(finding);
}

/// The last character before a line break, which has nothing to be marked.
fn visible(site: &NetlifySite<'_>, span: Span) -> Span {
    let is_break = site.written(span).is_some_and(|written| written.starts_with(['\n', '\r']));
    if is_break && span.start > 0 { Span { start: span.start - 1, end: span.start, ..span } } else { span }
}

/// One warning for each way of writing that another release rejects.
fn dialect(site: &NetlifySite<'_>, out: &mut Sink) {
    let mut places: BTreeMap<Construct, Vec<&DialectNote>> = BTreeMap::new();
    for note in &site.resolution.dialect_notes {
        places.entry(note.construct).or_default().push(note);
    }
    for (construct, notes) in places {
        let releases: Vec<&str> = construct.rejected_by().iter().copied().map(Release::name).collect();
        let message =
            format!("{} is not read by every parser that Netlify uses, plain TOML 1.0 is", construct.description());
        let mut finding = RULE
            .finding(message)
            .severity(Severity::Medium)
            .at(visible(site, notes[0].span))
            .label("not in every release")
            .note(format!("it is rejected by {}", releases.join(", ")));
        if notes.len() > 1 {
            finding = finding.note(format!("the file has it {} times", notes.len()));
        }
        out.report(finding.maybe_fix(rewrite(site, &notes)));
    }
}

/// The same in TOML 1.0, at all places.
fn rewrite(site: &NetlifySite<'_>, notes: &[&DialectNote]) -> Option<Fix> {
    let edit =
        |note: &&DialectNote| Some(Edit { range: note.span.range(), text: note.plain(site.written(note.span)?)? });
    let edits: Option<Vec<Edit>> = notes.iter().map(edit).collect();
    Some(Fix::edits(Applicability::Safe, "write it as TOML 1.0 has it", notes[0].span.file, edits?))
}
