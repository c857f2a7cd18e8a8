//! Texts and numbers in a path.

use serde_json::Value;

use super::super::reader::Reader;
use super::parse::{Parsed, left};

/// The largest number that JSON can tell from its neighbours.
const LARGEST: i64 = (1 << 53) - 1;

/// A whole number, if one is next.
pub(super) fn integer(reader: &mut Reader<'_>) -> Parsed<Option<i64>> {
    let start = reader.at();
    let is_negative = reader.take("-");
    let digits = reader.take_while(|c| c.is_ascii_digit());
    if digits.is_empty() && !is_negative {
        return Ok(None);
    }
    let is_written_well =
        if is_negative { !digits.starts_with('0') } else { digits == "0" || !digits.starts_with('0') };
    let found = reader.since(start).parse::<i64>().ok();
    match found.filter(|found| is_written_well && found.abs() <= LARGEST) {
        Some(found) => Ok(Some(found)),
        None => Err(format!("\"{}\" is no number of an element", reader.since(start))),
    }
}

/// A value, if one is next.
pub(super) fn value(reader: &mut Reader<'_>) -> Parsed<Option<Value>> {
    for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
        if reader.take(word) {
            return Ok(Some(value));
        }
    }
    if let Some(text) = string(reader)? {
        return Ok(Some(Value::String(text)));
    }
    number(reader)
}

fn number(reader: &mut Reader<'_>) -> Parsed<Option<Value>> {
    let start = reader.at();
    let is_digit = |c: char| c.is_ascii_digit();
    let is_negative = reader.take("-");
    if !is_negative && !reader.peek().is_some_and(is_digit) {
        return Ok(None);
    }
    if !reader.take("0") && reader.take_while(is_digit).is_empty() {
        return Err(left(reader));
    }
    if reader.take(".") && reader.take_while(is_digit).is_empty() {
        return Err(left(reader));
    }
    if reader.take("e") || reader.take("E") {
        if !reader.take("+") {
            reader.take("-");
        }
        if reader.take_while(is_digit).is_empty() {
            return Err(left(reader));
        }
    }
    serde_json::from_str(reader.since(start)).map(Some).map_err(|_| "the number is too large".to_owned())
}

/// A text between quotes of either kind, if one is next.
pub(super) fn string(reader: &mut Reader<'_>) -> Parsed<Option<String>> {
    let Some(mark @ ('"' | '\'')) = reader.peek() else { return Ok(None) };
    reader.next();
    let mut text = String::new();
    loop {
        match reader.next() {
            Some(c) if c == mark => return Ok(Some(text)),
            Some('\\') => text.push(escape(reader, mark).ok_or("the path has an escape that JSON does not know")?),
            Some(c) if c >= ' ' => text.push(c),
            _ => return Err(format!("a text in the path has no {mark} at its end")),
        }
    }
}

fn escape(reader: &mut Reader<'_>, mark: char) -> Option<char> {
    match reader.next()? {
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'u' => {
            let first = unit(reader)?;
            if !(0xd800..0xdc00).contains(&first) {
                return char::from_u32(first);
            }
            let second = reader.take("\\u").then(|| unit(reader)).flatten()?;
            let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            char::from_u32(0x10000 + ((first - 0xd800) << 10) + low)
        }
        c if c == mark || c == '/' || c == '\\' => Some(c),
        _ => None,
    }
}

fn unit(reader: &mut Reader<'_>) -> Option<u32> {
    let start = reader.at();
    for _ in 0..4 {
        reader.next().filter(char::is_ascii_hexdigit)?;
    }
    u32::from_str_radix(reader.since(start), 16).ok()
}
