//! Functions in a filter.

use super::super::reader::Reader;
use super::parse::{Parsed, blanks, left};
use super::{Call, Comparable, Query, filter};

/// What stands between the brackets of a call.
pub(super) fn arguments(reader: &mut Reader<'_>, name: &str, depth: usize) -> Parsed<Call> {
    match name {
        "length" => Ok(Call::Length(value(reader, depth)?)),
        "count" => Ok(Call::Count(nodes(reader, depth)?)),
        "value" => Ok(Call::Value(nodes(reader, depth)?)),
        "match" | "search" => {
            let text = value(reader, depth)?;
            blanks(reader);
            if !reader.take(",") {
                return Err(left(reader));
            }
            Ok(Call::Match { text, pattern: value(reader, depth)?, is_whole: name == "match" })
        }
        _ => Err(format!("\"{name}\" is no function: length, count, value, match and search are")),
    }
}

fn value(reader: &mut Reader<'_>, depth: usize) -> Parsed<Comparable> {
    blanks(reader);
    let found = filter::comparable(reader, depth)?.ok_or_else(|| left(reader))?;
    filter::single(found)
}

fn nodes(reader: &mut Reader<'_>, depth: usize) -> Parsed<Query> {
    blanks(reader);
    filter::query(reader, depth)?.ok_or_else(|| left(reader))
}
