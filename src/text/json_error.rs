//! What is wrong with a JSON text, where, and in words for people.

use serde_json::error::Category;

/// Why a text is not JSON, and where that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct JsonError {
    /// Byte offset of the place.
    pub offset: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong, without the place.
    pub reason: String,
}

impl JsonError {
    /// Says that something is wrong at a byte offset of a text.
    #[must_use]
    pub fn at(text: &str, offset: usize, reason: String) -> JsonError {
        let offset = floor_boundary(text, offset);
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        JsonError {
            offset,
            line: count(lines + 1),
            column: count(text[line_start..offset].chars().count() + 1),
            reason,
        }
    }
}

/// The offset, or the start of the character that it lies in.
fn floor_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

pub(super) fn nested_too_deeply(text: &str, offset: usize) -> JsonError {
    let reason = format!("lists and objects are nested too deeply, at most {} levels are read", super::json::MAX_DEPTH);
    JsonError::at(text, offset, reason)
}

/// Turns the error of the validator into ours.
pub(super) fn explain(text: &str, error: &serde_json::Error) -> JsonError {
    if error.classify() == Category::Eof {
        return JsonError::at(text, text.len(), unfinished(text, &error.to_string()));
    }
    let offset = byte_offset(text, error.line(), error.column());
    let message = error.to_string();
    // The validator stops before a control character and after anything else.
    let in_string = message.starts_with("control character");
    let offset = if in_string { text.len().min(offset + 1) } else { offset };
    let (offset, reason) = refine(text, floor_boundary(text, offset), &message);
    JsonError::at(text, offset, reason)
}

/// The offset of the byte at a line (from 1) and column (bytes, from 1).
fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let skipped = line.saturating_sub(1);
    let start = if skipped == 0 {
        0
    } else {
        let line_break = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').nth(skipped - 1);
        line_break.map_or(text.len(), |(at, _)| at + 1)
    };
    (start + column).saturating_sub(1).min(text.len())
}

fn unfinished(text: &str, message: &str) -> String {
    let inside = |what: &str| format!("the text ends inside {what}");
    match message {
        _ if text.trim().is_empty() => "the file is empty, expected a JSON value".to_owned(),
        _ if message.contains("a list") => inside("a list, expected \"]\""),
        _ if message.contains("an object") => inside("an object, expected \"}\""),
        _ if message.contains("a string") => inside("a string, expected a closing double quote"),
        _ => "the text ends where a value is expected".to_owned(),
    }
}

/// The reason for the validator's message, and the place that explains it best.
fn refine(text: &str, offset: usize, message: &str) -> (usize, String) {
    let found = text.get(offset..).and_then(|rest| rest.chars().next()).unwrap_or('\u{0}');
    let about = |prefix: &str| message.starts_with(prefix);
    if let Some(reason) = not_json(text, offset, found) {
        return (offset, reason);
    }
    let shown = show(found);
    let before = text.get(..offset).unwrap_or_default().trim_end();
    if matches!(found, ']' | '}') && before.ends_with(',') {
        return (before.len() - 1, format!("a comma before {shown} has nothing after it"));
    }
    let reason = match () {
        () if about("trailing characters") => format!("{shown} follows the end of the value"),
        () if about("key must") => format!("{shown} where a key in double quotes is expected"),
        () if about("expected `:`") => format!("{shown} after a key, expected \":\""),
        () if about("expected `,` or `]`") => format!("{shown} after a list item, expected \",\" or \"]\""),
        () if about("expected `,` or `}`") => format!("{shown} after a value, expected \",\" or \"}}\""),
        () if about("expected ident") => "a word other than \"true\", \"false\" and \"null\"".to_owned(),
        () if about("invalid escape") => "an escape that JSON does not have".to_owned(),
        () if about("invalid number") => "a number that JSON does not have".to_owned(),
        () if about("control character") => match found {
            '\n' | '\r' => "a line break inside a string, expected a closing double quote or \"\\n\"".to_owned(),
            _ => format!("{shown} inside a string must be written as an escape"),
        },
        () => format!("{shown} where a value is expected"),
    };
    (offset, reason)
}

/// What is no JSON in any place: comments, other quotes, conflict markers, a byte order mark.
fn not_json(text: &str, offset: usize, found: char) -> Option<String> {
    let rest = &text[offset..];
    let starts_line = offset == 0 || text.as_bytes()[offset - 1] == b'\n';
    match found {
        '/' if rest.starts_with("//") || rest.starts_with("/*") => Some("JSON has no comments".to_owned()),
        '\'' => Some("single quotes, expected double quotes".to_owned()),
        '\u{feff}' if offset == 0 => Some("the file starts with a byte order mark, expected none".to_owned()),
        '<' | '=' | '>'
            if starts_line && ["<<<<<<<", "=======", ">>>>>>>"].iter().any(|mark| rest.starts_with(mark)) =>
        {
            Some("a merge conflict is not resolved".to_owned())
        }
        _ => None,
    }
}

fn show(found: char) -> String {
    match found {
        '"' => "a string".to_owned(),
        _ if found.is_control() => format!("the control character U+{:04X}", u32::from(found)),
        _ => format!("\"{found}\""),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::json::parse;
    use super::super::span::FileId;

    fn told(text: &str) -> (usize, u32, u32, String) {
        let error = parse(text, FileId(0)).unwrap_err();
        (error.offset, error.line, error.column, error.reason)
    }

    #[test]
    fn each_mistake_is_named_at_its_place() {
        for (text, offset, words) in [
            ("", 0, "empty"),
            (" \n", 2, "empty"),
            ("{\"a\": 1,}", 7, "comma before \"}\""),
            ("[1, 2, ]", 5, "comma before \"]\""),
            ("{\"a\": 1 \"b\": 2}", 8, "a string after a value"),
            ("{a: 1}", 1, "\"a\" where a key"),
            ("{'a': 1}", 1, "single quotes"),
            ("{\"a\" 1}", 5, "expected \":\""),
            ("// x\n{}", 0, "no comments"),
            ("{\n  /* x */\n}", 4, "no comments"),
            ("{} x", 3, "follows the end"),
            ("{\n<<<<<<< HEAD\n", 2, "merge conflict"),
            ("[tru]", 4, "word other"),
            ("[\"\\x\"]", 3, "escape"),
            ("[01]", 2, "number"),
            ("[\"a\nb\"]", 3, "line break"),
            ("[\"a\u{1}\"]", 3, "U+0001"),
            ("[undefined]", 1, "\"u\" where a value"),
            ("[1", 2, "inside a list"),
            ("{\"a", 3, "inside a string"),
            ("{\"a\":1", 6, "inside an object"),
            ("{\"a\":", 5, "value is expected"),
        ] {
            let (at, _, _, reason) = told(text);
            assert!(reason.contains(words) && at == offset, "{text:?}: {reason} at {at}");
        }
    }

    #[test]
    fn an_error_inside_a_wide_character_is_told_at_its_start() {
        let (offset, _, column, _) = told("\"\\u12😀\"");
        assert_eq!((offset, column), (5, 6));
    }

    #[test]
    fn lines_and_columns_count_characters_from_one() {
        let (offset, line, column, _) = told("{\n \"é\": \"ü\" x}");
        assert_eq!((offset, line, column), (14, 2, 11));
    }
}
