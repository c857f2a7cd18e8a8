//! Cron expressions exactly as `cron-parser` 5.10.5 accepts them with its default options.
//!
//! The engine asks for nothing but acceptance (`config/src/validate/validations.js`), so acceptance is what is
//! matched, including what no one would guess: a value named twice is an error, four fields are enough, and `H`
//! is drawn anew each time, so that an expression with `H` may be accepted on one day only.

mod error;
mod field;
mod hash;
mod sequence;
mod unit;

pub use error::{ALIASES, CronError, CronFault};
pub use field::{Field, Value};
pub use unit::Unit;

use super::javascript::{is_white_space, to_number, trim};
use super::problem::shorten;
use field::Outcomes;

/// Longest accepted expression in UTF-16 units (`MAX_EXPRESSION_LENGTH` of the parser).
const LONGEST: usize = 1024;

/// An accepted cron expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Cron {
    /// Seconds; `0` when the expression has five fields or fewer.
    pub second: Field,
    /// Minutes.
    pub minute: Field,
    /// Hours.
    pub hour: Field,
    /// Days of the month.
    pub day: Field,
    /// Months.
    pub month: Field,
    /// Days of the week, where both 0 and 7 are Sunday.
    pub weekday: Field,
    /// `n` of `weekday#n`: only the n-th such weekday of a month.
    pub nth: Option<f64>,
    /// How the expression fails for some of the values that `H` may be given; `None` when it never fails.
    pub chance: Option<CronError>,
}

impl Cron {
    /// The six fields from seconds to weekdays.
    #[must_use]
    pub fn fields(&self) -> [&Field; 6] {
        [&self.second, &self.minute, &self.hour, &self.day, &self.month, &self.weekday]
    }
}

/// Reads a cron expression as the engine does (`cron-parser/src/CronExpressionParser.ts`).
///
/// An empty text is accepted and means every minute. An expression whose `H` decides is accepted when some value
/// of it is; then [`Cron::chance`] says what may go wrong.
///
/// # Errors
///
/// The field that is wrong and why.
pub fn parse_cron(text: &str) -> Result<Cron, CronError> {
    let text = expand_alias(text);
    let whole = |fault| CronError { unit: None, text: shorten(text), fault };
    let length = text.encode_utf16().take(text.len().min(LONGEST) + 1).count();
    if length > LONGEST {
        return Err(whole(CronFault::TooLong(text.encode_utf16().count())));
    }
    let result = parse_fields(if text.is_empty() { "0 * * * * *" } else { text });
    match result {
        Err(_) if trim(text).is_empty() => Err(whole(CronFault::Blank)),
        Err(_) if text.starts_with('@') => Err(whole(error::unknown_alias(text))),
        result => result,
    }
}

/// Whether the text is one of the names that stand for an expression.
#[must_use]
pub fn is_alias(text: &str) -> bool {
    ALIASES.contains(&text)
}

fn expand_alias(text: &str) -> &str {
    match text {
        "@yearly" | "@annually" => "0 0 0 1 1 *",
        "@monthly" => "0 0 0 1 * *",
        "@weekly" => "0 0 0 * * 0",
        "@daily" => "0 0 0 * * *",
        "@hourly" => "0 0 * * * *",
        "@minutely" => "0 * * * * *",
        "@secondly" => "* * * * * *",
        "@weekdays" => "0 0 0 * * 1-5",
        "@weekends" => "0 0 0 * * 0,6",
        other => other,
    }
}

fn parse_fields(text: &str) -> Result<Cron, CronError> {
    let atoms: Vec<&str> = match trim(text) {
        "" => vec![""],
        trimmed => trimmed.split(is_white_space).filter(|atom| !atom.is_empty()).collect(),
    };
    let defaults = ["0", "*", "*", "*", "*", "*"];
    let Some(missing) = defaults.len().checked_sub(atoms.len()) else {
        return Err(CronError { unit: None, text: shorten(text), fault: CronFault::TooManyFields(atoms.len()) });
    };
    let mut texts = defaults;
    texts[missing..].copy_from_slice(&atoms);
    let [second, minute, hour, day, month, weekday] = texts;

    let second = Outcomes::read(Unit::Second, second, second)?;
    let minute = Outcomes::read(Unit::Minute, minute, minute)?;
    let hour = Outcomes::read(Unit::Hour, hour, hour)?;
    let month = Outcomes::read(Unit::Month, month, month)?;
    let day = Outcomes::read(Unit::Day, day, day)?;
    let (weekday_text, nth) = split_nth(weekday)?;
    let weekday = Outcomes::read(Unit::Weekday, weekday_text, weekday)?;

    let mut chance = None;
    let [second, minute, hour] = [second, minute, hour].map(|outcomes| outcomes.settle(&mut chance));
    let (day, month) = field::settle_days(day, &month, weekday.is_wildcard(), &mut chance)?;
    let weekday = weekday.settle(&mut chance)?;
    Ok(Cron { second: second?, minute: minute?, hour: hour?, day, month, weekday, nth, chance })
}

/// Splits `weekday#n`.
fn split_nth(text: &str) -> Result<(&str, Option<f64>), CronError> {
    let fail = |fault| Err(CronError { unit: Some(Unit::Weekday), text: shorten(text), fault });
    let Some((weekday, nth)) = text.split_once('#') else { return Ok((text, None)) };
    if let Some(beside) = text.chars().find(|character| ",-/L".contains(*character)) {
        return fail(CronFault::NthCombined(beside));
    }
    let number = to_number(nth);
    if nth.contains('#') || !(1.0..=5.0).contains(&number) {
        return fail(CronFault::Nth(shorten(nth)));
    }
    Ok((weekday, Some(number)))
}

#[cfg(test)]
mod tests;
