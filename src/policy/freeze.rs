//! Freeze windows: times of the week, or of one year, in which nothing is deployed.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::Action;

/// A window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// The moments, as they are written.
    pub written: String,
    /// When it begins and ends.
    pub window: Window,
    /// The zone in which the moments are meant.
    pub zone: TimeZone,
    /// What may be done nevertheless.
    pub allow: Vec<Action>,
}

/// When a window begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Every week.
    Weekly((Weekday, Time), (Weekday, Time)),
    /// Once.
    Once(DateTime, DateTime),
}

/// A moment, as the file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `Fri 16:00`.
    Weekly(Weekday, Time),
    /// `2026-12-24 12:00`.
    Once(DateTime),
}

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// Reads a moment; `None` when it has neither form.
#[must_use]
pub fn moment(text: &str) -> Option<Moment> {
    let (day, clock) = text.trim().split_once([' ', 'T'])?;
    let clock = clock.trim();
    let (hour, minute) = clock.split_once(':')?;
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() == 2 && text.is_ascii());
    let time = Time::new(number(hour)?, number(minute)?, 0, 0).ok()?;
    if let Some((_, weekday)) = DAYS.iter().find(|(name, _)| day.eq_ignore_ascii_case(name)) {
        return Some(Moment::Weekly(*weekday, time));
    }
    let date: Date = day.parse().ok().filter(|_| day.len() == 10)?;
    Some(Moment::Once(date.to_datetime(time)))
}

/// The zone of this name in the bundled table of the IANA; `None` for any other.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// The window between two moments of one form; `None` when it would be empty.
#[must_use]
pub fn window(from: Moment, to: Moment) -> Option<Window> {
    match (from, to) {
        (Moment::Weekly(day, time), Moment::Weekly(last, end)) if (day, time) != (last, end) => {
            Some(Window::Weekly((day, time), (last, end)))
        }
        (Moment::Once(from), Moment::Once(to)) if from < to => Some(Window::Once(from, to)),
        _ => None,
    }
}

impl Freeze {
    /// The bounds of the window that this time lies in, if it lies in one.
    ///
    /// Where the clocks are put back and a moment comes twice, the window begins with the first and ends with the second; where they
    /// are put forward over a moment, it begins and ends at the jump's outer ends. In doubt it is longer.
    #[must_use]
    pub fn covers(&self, at: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let bounds = |from: DateTime, to: DateTime| {
            let from = self.zone.to_ambiguous_timestamp(from).earlier().ok()?;
            let to = self.zone.to_ambiguous_timestamp(to).later().ok()?;
            (from <= at && at < to).then_some((from, to))
        };
        match self.window {
            Window::Once(from, to) => bounds(from, to),
            Window::Weekly((day, time), (last, end)) => {
                let today = self.zone.to_datetime(at).date();
                let first = today.checked_sub(days(day, today.weekday()).days()).ok()?;
                // The day before may still last where the clocks differ, and a window of a whole week began a week ago.
                [1, 0, -1].into_iter().find_map(|weeks: i64| {
                    let begin = first.checked_add((weeks * 7).days()).ok()?;
                    let mut length = days(day, last);
                    if length == 0 && end <= time {
                        length = 7;
                    }
                    let finish = begin.checked_add(length.days()).ok()?;
                    bounds(begin.to_datetime(time), finish.to_datetime(end))
                })
            }
        }
    }
}

/// Days from one weekday to the next other one, 0 to 6.
fn days(from: Weekday, to: Weekday) -> i64 {
    i64::from(from.until(to))
}
