//! Numbers as Hurl counts them.

use std::cmp::Ordering;
use std::fmt;

/// A number.
#[derive(Debug, Clone)]
pub enum Number {
    /// One that fits.
    Integer(i64),
    /// One with a fraction.
    Float(f64),
    /// The digits of one that does not fit.
    Big(String),
}

impl Number {
    /// Which of two numbers is greater; digits that do not fit are compared as texts, as Hurl does.
    #[must_use]
    pub fn compare(&self, other: &Number) -> Ordering {
        match (self, other) {
            (Number::Integer(one), Number::Integer(two)) => one.cmp(two),
            (Number::Float(one), Number::Float(two)) => order(*one, *two),
            (Number::Integer(one), Number::Float(two)) => order(as_float(*one), *two),
            (Number::Float(one), Number::Integer(two)) => order(*one, as_float(*two)),
            _ => {
                let (one, two) = (self.to_string(), other.to_string());
                parts(&one).cmp(&parts(&two))
            }
        }
    }
}

/// What Hurl takes for the same number with a fraction.
#[allow(clippy::cast_precision_loss, reason = "Hurl loses it as well")]
pub(super) fn as_float(number: i64) -> f64 {
    number as f64
}

fn order(one: f64, two: f64) -> Ordering {
    one.partial_cmp(&two).unwrap_or(Ordering::Equal)
}

/// Whether it is not below zero, the digits before the point, and the digits behind it.
fn parts(number: &str) -> (bool, &str, &str) {
    let (is_negative, digits) = number.strip_prefix('-').map_or((false, number), |digits| (true, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    (!is_negative, whole.trim_start_matches('0'), fraction.trim_end_matches('0'))
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Integer(number) => write!(formatter, "{number}"),
            Number::Float(number) if number.fract() < f64::EPSILON => write!(formatter, "{number}.0"),
            Number::Float(number) => write!(formatter, "{number}"),
            Number::Big(digits) => formatter.write_str(digits),
        }
    }
}
