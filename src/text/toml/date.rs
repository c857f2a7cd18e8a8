//! Dates and times: how far they reach and what JSON makes of them
//! (`smol-toml/dist/extract.js`, `smol-toml/dist/date.js`).

use super::dialect::Construct;
use super::error::{Fault, Reason, brief};
use super::scan::Scanner;
use super::{ecma_date, ecma_time};

/// What a date or time consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Date, time and zone.
    Zoned,
    /// Date and time.
    Local,
    /// Only a date.
    Day,
    /// Only a time.
    Time,
}

const MILLIS_PER_MINUTE: f64 = 60_000.0;

/// A growing piece of the text in UTF-16 units, because the vendor's parser counts those.
struct Window<'t> {
    text: &'t str,
    at: usize,
    split: bool,
    units: Vec<u16>,
}

impl Window<'_> {
    /// The unit that many units behind the window.
    fn ahead(&self, count: usize) -> Option<u16> {
        self.text[self.at..].encode_utf16().nth(count + usize::from(self.split))
    }

    fn is_ahead(&self, count: usize, wanted: &[u8]) -> bool {
        self.ahead(count).is_some_and(|unit| wanted.iter().any(|byte| u16::from(*byte) == unit))
    }

    fn digit_ahead(&self, count: usize) -> bool {
        self.ahead(count).is_some_and(is_digit)
    }

    /// Takes units in, at most up to the end of the text.
    fn take(&mut self, count: usize) {
        for _ in 0..count {
            let Some(character) = self.text[self.at..].chars().next() else { return };
            let mut buffer = [0; 2];
            let encoded = character.encode_utf16(&mut buffer);
            self.units.push(encoded[usize::from(self.split)]);
            self.split = encoded.len() == 2 && !self.split;
            self.at += if self.split { 0 } else { character.len_utf8() };
        }
    }

    /// Takes a fraction in, if there is one.
    fn take_fraction(&mut self) {
        if self.is_ahead(0, b".") {
            self.take(1);
            while self.digit_ahead(0) {
                self.take(1);
            }
        }
    }
}

/// Whether a UTF-16 unit is an ASCII digit.
pub(super) fn is_digit(unit: u16) -> bool {
    (0x30..=0x39).contains(&unit)
}

/// Reads the date that starts at the scanner, with the time that may follow; four digits and `-` are known to be there.
pub(super) fn date(scanner: &mut Scanner<'_>) -> Result<String, Fault> {
    let start = scanner.at;
    let mut window = Window { text: scanner.text, at: start, split: false, units: Vec::new() };
    window.take(9);
    if !window.digit_ahead(0) {
        return Err(scanner.fault(Reason::MalformedDate));
    }
    window.take(1);
    if ![5, 6, 8].iter().all(|place| is_digit(window.units[*place])) {
        scanner.note(Construct::LenientDate, start, window.at);
    }
    let spaced = window.is_ahead(0, b" ");
    if !(window.is_ahead(0, b"Tt") || (spaced && window.digit_ahead(1))) {
        return finish(scanner, window, Form::Day, false);
    }
    window.take(3);
    if !window.is_ahead(0, b":") {
        return Err(scanner.fault(Reason::MalformedTime));
    }
    window.take(3);
    let seconds = window.is_ahead(0, b":");
    window.take(if seconds { 3 } else { 0 });
    window.take_fraction();
    let mut form = Form::Zoned;
    if window.is_ahead(0, b"Zz") {
        window.take(1);
    } else if window.is_ahead(0, b"+-") {
        window.take(6);
    } else {
        form = Form::Local;
    }
    if !seconds {
        scanner.note(Construct::TimeWithoutSeconds, start, window.at);
    }
    if window.units.contains(&u16::from(b't')) || window.units.contains(&u16::from(b'z')) {
        scanner.note(Construct::LowerCaseDateLetter, start, window.at);
    }
    finish(scanner, window, form, spaced)
}

/// Reads the time that starts at the scanner; two digits and `:` are known to be there.
pub(super) fn time(scanner: &mut Scanner<'_>) -> Result<String, Fault> {
    let mut window = Window { text: scanner.text, at: scanner.at, split: false, units: Vec::new() };
    window.take(5);
    if window.is_ahead(0, b":") {
        window.take(3);
    } else {
        scanner.note(Construct::TimeWithoutSeconds, scanner.at, window.at);
    }
    window.take_fraction();
    finish(scanner, window, Form::Time, false)
}

fn finish(scanner: &mut Scanner<'_>, window: Window<'_>, form: Form, spaced: bool) -> Result<String, Fault> {
    let written = String::from_utf16_lossy(&window.units);
    let json = match to_json(window.units, form, spaced) {
        Ok(json) => json,
        Err(Wrong::Date) => return Err(scanner.fault(Reason::ImpossibleDate(brief(written.chars())))),
        Err(Wrong::Offset(offset)) => {
            let fault = scanner.fault(Reason::MalformedOffset(offset));
            scanner.unprintable.get_or_insert(fault);
            written
        }
    };
    scanner.at = window.at;
    scanner.split = window.split;
    Ok(json)
}

/// Why a date has no JSON form.
enum Wrong {
    Date,
    Offset(String),
}

/// The string that `JSON.stringify` makes of a date.
fn to_json(mut units: Vec<u16>, form: Form, spaced: bool) -> Result<String, Wrong> {
    let hour = match form {
        Form::Time => units.get(..2),
        Form::Day => None,
        Form::Zoned | Form::Local => units.get(11..13),
    };
    if hour.is_some_and(is_past_23) {
        return Err(Wrong::Date);
    }
    let mut offset = Vec::new();
    match form {
        Form::Zoned if !ends_in_z(&units) => offset = units[units.len().saturating_sub(6)..].to_vec(),
        Form::Zoned | Form::Day => {}
        Form::Local => units.push(u16::from(b'Z')),
        Form::Time => units = "0000-01-01T".encode_utf16().chain(units).chain([u16::from(b'Z')]).collect(),
    }
    if spaced {
        units[10] = u16::from(b'T');
    }
    let millis = ecma_date::parse(&units).ok_or(Wrong::Date)?;
    let printed = ecma_time::iso_string(millis);
    Ok(match form {
        Form::Day => printed.chars().take(10).collect(),
        Form::Time => printed.chars().skip(11).take(12).collect(),
        Form::Local => printed.trim_end_matches('Z').to_owned(),
        Form::Zoned if offset.is_empty() => printed,
        Form::Zoned => with_offset(millis, &offset)?,
    })
}

/// Hours do not roll over, though months do.
fn is_past_23(hour: &[u16]) -> bool {
    hour.iter().all(|unit| is_digit(*unit)) && ecma_time::number(hour) > 23.0
}

fn ends_in_z(units: &[u16]) -> bool {
    matches!(units.last(), Some(0x5a | 0x7a))
}

/// Prints an instant in the zone that was written. The zone is read from fixed places, whatever stands there.
fn with_offset(millis: i64, offset: &[u16]) -> Result<String, Wrong> {
    let written = String::from_utf16_lossy(offset);
    let place = |from: usize, to: usize| ecma_time::number(offset.get(from..to.min(offset.len())).unwrap_or_default());
    let minutes = place(1, 3) * 60.0 + place(4, 6);
    let sign = if offset.first() == Some(&u16::from(b'-')) { -1.0 } else { 1.0 };
    #[allow(clippy::cast_precision_loss, reason = "instants are within 8.64e15")]
    let shifted = millis as f64 + sign * minutes * MILLIS_PER_MINUTE;
    let Some(shifted) = ecma_time::clip(shifted) else { return Err(Wrong::Offset(written)) };
    Ok(format!("{}{written}", ecma_time::iso_string(shifted).trim_end_matches('Z')))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{date, time};
    use crate::text::span::FileId;
    use crate::text::toml::error::Reason;
    use crate::text::toml::scan::Scanner;

    fn day(text: &str) -> String {
        date(&mut Scanner::new(text, FileId(0))).unwrap()
    }

    fn clock(text: &str) -> String {
        time(&mut Scanner::new(text, FileId(0))).unwrap()
    }

    #[test]
    fn dates_keep_their_form() {
        assert_eq!(day("1979-05-27"), "1979-05-27");
        assert_eq!(day("1979-05-27T07:32:00"), "1979-05-27T07:32:00.000");
        assert_eq!(day("1979-05-27 07:32:00.12345Z"), "1979-05-27T07:32:00.123Z");
        assert_eq!(day("1979-05-27t07:32z"), "1979-05-27T07:32:00.000Z");
        assert_eq!(day("1979-05-27T00:32:00-07:00"), "1979-05-27T00:32:00.000-07:00");
        assert_eq!(day("0000-01-01T00:00:00+01:30"), "0000-01-01T00:00:00.000+01:30");
        assert_eq!(clock("07:32"), "07:32:00.000");
        assert_eq!(clock("07:32:01.9999"), "07:32:01.999");
    }

    #[test]
    fn impossible_days_roll_over_and_impossible_months_do_not() {
        assert_eq!(day("2021-02-30"), "2021-03-02");
        assert_eq!(day("2023-02-29T10:00:00Z"), "2023-03-01T10:00:00.000Z");
        let fault = date(&mut Scanner::new("2021-13-01", FileId(0))).unwrap_err();
        assert_eq!(fault.reason, Reason::ImpossibleDate("2021-13-01".to_owned()));
    }

    #[test]
    fn a_date_that_is_cut_short_is_malformed() {
        let reason = |text| date(&mut Scanner::new(text, FileId(0))).unwrap_err().reason;
        assert_eq!(reason("2021-01-0"), Reason::MalformedDate);
        assert_eq!(reason("2021-01-01T7:30"), Reason::MalformedTime);
    }

    #[test]
    fn hours_do_not_roll_over() {
        assert!(time(&mut Scanner::new("24:00:00", FileId(0))).is_err());
        assert!(date(&mut Scanner::new("2021-01-01T24:00:00Z", FileId(0))).is_err());
    }

    #[test]
    fn a_lenient_date_of_the_vendors_runtime_is_taken_as_it_takes_it() {
        assert_eq!(day("0001-01-99"), "1999-01-01");
    }

    #[test]
    fn the_scanner_stops_behind_the_date() {
        let mut scanner = Scanner::new("1979-05-27 # x", FileId(0));
        date(&mut scanner).unwrap();
        assert_eq!(scanner.at, 10);
    }
}
