//! Mechanical repairs of what is almost JSON.

use std::ops::Range;

use super::edit::{self, Edit};
use super::json;
use super::span::FileId;

/// Edits that make JSON of a text, and what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What it does, as an order.
    pub title: &'static str,
    /// The edits.
    pub edits: Vec<Edit>,
}

/// Longer texts are not searched for a missing comma.
const MAX_BYTES: usize = 1_000_000;

/// The repair of a text that is no JSON, if taking out comments and commas, or adding one comma, is all it needs.
#[must_use]
pub fn propose(text: &str) -> Option<Repair> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let parts = parts(text);
    let cut = |ranges: &[Range<usize>]| -> Vec<Edit> {
        ranges.iter().map(|range| Edit { range: range.clone(), text: String::new() }).collect()
    };
    let (commas, comments) = (cut(&parts.commas), cut(&parts.comments));
    let both = comments.iter().chain(&commas).cloned().collect();
    let candidates = [
        ("take out the comma after the last entry", commas),
        ("take out the comments", comments),
        ("take out the comments and the commas after last entries", both),
        ("add the missing comma", missing_comma(text).into_iter().collect()),
    ];
    let is_json =
        |edits: &[Edit]| edit::apply(text, edits).is_ok_and(|text| json::parse_manifest(&text, FileId::NONE).is_ok());
    let found = candidates.into_iter().find(|(_, edits)| !edits.is_empty() && is_json(edits));
    found.map(|(title, edits)| Repair { title, edits })
}

/// What JSON does not have and other languages do.
#[derive(Default)]
struct Parts {
    commas: Vec<Range<usize>>,
    comments: Vec<Range<usize>>,
}

fn parts(text: &str) -> Parts {
    let bytes = text.as_bytes();
    let mut parts = Parts::default();
    let (mut at, mut comma) = (0, None);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = match rest {
            [b'"', ..] => string_end(bytes, at),
            [b'/', b'/', ..] => memchr::memchr(b'\n', rest).map_or(bytes.len(), |found| at + found),
            [b'/', b'*', ..] => text[at..].find("*/").map_or(bytes.len(), |found| at + found + 2),
            _ => at + 1,
        };
        match bytes[at] {
            b'/' if end > at + 1 => {
                let end = end - usize::from(bytes[end - 1] == b'\r');
                parts.comments.push(whole_line(text, at..end));
            }
            b',' => comma = Some(at),
            b'}' | b']' => parts.commas.extend(comma.take().map(|at| at..at + 1)),
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at = end;
    }
    parts
}

fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' | b'\n' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A comment that has its line to itself goes with the line, another one with the blanks before it.
fn whole_line(text: &str, comment: Range<usize>) -> Range<usize> {
    let before = text[..comment.start].trim_end_matches([' ', '\t']);
    let after = &text[comment.end..];
    let break_ = if after.starts_with("\r\n") { 2 } else { usize::from(after.starts_with('\n')) };
    match before.ends_with('\n') && break_ > 0 {
        true => before.len()..comment.end + break_,
        false => before.len()..comment.end,
    }
}

/// A comma behind the last value before the place where a reader stops.
fn missing_comma(text: &str) -> Option<Edit> {
    let error = json::parse_manifest(text, FileId::NONE).err()?;
    let before = text.get(..error.offset)?.trim_end();
    let is_value = before.ends_with(['"', '}', ']', 'e', 'l']) || before.ends_with(|c: char| c.is_ascii_digit());
    is_value.then(|| Edit { range: before.len()..before.len(), text: ",".to_owned() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn repaired(text: &str) -> Option<String> {
        propose(text).map(|repair| edit::apply(text, &repair.edits).unwrap())
    }

    #[test]
    fn commas_and_comments_are_taken_out_and_strings_are_left_alone() {
        assert_eq!(repaired("{\"a\": [1, 2,],\n}").as_deref(), Some("{\"a\": [1, 2]\n}"));
        let commented = "{\n  // why\n  \"a\": \"http://x, }\", /* b */\n  \"c\": 1 // d\n}\n";
        assert_eq!(repaired(commented).as_deref(), Some("{\n  \"a\": \"http://x, }\",\n  \"c\": 1\n}\n"));
        assert_eq!(repaired("{\r\n  // why\r\n  \"a\": 1,\r\n}\r\n").as_deref(), Some("{\r\n  \"a\": 1\r\n}\r\n"));
    }

    #[test]
    fn a_missing_comma_is_added_behind_the_value() {
        assert_eq!(repaired("{\n  \"a\": {}\n  \"b\": 1\n}").as_deref(), Some("{\n  \"a\": {},\n  \"b\": 1\n}"));
    }

    #[test]
    fn what_needs_more_is_left_to_people() {
        for text in
            ["", "{", "{'a': 1}", "{\"a\": }", "{\"a\": 1 \"b\": 2 \"c\": 3}", "/*", "//", "{\"a\": \"", "{\"a\\"]
        {
            assert_eq!(repaired(text), None, "{text}");
        }
    }
}
