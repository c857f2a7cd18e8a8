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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::span::Span;

    fn text(value: &str) -> Node {
        Node::default_of(Kind::String(value.to_owned()))
    }

    fn number(value: f64) -> Node {
        Node::default_of(Kind::Number(value))
    }

    fn list(items: &[Node]) -> Node {
        Node::default_of(Kind::Array(items.to_vec()))
    }

    fn table(entries: &[(&str, Node)]) -> Table {
        let mut table = Table::default();
        for (key, value) in entries {
            table.insert(*key, Span::NONE, value.clone());
        }
        table
    }

    #[test]
    fn white_space_is_that_of_ecmascript_and_not_of_unicode() {
        let spaces: Vec<u32> =
            (0..=0xffff).filter_map(char::from_u32).filter(|c| is_space(*c)).map(u32::from).collect();
        let expected = [
            0x9, 0xa, 0xb, 0xc, 0xd, 0x20, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006,
            0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff,
        ];
        assert_eq!(spaces, expected);
        assert_eq!(trim("\u{feff}\u{a0}a b\u{85}\r\n"), "a b\u{85}");
        assert_eq!(trim_end(" a\u{2028}"), " a");
    }

    #[test]
    fn parts_between_white_space_come_with_their_offsets() {
        let parts: Vec<_> = split_space("\u{a0}ä\t\tb  ").collect();
        assert_eq!(parts, [(2, "ä"), (6, "b")]);
        assert_eq!(split_space(" \n").count(), 0);
    }

    #[test]
    fn items_between_commas_lose_their_white_space() {
        assert_eq!(split_commas(" a ,\u{a0}b c,, ").collect::<Vec<_>>(), ["a", "b c", "", ""]);
        assert_eq!(split_commas("").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn the_integer_at_the_start_of_a_text_is_read() {
        let read = [
            ("200", 200.0),
            ("\u{feff} 301!", 301.0),
            ("-5x", -5.0),
            ("+7", 7.0),
            ("1e3", 1.0),
            ("301.9", 301.0),
            ("0x1F", 31.0),
            ("-0Xag", -10.0),
            ("99999999999999999999999", 1e23),
            ("9007199254740993", 9_007_199_254_740_992.0),
        ];
        for (text, value) in read {
            assert_eq!(parse_int(text), Some(value), "{text}");
        }
        for text in ["", " ", "!", "x1", "-", "- 1", "0x", "0xg", "Infinity", "٣"] {
            assert_eq!(parse_int(text), None, "{text}");
        }
    }

    #[test]
    fn hexadecimal_integers_are_rounded_once_and_ties_go_to_even() {
        assert_eq!(parse_int("0x20000000000001"), Some(9_007_199_254_740_992.0));
        assert_eq!(parse_int("0x20000000000003"), Some(9_007_199_254_740_996.0));
        let beyond = format!("0x20000000000001{}1", "0".repeat(40));
        assert_eq!(parse_int(&beyond), Some(9_007_199_254_740_994.0 * 16f64.powi(41)));
        assert_eq!(parse_int(&format!("0x{}", "f".repeat(300))), Some(f64::INFINITY));
        assert_eq!(parse_int(&format!("0x{}1", "0".repeat(300))), Some(1.0));
    }

    #[test]
    fn values_become_texts_as_in_a_template() {
        let nested = list(&[number(1.5), list(&[text("a"), Node::default_of(Kind::Null)]), number(f64::NAN)]);
        assert_eq!(to_text(&nested).unwrap(), "1.5,a,,");
        assert_eq!(to_text(&number(1e21)).unwrap(), "1e+21");
        assert_eq!(to_text(&number(f64::INFINITY)).unwrap(), "null");
        assert_eq!(to_text(&Node::default_of(Kind::Bool(true))).unwrap(), "true");
        let object = |key| Node::default_of(Kind::Table(table(&[(key, number(1.0))])));
        assert_eq!(to_text(&object("valueOf")).unwrap(), "[object Object]");
        assert_eq!(to_text(&list(&[object("toString")])), Err(NoText));
    }

    #[test]
    fn array_indices_come_before_other_keys() {
        let table = table(&["b", "10", "01", "2", "-1", "4294967295", "0", ""].map(|key| (key, number(0.0))));
        let keys: Vec<&str> = own_entries(&table).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["0", "2", "10", "b", "01", "-1", "4294967295", ""]);
    }

    #[test]
    fn equal_values_print_equally() {
        let print = |table: &Table| {
            let mut out = String::new();
            write_stable_table(table, &mut out);
            out
        };
        let inner = Node::default_of(Kind::Table(table(&[("z", number(-0.0)), ("__proto__", text("x"))])));
        let one = table(&[("b", inner.clone()), ("a", list(&[text("\"\\\u{1}\n"), number(f64::NAN)]))]);
        let other = table(&[("a", list(&[text("\"\\\u{1}\n"), Node::default_of(Kind::Null)])), ("b", inner)]);
        assert_eq!(print(&one), r#"{"a":["\"\\\u0001\n",null],"b":{"z":0}}"#);
        assert_eq!(print(&one), print(&other));
    }
}
