//! From a text to requests and expectations.
//!
//! The format is Hurl's (<https://hurl.dev/docs/grammar.html>; facts of the package `hurl` 8.0.1); what Hurl has and we have not is a
//! fault that says so.

mod body;
mod directive;
mod json;
pub(crate) mod number;
mod option;
mod predicate;
mod query;
mod section;
mod template;
#[cfg(test)]
mod tests;

use super::ast::{Directives, Entry, Expectation, Request, SmokeFile};
use super::fault::Fault;
use super::reader::Reader;

/// Reads a smoke file; a byte order mark is passed over.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &str) -> Result<SmokeFile, Fault> {
    let mut reader = Reader::new(text);
    reader.take("\u{feff}");
    let mut file = SmokeFile::default();
    loop {
        reader.empty_lines();
        let notes = std::mem::take(&mut reader.notes);
        reader.blanks();
        if reader.is_at_end() {
            misplaced(&notes)?;
            return Ok(file);
        }
        let mut directives = Directives::default();
        for (at, note) in &notes {
            directive::read(&mut directives, *at, note)?;
        }
        let mut entry = entry(&mut reader)?;
        if file.entries.is_empty() {
            file.directives = directives;
        } else {
            entry.directives = directives;
        }
        file.entries.push(entry);
    }
}

fn misplaced(notes: &[(usize, &str)]) -> Result<(), Fault> {
    match notes.first() {
        None => Ok(()),
        Some((at, note)) => {
            let span = *at..*at + 1 + note.len();
            Err(Fault::syntax(
                span,
                "a comment that begins with \"chimera:\" stands on lines of its own above a request",
            ))
        }
    }
}

fn entry(reader: &mut Reader<'_>) -> Result<Entry, Fault> {
    let request = request(reader)?;
    let expectation = expectation(reader)?;
    // Comments that follow the entry belong to the next one, and are read again with it.
    let end = reader.at();
    let notes = std::mem::take(&mut reader.notes);
    misplaced(&notes.into_iter().filter(|(at, _)| *at < end).collect::<Vec<_>>())?;
    Ok(Entry { request, expectation, directives: Directives::default() })
}

fn request(reader: &mut Reader<'_>) -> Result<Request, Fault> {
    let start = reader.at();
    let method = reader.take_while(|c| c.is_ascii_alphabetic());
    if method.is_empty() || method.chars().any(|c| c.is_ascii_lowercase()) {
        reader.seek(start);
        return Err(reader
            .wrong("a request is missing: a method in capital letters and an address, as in \"GET {{base_url}}/\""));
    }
    if !reader.blanks() {
        return Err(reader.wrong("an address is missing behind the method"));
    }
    if method.starts_with("HTTP") {
        return Err(Fault::unsupported(start..reader.at(), "an answer is expected before anything was requested"));
    }
    if method == "CONNECT" {
        return Err(Fault::unsupported(start..start + method.len(), format!("the method \"{method}\"")));
    }
    let url = template::value(reader)?;
    let span = start..reader.at();
    reader.line_end()?;
    let headers = section::headers(reader)?;
    let mut request = Request {
        method: method.to_owned(),
        url,
        headers,
        query: Vec::new(),
        form: Vec::new(),
        cookies: Vec::new(),
        basic_auth: None,
        options: Vec::new(),
        body: None,
        span,
    };
    section::of_request(reader, &mut request)?;
    request.body = body::body(reader)?;
    Ok(request)
}

fn expectation(reader: &mut Reader<'_>) -> Result<Option<Expectation>, Fault> {
    let before = reader.at();
    reader.empty_lines();
    reader.blanks();
    let start = reader.at();
    if !reader.take("HTTP") {
        reader.seek(before);
        return Ok(None);
    }
    let version = version(reader, start)?;
    let version_span = start..reader.at();
    if !reader.blanks() {
        return Err(reader.wrong("a status is missing: a number, or \"*\""));
    }
    let start = reader.at();
    let status = if reader.take("*") {
        None
    } else {
        let digits = reader.take_while(|c| c.is_ascii_digit());
        let found = digits.parse();
        Some(found.map_err(|_| Fault::syntax(start..reader.at(), "a status is missing: a number, or \"*\""))?)
    };
    let status_span = start..reader.at();
    reader.line_end()?;
    let mut expectation = Expectation {
        version,
        version_span,
        status,
        status_span,
        headers: section::headers(reader)?,
        captures: Vec::new(),
        asserts: Vec::new(),
        body: None,
    };
    section::of_answer(reader, &mut expectation)?;
    expectation.body = body::body(reader)?;
    Ok(Some(expectation))
}

fn version(reader: &mut Reader<'_>, start: usize) -> Result<Option<&'static str>, Fault> {
    for (text, version) in [("/1.0", "HTTP/1.0"), ("/1.1", "HTTP/1.1"), ("/2", "HTTP/2")] {
        if reader.take(text) {
            return Ok(Some(version));
        }
    }
    if reader.take("/*") || matches!(reader.peek(), Some(' ' | '\t')) {
        return Ok(None);
    }
    if reader.take("/3") {
        return Err(Fault::unsupported(start..reader.at(), "HTTP/3"));
    }
    Err(reader.wrong("this is no version: \"HTTP\", \"HTTP/1.0\", \"HTTP/1.1\" and \"HTTP/2\" are"))
}
