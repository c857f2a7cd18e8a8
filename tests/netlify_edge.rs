//! Redirects matched by us and by Netlify's own engine: `fixtures/netlify/edge-matches.json` holds what
//! `netlify-redirector` 0.5.0 answered to made-up rules and requests.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use chimera::platform::netlify::edge::{Ending, Files, Lookup, Presence, Table, Visitor, chain};
use chimera::platform::netlify::routing::{FileText, SideFile, parse_redirects};
use chimera::text::span::{FileId, Span};
use chimera::text::tree::Node;
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Default)]
struct Tally {
    requests: usize,
    unknown: usize,
    wrong: Vec<String>,
}

fn judge(case: &Value, tally: &mut Tally) {
    let rules = Node::from_json(&case["rules"], Span::NONE);
    let redirects = parse_redirects(SideFile::Absent, Some(&rules)).unwrap();
    let table = Table::new(&redirects.rules);
    for request in case["requests"].as_array().unwrap() {
        let [host, path, expected] = request.as_array().unwrap().as_slice() else { unreachable!() };
        let address = Some(("https".to_owned(), host.as_str().unwrap().to_owned()));
        let visitor = Visitor { address, ..Visitor::default() };
        let found = match table.lookup(&visitor, path.as_str().unwrap()) {
            Lookup::Unknown => {
                tally.unknown += 1;
                expected.clone()
            }
            Lookup::Nothing => Value::Null,
            Lookup::Rule { rule, target } => {
                let redirect = table.rules[rule].redirect;
                json!([target, redirect.code().map_or(301, |code| code as i64), redirect.is_forced()])
            }
        };
        tally.requests += 1;
        if found != *expected {
            tally.wrong.push(format!("{} asks {host}{path}: {found}, not {expected}", case["rules"]));
        }
    }
}

#[test]
fn requests_are_matched_as_by_the_engine() {
    let file = std::env::var("EDGE_MATCHES").unwrap_or_else(|_| "fixtures/netlify/edge-matches.json".to_owned());
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut tally = Tally::default();
    for case in &cases {
        judge(case, &mut tally);
    }
    assert!(
        tally.wrong.is_empty(),
        "{} wrong:\n{}",
        tally.wrong.len(),
        tally.wrong[..tally.wrong.len().min(25)].join("\n")
    );
    assert!(tally.unknown * 6 < tally.requests, "too much is unknown: {} of {}", tally.unknown, tally.requests);
}

const FRAGMENTS: [&str; 24] = [
    "/",
    "/",
    "/a",
    "/b",
    "a",
    ":x",
    ":y",
    "/*",
    "*",
    ".html",
    "index.html",
    ":splat",
    "/:splat",
    "?q=1",
    "#",
    "//",
    "..",
    "é",
    "%20",
    "https://x.com",
    "https://x.com/",
    "http://",
    " ",
    "",
];

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..6).prop_map(|parts| parts.concat())
}

fn rule() -> impl Strategy<Value = Value> {
    let status = prop::sample::select(vec![json!(301), json!(302), json!(200), json!(404), json!(999)]);
    let force = prop::sample::select(vec![json!(true), json!(false), json!("x")]);
    let conditions =
        prop::sample::select(vec![json!({}), json!({}), json!({ "Country": ["de"] }), json!({ "Role": [] })]);
    let query = prop::sample::select(vec![json!({}), json!({}), json!({ "q": "1" }), json!("x")]);
    (path(), path(), status, force, conditions, query).prop_map(|(from, to, status, force, conditions, query)| {
        json!({ "from": from, "to": to, "status": status, "force": force, "conditions": conditions, "query": query })
    })
}

/// Knows nothing of the files.
struct Blank(Presence);

impl Files for Blank {
    fn at(&self, _: &str) -> Presence {
        self.0
    }
}

fn redirects_of(rules: &[Value]) -> chimera::platform::netlify::routing::Redirects {
    let node = Node::from_json(&Value::from(rules.to_vec()), Span::NONE);
    parse_redirects(SideFile::Absent, Some(&node)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_chain_ends_whatever_the_rules_say(rules in prop::collection::vec(rule(), 0..8), start in path()) {
        let redirects = redirects_of(&rules);
        let table = Table::new(&redirects.rules);
        for presence in [Presence::Nothing, Presence::File, Presence::Unknown] {
            if let Ending::Loop(hops) = chain::follow(&table, &Blank(presence), Visitor::default(), &start) {
                prop_assert!(!hops.is_empty() && hops.len() <= chain::MAX_HOPS + 1);
                let forced = hops.iter().all(|hop| table.rules[hop.rule].redirect.is_forced());
                prop_assert!(presence == Presence::Nothing || forced);
            }
        }
    }

    #[test]
    fn a_covered_rule_never_answers(rules in prop::collection::vec(rule(), 1..8), word in "[a-z]{1,3}(/[a-z])?") {
        let redirects = redirects_of(&rules);
        let table = Table::new(&redirects.rules);
        for number in 0..table.rules.len() {
            let Some(earlier) = table.covering(number) else { continue };
            prop_assert!(earlier < number);
            let Some(pattern) = &table.rules[number].pattern else { continue };
            let address = table.rules[number].redirect.address.as_deref();
            let visitor = Visitor {
                address: address.map(|address| (address.scheme.clone(), address.host.clone())),
                ..Visitor::default()
            };
            if let Lookup::Rule { rule, .. } = table.lookup(&visitor, &pattern.example(&word)) {
                prop_assert!(rule <= earlier, "{rule} answers what {earlier} takes from {number}");
            }
        }
    }
}

#[test]
fn twenty_thousand_rules_are_asked_one_by_one() {
    let mut text = String::new();
    for number in 0..20_000 {
        text.push_str(&format!("/old/{number}/:x /new/{number}/:x 301\n/new/{number}/* /old/{}/:splat\n", number + 1));
    }
    let file = FileText { text: &text, file: FileId(0) };
    let redirects = parse_redirects(SideFile::Text(file), None).unwrap();
    let table = Table::new(&redirects.rules);
    let follow =
        |number| chain::follow(&table, &Blank(Presence::Nothing), Visitor::default(), &format!("/old/{number}/x"));
    assert!((0..table.rules.len()).all(|number| table.covering(number).is_none()));
    assert!((0..9_000).all(|number| matches!(follow(number), Ending::Loop(_))));
}
