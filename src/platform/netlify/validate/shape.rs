//! Checks of the kinds of values (`config/src/validate/helpers.js`).

use crate::text::tree::{Kind, Node};

use super::problem::{Expected, Problem, UnknownName, found, nearest, shorten};
use super::walk::{Fault, Subject};

/// Unknown names that a message lists.
const MOST_LISTED: usize = 5;

type Check = Result<(), Fault>;

fn demand(condition: bool, value: &Node, expected: Expected) -> Check {
    if condition { Ok(()) } else { Err(Fault::new(Problem::Kind { found: found(value), expected })) }
}

/// `isPlainObj`.
pub(super) fn table(subject: &Subject<'_>) -> Check {
    demand(subject.value.as_table().is_some(), subject.value, Expected::Table)
}

/// `isString`.
pub(super) fn string(subject: &Subject<'_>) -> Check {
    demand(subject.value.as_str().is_some(), subject.value, Expected::Text)
}

/// `isBoolean`.
pub(super) fn boolean(subject: &Subject<'_>) -> Check {
    demand(subject.value.as_bool().is_some(), subject.value, Expected::Boolean)
}

/// `isArrayOfObjects`.
pub(super) fn tables(subject: &Subject<'_>) -> Check {
    list(subject.value, Expected::Tables, |item| item.as_table().is_some())
}

/// `isArrayOfStrings`.
pub(super) fn strings(subject: &Subject<'_>) -> Check {
    list(subject.value, Expected::Texts, |item| item.as_str().is_some())
}

/// A string or a list of strings.
pub(super) fn string_or_strings(subject: &Subject<'_>) -> Check {
    if subject.value.as_str().is_some() {
        return Ok(());
    }
    list(subject.value, Expected::TextOrTexts, |item| item.as_str().is_some())
}

fn list(value: &Node, expected: Expected, accepts: impl Fn(&Node) -> bool) -> Check {
    let Kind::Array(items) = &value.kind else { return demand(false, value, expected) };
    match items.iter().enumerate().find(|(_, item)| !accepts(item)) {
        None => Ok(()),
        Some((index, item)) => {
            let place = format!("item {}", index + 1);
            Err(Fault::at(Problem::Item { found: found(item), place, expected }, Some(item.span), None))
        }
    }
}

/// A strict comparison with each of a few strings.
pub(super) fn one_of(subject: &Subject<'_>, valid: &'static [&'static str]) -> Check {
    match subject.value.as_str() {
        Some(text) if valid.contains(&text) => Ok(()),
        text => {
            let suggestion = text.and_then(|text| nearest(text, valid));
            Err(Fault::new(Problem::NotOneOf { found: found(subject.value), valid, suggestion }))
        }
    }
}

/// `validProperties`: no names beside the shown and the tolerated ones.
pub(super) fn known_names(
    subject: &Subject<'_>,
    valid: &'static [&'static str],
    tolerated: &'static [&'static str],
) -> Check {
    let is_known = |name: &str| valid.contains(&name) || tolerated.contains(&name);
    let table = match &subject.value.kind {
        Kind::Null => return Err(Fault::Crash),
        Kind::Table(table) => table,
        Kind::Array(items) if !items.is_empty() => return demand(false, subject.value, Expected::Table),
        Kind::String(text) if !text.is_empty() => return demand(false, subject.value, Expected::Table),
        _ => return Ok(()),
    };
    let unknown: Vec<&str> = table.iter().map(|(name, _)| name).filter(|name| !is_known(name)).collect();
    let Some(first) = unknown.first() else { return Ok(()) };
    let key_span = subject.key_span(first);
    let more = unknown.len().saturating_sub(MOST_LISTED);
    let listed = unknown.iter().take(MOST_LISTED);
    let unknown = listed.map(|name| UnknownName { name: shorten(name), suggestion: nearest(name, valid) }).collect();
    Err(Fault::at(Problem::UnknownProperties { unknown, more, valid }, None, key_span))
}

/// One of the names has to be there.
pub(super) fn has_one(subject: &Subject<'_>, names: &'static [&'static str]) -> Check {
    for name in names {
        if subject.property(name)?.is_some() {
            return Ok(());
        }
    }
    Err(Fault::new(Problem::Missing(names)))
}

/// Both names together are too many.
pub(super) fn not_both(subject: &Subject<'_>, one: &'static str, other: &'static str) -> Check {
    if subject.property(one)?.is_none() || subject.property(other)?.is_none() {
        return Ok(());
    }
    let later = subject.key_span(one).max(subject.key_span(other));
    Err(Fault::at(Problem::Exclusive(one, other), None, later))
}
