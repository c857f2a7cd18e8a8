//! The type of a plain scalar by YAML 1.2's core schema (npm `yaml`, `schema/core`).

use crate::text::tree::Kind;

/// The value of a plain scalar.
pub(super) fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ => integer(text).or_else(|| float(text)).map_or_else(|| Kind::String(text.to_owned()), Kind::Number),
    }
}

/// The value of a scalar with a tag; a tag that nobody knows makes a string.
pub(super) fn tagged(tag: &str, text: String) -> Kind {
    let kind = match tag.strip_prefix("tag:yaml.org,2002:") {
        Some("null") => Some(Kind::Null),
        Some("bool") => match plain(&text) {
            Kind::Bool(value) => Some(Kind::Bool(value)),
            _ => None,
        },
        Some("int") => integer(&text).map(Kind::Number),
        Some("float") => float(&text).map(Kind::Number),
        _ => None,
    };
    kind.unwrap_or(Kind::String(text))
}

/// `0o17`, `-12`, `0x1F`.
pub(super) fn integer(text: &str) -> Option<f64> {
    let based = |prefix: &str, base: u32| {
        let digits = text.strip_prefix(prefix)?;
        let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base));
        is_number.then(|| accumulate(digits, base))
    };
    let is_decimal = is_digits(unsigned(text));
    if is_decimal { text.parse().ok() } else { based("0o", 8).or_else(|| based("0x", 16)) }
}

/// `1.5`, `.5`, `1.`, `1e9`, `.inf`, `.nan`.
pub(super) fn float(text: &str) -> Option<f64> {
    match unsigned(text) {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => return Some(f64::NEG_INFINITY),
        ".inf" | ".Inf" | ".INF" => return Some(f64::INFINITY),
        _ if matches!(text, ".nan" | ".NaN" | ".NAN") => return Some(f64::NAN),
        _ => {}
    }
    let (mantissa, exponent) = match unsigned(text).split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned(text), None),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, rest)| (whole, Some(rest)));
    let is_mantissa = match fraction {
        Some("") => is_digits(whole),
        Some(fraction) => is_digits(fraction) && (whole.is_empty() || is_digits(whole)),
        None => is_digits(whole) && exponent.is_some(),
    };
    let is_exponent = exponent.is_none_or(|exponent| is_digits(unsigned(exponent)));
    if is_mantissa && is_exponent { text.parse().ok() } else { None }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn accumulate(digits: &str, base: u32) -> f64 {
    let values = digits.chars().filter_map(|digit| digit.to_digit(base));
    values.fold(0.0, |sum, digit| sum * f64::from(base) + f64::from(digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_core_schema_knows_numbers_and_nothing_of_yaml_1_1() {
        for (text, value) in [
            ("3.10", 3.1),
            ("0x1F", 31.0),
            ("0o17", 15.0),
            ("010", 10.0),
            ("-12", -12.0),
            ("+1.", 1.0),
            (".5", 0.5),
            ("1e3", 1000.0),
            ("-.inf", f64::NEG_INFINITY),
        ] {
            assert_eq!(plain(text), Kind::Number(value), "{text}");
        }
        assert!(matches!(plain(".nan"), Kind::Number(number) if number.is_nan()));
        for text in
            ["off", "yes", "1_000", "0b1", "1:30", "2024-01-31", "-0x1F", "e3", ".", "+.nan", "1.2.3", "-", "inf"]
        {
            assert_eq!(plain(text), Kind::String(text.to_owned()));
        }
    }
}
