//! Changes of versions and commands that keep the manner of the file they stand in.

use crate::platform::job::{Job, ToolRun};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;

/// Writes another version where one is written, with the quotes that are there or that the file needs.
pub(super) fn rewrite(job: &Job<'_>, span: Span, version: &str) -> Option<Change> {
    let source = job.sources.get(span.file).filter(|source| source.is_file)?;
    let slice = source.text.get(span.range())?;
    let written = slice.trim();
    let start = span.start as usize + slice.find(written)?;
    let place = Span::new(span.file, start, start + written.len());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '"' | '\'');
    if written.is_empty() || !written.chars().all(is_plain) {
        return None;
    }
    let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''));
    // A bare `20` would be a number in these.
    let is_typed = [".toml", ".yaml", ".yml", ".json"].iter().any(|end| source.name.ends_with(end));
    let quote = quote.or(is_typed.then_some('"')).map(String::from).unwrap_or_default();
    Some(Change::Edit { span: place, text: format!("{quote}{version}{quote}") })
}

/// Offers another version where one is written.
pub(super) fn pin(
    job: &Job<'_>,
    applicability: Applicability,
    title: String,
    span: Span,
    version: &str,
) -> Option<Fix> {
    rewrite(job, span, version).map(|change| Fix { title, applicability, changes: vec![change] })
}

/// Puts words in front of a program, where it is written as it runs.
pub(super) fn in_front(job: &Job<'_>, tool: &ToolRun<'_>, words: &str) -> Option<Change> {
    let span = tool.span(job.sources);
    job.written(span).filter(|written| *written == tool.words())?;
    Some(Change::Edit { span: Span { end: span.start, ..span }, text: words.to_owned() })
}

/// Puts words in front of the one program that the build command names.
pub(super) fn in_front_of_command(job: &Job<'_>, tool: &ToolRun<'_>, words: &str) -> Option<Change> {
    if tool.run.text == 0 {
        return in_front(job, tool, words);
    }
    let text = tool.trace.texts.first()?.text.as_str();
    let is_one = !text.trim().is_empty() && !text.contains(['&', ';', '|', '\n', '(', '=', '`', '$']);
    let span = tool.trace.span(0, job.sources, 0, text.len());
    job.written(span).filter(|written| is_one && *written == text)?;
    Some(Change::Edit { span: Span { end: span.start, ..span }, text: words.to_owned() })
}
