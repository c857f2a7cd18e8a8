//! Mechanical repairs of what is almost YAML.

use crate::rule::fix::{Applicability, Fix};
use crate::text::edit::{self, Edit};
use crate::text::span::{FileId, Span};
use crate::text::yaml::{self, ErrorKind, SyntaxError};

/// Longer texts are not tried.
const MAX_BYTES: usize = 1_000_000;

/// The repair of a fault, if after it there are fewer.
pub(super) fn propose(text: &str, file: FileId, errors: &[SyntaxError], error: &SyntaxError) -> Option<Fix> {
    let start = error.span.start as usize;
    let candidates = match error.kind {
        ErrorKind::DuplicateKey => vec![("take out the repetition", repetition(text, error.span))],
        _ => vec![
            ("indent with spaces", spaces(text)),
            ("put the value in quotes", quotes(text, start)),
            ("put a blank behind the colon", blank(text, start)),
            ("begin a new line with the list", glued(text, start)),
        ],
    };
    let helps = |edits: &[Edit]| {
        let repaired = edit::apply(text, edits).ok()?;
        (yaml::parse(&repaired, FileId(0)).errors.len() < errors.len()).then_some(())
    };
    let is_short = text.len() <= MAX_BYTES;
    let (title, edits) =
        candidates.into_iter().filter(|_| is_short).find(|(_, edits)| !edits.is_empty() && helps(edits).is_some())?;
    Some(Fix::edits(Applicability::Review, title, file, edits))
}

/// Every tab in an indentation becomes two blanks.
fn spaces(text: &str) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tabs = line[..indent].match_indices('\t').map(|(at, _)| start + at);
        edits.extend(tabs.map(|at| Edit { range: at..at + 1, text: "  ".to_owned() }));
        start += line.len();
    }
    edits
}

/// The range of the line around an offset, without its line break, and where the line break ends.
fn line(text: &str, offset: usize) -> Option<(usize, usize, usize)> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let next = text[offset..].find('\n').map_or(text.len(), |at| offset + at + 1);
    Some((start, start + text[start..next].trim_end_matches(['\r', '\n']).len(), next))
}

/// A line that says what another line of the same mapping has said, word for word.
fn repetition(text: &str, key: Span) -> Vec<Edit> {
    let Some((start, end, next)) = line(text, key.start as usize) else { return Vec::new() };
    let column = key.start as usize - start;
    let is_alone = text[start..key.start as usize].trim().is_empty();
    let pair = text[key.start as usize..end].trim_end();
    let is_scalar = pair
        .split_once(':')
        .is_some_and(|(_, value)| !value.trim().is_empty() && !value.trim().starts_with(['|', '>']));
    let said_before = text[..start].lines().rev().map_while(|line| {
        let indent = line.len() - line.trim_start_matches([' ', '-']).len();
        (line.trim().is_empty() || indent >= column).then(|| line.get(column..).unwrap_or_default().trim_end())
    });
    let is_repeated = said_before.into_iter().any(|said| said == pair);
    if is_alone && is_scalar && is_repeated {
        vec![Edit { range: start..next, text: String::new() }]
    } else {
        Vec::new()
    }
}

/// One of the two values of a key that stands there twice, and the edits that keep it alone.
pub(super) struct Choice<'t> {
    pub(super) value: &'t str,
    pub(super) edits: Vec<Edit>,
}

/// The two values of a key that its mapping has said before, if both are scalars on lines of their own.
pub(super) fn choices(text: &str, key: Span) -> Option<[Choice<'_>; 2]> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let (start, end, next) = line(text, key.start as usize)?;
    let column = key.start as usize - start;
    let name = text.get(key.range())?;
    let value = |from: usize, to: usize| {
        let value = text.get(from..to)?.strip_prefix(name)?.trim_start().strip_prefix(':')?.trim();
        (!value.is_empty() && !value.starts_with(['|', '>', '[', '{', '&', '*', '!'])).then_some(value)
    };
    let second = value(key.start as usize, end).filter(|_| text[start..key.start as usize].trim().is_empty())?;
    let mut at = start;
    while at > 0 {
        let (above, above_end, above_next) = line(text, at - 1)?;
        let content = text.get(above..above_end)?;
        let indent = content.len() - content.trim_start_matches([' ', '-']).len();
        if !content.trim().is_empty() && indent < column {
            return None;
        }
        if indent == column
            && let Some(first) = value(above + column, above_end)
        {
            // The line that begins an item of a list carries the dash.
            let is_plain = content.get(..column)?.trim().is_empty();
            let cut = |range| vec![Edit { range, text: String::new() }];
            return is_plain.then(|| {
                [
                    Choice { value: first, edits: cut(start..next) },
                    Choice { value: second, edits: cut(above..above_next) },
                ]
            });
        }
        at = above;
    }
    None
}

/// A value that holds what looks like a key.
fn quotes(text: &str, offset: usize) -> Vec<Edit> {
    let place = line(text, offset).and_then(|(start, end, _)| Some((start, text.get(start..end)?)));
    let Some((start, line)) = place else { return Vec::new() };
    let Some((key, value)) = line.split_once(": ") else { return Vec::new() };
    let value_start = start + key.len() + 2 + (value.len() - value.trim_start().len());
    let value = value.trim();
    let is_plain = value.contains(": ")
        && !value.contains(['"', '\\', '#'])
        && !value.starts_with(['[', '{', '\'', '&', '*', '|', '>', '!']);
    if !is_plain {
        return Vec::new();
    }
    vec![Edit { range: value_start..value_start + value.len(), text: format!("\"{value}\"") }]
}

/// `previewsEnabled: trueservices:`, a line that has lost its end.
fn glued(text: &str, offset: usize) -> Vec<Edit> {
    let place = line(text, offset).and_then(|(start, end, _)| Some((start, text.get(start..end)?)));
    let Some((start, line)) = place else { return Vec::new() };
    let lost = ["services:", "databases:", "envVarGroups:"].into_iter().find_map(|key| {
        let rest = line.strip_suffix(key)?;
        let (name, value) = rest.split_once(": ")?;
        let is_plain = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (is_plain(name) && is_plain(value)).then_some(start + rest.len())
    });
    lost.map(|at| Edit { range: at..at, text: "\n".to_owned() }).into_iter().collect()
}

/// `key:value` where others of the mapping have a blank.
fn blank(text: &str, offset: usize) -> Vec<Edit> {
    let place = line(text, offset).and_then(|(start, end, _)| Some((start, text.get(start..end)?)));
    let Some((start, line)) = place else { return Vec::new() };
    let key = line.trim_start_matches([' ', '-']);
    let indent = line.len() - key.len();
    let length = key.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let is_key = length > 0 && key[length..].starts_with(':') && !key[length + 1..].starts_with([' ', '/']);
    let at = start + indent + length + 1;
    if is_key && key.len() > length + 1 { vec![Edit { range: at..at, text: " ".to_owned() }] } else { Vec::new() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::rule::fix::Change;

    fn repaired(text: &str) -> Option<String> {
        let document = yaml::parse(text, FileId(0));
        let fix = document.errors.iter().find_map(|error| propose(text, FileId(0), &document.errors, error))?;
        let edits: Vec<Edit> = fix
            .changes
            .into_iter()
            .map(|change| match change {
                Change::Edit { span, text } => Edit { range: span.range(), text },
                Change::Create { .. } | Change::Rename { .. } => unreachable!(),
            })
            .collect();
        Some(edit::apply(text, &edits).unwrap())
    }

    #[test]
    fn tabs_become_blanks() {
        assert_eq!(repaired("a:\n\tb: 1\n\tc: 2\n").as_deref(), Some("a:\n  b: 1\n  c: 2\n"));
    }

    #[test]
    fn what_is_said_twice_is_said_once_and_a_contradiction_is_left_to_people() {
        assert_eq!(repaired("- a: 1\n  b: 2\n  a: 1\n- a: 1\n").as_deref(), Some("- a: 1\n  b: 2\n- a: 1\n"));
        assert_eq!(repaired("a: 1\nb: 2\na: 3\n"), None);
        assert_eq!(repaired("a:\n  c: 1\nb:\n  c: 1\na:\n  c: 1\n"), None);
    }

    #[test]
    fn a_value_that_looks_like_a_mapping_gets_quotes() {
        assert_eq!(repaired("a: echo x: y\nb: 1\n").as_deref(), Some("a: \"echo x: y\"\nb: 1\n"));
    }

    #[test]
    fn a_blank_behind_the_colon() {
        assert_eq!(repaired("a: 1\nb:2\nc: 3\n").as_deref(), Some("a: 1\nb: 2\nc: 3\n"));
    }

    #[test]
    fn a_line_that_has_lost_its_end_is_broken_before_the_list() {
        let text = "previewsEnabled: trueservices:\n- type: web\n";
        assert_eq!(repaired(text).as_deref(), Some("previewsEnabled: true\nservices:\n- type: web\n"));
    }
}
