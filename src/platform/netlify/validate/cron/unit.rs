//! The six fields and what each accepts.

/// One of the six fields of a cron expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, 0 to 59.
    Second,
    /// Minutes, 0 to 59.
    Minute,
    /// Hours, 0 to 23.
    Hour,
    /// Days of the month, 1 to 31.
    Day,
    /// Months, 1 to 12.
    Month,
    /// Days of the week, 0 to 7, where both 0 and 7 are Sunday.
    Weekday,
}

/// Days of each month in a leap year (`cron-parser/src/CronDate.ts`).
const DAYS: [f64; 12] = [31.0, 29.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0];

impl Unit {
    /// What people call the field.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Unit::Second => "second",
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Month => "month",
            Unit::Weekday => "weekday",
        }
    }

    /// Smallest and largest value.
    #[must_use]
    pub fn limits(self) -> (f64, f64) {
        match self {
            Unit::Second | Unit::Minute => (0.0, 59.0),
            Unit::Hour => (0.0, 23.0),
            Unit::Day => (1.0, 31.0),
            Unit::Month => (1.0, 12.0),
            Unit::Weekday => (0.0, 7.0),
        }
    }

    /// Three-letter names in order and the number of the first.
    pub(super) fn names(self) -> Option<(&'static [&'static str], usize)> {
        const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
        match self {
            Unit::Month => Some((&MONTHS, 1)),
            Unit::Weekday => Some((&WEEKDAYS, 0)),
            _ => None,
        }
    }

    /// The accepted characters that are not digits, for comparison and for people.
    pub(super) fn characters(self) -> (&'static str, &'static str) {
        match self {
            Unit::Day => ("?,*LH/-", "? , * L H / -"),
            Unit::Weekday => ("?,*LH#/-", "? , * L H # / -"),
            _ => ("?,*H/-", "? , * H / -"),
        }
    }

    /// Whether `L` (the last day) can stand in the field.
    pub(super) fn has_last(self) -> bool {
        matches!(self, Unit::Day | Unit::Weekday)
    }
}

/// Days of a month in a leap year; NaN for anything that is no month.
pub(super) fn days_in(month: f64) -> f64 {
    let index = (1..=12_u8).position(|number| f64::from(number).total_cmp(&month).is_eq());
    index.map_or(f64::NAN, |at| DAYS[at])
}
