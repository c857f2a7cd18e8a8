//! The notions of JavaScript that the engine's checks rest on.

use std::borrow::Cow;

use crate::text::tree::{Entry, Kind, Node, Table};

/// Whether `String.prototype.trim` removes it and `\s` matches it.
pub(super) fn is_white_space(character: char) -> bool {
    matches!(
        character,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}'
            | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

/// What `String.prototype.trim` leaves.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(is_white_space)
}

/// What `Number(text)` gives; NaN where the text is no number.
pub(super) fn to_number(text: &str) -> f64 {
    let text = trim(text);
    if text.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return in_radix(digits, radix);
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned == "Infinity" {
        return if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let is_decimal = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    if is_decimal { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

fn in_radix(digits: &str, radix: u32) -> f64 {
    let values = digits.chars().map(|digit| digit.to_digit(radix).map(f64::from));
    let fold = |sum: Option<f64>, digit: Option<f64>| Some(sum? * f64::from(radix) + digit?);
    if digits.is_empty() { f64::NAN } else { values.fold(Some(0.0), fold).unwrap_or(f64::NAN) }
}

/// What `parseInt(text, 10)` gives; NaN where the text does not start with a number.
pub(super) fn parse_int(text: &str) -> f64 {
    let text = text.trim_start_matches(is_white_space);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let length = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let value = unsigned[..length].parse().unwrap_or(f64::NAN);
    if text.starts_with('-') { -value } else { value }
}

/// What `String(number)` gives.
pub(super) fn number_to_string(number: f64) -> String {
    ryu_js::Buffer::new().format(number).to_owned()
}

/// What `String(value)` gives for a value that holds others only in lists.
pub(super) fn to_text(value: Option<&Node>) -> Cow<'_, str> {
    match value.map(|node| &node.kind) {
        None => "undefined".into(),
        Some(Kind::Null) => "null".into(),
        Some(Kind::Bool(truth)) => if *truth { "true" } else { "false" }.into(),
        Some(Kind::Number(number)) => number_to_string(*number).into(),
        Some(Kind::String(text)) => text.into(),
        Some(Kind::Array(_)) => "a list".into(),
        Some(Kind::Table(_)) => "[object Object]".into(),
    }
}

/// The entries of a table as `Object.entries` lists them: names that are array indexes first, ascending.
pub(super) fn entries(table: &Table) -> Vec<(&str, &Entry)> {
    let mut indexed: Vec<(u32, (&str, &Entry))> =
        table.iter().filter_map(|(key, entry)| Some((array_index(key)?, (key, entry)))).collect();
    if indexed.is_empty() {
        return table.iter().collect();
    }
    indexed.sort_by_key(|(index, _)| *index);
    let named = table.iter().filter(|(key, _)| array_index(key).is_none());
    indexed.into_iter().map(|(_, pair)| pair).chain(named).collect()
}

fn array_index(key: &str) -> Option<u32> {
    let is_canonical = key == "0" || (key.starts_with(|first| matches!(first, '1'..='9')) && key.len() <= 10);
    if !is_canonical || !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    key.parse().ok().filter(|index| *index != u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::span::Span;

    #[test]
    fn texts_become_numbers_as_in_javascript() {
        let cases = [("", 0.0), (" 7 ", 7.0), ("0x1F", 31.0), ("0b11", 3.0), ("1.", 1.0), (".5", 0.5), ("1.e1", 10.0)];
        for (text, number) in cases {
            assert!((to_number(text) - number).abs() < f64::EPSILON, "{text:?}");
        }
        for text in ["x", "1_0", "inf", "nan", "0x", "-0x1", "1e", ".", "+", "1 2", "\u{85}1"] {
            assert!(to_number(text).is_nan(), "{text:?}");
        }
        assert!(to_number("-Infinity").is_infinite());
    }

    #[test]
    fn whole_numbers_are_read_from_the_start_of_a_text() {
        assert!((parse_int("3x17") - 3.0).abs() < f64::EPSILON);
        assert!((parse_int("1e+21") - 1.0).abs() < f64::EPSILON);
        assert!(parse_int("x3").is_nan());
    }

    #[test]
    fn keys_that_are_indexes_come_first() {
        let mut table = Table::default();
        for key in ["b", "10", "01", "2", "4294967295", "a", "4294967294"] {
            table.insert(key, Span::NONE, Node::default_of(Kind::Null));
        }
        let keys: Vec<&str> = entries(&table).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["2", "10", "4294967294", "b", "01", "4294967295", "a"]);
    }

    #[test]
    fn the_byte_order_mark_is_white_space_and_next_line_is_not() {
        assert_eq!(trim("\u{feff} a\u{85}\u{2029}"), "a\u{85}");
    }
}
