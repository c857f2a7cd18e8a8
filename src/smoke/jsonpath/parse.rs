//! The steps of a path.

use super::super::reader::Reader;
use super::{Path, Segment, Selector, filter, literal};

/// Filters and brackets inside each other.
pub(super) const DEEPEST: usize = 32;

pub(super) type Parsed<T> = Result<T, String>;

pub(super) fn path(text: &str) -> Parsed<Path> {
    let mut reader = Reader::new(text);
    if !reader.take("$") {
        return Err("a path begins with \"$\"".to_owned());
    }
    let segments = segments(&mut reader, 0)?;
    if reader.is_at_end() { Ok(Path { segments }) } else { Err(left(&reader)) }
}

pub(super) fn left(reader: &Reader<'_>) -> String {
    let rest: String = reader.rest().chars().take(20).collect();
    if rest.is_empty() { "the path ends too early".to_owned() } else { format!("\"{rest}\" cannot stand there") }
}

pub(super) fn blanks(reader: &mut Reader<'_>) {
    reader.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
}

pub(super) fn segments(reader: &mut Reader<'_>, depth: usize) -> Parsed<Vec<Segment>> {
    let mut segments = Vec::new();
    loop {
        let before = reader.at();
        blanks(reader);
        if reader.take("..") {
            let selectors = if reader.take("[") { bracket(reader, depth)? } else { vec![shorthand(reader)?] };
            segments.push(Segment::Descendant(selectors));
        } else if reader.take(".") {
            segments.push(Segment::Child(vec![shorthand(reader)?]));
        } else if reader.take("[") {
            segments.push(Segment::Child(bracket(reader, depth)?));
        } else {
            reader.seek(before);
            return Ok(segments);
        }
    }
}

fn shorthand(reader: &mut Reader<'_>) -> Parsed<Selector> {
    if reader.take("*") {
        return Ok(Selector::Wildcard);
    }
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let name = reader.take_while(|c| is_first(c) || c.is_ascii_digit());
    if name.starts_with(is_first) { Ok(Selector::Name(name.to_owned())) } else { Err(left(reader)) }
}

fn bracket(reader: &mut Reader<'_>, depth: usize) -> Parsed<Vec<Selector>> {
    if depth >= DEEPEST {
        return Err("the path has too many filters inside each other".to_owned());
    }
    let mut selectors = Vec::new();
    loop {
        blanks(reader);
        selectors.push(selector(reader, depth + 1)?);
        blanks(reader);
        if reader.take("]") {
            return Ok(selectors);
        }
        if !reader.take(",") {
            return Err(left(reader));
        }
    }
}

fn selector(reader: &mut Reader<'_>, depth: usize) -> Parsed<Selector> {
    if let Some(name) = literal::string(reader)? {
        return Ok(Selector::Name(name));
    }
    if reader.take("*") {
        return Ok(Selector::Wildcard);
    }
    if reader.take("?") {
        blanks(reader);
        return Ok(Selector::Filter(filter::or(reader, depth)?));
    }
    let start = literal::integer(reader)?;
    let before = reader.at();
    blanks(reader);
    if !reader.take(":") {
        reader.seek(before);
        return start.map(Selector::Index).ok_or_else(|| left(reader));
    }
    blanks(reader);
    let end = literal::integer(reader)?;
    let before = reader.at();
    blanks(reader);
    let mut step = None;
    if reader.take(":") {
        blanks(reader);
        step = literal::integer(reader)?;
    } else {
        reader.seek(before);
    }
    Ok(Selector::Slice { start, end, step: step.unwrap_or(1) })
}
