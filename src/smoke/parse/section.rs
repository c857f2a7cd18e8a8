//! Sections: `[Query]`, `[Asserts]` and the others.

use super::super::ast::{Assert, Capture, Expectation, Pair, Request, Span, Template};
use super::super::fault::Fault;
use super::super::reader::Reader;
use super::{option, predicate, query, template};

/// A name and a value, if they are next.
pub(super) fn pair(reader: &mut Reader<'_>) -> Result<Option<Pair>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let name = name(reader)?;
    let Some(name) = name else {
        reader.seek(before);
        return Ok(None);
    };
    let value = template::value(reader)?;
    reader.line_end()?;
    Ok(Some(Pair { name, value }))
}

/// A name with its colon, if they are next; whatever else is next is not for us to judge.
fn name(reader: &mut Reader<'_>) -> Result<Option<Template>, Fault> {
    let Some(found) = template::name(reader)? else { return Ok(None) };
    reader.blanks();
    if !reader.take(":") {
        return Ok(None);
    }
    reader.blanks();
    Ok(Some(found))
}

fn pairs(reader: &mut Reader<'_>) -> Result<Vec<Pair>, Fault> {
    let mut pairs = Vec::new();
    while let Some(found) = pair(reader)? {
        pairs.push(found);
    }
    Ok(pairs)
}

/// Headers.
pub(super) fn headers(reader: &mut Reader<'_>) -> Result<Vec<Pair>, Fault> {
    pairs(reader)
}

/// The name of a section, if one is next.
fn heading<'t>(reader: &mut Reader<'t>) -> Result<Option<(&'t str, Span)>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let start = reader.at();
    if reader.take("[") {
        let name = reader.take_while(char::is_alphanumeric);
        if !name.is_empty() && reader.take("]") {
            let span = start..reader.at();
            reader.line_end()?;
            return Ok(Some((name, span)));
        }
    }
    reader.seek(before);
    Ok(None)
}

fn note(seen: &mut Vec<&'static str>, name: &'static str, span: &Span) -> Result<(), Fault> {
    if seen.contains(&name) {
        return Err(Fault::syntax(span.clone(), format!("[{name}] is there already")));
    }
    seen.push(name);
    Ok(())
}

/// The sections of a request.
pub(super) fn of_request(reader: &mut Reader<'_>, request: &mut Request) -> Result<(), Fault> {
    let mut seen = Vec::new();
    while let Some((name, span)) = heading(reader)? {
        match name {
            "Query" | "QueryStringParams" => {
                note(&mut seen, "Query", &span)?;
                request.query = pairs(reader)?;
            }
            "Form" | "FormParams" => {
                note(&mut seen, "Form", &span)?;
                request.form = pairs(reader)?;
            }
            "Cookies" => {
                note(&mut seen, "Cookies", &span)?;
                request.cookies = pairs(reader)?;
            }
            "BasicAuth" => {
                note(&mut seen, "BasicAuth", &span)?;
                request.basic_auth = pair(reader)?;
            }
            "Options" => {
                note(&mut seen, "Options", &span)?;
                while let Some(found) = option::option(reader)? {
                    request.options.push(found);
                }
            }
            "Multipart" | "MultipartFormData" => {
                return Err(Fault::unsupported(span, format!("[{name}]: a body of several parts")));
            }
            "Captures" | "Asserts" => {
                let message = format!("[{name}] is about an answer: it stands behind a line such as \"HTTP 200\"");
                return Err(Fault::syntax(span, message));
            }
            _ => {
                let message = "a request has the sections Query, Form, Cookies, BasicAuth and Options";
                return Err(Fault::syntax(span, message));
            }
        }
    }
    Ok(())
}

/// The sections of an answer.
pub(super) fn of_answer(reader: &mut Reader<'_>, expectation: &mut Expectation) -> Result<(), Fault> {
    let mut seen = Vec::new();
    while let Some((name, span)) = heading(reader)? {
        match name {
            "Captures" => {
                note(&mut seen, "Captures", &span)?;
                while let Some(found) = capture(reader)? {
                    expectation.captures.push(found);
                }
            }
            "Asserts" => {
                note(&mut seen, "Asserts", &span)?;
                while let Some(found) = assert(reader)? {
                    expectation.asserts.push(found);
                }
            }
            _ => return Err(Fault::syntax(span, "an answer has the sections Captures and Asserts")),
        }
    }
    Ok(())
}

fn capture(reader: &mut Reader<'_>) -> Result<Option<Capture>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let Some(name) = name(reader)? else {
        reader.seek(before);
        return Ok(None);
    };
    let Some(query) = query::query(reader)? else { return Err(query::unknown(reader)) };
    let filters = query::filters(reader)?;
    let before = reader.at();
    reader.blanks();
    let is_redacted = reader.take("redact");
    if !is_redacted {
        reader.seek(before);
    }
    reader.line_end()?;
    Ok(Some(Capture { name, query, filters, is_redacted }))
}

fn assert(reader: &mut Reader<'_>) -> Result<Option<Assert>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let start = reader.at();
    let Some(query) = query::query(reader)? else {
        // Something in small letters is neither a request nor an answer; a few words begin a body.
        let word = reader.take_while(|c| c.is_ascii_alphanumeric());
        let is_body = ["", "true", "false", "null", "hex", "base64", "file"].contains(&word);
        reader.seek(start);
        if !is_body && word.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(query::unknown(reader));
        }
        reader.seek(before);
        return Ok(None);
    };
    let filters = query::filters(reader)?;
    if !reader.blanks() {
        return Err(reader.wrong("something to compare is missing"));
    }
    let predicate = predicate::predicate(reader)?;
    let span = start..reader.at();
    reader.line_end()?;
    Ok(Some(Assert { query, filters, predicate, span }))
}
