//! Canonical JSON: one text for one value, so that a digest can name it.
//!
//! RFC 8785 (JSON Canonicalization Scheme) with the rules that take its sharp edges off: no fractions, no whole number
//! that a double cannot hold, no key twice, every string in Unicode's form NFC. What breaks them is refused, never bent.

use icu_normalizer::ComposingNormalizerBorrowed;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Largest whole number that every JSON reader keeps: 2⁵³ − 1 (RFC 7493, section 2.2).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;

/// Why a value or text has no canonical form, or is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// No JSON at all, or a key stands twice.
    #[error("not JSON that can be trusted: {0}")]
    Syntax(String),
    /// A number with a fraction or an exponent.
    #[error("the number {0} is no whole number; write milliseconds, basis points or a string")]
    Fraction(String),
    /// A whole number that a double cannot hold.
    #[error("the number {0} is beyond 2^53 - 1; write it as a string")]
    TooLarge(String),
    /// A string that is not in NFC.
    #[error("the string \"{0}\" is not in Unicode's form NFC")]
    NotNfc(String),
    /// JSON with the right meaning in another spelling.
    #[error("not in canonical form: the first difference is at byte {0}")]
    Spelling(usize),
}

/// The canonical text of a value.
///
/// # Errors
/// When the value holds what the rules of this module refuse.
pub fn write(value: &Value) -> Result<String, CanonicalError> {
    let mut text = String::new();
    write_value(value, &mut text)?;
    Ok(text)
}

/// Reads a text that must already be canonical.
///
/// # Errors
/// When it is not JSON, breaks a rule, or is spelled in another way than [`write`] would.
pub fn read(bytes: &[u8]) -> Result<Value, CanonicalError> {
    let value = parse(bytes)?;
    let text = write(&value)?;
    if text.as_bytes() == bytes {
        return Ok(value);
    }
    let same = text.bytes().zip(bytes).take_while(|(ours, theirs)| ours == *theirs).count();
    Err(CanonicalError::Spelling(same))
}

/// Reads any JSON text, in whatever spelling, in which no key stands twice.
///
/// # Errors
/// When it is not JSON or an object has a key twice.
pub fn parse(bytes: &[u8]) -> Result<Value, CanonicalError> {
    let once: Once = serde_json::from_slice(bytes).map_err(|error| CanonicalError::Syntax(error.to_string()))?;
    Ok(once.0)
}

fn write_value(value: &Value, out: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_number(number, out)?,
        Value::String(text) => write_string(text, out)?,
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(map) => write_object(map, out)?,
    }
    Ok(())
}

/// Keys in the order of their UTF-16 code units (RFC 8785, section 3.2.3).
fn write_object(map: &Map<String, Value>, out: &mut String) -> Result<(), CanonicalError> {
    let mut entries: Vec<(&String, &Value)> = map.iter().collect();
    entries.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (at, (key, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_string(key, out)?;
        out.push(':');
        write_value(value, out)?;
    }
    out.push('}');
    Ok(())
}

fn write_number(number: &Number, out: &mut String) -> Result<(), CanonicalError> {
    match number.as_i64() {
        Some(whole) if (-MAX_INTEGER..=MAX_INTEGER).contains(&whole) => out.push_str(&whole.to_string()),
        Some(_) => return Err(CanonicalError::TooLarge(number.to_string())),
        None if number.is_u64() => return Err(CanonicalError::TooLarge(number.to_string())),
        None => return Err(CanonicalError::Fraction(number.to_string())),
    }
    Ok(())
}

/// A string with the escapes of ECMAScript's `JSON.stringify` and no others (RFC 8785, section 3.2.2.2).
fn write_string(text: &str, out: &mut String) -> Result<(), CanonicalError> {
    if !text.is_ascii() && !ComposingNormalizerBorrowed::new_nfc().is_normalized(text) {
        return Err(CanonicalError::NotNfc(text.chars().take(60).collect()));
    }
    out.push('"');
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x09 => "\\t",
            0x0a => "\\n",
            0x0c => "\\f",
            0x0d => "\\r",
            0x00..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
    out.push('"');
    Ok(())
}

/// A value in which no key stood twice.
struct Once(Value);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Once, D::Error> {
        reader.deserialize_any(OnceVisitor).map(Once)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Once(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            let Once(value) = access.next_value()?;
            if map.contains_key(&key) {
                return Err(de::Error::custom(format!("the key \"{key}\" stands twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> Result<String, CanonicalError> {
        write(&parse(text.as_bytes())?)
    }

    #[test]
    fn keys_are_sorted_by_utf_16_code_units() {
        // The example of RFC 8785, section 3.2.3, but for its Hebrew letter, which is not in NFC.
        let text = "{\"€\":\"Euro\",\"\\r\":\"Carriage\",\"\u{ff21}\":\"Wide\",\"1\":\"One\",\"😀\":\"Emoji\",\"\\u0080\":\"Control\",\"ö\":\"Latin\"}";
        let written = canonical(text).unwrap();
        let order: Vec<usize> = ["Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Wide"]
            .iter()
            .map(|name| written.find(name).unwrap())
            .collect();
        assert!(order.is_sorted(), "{written}");
    }

    #[test]
    fn strings_are_escaped_as_ecmascript_does() {
        // The literal of RFC 8785, section 3.2.2.2.
        let text = "{\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"}";
        assert_eq!(canonical(text).unwrap(), "{\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    }

    #[test]
    fn white_space_goes_and_literals_stay() {
        assert_eq!(
            canonical(" { \"b\" : [ null , true , false , -7 ] , \"a\" : { } } ").unwrap(),
            r#"{"a":{},"b":[null,true,false,-7]}"#
        );
    }

    #[test]
    fn fractions_and_numbers_beyond_a_double_are_refused() {
        for text in ["1.5", "1.0", "1e3", "-0", "1e400"] {
            assert!(canonical(text).is_err(), "{text}");
        }
        assert_eq!(canonical("9007199254740991").unwrap(), "9007199254740991");
        assert_eq!(canonical("-9007199254740991").unwrap(), "-9007199254740991");
        for text in ["9007199254740992", "-9007199254740992", "18446744073709551615"] {
            assert!(matches!(canonical(text), Err(CanonicalError::TooLarge(_))), "{text}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_at_any_depth() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"\u0061":2}}]"#] {
            assert!(canonical(text).unwrap_err().to_string().contains("stands twice"), "{text}");
        }
    }

    #[test]
    fn decomposed_letters_are_refused() {
        assert!(canonical("\"\u{e9}\"").is_ok());
        assert!(matches!(canonical("\"e\u{301}\""), Err(CanonicalError::NotNfc(_))));
    }

    #[test]
    fn another_spelling_of_the_same_value_is_not_canonical() {
        assert!(read(br#"{"a":1,"b":2}"#).is_ok());
        for text in [r#"{"b":2,"a":1}"#, r#"{"a": 1}"#, r#""\u0041""#, "1\n", r#""\/""#] {
            assert!(matches!(read(text.as_bytes()), Err(CanonicalError::Spelling(_))), "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
