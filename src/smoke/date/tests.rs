#![allow(clippy::unwrap_used)]

use super::{DateError, cookie, is_iso, read, write};

fn turn(text: &str, from: &str, to: &str) -> String {
    read(text, from).map_or_else(|error| format!("{error:?}"), |date| write(date, to).unwrap())
}

#[test]
fn a_date_is_read_and_written() {
    assert_eq!(turn("Wed, 13 Jan 2027 10:00:00 GMT", "%a, %d %b %Y %H:%M:%S GMT", "%F %T"), "2027-01-13 10:00:00");
    assert_eq!(turn("2026-02-29", "%Y-%m-%d", "%F"), "Text");
    assert_eq!(turn("2024-02-29", "%Y-%m-%d", "%A %j %s"), "Thursday 060 1709164800");
    assert_eq!(
        turn("2024-02-29T01:02:03.25+02:00", "%Y-%m-%dT%H:%M:%S%.f%z", "%FT%T%.3f%z"),
        "2024-02-28T23:02:03.250+0000"
    );
    assert_eq!(turn("1/2/99 12:05 PM", "%d/%m/%y %I:%M %p", "%F %R"), "1999-02-01 12:05");
    assert_eq!(turn("Mon 2024-02-29", "%a %F", "%F"), "Text");
    assert_eq!(turn("1700000000", "%s", "%FT%TZ"), "2023-11-14T22:13:20Z");
}

#[test]
fn a_sign_that_is_not_known_is_named() {
    assert_eq!(read("1", "%G"), Err(DateError::Unsupported("G".to_owned())));
    assert_eq!(read("1", "%Q"), Err(DateError::Format("Q".to_owned())));
    assert_eq!(read("1", "%"), Err(DateError::Format(String::new())));
}

#[test]
fn iso_dates_are_told_from_others() {
    for text in ["2024-02-29T01:02:03Z", "2024-02-29t01:02:03.5z", "2024-02-29 01:02:03+01:00", "2024-02-29T23:59:60Z"]
    {
        assert!(is_iso(text), "{text}");
    }
    for text in [
        "2024-02-29",
        "2024-02-30T01:02:03Z",
        "2024-02-29T01:02:03",
        "2024-02-29T01:02Z",
        "é",
        "2024-02-29T01:02:03.Z",
        "2024-2-9T01:02:03Z",
    ] {
        assert!(!is_iso(text), "{text}");
    }
}

#[test]
fn the_end_of_a_cookie_is_read() {
    for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06-Nov-1994 08:49:37 GMT", "06 Nov 1994 08:49:37 GMT"] {
        assert_eq!(cookie(text).unwrap().as_second(), 784_111_777, "{text}");
    }
    assert_eq!(cookie("soon"), None);
}
