//! What derived probes expect, held against Netlify's own matching: the rules of the corpora, and made-up ones.
//!
//! Every rule must give a probe or a reason, and what is expected must be what `netlify-redirector` and
//! `@netlify/headers-parser` say, 99.5 times of 100 at least.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the figures are what this test is for")]

mod support;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use chimera::digest::Digest;
use chimera::platform::netlify::edge::headers::PathPattern;
use chimera::platform::netlify::edge::{Answer, Table, Visitor};
use chimera::platform::netlify::routing::{Form, Header, Redirect, SideFile, parse_headers, parse_redirects};
use chimera::text::source::Sources;
use chimera::text::span::Span;
use chimera::text::tree::Node;
use chimera::verify::derive::manifest::{Fact, Manifest};
use chimera::verify::derive::{Known, Programs, Reader, sources};
use chimera::verify::probe::Probe;
use serde_json::{Value, json};
use support::corpus;
use support::generate::random::Random;
use support::peer::Reference;

/// How many sets of rules are made up.
const GENERATED: u64 = 1_500;

/// Agreement that is asked for, in thousandths.
const WANTED: usize = 995;

struct NoBytes;

impl Reader for NoBytes {
    fn read(&self, _: &str) -> Option<Cow<'_, [u8]>> {
        None
    }
}

#[derive(Default)]
struct Tally {
    rules: usize,
    asked: usize,
    agreeing: usize,
    wrong: Vec<String>,
    reasons: BTreeMap<String, usize>,
}

impl Tally {
    fn conclude(&self, what: &str) {
        println!("{what}: {} rules, {} questions, {} agree", self.rules, self.asked, self.agreeing);
        for (reason, count) in &self.reasons {
            println!("    {count} not asked: {reason}");
        }
        for wrong in self.wrong.iter().take(20) {
            println!("    {wrong}");
        }
        assert!(self.asked * 2 > self.rules, "{what}: too little is asked");
        assert!(self.agreeing * 1_000 >= self.asked * WANTED, "{what}: too much disagreement");
    }
}

fn node(value: &Value) -> Node {
    Node::from_json(value, Span::NONE)
}

/// The rules and entries of every recorded answer of the corpora.
fn recorded(name: &str) -> Vec<Value> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/netlify");
    let roots = [Some(own), support::shared("netlify/corpus")];
    let runs = roots.into_iter().flatten().flat_map(|root| corpus::runs(&root));
    let mut found: Vec<Value> = runs.map(|run| run.answer()[name].clone()).filter(is_filled).collect();
    found.sort_by_cached_key(Value::to_string);
    found.dedup();
    found
}

fn is_filled(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty())
}

fn generated_rules(seed: u64) -> Value {
    let mut random = Random::new(0x0dd_b175, seed);
    let random = &mut random;
    const PARTS: [&str; 8] = ["a", "b", "a", "b", ":x", ":y", "c.html", "A"];
    const TARGETS: [&str; 10] = ["a", "b", "c", ":x", ":y", ":splat", ":q", "index.html", "d", ":splat"];
    let rules = (0..1 + random.below(5)).map(|_| {
        let mut from: String = (0..random.below(4)).map(|_| format!("/{}", random.pick(&PARTS))).collect();
        if random.chance(35) || from.is_empty() {
            from.push_str("/*");
        }
        let to: String = (0..1 + random.below(3)).map(|_| format!("/{}", random.pick(&TARGETS))).collect();
        let mut rule = json!({"from": from, "to": to});
        let statuses = [301, 302, 200, 404, 200, 308];
        if random.chance(70) {
            rule["status"] = json!(statuses[random.below(statuses.len())]);
        }
        if random.chance(25) {
            rule["force"] = json!(true);
        }
        if random.chance(20) {
            rule["query"] = if random.chance(50) { json!({"q": ":q"}) } else { json!({"q": "5", "r": ":y"}) };
        }
        if random.chance(25) {
            let all = [
                json!({"Country": ["de", "AT"]}),
                json!({"Language": ["en"]}),
                json!({"Language": ["en-GB"], "Country": ["gb"]}),
                json!({"Cookie": ["beta"]}),
                json!({"Role": ["admin"]}),
            ];
            rule["conditions"] = all[random.below(all.len())].clone();
        }
        if random.chance(5) {
            rule["to"] = json!(format!("https://other.invalid{to}"));
        }
        rule
    });
    Value::Array(rules.collect())
}

/// The destinations that lie on the site, as files.
fn destinations(rules: &[Redirect]) -> Manifest {
    let paths =
        rules.iter().filter_map(|rule| rule.to_text()).filter(|to| to.starts_with('/') && !to.contains([':', '?']));
    let fact = |path: &str| {
        let fact = Fact { size: 1, sha3: Digest::sha3(path.as_bytes()), sha1: String::new() };
        (path.trim_start_matches('/').to_owned(), fact)
    };
    Manifest::new(paths.map(fact).filter(|(path, _)| !path.is_empty() && !path.ends_with('/')))
}

/// The visitor that a probe makes of whoever asks.
fn visitor(probe: &Probe, host: &(String, String)) -> (String, Visitor) {
    let (path, query) = probe.request.target.split_once('?').unwrap_or((&probe.request.target, ""));
    let pair = |text: &str| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut visitor = Visitor {
        address: Some(host.clone()),
        query: query.split('&').filter_map(pair).collect(),
        ..Visitor::default()
    };
    for (name, value) in &probe.request.cookies {
        match name.as_str() {
            "nf_country" => visitor.country = Some(value.clone()),
            "nf_lang" => visitor.language = Some(value.clone()),
            _ => visitor.cookies.push(name.clone()),
        }
    }
    (path.to_owned(), visitor)
}

fn question(probe: &Probe, host: &(String, String)) -> Value {
    let (path, visitor) = visitor(probe, host);
    let query = probe.request.target.split_once('?').map_or("", |(_, query)| query);
    let cookies: serde_json::Map<String, Value> =
        visitor.cookies.iter().map(|name| (name.clone(), Value::from("1"))).collect();
    json!({
        "path": path, "query": query, "host": host.1, "cookies": cookies,
        "country": visitor.country.unwrap_or_default(), "language": visitor.language.unwrap_or_default(),
    })
}

/// Whether our answer is the reference's.
fn agrees(ours: &Answer, theirs: &Value) -> bool {
    let rule = || (theirs[0].as_str().unwrap_or_default(), theirs[1].as_u64().unwrap_or(301), theirs[2] == json!(true));
    match ours {
        Answer::Nothing => theirs.is_null(),
        Answer::File { shadows: None, .. } => theirs.is_null(),
        // A rule that stands back, whose role is withheld, or that leaves the path alone lest it lead to itself.
        Answer::File { shadows: Some(_), .. } => !rule().2,
        Answer::Redirect { status, location, .. } => (location.as_str(), u64::from(*status)) == (rule().0, rule().1),
        Answer::Content { status, target, .. } => (target.as_str(), u64::from(*status)) == (rule().0, rule().1),
        Answer::Proxy { .. } => rule().0.starts_with("http") && rule().1 == 200,
        Answer::Unknown { .. } => false,
    }
}

/// The host that the rules name, if they name one.
fn host_of(rules: &[Redirect]) -> (String, String) {
    let address = rules.iter().find_map(|rule| rule.address.as_deref()).filter(|address| address.scheme == "https");
    ("https".to_owned(), address.map_or("site.invalid".to_owned(), |address| address.host.clone()))
}

fn judge_redirects(reference: &Reference, sets: &[Value], tally: &mut Tally) {
    let parsed: Vec<Vec<Redirect>> =
        sets.iter().map(|rules| parse_redirects(SideFile::Absent, Some(&node(rules))).unwrap().rules).collect();
    let manifests: Vec<Manifest> = parsed.iter().map(|rules| destinations(rules)).collect();
    let texts = Sources::default();
    let known: Vec<Known<'_>> = parsed
        .iter()
        .zip(&manifests)
        .map(|(rules, manifest)| Known {
            table: Table::new(rules),
            headers: &[],
            sources: &texts,
            manifest: Some(manifest),
            reader: &NoBytes,
            host: Some(host_of(rules)),
            seed: String::new(),
            changed: None,
            programs: Programs::default(),
            doubt: None,
        })
        .collect();
    let gathered: Vec<_> = known.iter().map(|known| (source("redirects"))(known)).collect();
    let questions: Vec<Value> = sets
        .iter()
        .zip(&known)
        .zip(&gathered)
        .map(|((rules, known), found)| {
            let host = known.host.as_ref().unwrap();
            let requests: Vec<Value> = found.probes.iter().map(|probe| question(probe, host)).collect();
            json!({"rules": rules, "requests": requests})
        })
        .collect();
    let answers = reference.ask_all(&questions);
    for (((known, found), answers), rules) in known.iter().zip(&gathered).zip(&answers).zip(sets) {
        tally.rules += known.table.rules.len();
        let own = found.probes.iter().filter(|probe| !probe.name.contains(" the file ")).count();
        assert_eq!(own + found.gaps.len(), known.table.rules.len(), "a probe or a reason for each rule of {rules}");
        for gap in &found.gaps {
            let reason = gap.reason.split('"').next().unwrap_or_default().trim().to_owned();
            *tally.reasons.entry(reason).or_default() += 1;
        }
        for (probe, theirs) in
            found.probes.iter().zip(answers.as_array().unwrap_or_else(|| panic!("{answers} for {rules}")))
        {
            let (path, visitor) = visitor(probe, known.host.as_ref().unwrap());
            let ours = known.answer(&visitor, &path);
            tally.asked += 1;
            if agrees(&ours, theirs) {
                tally.agreeing += 1;
            } else {
                let rules: String = rules.to_string().chars().take(600).collect();
                tally.wrong.push(format!("{rules} asked for {}: {ours:?}, not {theirs}", probe.request.target));
            }
        }
    }
}

fn source(name: &str) -> for<'k, 'a> fn(&'k Known<'a>) -> chimera::verify::source::Gathered {
    match name {
        "redirects" => |known| (sources()[1].gather)(known),
        _ => |known| (sources()[2].gather)(known),
    }
}

#[test]
fn redirects_are_expected_as_the_engine_answers_them() {
    let Some(reference) = Reference::of_the_edge() else { return };
    let mut tally = Tally::default();
    judge_redirects(&reference, &recorded("redirects"), &mut tally);
    tally.conclude("redirects of the corpora");
    let mut tally = Tally::default();
    let sets: Vec<Value> = (0..GENERATED).map(generated_rules).collect();
    judge_redirects(&reference, &sets, &mut tally);
    tally.conclude("made-up redirects");
}

fn generated_headers(seed: u64) -> Value {
    let mut random = Random::new(0x04ea_de45, seed);
    const PARTS: [&str; 12] = ["a", "b", ":x", "*", "*.js", "a.b", "A", "x*", "*.*", "a+b", "é", "a-b"];
    let entries = (0..1 + random.below(4)).map(|_| {
        let path: String = (0..random.below(4)).map(|_| format!("/{}", random.pick(&PARTS))).collect();
        json!({"for": if path.is_empty() { "/".to_owned() } else { path }, "values": {"X-A": "1"}})
    });
    Value::Array(entries.collect())
}

const PATHS: [&str; 20] = [
    "/",
    "/a",
    "/a/",
    "/a/b",
    "/a/b/c.js",
    "/b/x.js",
    "/a.b",
    "/A",
    "/xyz",
    "/xyz/a",
    "/a+b",
    "/é",
    "/a-b",
    "/a/b/",
    "/x.js",
    "/index.html",
    "/assets/app.1234.css",
    "/images/a.png",
    "/fonts/a.woff2",
    "/sw.js",
];

fn judge_headers(reference: &Reference, sets: &[Value], tally: &mut Tally) {
    let parsed: Vec<Vec<Header>> = sets
        .iter()
        .map(|entries| parse_headers(SideFile::Absent, Some(&node(entries)), Form::Complete).unwrap().rules)
        .collect();
    let questions: Vec<Value> = sets.iter().map(|entries| json!({"headers": entries, "paths": PATHS})).collect();
    let answers = reference.ask_all(&questions);
    for ((entries, ours), theirs) in sets.iter().zip(&parsed).zip(&answers) {
        assert_eq!(theirs["count"].as_u64(), Some(ours.len() as u64), "{entries}: {theirs}");
        tally.rules += ours.len();
        for (at, header) in ours.iter().enumerate() {
            let Some(pattern) = PathPattern::of(header) else {
                *tally.reasons.entry("what its path matches is not known".to_owned()).or_default() += 1;
                continue;
            };
            for (path, matches) in PATHS.iter().zip(theirs["matches"].as_array().unwrap()) {
                let is_match = matches.as_array().unwrap().contains(&json!(at));
                tally.asked += 1;
                if pattern.matches(path) == is_match {
                    tally.agreeing += 1;
                } else {
                    tally.wrong.push(format!("\"{}\" and \"{path}\": {is_match}", header.path.text));
                }
            }
        }
    }
}

#[test]
fn header_entries_count_for_the_paths_that_the_vendor_names() {
    let Some(reference) = Reference::of_the_edge() else { return };
    let mut tally = Tally::default();
    judge_headers(&reference, &recorded("headers"), &mut tally);
    tally.conclude("headers of the corpora");
    let mut tally = Tally::default();
    let sets: Vec<Value> = (0..GENERATED).map(generated_headers).collect();
    judge_headers(&reference, &sets, &mut tally);
    tally.conclude("made-up headers");
}
