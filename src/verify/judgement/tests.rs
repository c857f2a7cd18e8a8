#![allow(clippy::unwrap_used)]

use super::*;
use crate::verify::answer::{Timing, TlsFailure};
use crate::verify::probe::Origin;

fn answer() -> Answer {
    let headers = [
        ("content-type", "text/html; charset=UTF-8"),
        ("vary", "accept"),
        ("vary", "accept-encoding"),
        ("location", "/new"),
    ];
    Answer {
        status: 200,
        url: "https://site.test/old?a=1".to_owned(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        body: b"<!doctype html><title> Our  shop </title>Pay".to_vec(),
        timing: Timing { total: 250_000, ..Timing::default() },
        ..Answer::default()
    }
}

fn ask(expectation: Expectation, answer: Answer) -> Outcome {
    let probe = Probe::get("page", Origin::derived("a test"), "/").expect(expectation);
    judge(&probe, &Ok(answer), 0)
}

fn name(text: &str) -> String {
    text.to_owned()
}

#[test]
fn what_holds_passes() {
    let digest = Digest::sha3(&answer().body);
    let holds = [
        Expectation::Status(vec![204, 200]),
        Expectation::StatusClass(2),
        Expectation::StatusNotClass(5),
        Expectation::HeaderEquals { name: name("vary"), value: name("accept,accept-encoding") },
        Expectation::HeaderContains { name: name("content-type"), part: name("UTF-8") },
        Expectation::HeaderPresent(name("vary")),
        Expectation::HeaderAbsent(name("etag")),
        Expectation::Location(name("/new")),
        Expectation::Location(name("https://site.test/new")),
        Expectation::MediaType(vec![name("text/html")]),
        Expectation::Body(BodyDigest::Sha3 { length: Some(44), digest }),
        Expectation::BodyContains(name("Pay")),
        Expectation::BodyLacks(name("Error")),
        Expectation::NotEmpty,
        Expectation::Title(name("Our shop")),
        Expectation::Within(250),
    ];
    for expectation in holds {
        assert_eq!(ask(expectation.clone(), answer()), Outcome::Passed, "{expectation}");
    }
}

#[test]
fn what_does_not_hold_is_told_with_what_was_found() {
    let digest = Digest::sha3(b"other");
    let cases = [
        (Expectation::Status(vec![301, 302]), "status 301 or 302", "status 200"),
        (Expectation::StatusClass(3), "status 3xx", "status 200"),
        (Expectation::StatusNotClass(2), "any status but 2xx", "status 200"),
        (
            Expectation::HeaderEquals { name: name("vary"), value: name("accept") },
            "header \"vary\" is \"accept\"",
            "\"vary: accept, accept-encoding\"",
        ),
        (Expectation::HeaderPresent(name("etag")), "header \"etag\"", "no header \"etag\""),
        (Expectation::HeaderAbsent(name("location")), "no header \"location\"", "\"location: /new\""),
        (Expectation::Location(name("/newer")), "a redirect to \"/newer\"", "a redirect to \"/new\""),
        (Expectation::MediaType(vec![name("text/css")]), "media type text/css", "text/html"),
        (Expectation::BodyContains(name("Buy")), "\"Buy\" in the body", "a body that begins with"),
        (Expectation::BodyLacks(name("Pay")), "no \"Pay\" in the body", "\"Pay\""),
        (Expectation::NotHtml, "anything but a page", "a page"),
        (Expectation::Json, "JSON", "no JSON"),
        (Expectation::Title(name("Shop")), "the title \"Shop\"", "the title \"Our shop\""),
        (Expectation::Within(249), "an answer within 249 ms", "250 ms"),
        (Expectation::Body(BodyDigest::Sha3 { length: None, digest }), "a body with SHA3-256 ", "and 44 bytes"),
        (Expectation::TlsAtLeast(12), "TLS 1.2 or later", "a connection without TLS"),
    ];
    for (expectation, expected, found) in cases {
        let Outcome::Wrong(wrong) = ask(expectation.clone(), answer()) else {
            unreachable!("{expectation} holds");
        };
        assert!(wrong[0].expected.starts_with(expected), "{:?}", wrong[0]);
        assert!(wrong[0].found.contains(found), "{:?}", wrong[0]);
    }
}

#[test]
fn an_answer_that_did_not_come_is_no_wrong_answer() {
    let probe = Probe::get("page", Origin::derived("a test"), "/").expect(Expectation::StatusClass(2));
    let failure = Failure::Tls(TlsFailure::Expired);
    assert_eq!(judge(&probe, &Err(failure.clone()), 0), Outcome::Silent(failure));
}

#[test]
fn the_strongest_function_of_an_integrity_decides() {
    let sha384 = "sha384-tFKAmf8KvywqkV7d6B8uRJdo+BQNqrvI/5D8Wmp/EEXpYcj3Bs7r09r48CS/hFHV";
    let intact = |text: &str, body: &[u8]| {
        let expectation = Expectation::Body(BodyDigest::Integrity(text.to_owned()));
        ask(expectation, Answer { body: body.to_vec(), ..answer() }).is_passed()
    };
    let right = format!("sha384-{}", STANDARD.encode(Sha384::digest(b"alert(1)")));
    assert!(intact(&right, b"alert(1)"));
    assert!(intact(&format!("sha256-wrong {right}?x"), b"alert(1)"));
    assert!(!intact(&right, b"alert(2)"));
    assert!(!intact(sha384, b"alert(2)"));
    assert!(intact("md5-whatever", b"alert(2)"));
}

#[test]
fn what_is_shown_is_one_short_line() {
    let found = Answer { headers: vec![(name("x"), format!("a\n\u{1b}[31m{}", "b".repeat(900)))], ..answer() };
    let Outcome::Wrong(wrong) = ask(Expectation::HeaderAbsent(name("x")), found) else { unreachable!("it is there") };
    assert!(wrong[0].found.chars().count() <= 161);
    assert!(!wrong[0].found.contains(char::is_control));
}
