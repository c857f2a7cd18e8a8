//! What can be wrong with a cron expression.

use std::fmt;

use super::super::problem::nearest;
use super::unit::Unit;

/// Names that stand for a whole expression, exact case (`cron-parser/src/CronExpressionParser.ts`).
pub const ALIASES: [&str; 10] = [
    "@yearly",
    "@annually",
    "@monthly",
    "@weekly",
    "@daily",
    "@hourly",
    "@minutely",
    "@secondly",
    "@weekdays",
    "@weekends",
];

/// Says why a cron expression is rejected, and in which field.
#[derive(Debug, Clone, PartialEq)]
pub struct CronError {
    /// The field that is wrong; `None` when the expression as a whole is.
    pub unit: Option<Unit>,
    /// What was written there, shortened.
    pub text: String,
    /// What is wrong.
    pub fault: CronFault,
}

impl fmt::Display for CronError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            Some(unit) => write!(formatter, "{} field {:?} {}", unit.name(), self.text, self.fault),
            None => write!(formatter, "expression {:?} {}", self.text, self.fault),
        }
    }
}

impl std::error::Error for CronError {}

/// The faults of cron expressions and of their fields (`cron-parser/src/CronExpressionParser.ts` and `fields/`).
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CronFault {
    /// More than 1024 UTF-16 units.
    #[error("has {0} characters, at most 1024 are accepted")]
    TooLong(usize),
    /// More than six fields.
    #[error("has {0} fields, five or six are expected")]
    TooManyFields(usize),
    /// Starts with `@` and is no alias.
    #[error("is no known alias, should be one of {list} in lower case{hint}", list = ALIASES.join(", "), hint = hint(.0.as_deref()))]
    UnknownAlias(Option<String>),
    /// Nothing but white space.
    #[error("is blank, should have five fields: minute, hour, day, month, weekday")]
    Blank,
    /// Letters that are no name of a month or weekday.
    #[error("holds {0:?}, should use three-letter names such as {1:?} or numbers")]
    UnknownName(String, &'static str),
    /// A character that the field does not accept.
    #[error("holds {0:?}, should be made of digits and {1}")]
    Character(char, &'static str),
    /// `*` or `?` beside other characters.
    #[error("has a wildcard beside other characters, should have \"*\" or \"*/n\" as a whole list item")]
    Wildcard,
    /// A list item without text.
    #[error("has an empty list item, should have a value between commas")]
    EmptyItem,
    /// More than one `/`.
    #[error("has an item with more than one \"/\", should have one step")]
    Slashes,
    /// Something else than digits around `-` or before `/`.
    #[error("has {0:?}, should be a number, or two numbers with \"-\" between them")]
    Range(String),
    /// A range whose end comes first.
    #[error("has the range {0}-{1}, should start with the smaller number")]
    Reversed(f64, f64),
    /// A value beyond the limits of the field.
    #[error("has {0}, should be from {1} to {2}")]
    Limits(String, f64, f64),
    /// A step that is not a positive number.
    #[error("has the step {0:?}, should be a positive number")]
    Step(String),
    /// More than 256 values.
    #[error("repeats values too often, should name every value once")]
    TooManyValues,
    /// The same value twice.
    #[error("names the value {0} twice, should name every value once")]
    Duplicate(String),
    /// `#` together with a list, a range, a step or `L`.
    #[error("combines \"#\" with {0:?}, should be one weekday and \"#\" and a number from 1 to 5")]
    NthCombined(char),
    /// The number after `#` is not 1 to 5.
    #[error("has {0:?} after \"#\", should be a number from 1 to 5")]
    Nth(String),
    /// `L` in a place or form that the field does not accept.
    #[error("uses \"L\" as {0:?}, should be {1}")]
    Last(String, &'static str),
    /// Every named day is beyond the end of every named month.
    #[error("names day {0}, should be at most {1} because no listed month has more days")]
    ImpossibleDay(f64, f64),
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!(" (did you mean {name:?}?)"))
}

/// The fault of a text that starts with `@` and is no alias.
pub(super) fn unknown_alias(text: &str) -> CronFault {
    let meant = match text.to_ascii_lowercase().as_str() {
        "@midnight" => Some("@daily"),
        lower => nearest(lower, &ALIASES),
    };
    CronFault::UnknownAlias(meant.map(str::to_owned))
}
