//! A text as a date.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::super::reader::Reader;
use super::{DAYS, DateError, Item, MONTHS, items};

/// What has been read.
#[derive(Default)]
struct Parts {
    year: Option<i64>,
    century: Option<i64>,
    short_year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    ordinal: Option<i64>,
    weekday: Option<i64>,
    hour: Option<i64>,
    half_hour: Option<i64>,
    is_afternoon: Option<bool>,
    minute: Option<i64>,
    second: Option<i64>,
    nanos: Option<i64>,
    offset: Option<i32>,
    timestamp: Option<i64>,
}

/// A moment; without an offset it is in UTC, without a time it is midnight.
///
/// # Errors
/// When the text is no such date, or the format has signs that are not known.
pub fn read(text: &str, format: &str) -> Result<Timestamp, DateError> {
    let items = items(format)?;
    parts(text, &items).and_then(|parts| moment(&parts)).ok_or(DateError::Text)
}

/// The moment at which a cookie ends.
#[must_use]
pub fn cookie(text: &str) -> Option<Timestamp> {
    let formats = [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%a, %d-%b-%Y %H:%M:%S GMT",
        "%a, %d %b %Y %H:%M:%S %z",
        "%d %b %Y %H:%M:%S GMT",
        "%a, %d-%b-%Y %H:%M:%S%.3f GMT",
    ];
    formats.iter().find_map(|format| read(text.trim(), format).ok())
}

/// Says whether a text is a date and a time of RFC 3339.
#[must_use]
pub fn is_iso(text: &str) -> bool {
    let shape = text.bytes().take(19).map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    let shape: Vec<u8> = shape.collect();
    if shape.len() < 19 || ![b'T', b't', b' '].contains(&shape[10]) {
        return false;
    }
    let is_shaped = &shape[..10] == b"0000-00-00" && &shape[11..] == b"00:00:00";
    let Some((date, rest)) = text.split_at_checked(10).filter(|_| is_shaped) else { return false };
    let rest = &rest[1..];
    let zulu = rest.strip_suffix(['Z', 'z']).map(|rest| format!("{date}T{rest}+00:00"));
    let text = zulu.unwrap_or_else(|| format!("{date}T{rest}"));
    let has_fraction = text.as_bytes().get(19) == Some(&b'.');
    let is_zone = text.len() >= 25 && text.as_bytes()[text.len() - 3] == b':';
    let format = if has_fraction { "%Y-%m-%dT%H:%M:%S%.f%:z" } else { "%Y-%m-%dT%H:%M:%S%:z" };
    is_zone && read(&text, format).is_ok()
}

fn moment(parts: &Parts) -> Option<Timestamp> {
    if let Some(seconds) = parts.timestamp {
        return Timestamp::new(seconds, i32::try_from(parts.nanos.unwrap_or(0)).ok()?).ok();
    }
    let date = date(parts)?;
    let time = time(parts);
    let offset = Offset::from_seconds(parts.offset.unwrap_or(0)).ok()?;
    let Some((time, leap)) = time else {
        // A date alone; with an offset, Hurl reads it as a date as well.
        return at(date, Time::midnight(), Offset::UTC);
    };
    at(date, time, offset)?.checked_add(SignedDuration::from_secs(leap)).ok()
}

fn at(date: Date, time: Time, offset: Offset) -> Option<Timestamp> {
    let zoned = DateTime::from_parts(date, time).to_zoned(TimeZone::fixed(offset)).ok()?;
    Some(zoned.timestamp())
}

fn date(parts: &Parts) -> Option<Date> {
    let year = match (parts.year, parts.century, parts.short_year) {
        (Some(year), ..) => year,
        (None, Some(century), Some(short)) => century * 100 + short,
        (None, None, Some(short)) => short + if short < 70 { 2000 } else { 1900 },
        _ => return None,
    };
    let year = i16::try_from(year).ok()?;
    let date = match (parts.month, parts.day, parts.ordinal) {
        (Some(month), Some(day), _) => Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?,
        (.., Some(ordinal)) => {
            let first = Date::new(year, 1, 1).ok()?;
            let date = first.checked_add(SignedDuration::from_hours(24 * (ordinal - 1))).ok()?;
            (date.year() == year).then_some(date)?
        }
        _ => return None,
    };
    let fits = parts.weekday.is_none_or(|day| i64::from(date.weekday().to_monday_one_offset()) == day);
    fits.then_some(date)
}

/// The time, and a leap second.
fn time(parts: &Parts) -> Option<(Time, i64)> {
    let hour = match (parts.hour, parts.half_hour, parts.is_afternoon) {
        (Some(hour), ..) => hour,
        (None, Some(hour @ 1..=12), Some(is_afternoon)) => hour % 12 + if is_afternoon { 12 } else { 0 },
        _ => return None,
    };
    let second = parts.second.unwrap_or(0);
    let leap = i64::from(second == 60);
    let nanos = i32::try_from(parts.nanos.unwrap_or(0)).ok()?;
    let small = |number: i64| i8::try_from(number).ok();
    let time = Time::new(small(hour)?, small(parts.minute?)?, small(second - leap)?, nanos).ok()?;
    Some((time, leap))
}

fn parts(text: &str, items: &[Item]) -> Option<Parts> {
    let mut reader = Reader::new(text);
    let mut parts = Parts::default();
    for item in items {
        match item {
            Item::Blank(_) => {
                reader.take_while(char::is_whitespace);
            }
            Item::Literal(c) => {
                if reader.next() != Some(*c) {
                    return None;
                }
            }
            Item::Sign(sign) => part(&mut reader, sign, &mut parts)?,
        }
    }
    reader.is_at_end().then_some(parts)
}

/// Sets a part; what is there twice must be the same.
fn set<T: PartialEq>(slot: &mut Option<T>, value: T) -> Option<()> {
    if slot.as_ref().is_some_and(|old| *old != value) {
        return None;
    }
    *slot = Some(value);
    Some(())
}

fn part(reader: &mut Reader<'_>, sign: &str, parts: &mut Parts) -> Option<()> {
    match sign {
        "Y" => {
            let year = year(reader)?;
            set(&mut parts.year, year)
        }
        "C" => set(&mut parts.century, number(reader, 2, 0, 99)?),
        "y" => set(&mut parts.short_year, number(reader, 2, 0, 99)?),
        "m" => set(&mut parts.month, number(reader, 2, 1, 12)?),
        "b" | "h" | "B" => set(&mut parts.month, name(reader, &MONTHS, sign == "B")?),
        "d" | "e" => set(&mut parts.day, number(reader, 2, 1, 31)?),
        "a" | "A" => set(&mut parts.weekday, name(reader, &DAYS, sign == "A")?),
        "u" => set(&mut parts.weekday, number(reader, 1, 1, 7)?),
        "w" => set(&mut parts.weekday, (number(reader, 1, 0, 6)? + 6) % 7 + 1),
        "j" => set(&mut parts.ordinal, number(reader, 3, 1, 366)?),
        "H" | "k" => set(&mut parts.hour, number(reader, 2, 0, 23)?),
        "I" | "l" => set(&mut parts.half_hour, number(reader, 2, 1, 12)?),
        "M" => set(&mut parts.minute, number(reader, 2, 0, 59)?),
        "S" => set(&mut parts.second, number(reader, 2, 0, 60)?),
        "f" => set(&mut parts.nanos, number(reader, 9, 0, 999_999_999)?),
        ".f" | ".3f" | ".6f" | ".9f" => {
            if reader.take(".") {
                let digits = reader.take_while(|c| c.is_ascii_digit());
                return set(&mut parts.nanos, fraction(digits)?);
            }
            Some(())
        }
        "3f" | "6f" | "9f" => {
            let width = usize::from(sign.as_bytes()[0] - b'0');
            let digits = digits(reader, width);
            set(&mut parts.nanos, fraction(digits.filter(|digits| digits.len() == width)?)?)
        }
        "p" | "P" => {
            let half = reader.rest().get(..2)?.to_ascii_lowercase();
            reader.seek(reader.at() + 2);
            match &half[..] {
                "am" => set(&mut parts.is_afternoon, false),
                "pm" => set(&mut parts.is_afternoon, true),
                _ => None,
            }
        }
        "Z" => {
            reader.take_while(|c| !c.is_whitespace());
            Some(())
        }
        "z" | ":z" => set(&mut parts.offset, offset(reader)?),
        _ => {
            reader.take_while(char::is_whitespace);
            let start = reader.at();
            if !reader.take("-") {
                reader.take("+");
            }
            reader.take_while(|c| c.is_ascii_digit());
            set(&mut parts.timestamp, reader.since(start).parse().ok()?)
        }
    }
}

fn digits<'t>(reader: &mut Reader<'t>, most: usize) -> Option<&'t str> {
    let rest = reader.rest();
    let length = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    reader.seek(reader.at() + length);
    (length > 0).then(|| &rest[..length])
}

fn number(reader: &mut Reader<'_>, most: usize, low: i64, high: i64) -> Option<i64> {
    reader.take_while(char::is_whitespace);
    let found = digits(reader, most)?.parse().ok()?;
    (low..=high).contains(&found).then_some(found)
}

fn year(reader: &mut Reader<'_>) -> Option<i64> {
    reader.take_while(char::is_whitespace);
    if reader.take("-") {
        return digits(reader, 9)?.parse().ok().map(|year: i64| -year);
    }
    let is_signed = reader.take("+");
    digits(reader, if is_signed { 9 } else { 4 })?.parse().ok()
}

fn fraction(digits: &str) -> Option<i64> {
    let nine: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
    if digits.is_empty() { None } else { nine.parse().ok() }
}

/// The number of a name, from one; a long name may be short.
fn name(reader: &mut Reader<'_>, names: &[&str], may_be_long: bool) -> Option<i64> {
    let short = reader.rest().get(..3)?;
    let at = names.iter().position(|name| name[..3].eq_ignore_ascii_case(short))?;
    let long = names[at];
    let is_long = may_be_long && reader.rest().get(..long.len()).is_some_and(|text| text.eq_ignore_ascii_case(long));
    reader.seek(reader.at() + if is_long { long.len() } else { 3 });
    i64::try_from(at + 1).ok()
}

/// Seconds east of Greenwich.
fn offset(reader: &mut Reader<'_>) -> Option<i32> {
    reader.take_while(char::is_whitespace);
    let sign = match reader.next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let two = |reader: &mut Reader<'_>| digits(reader, 2).filter(|digits| digits.len() == 2)?.parse::<i32>().ok();
    let hours = two(reader)?;
    reader.take_while(|c| c == ':' || c.is_whitespace());
    let minutes = two(reader).filter(|minutes| *minutes < 60)?;
    (hours < 24).then_some(sign * (hours * 3600 + minutes * 60))
}
