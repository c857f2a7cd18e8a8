//! Findings that somebody chose to ignore: by a comment in the file, or in `.chimera/config.toml`; always with a reason.

use crate::config::Configuration;
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};

use crate::rule::finding::{Finding, Place};
use crate::rule::own::SUPPRESSION_INCOMPLETE;
use crate::rule::registry;

/// A finding with the reason for which it is ignored.
#[derive(Debug)]
pub struct Silenced {
    /// The finding.
    pub finding: Finding,
    /// The reason given.
    pub reason: String,
}

/// A comment that silences rules.
struct Comment<'a> {
    file: FileId,
    /// The line it speaks of: its own, or the next one that is not a comment.
    line: u32,
    rules: Vec<&'a str>,
    reason: &'a str,
    span: Span,
}

/// Ends of the names of configuration files, where a comment may speak of the site as a whole.
const CONFIGURATION: [&str; 3] = [".toml", ".yaml", ".yml"];

const MARK: &str = "chimera: ignore";

/// Splits findings into those that stand and those that are ignored; faulty suppressions become findings.
#[must_use]
pub fn apply(
    findings: Vec<Finding>,
    sources: &Sources,
    place: &str,
    configuration: &Configuration,
) -> (Vec<Finding>, Vec<Silenced>) {
    let comments =
        sources.iter().filter(|(_, source)| source.is_file).flat_map(|(file, source)| comments(file, source));
    let (usable, faulty): (Vec<Comment<'_>>, Vec<Comment<'_>>) = comments
        .partition(|comment| !comment.reason.is_empty() && comment.rules.iter().all(|id| registry::find(id).is_some()));
    let mut standing = Vec::new();
    let mut silenced = Vec::new();
    for finding in findings {
        let by_comment =
            usable.iter().find(|comment| comment.covers(&finding, sources)).map(|comment| comment.reason.to_owned());
        match by_comment.or_else(|| configuration.reason_to_ignore(&finding, place, sources)) {
            Some(reason) => silenced.push(Silenced { finding, reason }),
            None => standing.push(finding),
        }
    }
    standing.extend(faulty.iter().map(Comment::complaint));
    (standing, silenced)
}

fn comments(file: FileId, source: &Source) -> Vec<Comment<'_>> {
    if !source.text.contains(MARK) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut offset = 0;
    for (index, line) in source.text.split_inclusive('\n').enumerate() {
        if let Some(at) = line.find(MARK).filter(|at| line[..*at].trim_end().ends_with('#')) {
            let rest = line[at + MARK.len()..].trim();
            let (rules, reason) = rest.split_once(" because ").unwrap_or((rest.trim_end_matches("because").trim(), ""));
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let stands_alone = line.trim_start().starts_with('#');
            found.push(Comment {
                file,
                line: if stands_alone { next_content_line(source, number) } else { number },
                rules: rules.split([',', ' ']).filter(|rule| !rule.is_empty()).collect(),
                reason: reason.trim(),
                span: Span::new(file, offset + at, offset + line.trim_end().len()),
            });
        }
        offset += line.len();
    }
    found
}

fn next_content_line(source: &Source, from: u32) -> u32 {
    let is_content = |line: &u32| {
        source.line(*line).is_some_and(|text| !text.trim().is_empty() && !text.trim_start().starts_with('#'))
    };
    (from + 1..).take_while(|line| source.line(*line).is_some()).find(is_content).unwrap_or(from)
}

impl Comment<'_> {
    /// A finding on the comment's line; or, of a comment in a configuration file, one that hangs at no line at all.
    fn covers(&self, finding: &Finding, sources: &Sources) -> bool {
        let names_it = self.rules.iter().any(|id| id.eq_ignore_ascii_case(finding.rule.id) || *id == finding.rule.name);
        let source = sources.get(self.file);
        names_it
            && match &finding.place {
                Place::Span(span) if span.file == self.file => {
                    source.is_some_and(|source| source.position(span.start).line == self.line)
                }
                Place::Span(_) => false,
                _ => source.is_some_and(|source| CONFIGURATION.iter().any(|end| source.name.ends_with(end))),
            }
    }

    fn complaint(&self) -> Finding {
        let unknown = self.rules.iter().find(|id| registry::find(id).is_none());
        let message = match unknown {
            Some(id) => {
                let nearest =
                    registry::nearest(id).map(|rule| format!("; did you mean {}?", rule.id)).unwrap_or_default();
                format!("\"{id}\" is no rule, so nothing is ignored{nearest}")
            }
            None if self.rules.is_empty() => "the suppression names no rule, so nothing is ignored".to_owned(),
            None => "the suppression gives no reason, so nothing is ignored".to_owned(),
        };
        SUPPRESSION_INCOMPLETE
            .finding(message)
            .at(self.span)
            .help("write \"# chimera: ignore RULE because REASON\", for example \"# chimera: ignore NTL046 because there is one page\"")
    }
}
