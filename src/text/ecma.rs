//! Notions of ECMAScript that the engines' behaviour rests on: white space, numbers, strings and JSON of values.
//!
//! Values are those that went through JSON once, as the engines do: a number that is not finite counts as `null`.

use std::fmt::Write;

use super::tree::{Entry, Kind, Node, Table};

/// Tells whether `String.prototype.trim` and `\s` take the character for white space (ECMA-262, `WhiteSpace` and
/// `LineTerminator`): unlike Unicode it has U+FEFF and not U+0085.
#[must_use]
pub fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}'
            | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// Removes white space at both ends, as `String.prototype.trim` does.
#[must_use]
pub fn trim(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Removes white space at the end, as `String.prototype.trimEnd` does.
#[must_use]
pub fn trim_end(text: &str) -> &str {
    text.trim_end_matches(is_space)
}

/// Splits at runs of white space and gives the parts that are not empty, each with its byte offset.
pub fn split_space(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c| !is_space(c))?;
        at = text[start..].find(is_space).map_or(text.len(), |length| start + length);
        Some((start, &text[start..at]))
    })
}

/// Splits at commas and removes the white space around every part, as trimming and splitting at `\s*,\s*` do.
pub fn split_commas(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(trim)
}

/// Reads the integer at the start of a text, as `parseInt` does; `None` stands for `NaN`.
#[must_use]
pub fn parse_int(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(is_space);
    let (negative, text) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => hexadecimal(&text[2..])?,
        _ => decimal(text)?,
    };
    Some(if negative { -magnitude } else { magnitude })
}

fn decimal(text: &str) -> Option<f64> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// Reads hexadecimal digits and rounds once, to the nearest double and ties to even.
fn hexadecimal(text: &str) -> Option<f64> {
    const KEPT: usize = 30;
    let end = text.bytes().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(text.len());
    if end == 0 {
        return None;
    }
    let digits = text[..end].trim_start_matches('0');
    let (kept, rest) = digits.split_at(digits.len().min(KEPT));
    let sticky = u128::from(rest.bytes().any(|byte| byte != b'0'));
    let value = u128::from_str_radix(kept, 16).unwrap_or(0) | sticky;
    let scale = i32::try_from(rest.len()).unwrap_or(i32::MAX);
    #[allow(clippy::cast_precision_loss, reason = "the one rounding that the language asks for")]
    let value = value as f64;
    Some(if value == 0.0 { value } else { value * 16f64.powi(scale) })
}

/// Prints a number as `String(number)` does.
#[must_use]
pub fn number_to_string(value: f64) -> String {
    ryu_js::Buffer::new().format(value).to_owned()
}

/// Tells whether the value is `null` once it went through JSON.
#[must_use]
pub fn is_null(node: &Node) -> bool {
    match node.kind {
        Kind::Null => true,
        Kind::Number(value) => !value.is_finite(),
        _ => false,
    }
}

/// The failure of `String(value)`: a table with a key `toString` has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a table with the key \"toString\" cannot become a text")]
pub struct NoText;

/// Turns a value into a text as `String(value)` does: lists are joined with commas, tables become
/// `[object Object]`.
///
/// # Errors
///
/// A table with an own `toString` makes the engine throw a type error.
pub fn to_text(node: &Node) -> Result<String, NoText> {
    let mut text = String::new();
    write_text(node, &mut text)?;
    Ok(text)
}

fn write_text(node: &Node, out: &mut String) -> Result<(), NoText> {
    match &node.kind {
        _ if is_null(node) => out.push_str("null"),
        Kind::Null => {}
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(value) => out.push_str(&number_to_string(*value)),
        Kind::String(text) => out.push_str(text),
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                if !is_null(item) {
                    write_text(item, out)?;
                }
            }
        }
        Kind::Table(table) if table.contains_key("toString") => return Err(NoText),
        Kind::Table(_) => out.push_str("[object Object]"),
    }
    Ok(())
}

/// The keys and values of a table in the order of `Object.entries`: whole numbers ascending, then the others as
/// they were inserted.
#[must_use]
pub fn own_entries(table: &Table) -> Vec<(&str, &Entry)> {
    let mut entries: Vec<(Option<u32>, &str, &Entry)> =
        table.iter().map(|(key, entry)| (array_index(key), key, entry)).collect();
    entries.sort_by_key(|(index, ..)| index.map_or(u64::MAX, u64::from));
    entries.into_iter().map(|(_, key, entry)| (key, entry)).collect()
}

/// The number that a key stands for, if it is an array index (ECMA-262: up to 2³² − 2, without leading zeros).
fn array_index(key: &str) -> Option<u32> {
    let plain = key == "0" || (!key.starts_with('0') && key.bytes().all(|byte| byte.is_ascii_digit()));
    let index = if plain { key.parse().ok()? } else { return None };
    (index != u32::MAX).then_some(index)
}

/// Appends the compact JSON of a value with the keys of every table sorted, so that equal values print equally.
///
/// The key `__proto__` is left out: the engines' stable printer loses it.
pub fn write_stable_json(node: &Node, out: &mut String) {
    match &node.kind {
        _ if is_null(node) => out.push_str("null"),
        Kind::Null => {}
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(value) => out.push_str(&number_to_string(*value)),
        Kind::String(text) => write_json_string(text, out),
        Kind::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_stable_json(item, out);
            }
            out.push(']');
        }
        Kind::Table(table) => write_stable_table(table, out),
    }
}

/// Appends the compact JSON of a table with sorted keys; see [`write_stable_json`].
pub fn write_stable_table(table: &Table, out: &mut String) {
    let mut entries: Vec<(&str, &Entry)> = table.iter().filter(|(key, _)| *key != "__proto__").collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    out.push('{');
    for (index, (key, entry)) in entries.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_json_string(key, out);
        out.push(':');
        write_stable_json(&entry.value, out);
    }
    out.push('}');
}

/// Appends a text as a JSON string, escaped as `JSON.stringify` does.
pub fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' => {
                let _infallible = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}
