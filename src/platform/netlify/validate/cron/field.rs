//! One field: what its text can come to, and the day of the month that depends on the month.

use super::super::problem::{nearest, shorten};
use super::error::{CronError, CronFault};
use super::hash;
use super::sequence::{Raw, check_values, read_list};
use super::unit::{Unit, days_in};

/// Values looked at before the search for further outcomes of `H` is given up.
const WORK: usize = 1_000_000;

/// A value of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number; whole, except in texts that only the engine's leniency beside `H` lets pass.
    Number(f64),
    /// `L`: the last day of the month, or (`5L`) the last such weekday of the month.
    Last(Option<u8>),
}

/// A field of an accepted expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Which field.
    pub unit: Unit,
    /// What was written, or the default.
    pub text: String,
    /// The values in the order written; where `H` decides, the first that can come out.
    pub values: Vec<Value>,
    /// Whether `H` decides.
    pub is_hashed: bool,
}

impl Field {
    /// Whether the field is `*` or `?`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        matches!(self.text.as_str(), "*" | "?")
    }
}

/// All lists of values that a text can come to; more than one only where `H` decides.
pub(super) struct Outcomes {
    unit: Unit,
    text: String,
    is_hashed: bool,
    results: Vec<Result<Vec<Raw>, CronFault>>,
}

impl Outcomes {
    /// Reads the text of a field; `written` is the text with what the caller took off.
    pub(super) fn read(unit: Unit, text: &str, written: &str) -> Result<Outcomes, CronError> {
        let mut outcomes = Outcomes { unit, text: written.to_owned(), is_hashed: false, results: Vec::new() };
        match outcomes.explore(text) {
            Ok(()) if outcomes.results.iter().any(Result::is_ok) => Ok(outcomes),
            Ok(()) => {
                let first = outcomes.results.drain(..).find_map(Result::err);
                Err(outcomes.error(first.expect("internal: there is a draw, and none succeeded")))
            }
            Err(fault) => Err(outcomes.error(fault)),
        }
    }

    fn explore(&mut self, text: &str) -> Result<(), CronFault> {
        let named = replace_names(self.unit, text)?;
        check_characters(self.unit, text, &named)?;
        let ranged = replace_wildcards(self.unit, &named)?;
        let pieces = hash::split(self.unit, &ranged)?;
        self.is_hashed = pieces.len() > 1;
        let (mut last, mut work) = (None, 0);
        for draw in hash::draws(&pieces) {
            let rendered = hash::render(&pieces, draw);
            if last.as_ref() == Some(&rendered) {
                continue;
            }
            let result = read_list(self.unit, &rendered);
            work += result.as_ref().map_or(1, Vec::len);
            self.results.push(result);
            last = Some(rendered);
            if work > WORK {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn is_wildcard(&self) -> bool {
        matches!(self.text.as_str(), "*" | "?")
    }

    fn error(&self, fault: CronFault) -> CronError {
        CronError { unit: Some(self.unit), text: shorten(&self.text), fault }
    }

    fn field(&self, values: &[Raw]) -> Field {
        let values = values.iter().map(Raw::settle).collect();
        Field { unit: self.unit, text: self.text.clone(), values, is_hashed: self.is_hashed }
    }

    /// The outcomes whose values the field itself accepts, and the first reason against one that it does not.
    fn accepted(&self) -> (Vec<&[Raw]>, Option<CronError>) {
        let (mut accepted, mut against) = (Vec::new(), None);
        for result in &self.results {
            let checked = result.as_deref().map_err(Clone::clone);
            match checked.and_then(|values| check_values(self.unit, values).map(|()| values)) {
                Ok(values) => accepted.push(values),
                Err(fault) => against = against.or_else(|| Some(self.error(fault))),
            }
        }
        (accepted, against)
    }

    /// The field with its first accepted values; reasons against other outcomes go to `chance`.
    pub(super) fn settle(self, chance: &mut Option<CronError>) -> Result<Field, CronError> {
        let (accepted, against) = self.accepted();
        settle(accepted.first().map(|values| self.field(values)), against, chance)
    }
}

fn settle<T>(found: Option<T>, against: Option<CronError>, chance: &mut Option<CronError>) -> Result<T, CronError> {
    match (found, against) {
        (Some(found), against) => {
            *chance = chance.take().or(against);
            Ok(found)
        }
        (None, against) => Err(against.expect("internal: without an accepted outcome there is a reason")),
    }
}

impl Raw {
    fn settle(&self) -> Value {
        match self {
            Raw::Number(number) => Value::Number(*number),
            Raw::Text(text) => Value::Last(text.bytes().next().filter(u8::is_ascii_digit).map(|digit| digit - b'0')),
        }
    }
}

/// What the months of one outcome mean for the day: the length of the only month, and of the longest.
struct Months<'a> {
    values: &'a [Raw],
    only: Option<f64>,
    longest: f64,
}

impl<'a> Months<'a> {
    fn of(values: &'a [Raw]) -> Months<'a> {
        let lengths = values.iter().map(|value| match value {
            Raw::Number(month) => days_in(*month),
            Raw::Text(_) => f64::NAN,
        });
        let only = if values.len() == 1 { lengths.clone().next() } else { None };
        let longest = lengths.fold(0.0, |most, length| if length > most || length.is_nan() { length } else { most });
        Months { values, only, longest }
    }

    fn has_effect_of(&self, other: &Months<'_>) -> bool {
        let bits = |months: &Months<'_>| (months.only.map(f64::to_bits), months.longest.to_bits());
        bits(self) == bits(other)
    }
}

/// The day of the month and the month, which the engine checks together (`CronDayOfMonth.fromMonth` and the
/// constructor of `CronFieldCollection`).
pub(super) fn settle_days(
    day: Outcomes,
    month: &Outcomes,
    any_weekday: bool,
    chance: &mut Option<CronError>,
) -> Result<(Field, Field), CronError> {
    let (accepted, mut against) = month.accepted();
    let mut effects: Vec<Months<'_>> = Vec::new();
    for months in accepted.into_iter().map(Months::of) {
        if !effects.iter().any(|seen| seen.has_effect_of(&months)) {
            effects.push(months);
        }
    }
    let mut found = None;
    for months in &effects {
        for result in &day.results {
            let checked = result.clone().and_then(|values| check_days(&day, values, months, any_weekday));
            match checked {
                Ok(values) if found.is_none() => found = Some((day.field(&values), month.field(months.values))),
                Ok(_) => {}
                Err(fault) => against = against.or_else(|| Some(day.error(fault))),
            }
        }
    }
    settle(found, against, chance)
}

fn check_days(day: &Outcomes, values: Vec<Raw>, months: &Months<'_>, any_weekday: bool) -> Result<Vec<Raw>, CronFault> {
    // A length that is no number (an odd month) fits nothing.
    let fits = |value: &Raw, length: f64| match value {
        Raw::Number(number) => *number <= length,
        Raw::Text(_) => true,
    };
    let values = match months.only {
        Some(length) if values.iter().any(|value| fits(value, length)) => {
            values.into_iter().filter(|value| fits(value, length)).collect()
        }
        _ => values,
    };
    check_values(Unit::Day, &values)?;
    let numbers = values.iter().filter_map(|value| if let Raw::Number(number) = value { Some(*number) } else { None });
    let first = numbers.fold(f64::INFINITY, f64::min).trunc();
    let is_possible = !any_weekday || day.text.contains('L') || first <= months.longest;
    if is_possible { Ok(values) } else { Err(CronFault::ImpossibleDay(first, months.longest)) }
}

/// Replaces the three-letter names of months and weekdays.
fn replace_names(unit: Unit, text: &str) -> Result<String, CronFault> {
    let Some((names, first)) = unit.names() else { return Ok(text.to_owned()) };
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let Some(name) = rest.get(..3).filter(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic())) else {
            replaced.push(character);
            rest = &rest[character.len_utf8()..];
            continue;
        };
        let Some(at) = names.iter().position(|known| known.eq_ignore_ascii_case(name)) else {
            return Err(unknown_name(unit, text).unwrap_or(CronFault::UnknownName(name.to_owned(), names[0])));
        };
        replaced.push_str(&(at + first).to_string());
        rest = &rest[3..];
    }
    Ok(replaced)
}

/// The first word that is neither a name nor made of accepted characters.
fn unknown_name(unit: Unit, text: &str) -> Option<CronFault> {
    let (names, _) = unit.names()?;
    let is_name = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    let is_accepted = |word: &str| word.chars().all(|character| unit.characters().0.contains(character));
    let mut words = text.split(|character: char| !character.is_ascii_alphabetic());
    let word = words.find(|word| !is_accepted(word) && !is_name(word))?;
    let start = word.get(..3).unwrap_or(word).to_ascii_lowercase();
    Some(CronFault::UnknownName(shorten(word), nearest(&start, names).unwrap_or(names[0])))
}

/// `named` is the text in which names have become numbers.
fn check_characters(unit: Unit, text: &str, named: &str) -> Result<(), CronFault> {
    let (accepted, listed) = unit.characters();
    let other = named.chars().find(|character| !character.is_ascii_digit() && !accepted.contains(*character));
    match other {
        _ if named.is_empty() => Err(CronFault::EmptyItem),
        Some(character) if !hash::has_full_form(named) => {
            let word = if character.is_ascii_alphabetic() { unknown_name(unit, text) } else { None };
            Err(word.unwrap_or(CronFault::Character(character, listed)))
        }
        _ => Ok(()),
    }
}

/// Replaces `*` and `?` where they are a list item, alone or with a step.
fn replace_wildcards(unit: Unit, text: &str) -> Result<String, CronFault> {
    let (least, most) = unit.limits();
    let items = text.split(',').map(|item| match item.strip_prefix(['*', '?']) {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{least}-{most}{rest}"),
        _ => item.to_owned(),
    });
    let replaced = items.collect::<Vec<_>>().join(",");
    if replaced.contains(['*', '?']) { Err(CronFault::Wildcard) } else { Ok(replaced) }
}
