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

use super::javascript::to_number;
use super::problem::shorten;
use crate::text::ecma::{is_space, trim};
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
    let length = text.encode_utf16().count();
    if length > LONGEST {
        return Err(whole(CronFault::TooLong(length)));
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
        trimmed => trimmed.split(is_space).filter(|atom| !atom.is_empty()).collect(),
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
    let second = second.settle(&mut chance)?;
    let minute = minute.settle(&mut chance)?;
    let hour = hour.settle(&mut chance)?;
    let (day, month) = field::settle_days(day, &month, weekday.is_wildcard(), &mut chance)?;
    let weekday = weekday.settle(&mut chance)?;
    Ok(Cron { second, minute, hour, day, month, weekday, nth, chance })
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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn fault(text: &str) -> (Option<Unit>, CronFault) {
        let error = parse_cron(text).unwrap_err();
        (error.unit, error.fault)
    }

    fn numbers(field: &Field) -> Vec<f64> {
        let number = |value: &Value| if let Value::Number(number) = value { *number } else { f64::NAN };
        field.values.iter().map(number).collect()
    }

    #[test]
    fn usual_expressions_are_accepted() {
        let usual = ["5 4 * * *", "*/15 * * * *", "0 9-17 * * MON-fri", "0 0 1 jan,Jul ?", "30 5 4 * * *", "0 0 L * *"];
        let odd = ["* * * *", "*", "", "0 0 * * 5L", "0 0 * * mon#2", "0 0 * * *#1.5", "1-5/100 7/2 * * *"];
        for text in usual.into_iter().chain(odd).chain(ALIASES) {
            let cron = parse_cron(text).unwrap();
            assert_eq!(cron.chance, None, "{text:?}");
        }
    }

    #[test]
    fn fields_are_filled_from_the_right() {
        let cron = parse_cron("\u{feff}5 4 * * 1,7 ").unwrap();
        assert_eq!(numbers(&cron.second), [0.0]);
        assert_eq!(numbers(&cron.minute), [5.0]);
        assert_eq!(numbers(&cron.weekday), [1.0, 0.0]);
        assert!(cron.day.is_wildcard() && !cron.weekday.is_wildcard());
        assert_eq!(cron.fields().map(|field| field.unit.name()).join(" "), "second minute hour day month weekday");
    }

    #[test]
    fn values_named_twice_are_rejected() {
        for (text, unit) in [
            ("5,5 * * * *", Unit::Minute),
            ("*/5,*/7 * * * *", Unit::Minute),
            ("0 0 * * 0,7", Unit::Weekday),
            ("0 0 * * *,0", Unit::Weekday),
            ("0 0 L,L * *", Unit::Day),
            ("0 0 31,31 2 *", Unit::Day),
        ] {
            let (found, fault) = fault(text);
            assert!(found == Some(unit) && matches!(fault, CronFault::Duplicate(_)), "{text:?} {fault:?}");
        }
        assert!(parse_cron("0 0 * * */7").is_ok() && parse_cron("0 0 * * 1-7").is_ok());
    }

    #[test]
    fn a_day_that_no_listed_month_has_is_rejected() {
        assert_eq!(fault("0 0 30 2 *"), (Some(Unit::Day), CronFault::ImpossibleDay(30.0, 29.0)));
        assert_eq!(fault("0 0 31 4,6 *"), (Some(Unit::Day), CronFault::ImpossibleDay(31.0, 30.0)));
        for text in ["0 0 29 2 *", "0 0 31 2,3 *", "0 0 30 2 1", "0 0 30,30,5 2 *", "0 0 31,L 2 *"] {
            assert!(parse_cron(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn each_fault_names_its_field() {
        let minute = Some(Unit::Minute);
        let cases = [
            ("60 * * * *", minute, CronFault::Limits("60".to_owned(), 0.0, 59.0)),
            ("5-1 * * * *", minute, CronFault::Reversed(5.0, 1.0)),
            ("1-2-3 * * * *", minute, CronFault::Range("1-2-3".to_owned())),
            ("*/0 * * * *", minute, CronFault::Step("0".to_owned())),
            ("*/1/2 * * * *", minute, CronFault::Slashes),
            ("1,,2 * * * *", minute, CronFault::EmptyItem),
            ("1* * * * *", minute, CronFault::Wildcard),
            ("L * * * *", minute, CronFault::Character('L', "? , * H / -")),
            ("0 0 5L * *", Some(Unit::Day), CronFault::Last("5L".to_owned(), "\"L\" alone")),
            ("0 0 * * sunday", Some(Unit::Weekday), CronFault::UnknownName("sunday".to_owned(), "sun")),
            ("0 0 * janu *", Some(Unit::Month), CronFault::UnknownName("janu".to_owned(), "jan")),
            ("0 0 * xyz *", Some(Unit::Month), CronFault::UnknownName("xyz".to_owned(), "jan")),
            ("70/5 * * * *", minute, CronFault::Limits("70".to_owned(), 0.0, 59.0)),
            ("0 0 L/2 * *", Some(Unit::Day), CronFault::Range("L/2".to_owned())),
            ("0 0 * * 1,2#1", Some(Unit::Weekday), CronFault::NthCombined(',')),
            ("0 0 * * 1#6", Some(Unit::Weekday), CronFault::Nth("6".to_owned())),
            ("* * * * * * *", None, CronFault::TooManyFields(7)),
            ("  ", None, CronFault::Blank),
            ("@midnight", None, CronFault::UnknownAlias(Some("@daily".to_owned()))),
            ("@Hourly", None, CronFault::UnknownAlias(Some("@hourly".to_owned()))),
        ];
        for (text, unit, expected) in cases {
            assert_eq!(fault(text), (unit, expected), "{text:?}");
        }
        assert_eq!(fault(&"*".repeat(1025)).1, CronFault::TooLong(1025));
        assert_eq!(fault(&"é".repeat(1025)).1, CronFault::TooLong(1025));
        assert!(!matches!(fault(&"é".repeat(1024)).1, CronFault::TooLong(_)));
    }

    #[test]
    fn hashes_are_accepted_and_may_be_left_to_chance() {
        for text in ["H H * * *", "H/15 * * * *", "H(0-29)/10 * * * *", "0 0 H H *", "0 0 H(31-31) 2 *"] {
            let parsed = parse_cron(text);
            assert_eq!(parsed.is_ok(), !text.contains("31-31"), "{text:?}");
        }
        let cron = parse_cron("H,30 * * * *").unwrap();
        assert!(cron.minute.is_hashed && !cron.hour.is_hashed);
        assert!(matches!(cron.chance.unwrap().fault, CronFault::Duplicate(_)));
        assert!(parse_cron("0 0 * * H/7").unwrap().chance.is_some());
        assert!(matches!(fault("H,0-59 * * * *").1, CronFault::Duplicate(_)));
        assert!(matches!(fault("H/0 * * * *").1, CronFault::Step(_)));
        assert!(matches!(fault("H(9-5) * * * *").1, CronFault::Reversed(..)));
        assert!(matches!(fault("H(60-70) * * * *").1, CronFault::Limits(..)));
    }

    #[test]
    fn beside_a_full_hash_any_number_of_javascript_is_accepted() {
        let cron = parse_cron("0x1f,1e1,1.5,H(40-40)/60 * * * *").unwrap();
        assert_eq!(numbers(&cron.minute), [31.0, 10.0, 1.5, 40.0]);
        assert_eq!(numbers(&parse_cron("0 0 * * 3x,H(5-5)/9").unwrap().weekday), [3.0, 5.0]);
        assert!(matches!(fault("0x1f * * * *").1, CronFault::Character('x', _)));
        assert_eq!(numbers(&parse_cron("0 0 * * 1000000000000000000000").unwrap().weekday), [1.0]);
    }

    #[test]
    fn texts_on_which_the_engine_would_hang_are_rejected() {
        assert!(matches!(fault("*/1e-17,H/5 * * * *").1, CronFault::TooManyValues));
        assert!(parse_cron(&format!("*/0.01,{}H/5 * * * *", "H(0-1),H(0-58)/7,".repeat(50))).is_err());
    }

    #[test]
    fn messages_name_the_field_and_the_remedy() {
        let message = parse_cron("0 24 * * *").unwrap_err().to_string();
        assert_eq!(message, "hour field \"24\" has 24, should be from 0 to 23");
        let message = parse_cron("@dayly").unwrap_err().to_string();
        assert!(message.ends_with("(did you mean \"@daily\"?)"), "{message}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*") {
            let _ = parse_cron(&text);
        }

        #[test]
        fn no_text_of_cron_characters_makes_it_panic(text in "([0-9*?,/#L() -]|H|H/5|mon|jan|1e1|H\\(1-5\\)){0,40}") {
            let _ = parse_cron(&text);
        }

        #[test]
        fn single_numbers_are_accepted_within_the_limits_alone(number in 0..100_u32) {
            for (unit, text) in [
                (Unit::Minute, format!("{number} * * * *")),
                (Unit::Hour, format!("* {number} * * *")),
                (Unit::Day, format!("* * {number} * *")),
                (Unit::Month, format!("* * * {number} *")),
                (Unit::Weekday, format!("* * * * {number}")),
            ] {
                let (least, most) = unit.limits();
                let is_within = (least..=most).contains(&f64::from(number));
                proptest::prop_assert_eq!(parse_cron(&text).is_ok(), is_within, "{}", text);
            }
        }
    }
}
