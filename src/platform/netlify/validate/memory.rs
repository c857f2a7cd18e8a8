//! `functions.*.memory` and `functions.*.vcpu`.

use crate::text::tree::{Kind, Node};

use super::problem::{found, shorten};
use crate::text::ecma::trim;

/// Smallest amount of memory of a function, in megabytes (`config/src/validate/validations.js`).
pub const MINIMUM_MEMORY: f64 = 1024.0;
/// Largest amount of memory of a function, in megabytes (`config/src/validate/validations.js`).
pub const MAXIMUM_MEMORY: f64 = 4096.0;

/// Says why a value is no amount of memory for a function.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MemoryError {
    /// Neither a number nor a text.
    #[error("is {0}, should be megabytes from 1024 to 4096, or a text such as \"2gb\"")]
    Kind(String),
    /// A text of another form.
    #[error("is {0:?}, should be a number with the unit \"mb\" or \"gb\" or none, such as \"2gb\"")]
    Form(String),
    /// Not a whole number of megabytes.
    #[error("is {0} MB, should be a whole number of megabytes")]
    Fraction(f64),
    /// Below the minimum.
    #[error("is {0} MB, should be at least 1024 MB")]
    TooSmall(f64),
    /// Above the maximum.
    #[error("is {0} MB, should be at most 4096 MB")]
    TooLarge(f64),
}

/// Reads `functions.*.memory` as the engine does and gives the megabytes (`config/src/validate/validations.js`).
///
/// # Errors
///
/// What is wrong with the value.
pub fn parse_memory(value: &Node) -> Result<f64, MemoryError> {
    let megabytes = match &value.kind {
        Kind::Number(number) => *number,
        Kind::String(text) => read(text).ok_or_else(|| MemoryError::Form(shorten(text)))?,
        _ => return Err(MemoryError::Kind(found(value))),
    };
    if megabytes < MINIMUM_MEMORY {
        Err(MemoryError::TooSmall(megabytes))
    } else if megabytes > MAXIMUM_MEMORY {
        Err(MemoryError::TooLarge(megabytes))
    } else if megabytes.fract() == 0.0 {
        Ok(megabytes)
    } else {
        Err(MemoryError::Fraction(megabytes))
    }
}

/// Digits, perhaps a fraction, perhaps white space and a unit in any case.
fn read(text: &str) -> Option<f64> {
    let text = trim(text);
    let unit_at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at));
    let unit = unit_at.map(|at| text[at..].to_ascii_lowercase());
    let (amount, factor) = match (unit.as_deref(), unit_at) {
        (Some("mb"), Some(at)) => (&text[..at], 1.0),
        (Some("gb"), Some(at)) => (&text[..at], 1024.0),
        _ => (text, 1.0),
    };
    let amount = trim(amount);
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_amount = match amount.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(amount),
    };
    if is_amount { amount.parse::<f64>().ok().map(|number| number * factor) } else { None }
}

/// Whether the value is a number from 0.5 to 2 (`config/src/validate/validations.js`).
#[must_use]
pub fn is_vcpu(value: &Node) -> bool {
    value.as_number().is_some_and(|number| (0.5..=2.0).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(text: &str) -> Result<f64, MemoryError> {
        parse_memory(&Node::default_of(Kind::String(text.to_owned())))
    }

    #[test]
    fn texts_with_and_without_unit_are_megabytes() {
        let cases = [
            ("1024", 1024.0),
            (" 4096\u{feff}", 4096.0),
            ("1024mB", 1024.0),
            ("2 \u{a0}Gb", 2048.0),
            ("1.5gb", 1536.0),
            ("2048.000", 2048.0),
            ("0001024", 1024.0),
        ];
        for (text, megabytes) in cases {
            assert_eq!(memory(text), Ok(megabytes), "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_rejected() {
        for text in ["", "gb", "2 g b", "1e3", "+1024", "1024.", ".5gb", "2tb", "2gib", "0x400", "1,024", "2\u{85}gb"] {
            assert!(matches!(memory(text), Err(MemoryError::Form(_))), "{text:?}");
        }
    }

    #[test]
    fn amounts_have_a_lower_and_an_upper_bound_and_no_fraction() {
        assert_eq!(memory("1023"), Err(MemoryError::TooSmall(1023.0)));
        assert_eq!(memory("5gb"), Err(MemoryError::TooLarge(5120.0)));
        assert_eq!(memory("1024.5"), Err(MemoryError::Fraction(1024.5)));
        assert_eq!(memory(&"9".repeat(500)), Err(MemoryError::TooLarge(f64::INFINITY)));
        assert_eq!(parse_memory(&Node::default_of(Kind::Number(3000.0))), Ok(3000.0));
        assert!(matches!(parse_memory(&Node::default_of(Kind::Bool(true))), Err(MemoryError::Kind(_))));
    }

    #[test]
    fn virtual_processors_are_numbers_between_a_half_and_two() {
        for (number, accepted) in [(0.5, true), (2.0, true), (0.49, false), (2.01, false), (f64::NAN, false)] {
            assert_eq!(is_vcpu(&Node::default_of(Kind::Number(number))), accepted, "{number}");
        }
        assert!(!is_vcpu(&Node::default_of(Kind::String("1".to_owned()))));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[ 0-9.]{0,9}[mgMG]?[bB]?") {
            let _ = memory(&text);
        }
    }
}
