//! Places where readers of YAML disagree.
//!
//! The types of YAML 1.1 (<https://yaml.org/type/>) are those of libyaml's users; Go's `yaml.v2` and `yaml.v3`
//! (`resolve.go`) take some of them over, YAML 1.2's core schema none.

use crate::text::span::Span;

/// A place that not every reader reads in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What is read differently.
    pub span: Span,
    /// How.
    pub kind: DoubtKind,
}

/// The ways in which readers disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoubtKind {
    /// `on`, `off`, `yes`, `no`, `y`, `n`: a truth value by YAML 1.1, a string by YAML 1.2.
    Truth,
    /// `010`, `0b1`, `1_000`, `-0x1F`: by YAML 1.1 and Go another number than by YAML 1.2, or one where that has a string.
    Number,
    /// `0o17`: a number by YAML 1.2 and Go's `yaml.v3`, a string by YAML 1.1.
    Octal,
    /// `190:20:30`: a number to the base 60 by YAML 1.1, a string by YAML 1.2 and Go.
    Sexagesimal,
    /// `2024-01-31`: a date by YAML 1.1 and Go, a string by YAML 1.2.
    Date,
    /// `<<`: a merge key by YAML 1.1 and Go, an ordinary key by YAML 1.2.
    Merge,
    /// A second `<<` in one mapping: merged like the first by some, the only one that counts for Go's `yaml.v3`.
    SecondMerge,
    /// A repeated key: an error to some readers, the last one counts for others.
    DuplicateKey,
    /// `=`: a special value by YAML 1.1, a string by YAML 1.2 and Go.
    Value,
    /// A tab at the start of a line or after `-` or `?`: white space by YAML 1.2, an error to libyaml and Go.
    Tab,
}

impl DoubtKind {
    /// What readers of YAML 1.1 see, for a sentence.
    #[must_use]
    pub fn other_reading(self) -> &'static str {
        match self {
            DoubtKind::Truth => "a truth value",
            DoubtKind::Number => "another number",
            DoubtKind::Octal => "a text",
            DoubtKind::Sexagesimal => "a number to the base 60",
            DoubtKind::Date => "a date",
            DoubtKind::Merge | DoubtKind::SecondMerge => "keys of another mapping",
            DoubtKind::DuplicateKey => "an error, or only the last of both",
            DoubtKind::Value => "a default value",
            DoubtKind::Tab => "an error",
        }
    }
}

/// How readers disagree about a plain scalar.
pub(super) fn of_plain(text: &str) -> Option<DoubtKind> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        b'=' if text == "=" => Some(DoubtKind::Value),
        b'o' | b'O' | b'y' | b'Y' | b'n' | b'N' => is_truth(text).then_some(DoubtKind::Truth),
        b'0'..=b'9' | b'-' | b'+' => of_number(text),
        _ => None,
    }
}

fn is_truth(text: &str) -> bool {
    const WORDS: [&str; 6] = ["on", "off", "yes", "no", "y", "n"];
    let (first, rest) = text.split_at(1);
    let is_cased = text == first.to_ascii_uppercase() + &rest.to_ascii_uppercase()
        || !rest.bytes().any(|byte| byte.is_ascii_uppercase());
    is_cased && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn of_number(text: &str) -> Option<DoubtKind> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = |text: &str, is_digit: fn(&u8) -> bool| {
        text.bytes().any(|byte| byte != b'_') && text.bytes().all(|byte| byte == b'_' || is_digit(&byte))
    };
    let is_date = || unsigned == text && is_date(text);
    if let Some(rest) = text.strip_prefix("0o") {
        return digits(rest, |byte| (b'0'..=b'7').contains(byte)).then_some(DoubtKind::Octal);
    }
    if let Some(rest) = unsigned.strip_prefix("0b") {
        return digits(rest, |byte| matches!(byte, b'0' | b'1')).then_some(DoubtKind::Number);
    }
    if let Some(rest) = unsigned.strip_prefix("0x") {
        let differs = unsigned != text || rest.contains('_');
        return (differs && digits(rest, u8::is_ascii_hexdigit)).then_some(DoubtKind::Number);
    }
    if unsigned.contains(':') && is_sexagesimal(unsigned) {
        return Some(DoubtKind::Sexagesimal);
    }
    if is_date() {
        return Some(DoubtKind::Date);
    }
    let starts_with_digit = unsigned.starts_with(|first: char| first.is_ascii_digit());
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_decimal = starts_with_digit
        && digits(whole, u8::is_ascii_digit)
        && (fraction.is_empty() || digits(fraction, u8::is_ascii_digit));
    let is_octal = unsigned.len() > 1
        && unsigned.starts_with('0')
        && !unsigned.contains('.')
        && !unsigned.trim_start_matches('0').is_empty();
    (is_decimal && (is_octal || unsigned.contains('_'))).then_some(DoubtKind::Number)
}

/// `190:20:30`, `1:30.5`: every part after the first is below 60.
fn is_sexagesimal(text: &str) -> bool {
    let text = text.split_once('.').map_or(text, |(whole, fraction)| {
        if fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') { whole } else { "" }
    });
    let mut parts = text.split(':');
    let is_first = parts.next().is_some_and(|first| {
        first.starts_with(|digit: char| ('1'..='9').contains(&digit))
            && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
    });
    let is_below_60 = |part: &str| {
        part.len() <= 2
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|part| part < 60)
    };
    is_first && parts.all(is_below_60)
}

/// `2024-01-31`, or with one digit for month and day when a time follows.
fn is_date(text: &str) -> bool {
    let (date, time) = text.find(['T', 't', ' ', '\t']).map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let are_numbers = [year, month, day].into_iter().all(is_number);
    let is_time = |time: &str| {
        let time = time.trim_start();
        let mut parts = time.splitn(3, ':');
        let head = [parts.next(), parts.next()].into_iter().flatten().all(|part| part.len() <= 2 && is_number(part));
        head && parts.next().is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
    };
    let widths = (year.len(), month.len(), day.len());
    are_numbers
        && match time {
            None => widths == (4, 2, 2),
            Some(time) => year.len() == 4 && month.len() <= 2 && day.len() <= 2 && is_time(time),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_1_1_reads_differently_is_in_doubt() {
        for (kind, texts) in [
            (DoubtKind::Truth, &["on", "Off", "YES", "no", "y", "N"][..]),
            (DoubtKind::Number, &["010", "-07", "09", "0b101", "1_000", "-0x1F", "0x1_F", "1_0.5"]),
            (DoubtKind::Octal, &["0o17"]),
            (DoubtKind::Sexagesimal, &["190:20:30", "12:30", "1:30.5"]),
            (DoubtKind::Date, &["2024-01-31", "2001-12-14t21:59:43.10-05:00", "2001-1-4 2:59:43"]),
            (DoubtKind::Value, &["="]),
        ] {
            for text in texts {
                assert_eq!(of_plain(text), Some(kind), "{text}");
            }
        }
    }

    #[test]
    fn what_all_read_alike_is_not_in_doubt() {
        for text in [
            "",
            "true",
            "one",
            "oN",
            "yEs",
            "nope",
            "0",
            "00",
            "0.5",
            "00.5",
            "10",
            "3.10",
            "0x1F",
            "1e3",
            "-1",
            "-",
            "+",
            "08:30",
            "8080:80",
            "1.2.3",
            "2024-1-31",
            "2024-01",
            "5-3-2",
            "_1",
            "1__",
            "==",
            "~",
            "0b2",
            "0o8",
            "é",
        ] {
            let expected = if text == "1__" { Some(DoubtKind::Number) } else { None };
            assert_eq!(of_plain(text), expected, "{text}");
        }
    }
}
