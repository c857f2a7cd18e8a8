//! Filters in a path: `?@.price < 10`.

use super::super::reader::Reader;
use super::parse::{DEEPEST, Parsed, blanks, left, segments};
use super::{Call, Comparable, Logical, Operator, Query, call, literal};

pub(super) fn or(reader: &mut Reader<'_>, depth: usize) -> Parsed<Logical> {
    let mut operands = vec![and(reader, depth)?];
    while follows(reader, "||") {
        operands.push(and(reader, depth)?);
    }
    Ok(one_or(operands, Logical::Or))
}

fn and(reader: &mut Reader<'_>, depth: usize) -> Parsed<Logical> {
    let mut operands = vec![basic(reader, depth)?];
    while follows(reader, "&&") {
        operands.push(basic(reader, depth)?);
    }
    Ok(one_or(operands, Logical::And))
}

fn follows(reader: &mut Reader<'_>, sign: &str) -> bool {
    let before = reader.at();
    blanks(reader);
    let is_next = reader.take(sign);
    if is_next {
        blanks(reader);
    } else {
        reader.seek(before);
    }
    is_next
}

fn one_or(mut operands: Vec<Logical>, all: fn(Vec<Logical>) -> Logical) -> Logical {
    match operands.pop() {
        Some(only) if operands.is_empty() => only,
        Some(last) => {
            operands.push(last);
            all(operands)
        }
        None => all(operands),
    }
}

fn basic(reader: &mut Reader<'_>, depth: usize) -> Parsed<Logical> {
    if depth >= DEEPEST {
        return Err("the path has too many brackets inside each other".to_owned());
    }
    let is_negated = reader.take("!");
    if is_negated {
        blanks(reader);
    }
    if reader.take("(") {
        blanks(reader);
        let inner = or(reader, depth + 1)?;
        blanks(reader);
        if !reader.take(")") {
            return Err(left(reader));
        }
        return Ok(if is_negated { Logical::Not(Box::new(inner)) } else { inner });
    }
    let Some(first) = comparable(reader, depth)? else { return Err(left(reader)) };
    let found = match (if is_negated { None } else { operator(reader) }, first) {
        (Some(operator), first) => {
            let second = comparable(reader, depth)?.ok_or_else(|| left(reader))?;
            Logical::Compare(single(first)?, operator, single(second)?)
        }
        (None, Comparable::Query(query)) => Logical::Exists(query),
        (None, Comparable::Call(call)) if call.is_logical() => Logical::Call(call),
        (None, _) => return Err("a filter compares a value, or asks whether there is one".to_owned()),
    };
    Ok(if is_negated { Logical::Not(Box::new(found)) } else { found })
}

/// What can be compared: one value.
pub(super) fn single(found: Comparable) -> Parsed<Comparable> {
    match &found {
        Comparable::Query(query) if !query.is_singular() => {
            Err("only a path to a single value can be compared".to_owned())
        }
        Comparable::Call(call) if call.is_logical() => Err("match and search cannot be compared".to_owned()),
        _ => Ok(found),
    }
}

fn operator(reader: &mut Reader<'_>) -> Option<Operator> {
    let before = reader.at();
    blanks(reader);
    let signs = [
        ("==", Operator::Equal),
        ("!=", Operator::NotEqual),
        ("<=", Operator::LessOrEqual),
        (">=", Operator::GreaterOrEqual),
        ("<", Operator::Less),
        (">", Operator::Greater),
    ];
    let found = signs.into_iter().find(|(sign, _)| reader.take(sign)).map(|(_, operator)| operator);
    if found.is_some() {
        blanks(reader)
    } else {
        reader.seek(before)
    }
    found
}

/// A value, a path or a call, if one is next.
pub(super) fn comparable(reader: &mut Reader<'_>, depth: usize) -> Parsed<Option<Comparable>> {
    if let Some(query) = query(reader, depth)? {
        return Ok(Some(Comparable::Query(query)));
    }
    if let Some(found) = call(reader, depth)? {
        return Ok(Some(Comparable::Call(Box::new(found))));
    }
    Ok(literal::value(reader)?.map(Comparable::Literal))
}

/// A path, if one is next.
pub(super) fn query(reader: &mut Reader<'_>, depth: usize) -> Parsed<Option<Query>> {
    let is_absolute = reader.take("$");
    if !is_absolute && !reader.take("@") {
        return Ok(None);
    }
    Ok(Some(Query { is_absolute, segments: segments(reader, depth)? }))
}

fn call(reader: &mut Reader<'_>, depth: usize) -> Parsed<Option<Call>> {
    let before = reader.at();
    let name = reader.take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if name.is_empty() || !reader.take("(") {
        reader.seek(before);
        return Ok(None);
    }
    if depth >= DEEPEST {
        return Err("the path has too many brackets inside each other".to_owned());
    }
    let found = call::arguments(reader, name, depth + 1)?;
    blanks(reader);
    if reader.take(")") { Ok(Some(found)) } else { Err(left(reader)) }
}
