//! The notions of JavaScript that the engine's checks rest on.

use std::borrow::Cow;

use crate::text::ecma::{is_space, number_to_string, trim};
use crate::text::tree::{Kind, Node};

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
    let text = text.trim_start_matches(is_space);
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let length = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let value = unsigned[..length].parse().unwrap_or(f64::NAN);
    if text.starts_with('-') { -value } else { value }
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
