//! JSON in a body, with variables in it; blanks stay as they are.

use super::super::ast::JsonPiece;
use super::super::fault::Fault;
use super::super::reader::Reader;
use super::template;

/// Pieces of JSON that grow.
#[derive(Default)]
struct Output {
    pieces: Vec<JsonPiece>,
    text: String,
}

impl Output {
    fn push(&mut self, piece: JsonPiece) {
        self.flush();
        self.pieces.push(piece);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(JsonPiece::Text(std::mem::take(&mut self.text)));
        }
    }
}

/// What comes next.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Value,
    FirstElement,
    FirstMember,
    Member,
    Separator,
}

/// A value of JSON, if one is next.
pub(super) fn json(reader: &mut Reader<'_>) -> Result<Option<Vec<JsonPiece>>, Fault> {
    let is_value = match reader.peek() {
        Some('{' | '[' | '"' | '-' | '0'..='9') => true,
        _ => ["null", "true", "false"].iter().any(|word| reader.starts_with(word)),
    };
    if !is_value {
        return Ok(None);
    }
    let mut output = Output::default();
    // The brackets that are open, so that depth costs no stack.
    let mut open: Vec<char> = Vec::new();
    let mut next = Next::Value;
    loop {
        if !open.is_empty() {
            let blanks = reader.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            output.text.push_str(blanks);
        }
        next = match next {
            Next::FirstElement if close(reader, &mut output, &mut open, ']') => Next::Separator,
            Next::FirstMember if close(reader, &mut output, &mut open, '}') => Next::Separator,
            Next::Value | Next::FirstElement => value(reader, &mut output, &mut open)?,
            Next::Member | Next::FirstMember => member(reader, &mut output)?,
            Next::Separator => match open.last() {
                None => {
                    output.flush();
                    return Ok(Some(output.pieces));
                }
                Some(&end) => separator(reader, &mut output, &mut open, end)?,
            },
        };
    }
}

fn close(reader: &mut Reader<'_>, output: &mut Output, open: &mut Vec<char>, end: char) -> bool {
    let is_next = reader.peek() == Some(end);
    if is_next {
        reader.next();
        output.text.push(end);
        open.pop();
    }
    is_next
}

fn separator(reader: &mut Reader<'_>, output: &mut Output, open: &mut Vec<char>, end: char) -> Result<Next, Fault> {
    if close(reader, output, open, end) {
        return Ok(Next::Separator);
    }
    if !reader.take(",") {
        return Err(reader.wrong(&format!("\",\" or \"{end}\" is missing in the JSON")));
    }
    output.text.push(',');
    Ok(if end == '}' { Next::Member } else { Next::Value })
}

fn member(reader: &mut Reader<'_>, output: &mut Output) -> Result<Next, Fault> {
    string(reader, output, true)?;
    let blanks = reader.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
    output.text.push_str(blanks);
    reader.expect(":")?;
    output.text.push(':');
    Ok(Next::Value)
}

fn value(reader: &mut Reader<'_>, output: &mut Output, open: &mut Vec<char>) -> Result<Next, Fault> {
    if let Some(found) = template::placeholder(reader)? {
        output.push(JsonPiece::Value(found));
        return Ok(Next::Separator);
    }
    for word in ["null", "true", "false"] {
        if reader.take(word) {
            output.text.push_str(word);
            return Ok(Next::Separator);
        }
    }
    match reader.peek() {
        Some('{') => {
            reader.next();
            output.text.push('{');
            open.push('}');
            Ok(Next::FirstMember)
        }
        Some('[') => {
            reader.next();
            output.text.push('[');
            open.push(']');
            Ok(Next::FirstElement)
        }
        Some('"') => string(reader, output, false).map(|()| Next::Separator),
        Some('-' | '0'..='9') => number(reader, output).map(|()| Next::Separator),
        _ => Err(reader.wrong("a value is missing in the JSON")),
    }
}

fn number(reader: &mut Reader<'_>, output: &mut Output) -> Result<(), Fault> {
    let start = reader.at();
    let is_digit = |c: char| c.is_ascii_digit();
    reader.take("-");
    if !reader.take("0") && reader.take_while(is_digit).is_empty() {
        return Err(reader.wrong("digits are missing in the JSON"));
    }
    if reader.take(".") && reader.take_while(is_digit).is_empty() {
        return Err(reader.wrong("digits are missing behind the point"));
    }
    output.text.push_str(reader.since(start));
    if reader.take("e") || reader.take("E") {
        let start = reader.at();
        if !reader.take("-") {
            reader.take("+");
        }
        if reader.take_while(is_digit).is_empty() {
            return Err(reader.wrong("digits are missing in the exponent"));
        }
        output.text.push('e');
        output.text.push_str(reader.since(start));
    }
    Ok(())
}

/// A string, or the name of a member, whose escapes are resolved, as Hurl does.
fn string(reader: &mut Reader<'_>, output: &mut Output, is_name: bool) -> Result<(), Fault> {
    let start = reader.at();
    if !reader.take("\"") {
        return Err(reader.wrong("the name of a member is missing: a text between quotes"));
    }
    output.text.push('"');
    loop {
        match reader.peek() {
            None => return Err(Fault::syntax(start..start + 1, "the string has no quote at its end")),
            Some('"') => break,
            Some('\\') => {
                let start = reader.at();
                let found = escape(reader)?;
                if is_name { output.text.push(found) } else { output.text.push_str(reader.since(start)) }
            }
            Some('\u{8}' | '\n' | '\u{c}' | '\r' | '\t') => {
                return Err(reader.wrong("the string has no quote at its end"));
            }
            Some(c) => match template::placeholder(reader)? {
                Some(found) if is_name => output.push(JsonPiece::InName(found)),
                Some(found) => output.push(JsonPiece::InString(found)),
                None => {
                    reader.next();
                    output.text.push(c);
                }
            },
        }
    }
    reader.next();
    output.text.push('"');
    Ok(())
}

fn escape(reader: &mut Reader<'_>) -> Result<char, Fault> {
    let start = reader.at();
    reader.take("\\");
    let found = match reader.next() {
        Some(c @ ('"' | '\\' | '/')) => Some(c),
        Some('b') => Some('\u{8}'),
        Some('f') => Some('\u{c}'),
        Some('n') => Some('\n'),
        Some('r') => Some('\r'),
        Some('t') => Some('\t'),
        Some('u') => unit(reader).and_then(|first| match first {
            0xd800..0xdc00 => {
                let second = reader.take("\\u").then(|| unit(reader)).flatten();
                let low = second.filter(|low| (0xdc00..0xe000).contains(low))?;
                char::from_u32(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00))
            }
            _ => char::from_u32(first),
        }),
        _ => None,
    };
    found.ok_or_else(|| Fault::syntax(start..reader.at(), "this is no escape of JSON"))
}

fn unit(reader: &mut Reader<'_>) -> Option<u32> {
    let start = reader.at();
    for _ in 0..4 {
        reader.next().filter(char::is_ascii_hexdigit)?;
    }
    u32::from_str_radix(reader.since(start), 16).ok()
}
