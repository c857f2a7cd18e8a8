//! Lists, steps and ranges of one field: from text to values.

use std::collections::HashSet;

use super::super::javascript::{parse_int, to_number};
use super::super::problem::shorten;
use super::error::CronFault;
use super::unit::Unit;
use crate::text::ecma::number_to_string;

/// Values that a list may hold before its next item (`MAX_FIELD_VALUES` of the parser).
const MOST_VALUES: usize = 256;

/// Values of one range: beyond this the engine itself dies (a range is passed as the arguments of one call).
const MOST_OF_A_RANGE: usize = 100_000;

/// A value of a field on its way to being checked: what JavaScript calls `number | string`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Raw {
    Number(f64),
    Text(String),
}

/// The values of a comma-separated list in which wildcards and hashes are already numbers.
pub(super) fn read_list(unit: Unit, text: &str) -> Result<Vec<Raw>, CronFault> {
    let mut values = Vec::new();
    for item in text.split(',') {
        if values.len() > MOST_VALUES {
            return Err(CronFault::TooManyValues);
        }
        if item.is_empty() {
            return Err(CronFault::EmptyItem);
        }
        read_item(unit, item, &mut values)?;
    }
    Ok(values)
}

fn read_item(unit: Unit, item: &str, values: &mut Vec<Raw>) -> Result<(), CronFault> {
    let mut parts = item.split('/');
    let (range, step) = (parts.next().unwrap_or_default(), parts.next());
    if parts.next().is_some() {
        return Err(CronFault::Slashes);
    }
    match step {
        Some(step) if range.contains('-') => read_range(unit, range, step, values),
        Some(_) if !is_digits(range) => Err(CronFault::Range(shorten(item))),
        Some(step) => read_range(unit, &format!("{range}-{}", unit.limits().1), step, values),
        None if range.contains('-') => read_range(unit, range, "1", values),
        None => read_single(unit, item, values),
    }
}

fn read_single(unit: Unit, item: &str, values: &mut Vec<Raw>) -> Result<(), CronFault> {
    if unit.has_last() && item.contains('L') {
        values.push(Raw::Text(item.to_owned()));
        return Ok(());
    }
    let number = to_number(item);
    let printed = if number.is_nan() { item.to_owned() } else { number_to_string(number) };
    let whole = parse_int(&printed);
    let (least, most) = unit.limits();
    if !(least..=most).contains(&whole) {
        return Err(CronFault::Limits(shorten(item), least, most));
    }
    values.push(match unit {
        Unit::Weekday => Raw::Number(whole % 7.0),
        _ if number.is_nan() => Raw::Text(printed),
        _ => Raw::Number(number),
    });
    Ok(())
}

fn read_range(unit: Unit, range: &str, step: &str, values: &mut Vec<Raw>) -> Result<(), CronFault> {
    let ends: Vec<&str> = range.split('-').collect();
    let ([first, last], true) = (ends.as_slice(), ends.iter().all(|end| is_digits(end))) else {
        return Err(CronFault::Range(shorten(range)));
    };
    let (first, last) = (to_number(first), to_number(last));
    let (least, most) = unit.limits();
    if let Some(end) = [first, last].into_iter().find(|end| !(least..=most).contains(end)) {
        return Err(CronFault::Limits(number_to_string(end), least, most));
    }
    if first > last {
        return Err(CronFault::Reversed(first, last));
    }
    let interval = to_number(step);
    if interval.is_nan() || interval <= 0.0 {
        return Err(CronFault::Step(shorten(step)));
    }
    fill(unit, (first, last), interval, values)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn fill(unit: Unit, (first, last): (f64, f64), interval: f64, values: &mut Vec<Raw>) -> Result<(), CronFault> {
    let ends_on_sunday = unit == Unit::Weekday && last % 7.0 == 0.0 && (last - first) % interval == 0.0;
    if ends_on_sunday {
        values.push(Raw::Number(0.0));
    }
    let (mut value, mut count) = (first, 0);
    while value <= last {
        if !(ends_on_sunday && value == 0.0) {
            values.push(Raw::Number(value));
        }
        value += interval;
        count += 1;
        if count > MOST_OF_A_RANGE {
            return Err(CronFault::TooManyValues);
        }
    }
    Ok(())
}

/// Checks the values as the field itself does: limits, forms of `L`, and none twice.
pub(super) fn check_values(unit: Unit, values: &[Raw]) -> Result<(), CronFault> {
    let (least, most) = unit.limits();
    let mut seen = HashSet::new();
    for value in values {
        let printed = match value {
            Raw::Number(number) if !(least..=most).contains(number) => {
                return Err(CronFault::Limits(number_to_string(*number), least, most));
            }
            Raw::Number(number) => number_to_string(*number),
            Raw::Text(text) => check_last(unit, text)?.to_owned(),
        };
        if let Some(printed) = seen.replace(printed) {
            return Err(CronFault::Duplicate(printed));
        }
    }
    let is_lone_last = |value: &Raw| matches!(value, Raw::Text(text) if text == "L");
    if unit == Unit::Weekday && values.iter().any(is_lone_last) {
        return Err(CronFault::Last("L".to_owned(), "a weekday and \"L\", such as \"5L\""));
    }
    Ok(())
}

fn check_last(unit: Unit, text: &str) -> Result<&str, CronFault> {
    let (least, most) = unit.limits();
    let day = text.strip_suffix('L');
    match unit {
        Unit::Day if text == "L" => Ok(text),
        Unit::Day if text.contains('L') => Err(CronFault::Last(shorten(text), "\"L\" alone")),
        Unit::Weekday if day.is_some_and(|day| matches!(day.as_bytes(), [] | [b'0'..=b'7'])) => Ok(text),
        Unit::Weekday => Err(CronFault::Last(shorten(text), "a weekday and \"L\", such as \"5L\"")),
        _ => Err(CronFault::Limits(shorten(text), least, most)),
    }
}
