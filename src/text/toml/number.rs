//! Numbers (`smol-toml/dist/extract.js`): what JSON keeps of them, which is a double or nothing.

use super::dialect::Construct;
use super::error::{Fault, Reason, brief};
use super::scan::Scanner;
use super::value::Sort;
use crate::text::tree::Kind;

/// Greatest integer up to which doubles are exact (`Number.MAX_SAFE_INTEGER`).
const MAX_SAFE: u64 = 9_007_199_254_740_991;

/// Part of a decimal number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Fraction,
    Exponent,
}

/// What stood before the next character of a decimal number.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Digit,
    ExponentLetter,
    /// A point, a sign of the exponent or an underscore.
    Mark,
}

/// Reads a number. `closer` is the bracket that, with the comma, also ends values here.
pub(super) fn number(scanner: &mut Scanner<'_>, closer: Option<u8>) -> Result<(Kind, Sort), Fault> {
    let start = scanner.at;
    let signed = matches!(scanner.byte(), Some(b'+' | b'-'));
    scanner.at += usize::from(signed);
    match scanner.byte() {
        Some(b'i') => special(scanner, start, "inf", closer),
        Some(b'n') => special(scanner, start, "nan", closer),
        Some(b'0') => {
            scanner.at += 1;
            after_zero(scanner, start, signed, closer)
        }
        Some(b'1'..=b'9') => {
            scanner.at += 1;
            decimal(scanner, start, Part::Whole, Last::Digit, closer)
        }
        _ => Err(invalid(scanner, start, closer)),
    }
}

/// The fault of something at `start` that is no value.
pub(super) fn invalid(scanner: &Scanner<'_>, start: usize, closer: Option<u8>) -> Fault {
    let ends = |c: char| c.is_control() || u8::try_from(c).is_ok_and(|byte| ends_value(byte, closer));
    let word = brief(scanner.text[start..].chars().take_while(|c| !ends(*c)));
    Fault::new(start, if word.is_empty() { Reason::MissingValue } else { Reason::InvalidValue(word) })
}

/// `inf` and `nan`, which JSON turns into `null`.
fn special(scanner: &mut Scanner<'_>, start: usize, word: &str, closer: Option<u8>) -> Result<(Kind, Sort), Fault> {
    if !scanner.text[scanner.at..].starts_with(word) {
        return Err(invalid(scanner, start, closer));
    }
    scanner.at += word.len();
    Ok((Kind::Null, Sort::Special))
}

fn after_zero(
    scanner: &mut Scanner<'_>,
    start: usize,
    signed: bool,
    closer: Option<u8>,
) -> Result<(Kind, Sort), Fault> {
    let Some(byte) = scanner.byte().filter(|byte| !ends_value(*byte, closer)) else {
        return Ok((Kind::Number(0.0), Sort::Integer));
    };
    let radix = match byte {
        b'x' => Some(16),
        b'o' => Some(8),
        b'b' => Some(2),
        _ => None,
    };
    if let Some(radix) = radix.filter(|_| !signed) {
        scanner.at += 1;
        return based(scanner, start, radix, closer);
    }
    let (part, last) = match byte {
        b'.' => (Part::Fraction, Last::Mark),
        b'e' | b'E' => (Part::Exponent, Last::ExponentLetter),
        _ => return Err(Fault::new(start, Reason::LeadingZero)),
    };
    if part == Part::Exponent && !signed {
        scanner.note(Construct::ZeroExponent, start, scanner.at + 1);
    }
    scanner.at += 1;
    decimal(scanner, start, part, last, closer)
}

/// Reads the rest of a decimal number whose first characters are read.
fn decimal(
    scanner: &mut Scanner<'_>,
    start: usize,
    mut part: Part,
    mut last: Last,
    closer: Option<u8>,
) -> Result<(Kind, Sort), Fault> {
    while let Some(byte) = scanner.byte().filter(|byte| !ends_value(*byte, closer)) {
        (part, last) = match byte {
            b'0'..=b'9' => (part, Last::Digit),
            b'_' if last == Last::Digit => (part, Last::Mark),
            b'_' => return Err(scanner.fault(Reason::Underscore)),
            b'.' if part == Part::Whole && last == Last::Digit => (Part::Fraction, Last::Mark),
            b'e' | b'E' if part != Part::Exponent && last == Last::Digit => (Part::Exponent, Last::ExponentLetter),
            b'+' | b'-' if last == Last::ExponentLetter => (part, Last::Mark),
            _ => return Err(scanner.fault_about(Reason::NumberCharacter)),
        };
        scanner.at += 1;
    }
    if last != Last::Digit {
        return Err(Fault::new(start, Reason::UnfinishedNumber));
    }
    let digits = digits(&scanner.text[start..scanner.at]);
    if part == Part::Whole {
        let negative = digits.starts_with('-');
        let magnitude = digits.trim_start_matches(['+', '-']).parse().ok();
        return integer(start, negative, magnitude);
    }
    let value: f64 = digits.parse().unwrap_or(f64::NAN);
    let kind = if value.is_finite() { Kind::Number(value + 0.0) } else { Kind::Null };
    Ok((kind, Sort::Float))
}

/// Reads the digits after `0x`, `0o` or `0b`.
fn based(scanner: &mut Scanner<'_>, start: usize, radix: u32, closer: Option<u8>) -> Result<(Kind, Sort), Fault> {
    let from = scanner.at;
    let mut after_digit = false;
    while let Some(byte) = scanner.byte().filter(|byte| !ends_value(*byte, closer)) {
        match byte {
            b'_' if !after_digit => return Err(scanner.fault(Reason::Underscore)),
            b'_' => after_digit = false,
            _ if char::from(byte).is_digit(radix) => after_digit = true,
            _ => return Err(scanner.fault_about(Reason::NumberCharacter)),
        }
        scanner.at += 1;
    }
    if !after_digit {
        return Err(scanner.fault(Reason::UnfinishedNumber));
    }
    let digits = digits(&scanner.text[from..scanner.at]);
    let significant = digits.trim_start_matches('0');
    let magnitude = if significant.is_empty() { Some(0) } else { u64::from_str_radix(significant, radix).ok() };
    integer(start, false, magnitude)
}

fn integer(start: usize, negative: bool, magnitude: Option<u64>) -> Result<(Kind, Sort), Fault> {
    match magnitude.filter(|magnitude| *magnitude <= MAX_SAFE) {
        Some(magnitude) => {
            #[allow(clippy::cast_precision_loss, reason = "checked: at most 2^53 - 1")]
            let value = magnitude as f64;
            Ok((Kind::Number(if negative { -value } else { value }), Sort::Integer))
        }
        None => Err(Fault::new(start, Reason::IntegerTooLarge)),
    }
}

fn digits(written: &str) -> String {
    written.chars().filter(|c| *c != '_').collect()
}

fn ends_value(byte: u8, closer: Option<u8>) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'#') || closer.is_some_and(|closer| byte == closer || byte == b',')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::number;
    use crate::text::span::FileId;
    use crate::text::toml::error::Reason;
    use crate::text::toml::scan::Scanner;
    use crate::text::tree::Kind;

    fn value(text: &str) -> Kind {
        number(&mut Scanner::new(text, FileId(0)), None).unwrap().0
    }

    fn fault(text: &str) -> (usize, Reason) {
        let fault = number(&mut Scanner::new(text, FileId(0)), Some(b']')).unwrap_err();
        (fault.at, fault.reason)
    }

    #[test]
    fn numbers_are_doubles() {
        assert_eq!(value("1_000"), Kind::Number(1000.0));
        assert_eq!(value("-17"), Kind::Number(-17.0));
        assert_eq!(value("0xdead_BEEF"), Kind::Number(3_735_928_559.0));
        assert_eq!(value("0o0000000000000000000000000755"), Kind::Number(493.0));
        assert_eq!(value("6.626_1e-3_4"), Kind::Number(6.6261e-34));
        assert_eq!(value("0e5"), Kind::Number(0.0));
    }

    #[test]
    fn negative_zero_is_zero() {
        for text in ["-0", "-0.0", "-0e1", "-1e-999"] {
            assert!(matches!(value(text), Kind::Number(zero) if zero == 0.0 && zero.is_sign_positive()), "{text}");
        }
    }

    #[test]
    fn what_json_cannot_hold_is_null() {
        for text in ["inf", "-inf", "+nan", "1e400", "-1e400"] {
            assert_eq!(value(text), Kind::Null, "{text}");
        }
    }

    #[test]
    fn integers_end_where_doubles_stop_being_exact() {
        assert_eq!(value("9007199254740991"), Kind::Number(9_007_199_254_740_991.0));
        assert_eq!(fault("9007199254740992"), (0, Reason::IntegerTooLarge));
        assert_eq!(fault("-9007199254740992"), (0, Reason::IntegerTooLarge));
        assert_eq!(fault("0x20000000000000"), (0, Reason::IntegerTooLarge));
        assert_eq!(fault("99999999999999999999999999"), (0, Reason::IntegerTooLarge));
    }

    #[test]
    fn faults_are_where_the_vendor_reports_them() {
        assert_eq!(fault("01"), (0, Reason::LeadingZero));
        assert_eq!(fault("+0x1"), (0, Reason::LeadingZero));
        assert_eq!(fault("1__0"), (2, Reason::Underscore));
        assert_eq!(fault("1_"), (0, Reason::UnfinishedNumber));
        assert_eq!(fault("1."), (0, Reason::UnfinishedNumber));
        assert_eq!(fault("1.e5"), (2, Reason::NumberCharacter('e')));
        assert_eq!(fault("1e+_5"), (3, Reason::Underscore));
        assert_eq!(fault("0x"), (2, Reason::UnfinishedNumber));
        assert_eq!(fault("0x1_"), (4, Reason::UnfinishedNumber));
        assert_eq!(fault("18.x"), (3, Reason::NumberCharacter('x')));
        assert_eq!(fault("npm run build"), (0, Reason::InvalidValue("npm".to_owned())));
        assert_eq!(fault(", 1"), (0, Reason::MissingValue));
    }
}
