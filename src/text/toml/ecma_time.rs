//! Instants of the JavaScript runtime: milliseconds since 1970, their range and how they are printed (ECMA-262).

use super::ecma_token::is_space;

/// Length of a day, which is the same for every day.
pub(super) const MILLIS_PER_DAY: i64 = 86_400_000;

/// Greatest distance of an instant from 1970 (ECMA-262, `TimeClip`).
const MAX_MILLIS: f64 = 8.64e15;

/// Turns milliseconds into an instant if they are within the range of dates.
pub(super) fn clip(millis: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation, reason = "checked: within 8.64e15")]
    (millis.abs() <= MAX_MILLIS).then_some(millis as i64)
}

/// Prints an instant as `Date.prototype.toISOString` does.
pub(super) fn iso_string(millis: i64) -> String {
    let (year, month, day) = civil(millis.div_euclid(MILLIS_PER_DAY));
    let rest = millis.rem_euclid(MILLIS_PER_DAY);
    let year = match year {
        0..=9999 => format!("{year:04}"),
        _ => format!("{}{:06}", if year < 0 { '-' } else { '+' }, year.abs()),
    };
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, milli) = (rest / 1000 % 60, rest % 1000);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// What `Number` makes of at most two characters; NaN for what is no number.
pub(super) fn number(units: &[u16]) -> f64 {
    let blank = |unit: &&u16| is_space(**unit);
    let start = units.iter().take_while(blank).count();
    let end = units.len() - units[start..].iter().rev().take_while(blank).count();
    let text = String::from_utf16_lossy(&units[start..end]);
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-');
    match text.as_str() {
        "" => 0.0,
        _ if text.chars().all(numeric) => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// Days since 1970 of a date in the proleptic Gregorian calendar.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a count of days since 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::{civil, clip, days, iso_string, number};

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-1_000_000..1_000_000).step_by(97) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 2, 30), days(2000, 3, 1));
    }

    #[test]
    fn years_beyond_four_digits_have_a_sign_and_six() {
        assert_eq!(iso_string(-62_167_219_200_001), "-000001-12-31T23:59:59.999Z");
        assert_eq!(iso_string(253_402_300_800_000), "+010000-01-01T00:00:00.000Z");
        assert_eq!((clip(8.64e15), clip(8.65e15), clip(f64::NAN)), (Some(8_640_000_000_000_000), None, None));
    }

    #[test]
    fn short_numbers_are_read_as_number_reads_them() {
        let value = |text: &str| number(&text.encode_utf16().collect::<Vec<_>>());
        assert_eq!([value("07"), value(" 7"), value("\n"), value(".5"), value("-1")], [7.0, 7.0, 0.0, 0.5, -1.0]);
        assert!(value("1e").is_nan() && value(".").is_nan() && value("a1").is_nan());
    }
}
