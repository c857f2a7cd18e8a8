//! The dates of the JavaScript runtime that Netlify's packages run on, as far as TOML's dates reach them.
//!
//! V8 reads the ISO format first and falls back to a lenient one (`v8/src/date/dateparser-inl.h`). The local time
//! zone, which only lenient dates depend on, is taken to be UTC, as on the build image.

use super::ecma_time::{MILLIS_PER_DAY, clip, days};
use super::ecma_token::{Lexer, Token, Word};

/// Greatest year whose days are counted at all (`v8/src/date/date.cc`).
const MAX_YEAR: i64 = 1_000_000;

/// Parses a date and gives its milliseconds since 1970 in UTC.
pub(super) fn parse(units: &[u16]) -> Option<i64> {
    let mut reader = Reader { lexer: Lexer::new(units), ..Reader::default() };
    match reader.iso()? {
        Token::End => {}
        rest => reader.lenient(rest)?,
    }
    reader.instant()
}

/// What has been read of a date.
#[derive(Default)]
struct Reader<'u> {
    lexer: Lexer<'u>,
    /// Up to three numbers of the day, in the order written.
    day: Vec<i64>,
    /// Whether the day is year, month, day for sure.
    is_iso: bool,
    named_month: Option<i64>,
    /// Up to four numbers of the time: hour, minute, second, millisecond.
    clock: Vec<i64>,
    /// 0 for a.m., 12 for p.m.
    half_day: Option<i64>,
    zone: Zone,
    has_number: bool,
}

/// The offset from UTC.
#[derive(Default)]
struct Zone {
    sign: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
}

impl Zone {
    fn set_hours(&mut self, hours: i64) {
        *self = Zone { sign: Some(if hours < 0 { -1 } else { 1 }), hour: Some(hours.abs()), minute: Some(0) };
    }

    fn is_utc(&self) -> bool {
        self.hour == Some(0) && self.minute == Some(0)
    }

    fn expects_minute(&self, number: i64) -> bool {
        self.hour.is_some() && self.minute.is_none() && is_sixtieth(number)
    }

    fn seconds(&self) -> i64 {
        self.sign.unwrap_or(0) * (self.hour.unwrap_or(0) * 3600 + self.minute.unwrap_or(0) * 60)
    }
}

fn is_sixtieth(number: i64) -> bool {
    (0..60).contains(&number)
}

impl Reader<'_> {
    /// Reads as much as is ISO. Gives the first token that is not, or `None` if nothing can save the date.
    fn iso(&mut self) -> Option<Token> {
        if !self.iso_day() {
            return Some(self.lexer.next());
        }
        match self.lexer.peek() {
            Token::Word(Word::TimeMark, _) => {
                self.lexer.next();
                self.iso_clock()?;
                self.iso_zone()?;
                if self.lexer.peek() != Token::End {
                    return None;
                }
            }
            Token::End => {}
            _ => return Some(self.lexer.next()),
        }
        if self.zone.hour.is_none() && self.clock.is_empty() {
            self.zone.set_hours(0);
        }
        self.is_iso = true;
        Some(Token::End)
    }

    /// Reads `YYYY-MM-DD` or the first parts of it; `false` where it stops being ISO.
    fn iso_day(&mut self) -> bool {
        let ranges = [(4, 0, 9999), (2, 1, 12), (2, 1, 31)];
        for (place, (width, least, greatest)) in ranges.into_iter().enumerate() {
            if place > 0 && !self.lexer.skip(b'-') {
                return true;
            }
            let Some(number) = self.lexer.peek().fixed(width).filter(|n| (least..=greatest).contains(n)) else {
                self.has_number = !self.day.is_empty();
                return false;
            };
            self.lexer.next();
            self.day.push(number);
            self.has_number = true;
        }
        true
    }

    fn iso_clock(&mut self) -> Option<()> {
        let hour = self.lexer.peek().fixed(2).filter(|hour| *hour <= 24)?;
        let most = |greatest: i64| if hour == 24 { 0 } else { greatest };
        self.lexer.next();
        self.clock.push(hour);
        if !self.lexer.skip(b':') {
            return None;
        }
        self.clock.push(self.lexer.take_fixed(2, most(59))?);
        if self.lexer.skip(b':') {
            self.clock.push(self.lexer.take_fixed(2, most(59))?);
            if self.lexer.skip(b'.') {
                let token = self.lexer.next();
                token.number().filter(|fraction| *fraction <= most(i64::MAX))?;
                self.clock.push(token.millis()?);
            }
        }
        Some(())
    }

    fn iso_zone(&mut self) -> Option<()> {
        match self.lexer.peek() {
            Token::Word(Word::Zone(0), 1) => {
                self.lexer.next();
                self.zone.set_hours(0);
            }
            Token::Symbol(sign @ (b'+' | b'-')) => {
                self.lexer.next();
                let (hour, minute) = if let Some(both) = self.lexer.peek().fixed(4) {
                    self.lexer.next();
                    (both / 100, both % 100)
                } else {
                    let hour = self.lexer.take_fixed(2, 23)?;
                    if !self.lexer.skip(b':') {
                        return None;
                    }
                    (hour, self.lexer.take_fixed(2, 59)?)
                };
                if hour > 23 || minute > 59 {
                    return None;
                }
                let sign = if sign == b'+' { 1 } else { -1 };
                self.zone = Zone { sign: Some(sign), hour: Some(hour), minute: Some(minute) };
            }
            _ => {}
        }
        Some(())
    }

    /// Reads the rest in the lenient format.
    fn lenient(&mut self, first: Token) -> Option<()> {
        let mut token = first;
        while token != Token::End {
            match token {
                Token::Number { value, .. } => {
                    self.has_number = true;
                    self.lenient_number(value)?;
                }
                Token::Word(word, _) => self.lenient_word(word)?,
                Token::Symbol(sign @ (b'+' | b'-')) if self.zone.is_utc() || !self.clock.is_empty() => {
                    self.lenient_zone(sign)?;
                }
                Token::Symbol(b'+' | b'-' | b')') if self.has_number => return None,
                _ => {}
            }
            token = self.lexer.next();
        }
        Some(())
    }

    fn lenient_number(&mut self, number: i64) -> Option<()> {
        if self.lexer.skip(b':') {
            if self.lexer.skip(b':') {
                if !self.clock.is_empty() {
                    return None;
                }
                self.clock.extend([number, 0]);
                return Some(());
            }
            if self.clock.len() == 4 {
                return None;
            }
            self.clock.push(number);
            self.lexer.skip(b'.');
            return Some(());
        }
        let expected = self.clock_expects(number);
        if self.lexer.skip(b'.') && expected {
            self.clock.push(number);
            let millis = self.lexer.peek().millis()?;
            self.lexer.next();
            self.finish_clock(millis);
        } else if self.zone.expects_minute(number) {
            self.zone.minute = Some(number);
        } else if expected {
            self.finish_clock(number);
            return self.lexer.peek().may_follow_time().then_some(());
        } else {
            if self.day.len() == 3 {
                return None;
            }
            self.day.push(number);
            self.lexer.skip(b'-');
        }
        Some(())
    }

    fn lenient_word(&mut self, word: Word) -> Option<()> {
        match word {
            Word::HalfDay(hours) if !self.clock.is_empty() => self.half_day = Some(hours),
            Word::Month(month) => {
                self.named_month = Some(month);
                self.lexer.skip(b'-');
            }
            Word::Zone(hours) if self.has_number => self.zone.set_hours(hours),
            _ if self.has_number || self.lexer.peek().number().is_some() => return None,
            _ => {}
        }
        Some(())
    }

    fn lenient_zone(&mut self, sign: u8) -> Option<()> {
        self.zone.sign = Some(if sign == b'+' { 1 } else { -1 });
        self.has_number = true;
        let (number, width) = match self.lexer.peek() {
            Token::Number { value, width } => {
                self.lexer.next();
                (value, width)
            }
            _ => (0, 0),
        };
        let (hour, minute) = match width {
            _ if self.lexer.peek() == Token::Symbol(b':') => (number, None),
            1 | 2 => (number, Some(0)),
            3 | 4 => (number / 100, Some(number % 100)),
            _ => return None,
        };
        (self.zone.hour, self.zone.minute) = (Some(hour), minute);
        Some(())
    }

    fn clock_expects(&self, number: i64) -> bool {
        match self.clock.len() {
            1 | 2 => is_sixtieth(number),
            3 => (0..1000).contains(&number),
            _ => false,
        }
    }

    fn finish_clock(&mut self, last: i64) {
        if self.clock.len() < 4 {
            self.clock.push(last);
            self.clock.resize(4, 0);
        }
    }

    fn instant(self) -> Option<i64> {
        let (year, month, day) = self.date()?;
        if year.abs() > MAX_YEAR || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let clock = self.time_of_day()?;
        let millis = days(year, month, day) * MILLIS_PER_DAY + clock - self.zone.seconds() * 1000;
        #[allow(clippy::cast_precision_loss, reason = "years are at most a million")]
        clip(millis as f64)
    }

    /// Decides which number is the year, the month and the day.
    fn date(&self) -> Option<(i64, i64, i64)> {
        let first = *self.day.first()?;
        let second = self.day.get(1).copied().unwrap_or(1);
        let third = self.day.get(2).copied().unwrap_or(1);
        let first_is_day = (1..=31).contains(&first);
        let (year, month, day) = match self.named_month {
            None if self.is_iso || !first_is_day => (first, second, third),
            None => (third, first, second),
            Some(month) if !first_is_day => (first, month, second),
            Some(month) => (second, month, first),
        };
        let year = match year {
            0..=49 if !self.is_iso => year + 2000,
            50..=99 if !self.is_iso => year + 1900,
            _ => year,
        };
        Some((year, month, day))
    }

    fn time_of_day(&self) -> Option<i64> {
        let part = |place: usize| self.clock.get(place).copied().unwrap_or(0);
        let (mut hour, minute, second, millis) = (part(0), part(1), part(2), part(3));
        if let Some(hours) = self.half_day {
            if !(0..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + hours;
        }
        let usual = hour < 24 && is_sixtieth(minute) && is_sixtieth(second) && millis < 1000;
        let midnight = hour == 24 && minute == 0 && second == 0 && millis == 0;
        (usual || midnight).then_some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::text::toml::ecma_time::iso_string;

    fn printed(text: &str) -> Option<String> {
        parse(&text.encode_utf16().collect::<Vec<_>>()).map(iso_string)
    }

    fn is(text: &str, expected: &str) {
        assert_eq!(printed(text).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn iso_dates_are_read_strictly() {
        is("2024-02-29", "2024-02-29T00:00:00.000Z");
        is("2023-02-31T01:02:03.4567+0530", "2023-03-02T19:32:03.456Z");
        is("1969-12-31T24:00:00Z", "1970-01-01T00:00:00.000Z");
        is("0000-01-01T00:00:00+23:59", "-000001-12-31T00:01:00.000Z");
        for wrong in ["2023-02-01T1:00", "2023-02-01T24:01Z", "2023-02-01T10:00:00Zx", "2023-02-01T10:00+24:00"] {
            assert_eq!(printed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lenient_dates_are_read_as_the_runtime_reads_them() {
        is("2021-3-4", "2021-03-04T00:00:00.000Z");
        is("0001-01-99", "1999-01-01T00:00:00.000Z");
        is("2021-(x)5 1:02 PM", "2021-05-01T13:02:00.000Z");
        is("0012-\u{a0}2-z2", "2002-12-02T00:00:00.000Z");
        is("5-Juni-2021 10::30", "2021-06-05T10:00:30.000Z");
        is("1 Mar 2021 1:2:3.5 EST-1", "2021-03-01T02:02:03.500Z");
        for wrong in ["2021-1-1 x", "2021-1-1)", "2021-1-1 13:00 am", "2021-1-1 1::2::3", "2021-1-2-3-4", "x1"] {
            assert_eq!(printed(wrong), None, "{wrong}");
        }
    }
}
