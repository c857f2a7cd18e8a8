//! A date as a text.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{DAYS, DateError, Item, MONTHS, items};

/// A moment in UTC as a format says.
///
/// # Errors
/// When the format has signs that are not known.
pub fn write(date: Timestamp, format: &str) -> Result<String, DateError> {
    let items = items(format)?;
    let civil = date.to_zoned(TimeZone::UTC);
    let mut text = String::new();
    for item in items {
        match item {
            Item::Literal(c) | Item::Blank(c) => text.push(c),
            Item::Sign(sign) => text.push_str(&part(sign, date, &civil)),
        }
    }
    Ok(text)
}

fn part(sign: &str, date: Timestamp, civil: &jiff::Zoned) -> String {
    let name = |names: &[&str], at: i8| {
        names.get(usize::try_from(at - 1).unwrap_or(0)).copied().unwrap_or_default().to_owned()
    };
    let month = || name(&MONTHS, civil.month());
    let day = || name(&DAYS, civil.weekday().to_monday_one_offset());
    let twelve = match civil.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let nanos = civil.subsec_nanosecond();
    match sign {
        "Y" => format!("{:04}", civil.year()),
        "C" => format!("{:02}", civil.year().div_euclid(100)),
        "y" => format!("{:02}", civil.year().rem_euclid(100)),
        "m" => format!("{:02}", civil.month()),
        "b" | "h" => month()[..3].to_owned(),
        "B" => month(),
        "d" => format!("{:02}", civil.day()),
        "e" => format!("{:2}", civil.day()),
        "a" => day()[..3].to_owned(),
        "A" => day(),
        "u" => civil.weekday().to_monday_one_offset().to_string(),
        "w" => civil.weekday().to_sunday_zero_offset().to_string(),
        "j" => format!("{:03}", civil.day_of_year()),
        "H" => format!("{:02}", civil.hour()),
        "k" => format!("{:2}", civil.hour()),
        "I" => format!("{twelve:02}"),
        "l" => format!("{twelve:2}"),
        "M" => format!("{:02}", civil.minute()),
        "S" => format!("{:02}", civil.second()),
        "f" | "9f" => format!("{nanos:09}"),
        ".9f" => format!(".{nanos:09}"),
        "6f" => format!("{:06}", nanos / 1000),
        ".6f" => format!(".{:06}", nanos / 1000),
        "3f" => format!("{:03}", nanos / 1_000_000),
        ".3f" => format!(".{:03}", nanos / 1_000_000),
        ".f" if nanos == 0 => String::new(),
        ".f" if nanos % 1_000_000 == 0 => format!(".{:03}", nanos / 1_000_000),
        ".f" if nanos % 1000 == 0 => format!(".{:06}", nanos / 1000),
        ".f" => format!(".{nanos:09}"),
        "p" => if civil.hour() < 12 { "AM" } else { "PM" }.to_owned(),
        "P" => if civil.hour() < 12 { "am" } else { "pm" }.to_owned(),
        "Z" => "UTC".to_owned(),
        "z" => "+0000".to_owned(),
        ":z" => "+00:00".to_owned(),
        _ => date.as_second().to_string(),
    }
}
