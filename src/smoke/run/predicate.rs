//! What must be true of values.

use std::cmp::Ordering;

use super::scene::Scene;
use super::trouble::Trouble;
use crate::smoke::ast::{Expected, Predicate, PredicateKind, Sort};
use crate::smoke::parse::number::compile;
use crate::smoke::value::Value;

/// How a comparison comes out.
enum Finding {
    /// It is so, or it is not.
    Is(bool),
    /// The two cannot be compared: neither it nor its opposite holds.
    Incomparable,
}

/// Says whether a predicate holds of a value; a value that is not there has no property.
pub(super) fn holds(scene: &mut Scene<'_>, predicate: &Predicate, value: Option<&Value>) -> Result<bool, Trouble> {
    let expected = match expected_of(&predicate.kind) {
        Some(expected) => Some(evaluate(scene, expected)?),
        None => None,
    };
    let finding = match value {
        None => Finding::Is(false),
        Some(value) => compare(predicate, value, expected.as_ref())?,
    };
    Ok(match finding {
        Finding::Is(is_so) => is_so != predicate.is_negated,
        Finding::Incomparable => false,
    })
}

fn expected_of(kind: &PredicateKind) -> Option<&Expected> {
    match kind {
        PredicateKind::Equal(expected)
        | PredicateKind::NotEqual(expected)
        | PredicateKind::Greater(expected)
        | PredicateKind::GreaterOrEqual(expected)
        | PredicateKind::Less(expected)
        | PredicateKind::LessOrEqual(expected)
        | PredicateKind::StartsWith(expected)
        | PredicateKind::EndsWith(expected)
        | PredicateKind::Contains(expected)
        | PredicateKind::Includes(expected)
        | PredicateKind::Matches(expected) => Some(expected),
        PredicateKind::Exists | PredicateKind::Is(_) => None,
    }
}

fn evaluate(scene: &mut Scene<'_>, expected: &Expected) -> Result<Value, Trouble> {
    Ok(match expected {
        Expected::Null => Value::Null,
        Expected::Bool(value) => Value::Bool(*value),
        Expected::Number(number) => Value::Number(number.clone()),
        Expected::Bytes(bytes) => Value::Bytes(bytes.clone()),
        Expected::File(name) => Value::Bytes(scene.file(name)?),
        Expected::Placeholder(placeholder) => scene.value(placeholder)?,
        Expected::Text(template) => Value::Text(scene.render(template)?),
        Expected::Regex(regex) => Value::Regex(regex.clone()),
    })
}

fn compare(predicate: &Predicate, value: &Value, expected: Option<&Value>) -> Result<Finding, Trouble> {
    let order = |wanted: fn(Ordering) -> bool| {
        let found = expected.and_then(|expected| ordering(value, expected));
        found.map_or(Finding::Incomparable, |found| Finding::Is(wanted(found)))
    };
    let is = |found: Option<bool>| found.map_or(Finding::Incomparable, Finding::Is);
    Ok(match &predicate.kind {
        PredicateKind::Exists => Finding::Is(true),
        PredicateKind::Is(sort) => is(value.is(*sort)),
        PredicateKind::Equal(_) => Finding::Is(Some(value) == expected),
        PredicateKind::NotEqual(_) => Finding::Is(Some(value) != expected),
        PredicateKind::Greater(_) => order(Ordering::is_gt),
        PredicateKind::GreaterOrEqual(_) => order(Ordering::is_ge),
        PredicateKind::Less(_) => order(Ordering::is_lt),
        PredicateKind::LessOrEqual(_) => order(Ordering::is_le),
        PredicateKind::StartsWith(_) => {
            is(edges(value, expected, |text, part| text.starts_with(part), |bytes, part| bytes.starts_with(part)))
        }
        PredicateKind::EndsWith(_) => {
            is(edges(value, expected, |text, part| text.ends_with(part), |bytes, part| bytes.ends_with(part)))
        }
        PredicateKind::Contains(_) => match value {
            Value::List(values) => Finding::Is(expected.is_some_and(|expected| values.contains(expected))),
            _ => is(edges(
                value,
                expected,
                |text, part| text.contains(part),
                |bytes, part| memchr::memmem::find(bytes, part).is_some(),
            )),
        },
        PredicateKind::Includes(_) => match value {
            Value::List(values) => Finding::Is(expected.is_some_and(|expected| values.contains(expected))),
            _ => Finding::Incomparable,
        },
        PredicateKind::Matches(_) => {
            let regex = match expected {
                Some(Value::Regex(regex)) => regex.clone(),
                Some(Value::Text(source)) => {
                    compile(source).map_err(|reason| Trouble::failed(&predicate.span, reason))?
                }
                _ => return Ok(Finding::Incomparable),
            };
            match value {
                Value::Text(text) => Finding::Is(regex.is_match(text)),
                _ => Finding::Incomparable,
            }
        }
    })
}

fn ordering(value: &Value, expected: &Value) -> Option<Ordering> {
    match (value, expected) {
        (Value::Text(one), Value::Text(two)) => Some(one.cmp(two)),
        (Value::Number(one), Value::Number(two)) => Some(one.compare(two)),
        (Value::Date(one), Value::Date(two)) => Some(one.cmp(two)),
        _ => None,
    }
}

fn edges(
    value: &Value,
    expected: Option<&Value>,
    texts: fn(&str, &str) -> bool,
    bytes: fn(&[u8], &[u8]) -> bool,
) -> Option<bool> {
    match (value, expected?) {
        (Value::Text(text), Value::Text(part)) => Some(texts(text, part)),
        (Value::Bytes(all), Value::Bytes(part)) => Some(bytes(all, part)),
        _ => None,
    }
}

/// What a predicate expects, as people are told.
pub(super) fn show(scene: &mut Scene<'_>, predicate: &Predicate) -> String {
    let not = if predicate.is_negated { "not " } else { "" };
    let relation = match &predicate.kind {
        PredicateKind::Equal(_) => "",
        PredicateKind::NotEqual(_) => "something other than ",
        PredicateKind::Greater(_) => "more than ",
        PredicateKind::GreaterOrEqual(_) => "at least ",
        PredicateKind::Less(_) => "less than ",
        PredicateKind::LessOrEqual(_) => "at most ",
        PredicateKind::StartsWith(_) => "something that begins with ",
        PredicateKind::EndsWith(_) => "something that ends with ",
        PredicateKind::Contains(_) | PredicateKind::Includes(_) => "something that contains ",
        PredicateKind::Matches(_) => "something that matches ",
        PredicateKind::Exists => return format!("{not}anything"),
        PredicateKind::Is(sort) => return format!("{not}{}", sort_name(*sort)),
    };
    let value = expected_of(&predicate.kind).and_then(|expected| evaluate(scene, expected).ok());
    format!("{not}{relation}{}", value.map(|value| value.show()).unwrap_or_default())
}

fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Boolean => "a boolean",
        Sort::Collection => "a list, an object or bytes",
        Sort::Date => "a date",
        Sort::Empty => "something empty",
        Sort::Float => "a number with a fraction",
        Sort::Integer => "a whole number",
        Sort::Ipv4 => "an IPv4 address",
        Sort::Ipv6 => "an IPv6 address",
        Sort::IsoDate => "a date of RFC 3339",
        Sort::List => "a list",
        Sort::Number => "a number",
        Sort::Object => "an object",
        Sort::Text => "a text",
        Sort::Uuid => "a UUID",
    }
}
