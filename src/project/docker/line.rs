//! From lines to instructions: comments, continuation lines, heredocs.

use super::heredoc;
use super::instruction::{Instruction, Piece};
use crate::text::span::FileId;

/// A line without its end: its first byte and its text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        found.push(Line { start, text: line.trim_end_matches(['\n', '\r']) });
        start += line.len();
    }
    found
}

/// The character of continuation lines: `# escape=` among the directives at the top.
fn escape(lines: &[Line<'_>]) -> char {
    for line in lines {
        let Some(comment) = line.text.trim().strip_prefix('#') else { break };
        let Some((name, value)) = comment.split_once('=') else { break };
        if name.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

/// All instructions of a text.
pub(super) fn instructions(text: &str, file: FileId) -> Vec<Instruction> {
    let lines = lines(text.strip_prefix('\u{feff}').unwrap_or(text));
    let shift = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
    let escape = escape(&lines);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut joined = String::new();
        while let Some(line) = lines.get(at) {
            at += 1;
            let trimmed = line.text.trim();
            // Comments and empty lines stand between continuation lines too.
            if trimmed.starts_with('#') || trimmed.is_empty() {
                if joined.is_empty() {
                    break;
                }
                continue;
            }
            let (kept, goes_on) = continued(line.text, escape);
            pieces.push(Piece { at: joined.len(), source: line.start + shift, length: kept.len() });
            joined.push_str(kept);
            if !goes_on {
                break;
            }
        }
        if joined.trim().is_empty() {
            continue;
        }
        let documents = heredoc::take(&joined, &lines, &mut at);
        found.extend(Instruction::new(joined, pieces, documents, escape, file));
    }
    found
}

/// A line without its continuation mark, and whether it has one.
fn continued(line: &str, escape: char) -> (&str, bool) {
    let bare = line.trim_end_matches([' ', '\t']);
    match bare.strip_suffix(escape) {
        Some(rest) if !rest.ends_with(escape) => (rest, true),
        _ => (line, false),
    }
}
