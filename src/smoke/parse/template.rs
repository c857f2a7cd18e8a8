//! Texts: with variables, between quotes, over several lines; the names of files.

use super::super::ast::{Expression, Piece, Placeholder, Template};
use super::super::fault::{Fault, FaultKind};
use super::super::reader::Reader;

/// Pieces that grow.
#[derive(Default)]
pub(super) struct Pieces {
    done: Vec<Piece>,
    text: String,
}

impl Pieces {
    pub(super) fn push(&mut self, found: char) {
        self.text.push(found);
    }

    fn push_str(&mut self, found: &str) {
        self.text.push_str(found);
    }

    pub(super) fn placeholder(&mut self, found: Placeholder) {
        if !self.text.is_empty() {
            self.done.push(Piece::Text(std::mem::take(&mut self.text)));
        }
        self.done.push(Piece::Placeholder(found));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.done.is_empty() && self.text.is_empty()
    }

    pub(super) fn finish(mut self, span: std::ops::Range<usize>) -> Template {
        if !self.text.is_empty() {
            self.done.push(Piece::Text(self.text));
        }
        Template { pieces: self.done, span }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

/// `{{name}}`, if it is next.
pub(super) fn placeholder(reader: &mut Reader<'_>) -> Result<Option<Placeholder>, Fault> {
    let start = reader.at();
    if !reader.take("{{") {
        return Ok(None);
    }
    reader.take_while(|c| c == ' ');
    let at = reader.at();
    let name = reader.take_while(is_name);
    let expression = match name {
        "" => return Err(reader.wrong("the name of a variable is missing between the braces")),
        "newDate" => Expression::NewDate,
        "newUuid" => Expression::NewUuid,
        "getEnv" => {
            let message = "\"getEnv\" cannot be used: variables of the environment are not given to smoke tests";
            return Err(Fault::unsupported(at..reader.at(), message));
        }
        name => Expression::Variable(name.to_owned()),
    };
    reader.take_while(|c| c == ' ');
    if !reader.take("}}") {
        // Hurl takes the first word, and passes over the rest without a word.
        let fault = reader.wrong("the braces hold the name of one variable, and end with \"}}\"");
        return Err(Fault { kind: FaultKind::Unsupported, ..fault });
    }
    Ok(Some(Placeholder { expression, span: start..reader.at() }))
}

/// The name of a variable that is set.
pub(super) fn variable_name(reader: &mut Reader<'_>) -> Result<String, Fault> {
    let start = reader.at();
    let name = reader.take_while(is_name);
    match name {
        "" => Err(reader.wrong("the name of a variable is missing")),
        "getEnv" | "newDate" | "newUuid" => {
            Err(Fault::syntax(start..reader.at(), format!("\"{name}\" is a function: give the variable another name")))
        }
        name => Ok(name.to_owned()),
    }
}

fn is_control(c: char) -> bool {
    matches!(c, '\u{8}' | '\n' | '\u{c}' | '\r' | '\t')
}

/// What stands behind a backslash; `also` are the signs that may stand there besides those that always may.
fn escape(reader: &mut Reader<'_>, also: &[char]) -> Result<char, Fault> {
    let start = reader.at();
    reader.take("\\");
    let found = match reader.next() {
        Some('\\') => '\\',
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => return code_point(reader, start),
        Some(c) if also.contains(&c) => c,
        _ => {
            let span = start..reader.at();
            return Err(Fault::syntax(span, "the backslash stands before a sign that needs none: write \"\\\\\""));
        }
    };
    Ok(found)
}

fn code_point(reader: &mut Reader<'_>, start: usize) -> Result<char, Fault> {
    reader.expect("{")?;
    let digits = reader.take_while(|c| c.is_ascii_hexdigit());
    let found = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
    let span = start..reader.at();
    reader.expect("}")?;
    found.ok_or_else(|| Fault::syntax(span, "this is no Unicode character"))
}

const TEXT_ESCAPES: [char; 4] = ['#', '"', '`', '/'];
const NAME_ESCAPES: [char; 3] = ['#', ':', '/'];
const FILE_ESCAPES: [char; 5] = ['#', ';', ' ', '{', '}'];

/// The rest of a line up to a comment, without blanks at its end.
pub(super) fn value(reader: &mut Reader<'_>) -> Result<Template, Fault> {
    let start = reader.at();
    let mut pieces = Pieces::default();
    let (mut end, mut spaces) = (start, 0);
    while let Some(c) = reader.peek() {
        if c == '#' || is_control(c) {
            break;
        }
        if c == ' ' {
            reader.next();
            spaces += 1;
            continue;
        }
        (0..std::mem::take(&mut spaces)).for_each(|_| pieces.push(' '));
        if let Some(found) = placeholder(reader)? {
            pieces.placeholder(found);
        } else if c == '\\' {
            pieces.push(escape(reader, &TEXT_ESCAPES)?);
        } else {
            reader.next();
            pieces.push(c);
        }
        end = reader.at();
    }
    reader.seek(end);
    Ok(pieces.finish(start..end))
}

/// A text between two of the same signs, if the first is next; it ends with its line, but for quotes.
pub(super) fn quoted(reader: &mut Reader<'_>, mark: char) -> Result<Option<Template>, Fault> {
    let start = reader.at();
    if reader.peek() != Some(mark) {
        return Ok(None);
    }
    reader.next();
    let mut pieces = Pieces::default();
    loop {
        match reader.peek() {
            Some(c) if c == mark => break,
            Some(c) if is_control(c) => return Err(reader.wrong(&format!("the text has no {mark} at its end"))),
            None => return Err(Fault::syntax(start..reader.at(), format!("the text has no {mark} at its end"))),
            Some('\\') => pieces.push(escape(reader, &TEXT_ESCAPES)?),
            Some(c) => match placeholder(reader)? {
                Some(found) => pieces.placeholder(found),
                None => {
                    reader.next();
                    pieces.push(c);
                }
            },
        }
    }
    reader.next();
    Ok(Some(pieces.finish(start..reader.at())))
}

/// A text between quotes, which must be next.
pub(super) fn needed(reader: &mut Reader<'_>) -> Result<Template, Fault> {
    match quoted(reader, '"')? {
        Some(found) => Ok(found),
        None => Err(reader.wrong("a text between quotes is missing")),
    }
}

/// The name of a header, a parameter or a capture; `None` when none is next.
pub(super) fn name(reader: &mut Reader<'_>) -> Result<Option<Template>, Fault> {
    let start = reader.at();
    if reader.peek() == Some('[') {
        return Ok(None);
    }
    let is_text = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '@' | '$');
    let pieces = word(reader, &NAME_ESCAPES, is_text)?;
    Ok((!pieces.is_empty()).then(|| pieces.finish(start..reader.at())))
}

/// The name of a file, up to a semicolon.
pub(super) fn file_name(reader: &mut Reader<'_>) -> Result<Template, Fault> {
    let start = reader.at();
    let is_text = |c: char| !matches!(c, '#' | ';' | '{' | '}' | ' ' | '\n' | '\r' | '\\');
    let pieces = word(reader, &FILE_ESCAPES, is_text)?;
    if pieces.is_empty() {
        return Err(reader.wrong("the name of a file is missing"));
    }
    Ok(pieces.finish(start..reader.at()))
}

/// A text without quotes: variables, signs behind a backslash, and what else it may hold.
fn word(reader: &mut Reader<'_>, escapes: &[char], is_text: impl Fn(char) -> bool) -> Result<Pieces, Fault> {
    let mut pieces = Pieces::default();
    loop {
        match reader.peek() {
            Some('{') if reader.starts_with("{{") => {
                if let Some(found) = placeholder(reader)? {
                    pieces.placeholder(found);
                }
            }
            Some('\\') => pieces.push(escape(reader, escapes)?),
            Some(c) if is_text(c) => {
                let text = reader.take_while(&is_text);
                pieces.push_str(text);
            }
            _ => return Ok(pieces),
        }
    }
}

/// A text over several lines, and whether it is marked as JSON, if one is next.
pub(super) fn multiline(reader: &mut Reader<'_>) -> Result<Option<(Template, bool)>, Fault> {
    let start = reader.at();
    if !reader.take("```") {
        return Ok(None);
    }
    let at = reader.at();
    let hint = reader.take_while(|c| c != '\n' && c != '\r' && c != '`').trim_end_matches([' ', '\t']);
    let span = at..at + hint.len();
    let (is_raw, is_json) = match hint {
        "" => (false, false),
        "json" => (false, true),
        "raw" => (true, false),
        "xml" => return Err(Fault::unsupported(span, "XML: write a text without \"xml\", and a header for its type")),
        _ if hint.starts_with("graphql") => return Err(Fault::unsupported(span, "GraphQL: write its JSON")),
        _ => return Err(Fault::syntax(span, format!("\"{hint}\" is no kind of text: json or raw are"))),
    };
    if !reader.take("\n") && !reader.take("\r\n") {
        return Err(reader.wrong("a line break is missing behind the three backquotes"));
    }
    let mut pieces = Pieces::default();
    loop {
        if reader.take("```") {
            return Ok(Some((pieces.finish(start..reader.at()), is_json)));
        }
        if !is_raw && let Some(found) = placeholder(reader)? {
            pieces.placeholder(found);
            continue;
        }
        match reader.next() {
            Some(c) => pieces.push(c),
            None => return Err(Fault::syntax(start..start + 3, "the text has no three backquotes at its end")),
        }
    }
}
