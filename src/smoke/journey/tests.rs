#![allow(clippy::unwrap_used)]

use std::rc::Rc;

use jiff::Timestamp;

use super::{Clock, SmokeJourney, SmokeTest};
use crate::smoke::variable::Variables;
use crate::verify::answer::{Answer, Failure};
use crate::verify::check::{Ground, Journey as _};
use crate::verify::judgement::Outcome;
use crate::verify::probe::Weight;
use crate::verify::prober::{Errand, Prober};

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn millis(&self) -> u64 {
        0
    }

    fn sleep(&self, _: u64) {}

    fn random(&self) -> [u8; 16] {
        [0; 16]
    }

    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("it is not there".to_owned())
    }
}

/// Answers 404 below `/gone`, not at all below `/silent`, and else 200 with the path.
struct Paths;

impl Prober for Paths {
    fn ask(&self, errand: &Errand) -> Result<Answer, Failure> {
        let path = url::Url::parse(&errand.url).unwrap().path().to_owned();
        if path.starts_with("/silent") {
            return Err(Failure::Connect);
        }
        let status = if path.starts_with("/gone") { 404 } else { 200 };
        let headers = vec![("retry-after".to_owned(), "7".to_owned())];
        Ok(Answer { status, version: "HTTP/1.1".to_owned(), headers, body: path.into_bytes(), ..Answer::default() })
    }
}

fn journeys(text: &str) -> Vec<SmokeJourney> {
    let read = SmokeTest::read(".chimera/smoke/a.hurl", text.to_owned(), Variables::default(), Rc::new(Still));
    read.unwrap().journeys()
}

fn ground() -> Ground {
    Ground {
        base: "https://example.org/".to_owned(),
        deploy: None,
        last_good: Some("https://old.example.org".to_owned()),
        is_live: true,
        until: 60_000,
    }
}

fn outcome(text: &str) -> Outcome {
    journeys(text)[0].attempt(&ground(), &Paths, true).outcome
}

#[test]
fn a_file_is_one_check_with_its_weight_and_place() {
    let found = journeys("# chimera: advisory on=preview\n\nGET {{base_url}}/a\nHTTP 200\n");
    let label = found[0].label();
    assert_eq!((found.len(), label.weight), (1, Weight::Advisory));
    assert_eq!(
        (label.name.as_str(), label.origin.to_string().as_str()),
        ("smoke test \".chimera/smoke/a.hurl\"", ".chimera/smoke/a.hurl:3")
    );
    assert!(label.scope.preview && !label.scope.live);
    assert_eq!(found[0].by_hand(&ground()), "hurl --variable base_url=https://example.org .chimera/smoke/a.hurl");
}

#[test]
fn requests_of_another_weight_are_a_check_of_their_own() {
    let text = "GET {{base_url}}/a\nHTTP 200\n\n# chimera: shadow\nGET {{base_url}}/gone\nHTTP 200\n\nGET {{base_url}}/b\nHTTP 200\n";
    let found = journeys(text);
    let told: Vec<_> = found
        .iter()
        .map(|journey| (journey.label().weight, journey.attempt(&ground(), &Paths, false).is_passed()))
        .collect();
    assert_eq!(told, [(Weight::Blocking, true), (Weight::Shadow, false)]);
    assert_eq!(found[1].label().origin.to_string(), ".chimera/smoke/a.hurl:5");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let Outcome::Wrong(wrong) = outcome("GET {{base_url}}/gone\nHTTP 200\n") else { unreachable!("it is gone") };
    assert_eq!((wrong[0].expected.as_str(), wrong[0].found.as_str()), ("200 (line 2)", "the status is 404"));
    assert_eq!(outcome("GET {{base_url}}/silent\n"), Outcome::Silent(Failure::Connect));
    assert_eq!(outcome("GET {{lkg_url}}/a\nHTTP 200\n"), Outcome::Passed);
    let unknown = Outcome::Unknown("line 2: HTTP/2 is not spoken here: \"HTTP\" stands for any version".to_owned());
    assert_eq!(outcome("GET {{base_url}}/a\nHTTP/2 200\n"), unknown);
    assert!(matches!(outcome("GET {{deploy_url}}/a\n"), Outcome::Unknown(_)));
}

#[test]
fn a_site_that_wants_to_be_left_alone_is() {
    let attempt = journeys("GET {{base_url}}/gone\nHTTP 200\n")[0].attempt(&ground(), &Paths, true);
    assert_eq!((attempt.status, attempt.retry_after), (Some(404), Some(7_000)));
}

#[test]
fn times_are_compared_of_plain_paths_only() {
    let read = |text: &str| {
        let read = SmokeTest::read("a.hurl", text.to_owned(), Variables::default(), Rc::new(Still));
        read.map(|test| test.routes()).map_err(|fault| fault.position(text).line)
    };
    let whole = "# chimera: compare=latency\n\nGET {{base_url}}/a?b=c\n\nPOST {{base_url}}/d\n\nGET {{base_url}}\n";
    assert_eq!(read(whole), Ok(vec!["/a?b=c".to_owned(), "/".to_owned()]));
    assert_eq!(
        read("GET {{base_url}}/a\n\n# chimera: compare=latency\nGET {{base_url}}/b\n"),
        Ok(vec!["/b".to_owned()])
    );
    assert_eq!(read("GET {{base_url}}\n\n# chimera: compare=latency\nGET https://other.example/b\n"), Err(4));
}
