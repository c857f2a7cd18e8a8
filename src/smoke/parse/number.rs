//! Numbers, bytes and expressions that are written out.

use regex::Regex;

use super::super::ast::Template;
use super::super::fault::Fault;
use super::super::number::Number;
use super::super::reader::Reader;
use super::template;

fn digits<'t>(reader: &mut Reader<'t>) -> Result<Option<&'t str>, Fault> {
    let start = reader.at();
    let found = reader.take_while(|c| c.is_ascii_digit());
    if found.len() > 1 && found.starts_with('0') {
        return Err(Fault::syntax(start..reader.at(), "a number does not begin with \"0\""));
    }
    Ok((!found.is_empty()).then_some(found))
}

/// A number, if one is next.
pub(super) fn number(reader: &mut Reader<'_>) -> Result<Option<Number>, Fault> {
    let start = reader.at();
    let is_negative = reader.take("-");
    let Some(whole) = digits(reader)? else {
        return if is_negative { Err(reader.wrong("digits are missing")) } else { Ok(None) };
    };
    if reader.take(".") {
        if reader.take_while(|c| c.is_ascii_digit()).is_empty() {
            return Err(reader.wrong("digits are missing behind the point"));
        }
        let found = reader.since(start).parse().map_err(|_| Fault::syntax(start..reader.at(), "this is no number"))?;
        return Ok(Some(Number::Float(found)));
    }
    Ok(Some(reader.since(start).parse().map_or_else(|_| Number::Big(whole.to_owned()), Number::Integer)))
}

/// A whole number, if one is next.
pub(super) fn integer(reader: &mut Reader<'_>) -> Result<Option<i64>, Fault> {
    let start = reader.at();
    let is_negative = reader.take("-");
    if digits(reader)?.is_none() {
        return if is_negative { Err(reader.wrong("digits are missing")) } else { Ok(None) };
    }
    let found = reader.since(start).parse();
    found.map(Some).map_err(|_| Fault::syntax(start..reader.at(), "the number is too large"))
}

/// `hex,…;`, if it is next.
pub(super) fn hex(reader: &mut Reader<'_>) -> Result<Option<Vec<u8>>, Fault> {
    if !reader.take("hex,") {
        return Ok(None);
    }
    reader.blanks();
    let start = reader.at();
    let digits = reader.take_while(|c| c.is_ascii_hexdigit()).as_bytes();
    if digits.len() % 2 == 1 {
        return Err(Fault::syntax(start..reader.at(), "the number of hexadecimal digits is odd"));
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0);
    let bytes = digits.chunks(2).map(|pair| value(pair[0]) * 16 + value(pair[1])).collect();
    reader.blanks();
    reader.expect(";")?;
    Ok(Some(bytes))
}

/// `base64,…;`, if it is next.
pub(super) fn base64(reader: &mut Reader<'_>) -> Result<Option<Vec<u8>>, Fault> {
    if !reader.take("base64,") {
        return Ok(None);
    }
    let (mut bytes, mut bits, mut kept) = (Vec::new(), 0_u32, 0);
    let taken = reader.take_while(|c| matches!(c, ' ' | '\t' | '\n') || sextet(c).is_some());
    for value in taken.chars().filter_map(sextet) {
        bits = (bits << 6) | value;
        kept += 6;
        if kept >= 8 {
            kept -= 8;
            bytes.push(u8::try_from((bits >> kept) & 0xff).unwrap_or(0));
        }
    }
    reader.take_while(|c| c == '=');
    reader.blanks();
    reader.expect(";")?;
    Ok(Some(bytes))
}

fn sextet(c: char) -> Option<u32> {
    let code = u32::from(c);
    match c {
        'A'..='Z' => Some(code - 65),
        'a'..='z' => Some(code - 71),
        '0'..='9' => Some(code + 4),
        '+' => Some(62),
        '/' => Some(63),
        _ => None,
    }
}

/// `file,…;`, if it is next.
pub(super) fn file(reader: &mut Reader<'_>) -> Result<Option<Template>, Fault> {
    if !reader.take("file,") {
        return Ok(None);
    }
    reader.blanks();
    let found = template::file_name(reader)?;
    reader.blanks();
    reader.expect(";")?;
    Ok(Some(found))
}

/// An expression between slashes, if one is next.
pub(super) fn regex(reader: &mut Reader<'_>) -> Result<Option<Regex>, Fault> {
    let start = reader.at();
    if !reader.take("/") {
        return Ok(None);
    }
    let mut source = String::new();
    loop {
        match reader.next() {
            None => return Err(Fault::syntax(start..start + 1, "the expression has no \"/\" at its end")),
            Some('/') => break,
            Some('\\') if reader.take("/") => source.push('/'),
            Some(c) => source.push(c),
        }
    }
    compile(&source).map(Some).map_err(|reason| Fault::syntax(start..reader.at(), reason))
}

/// An expression of a text; a long one is refused, as by Hurl.
///
/// # Errors
/// The reason, when it is none.
pub(crate) fn compile(source: &str) -> Result<Regex, String> {
    Regex::new(source).map_err(|error| match error {
        regex::Error::Syntax(report) => {
            let last = report.lines().last().unwrap_or_default();
            format!("this is no regular expression: {}", last.strip_prefix("error: ").unwrap_or(last))
        }
        _ => "the regular expression is too large".to_owned(),
    })
}
