//! JSON as `JSON.parse` reads it, with the span of every key and value.
//!
//! `serde_json` judges what is valid and reads escapes; where things are is found beside it.

use std::borrow::Cow;

use serde::de::IgnoredAny;

use super::json_error::{self, JsonError};
use super::json_tree;
use super::span::FileId;
use super::tree::{Entry, Node, Table};

/// The deepest nesting of lists and objects that is read.
pub const MAX_DEPTH: usize = 128;

/// Parses JSON as `JSON.parse` does: no comments, no trailing commas, no byte order mark.
///
/// Of repeated keys the last one counts, at the place of the first. Half a surrogate pair becomes U+FFFD.
///
/// # Errors
/// When `JSON.parse` throws, or when lists and objects are nested more than [`MAX_DEPTH`] deep.
pub fn parse(text: &str, file: FileId) -> Result<Node, JsonError> {
    let deep = too_deep(text);
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let found = json_error::explain(text, &error);
        return Err(match deep {
            Some(at) if at < found.offset => json_error::nested_too_deeply(text, at),
            _ => found,
        });
    }
    if let Some(at) = deep {
        return Err(json_error::nested_too_deeply(text, at));
    }
    let readable = replace_lone_surrogates(text);
    // There is always a tree: it is JSON.
    json_tree::read(&readable, file).ok_or_else(|| JsonError::at(text, 0, "cannot be read".to_owned()))
}

/// Parses a manifest as npm does: a byte order mark before the first brace is passed over.
///
/// npm drops it (`json-parse-even-better-errors/lib/index.js`); whoever hands the file to `JSON.parse` fails.
///
/// # Errors
/// As [`parse`].
pub fn parse_manifest(text: &str, file: FileId) -> Result<Node, JsonError> {
    match text.strip_prefix('\u{feff}') {
        // Spaces of the same length keep every offset true.
        Some(rest) => {
            parse(&format!("   {rest}"), file).map_err(|error| JsonError::at(text, error.offset, error.reason))
        }
        None => parse(text, file),
    }
}

/// Keys and values in the order in which JavaScript lists them: whole numbers first, then as written.
#[must_use]
pub fn javascript_order(table: &Table) -> Vec<(&str, &Entry)> {
    let mut numbered: Vec<(u32, (&str, &Entry))> = Vec::new();
    let mut named = Vec::with_capacity(table.len());
    for (key, entry) in table.iter() {
        match array_index(key) {
            Some(index) => numbered.push((index, (key, entry))),
            None => named.push((key, entry)),
        }
    }
    numbered.sort_by_key(|(index, _)| *index);
    numbered.into_iter().map(|(_, pair)| pair).chain(named).collect()
}

/// The number that a key stands for in JavaScript's ordering: canonical and below 2³² − 1.
#[must_use]
pub fn array_index(key: &str) -> Option<u32> {
    let canonical = !key.is_empty()
        && key.len() <= 10
        && key.bytes().all(|byte| byte.is_ascii_digit())
        && (key.len() == 1 || !key.starts_with('0'));
    if canonical { key.parse().ok().filter(|index| *index != u32::MAX) } else { None }
}

/// Where a list or object opens that lies deeper than allowed.
fn too_deep(text: &str) -> Option<usize> {
    // Most texts do not open that many.
    memchr::memchr2_iter(b'[', b'{', text.as_bytes()).nth(MAX_DEPTH)?;
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' if depth == MAX_DEPTH => return Some(at),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Replaces the escape of half a surrogate pair by one of U+FFFD, which has the same length.
fn replace_lone_surrogates(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\\', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut fixed = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\\') {
        at += found;
        let Some(unit) = escaped_unit(text, at) else {
            at += 2;
            continue;
        };
        let is_high = (0xd800..0xdc00).contains(&unit);
        let pair = is_high && escaped_unit(text, at + 6).is_some_and(|next| (0xdc00..0xe000).contains(&next));
        if !pair && (0xd800..0xe000).contains(&unit) {
            fixed.push_str(&text[copied..at]);
            fixed.push_str("\\ufffd");
            copied = at + 6;
        }
        at += if pair { 12 } else { 6 };
    }
    fixed.push_str(&text[copied..]);
    Cow::Owned(fixed)
}

/// The code unit of a `\uXXXX` escape at that place.
fn escaped_unit(text: &str, at: usize) -> Option<u32> {
    let escape = text.get(at..at + 6)?.strip_prefix("\\u")?;
    u32::from_str_radix(escape, 16).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILE: FileId = FileId(0);

    fn value(text: &str) -> serde_json::Value {
        parse(text, FILE).unwrap().to_json()
    }

    fn error(text: &str) -> JsonError {
        parse(text, FILE).unwrap_err()
    }

    #[test]
    fn spans_cover_keys_with_their_quotes_and_whole_values() {
        let text = r#" {"a": [1, "é"], "b": {"c": null}}"#;
        let node = parse(text, FILE).unwrap();
        let table = node.as_table().unwrap();
        assert_eq!(&text[table.key_span("a").unwrap().range()], "\"a\"");
        assert_eq!(&text[table.get("a").unwrap().span.range()], r#"[1, "é"]"#);
        assert_eq!(&text[table.get("a").unwrap().as_array().unwrap()[1].span.range()], "\"é\"");
        assert_eq!(&text[node.at(&["b", "c"]).unwrap().span.range()], "null");
        assert_eq!(&text[node.span.range()], text.trim_start());
    }

    #[test]
    fn of_repeated_keys_the_last_counts_at_the_place_of_the_first() {
        let text = r#"{"a": 1, "b": 2, "a": 3}"#;
        let node = parse(text, FILE).unwrap();
        let table = node.as_table().unwrap();
        assert_eq!(table.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(table.get("a").unwrap().as_number(), Some(3.0));
        assert_eq!(table.key_span("a").unwrap().start, 17);
    }

    #[test]
    fn what_json_parse_accepts_beyond_the_usual_is_accepted() {
        assert_eq!(value(r#""\ud83d\ude00 \ud800 \udc00\ud800\u0041""#), "😀 \u{fffd} \u{fffd}\u{fffd}A");
        assert_eq!(value(r#""\\ud800""#), "\\ud800");
        assert_eq!(parse("1e999", FILE).unwrap().as_number(), Some(f64::INFINITY));
        assert_eq!(value("\t[ ]\r\n"), serde_json::json!([]));
        assert_eq!(value("\"\u{7f}\u{2028}\""), "\u{7f}\u{2028}");
    }

    #[test]
    fn a_byte_order_mark_is_an_error_except_for_npm() {
        let text = "\u{feff}{\"name\": \"a\"}";
        assert!(error(text).reason.contains("byte order mark"));
        assert_eq!((error(text).line, error(text).column), (1, 1));
        let node = parse_manifest(text, FILE).unwrap();
        assert_eq!(&text[node.at(&["name"]).unwrap().span.range()], "\"a\"");
        assert_eq!(parse_manifest("\u{feff}{,", FILE).unwrap_err().column, 3);
    }

    #[test]
    fn deep_nesting_is_a_clean_error_however_large_the_text() {
        let open = "[".repeat(5_000_000);
        assert!(error(&open).reason.contains("nested too deeply"));
        assert_eq!(error(&open).offset, MAX_DEPTH);
        let exact = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(parse(&exact, FILE).is_ok());
        let objects = format!("{}1{}", "{\"a\":".repeat(MAX_DEPTH), "}".repeat(MAX_DEPTH));
        assert!(parse(&objects, FILE).is_ok());
        assert!(parse("[\"[[\\\"[[\"]", FILE).is_ok());
    }

    #[test]
    fn an_error_before_the_deep_place_is_the_one_that_is_told() {
        let text = format!("[1 2, {}", "[".repeat(MAX_DEPTH));
        assert_eq!(error(&text).offset, 3);
    }

    #[test]
    fn whole_number_keys_come_first_in_javascript_order() {
        let node = parse(r#"{"b": 0, "10": 0, "2": 0, "01": 0, "4294967295": 0}"#, FILE).unwrap();
        let keys: Vec<&str> = javascript_order(node.as_table().unwrap()).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["2", "10", "b", "01", "4294967295"]);
    }
}
