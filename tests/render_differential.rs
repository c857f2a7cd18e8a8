//! Random Blueprints, read and judged by us and by npm's `yaml` and `ajv` with the embedded schema.
//!
//! Fixed seeds and one fresh seed a run: `CHIMERA_SEED` sets the fresh one, `CHIMERA_CASES` how many Blueprints are made
//! of it. A disagreement is printed as a small Blueprint.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the seed and the figures are what this test is for")]

mod support;

use std::fmt::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use chimera::platform::render::schema;
use chimera::text::source::Source;
use chimera::text::span::FileId;
use chimera::text::yaml;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use support::generate::Random;
use support::generate::blueprint::blueprint;
use support::peer::Reference;

const FIXED_SEEDS: [u64; 4] = [1, 2, 3, 4];

const PER_FIXED_SEED: u64 = 500;

const OF_FRESH_SEED: u64 = 1000;

/// How many disagreements are made small and shown.
const SHOWN: usize = 8;

/// How often a smaller text is looked for.
const ROUNDS: usize = 60;

fn main() {
    let arguments = Arguments::from_args();
    let trial = |reference| Trial::test("random Blueprints", move || compare_all(reference));
    libtest_mimic::run(&arguments, Reference::of_blueprints().map(trial).into_iter().collect()).exit();
}

fn compare_all(reference: Reference) -> Result<(), Failed> {
    let seed = number("CHIMERA_SEED").unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::from(since.subsec_nanos()) ^ since.as_secs()
    });
    println!("fixed seeds {FIXED_SEEDS:?}, fresh seed {seed} (CHIMERA_SEED={seed} repeats it)");
    let fresh = number("CHIMERA_CASES").unwrap_or(OF_FRESH_SEED);
    let fixed = FIXED_SEEDS.iter().flat_map(|seed| (0..PER_FIXED_SEED).map(|index| (*seed, index)));
    let texts: Vec<String> = fixed
        .chain((0..fresh).map(|index| (seed, index)))
        .map(|(seed, index)| blueprint(&mut Random::new(seed, index)))
        .collect();
    let answers = ask(reference, &texts);
    let count = |is: fn(&Value) -> bool| answers.iter().filter(|answer| is(answer)).count();
    let broken = count(|answer| answer["yaml"]["ok"] == json!(false));
    let valid = count(|answer| answer["schemaValid"] == json!(true));
    let invalid = texts.len() - broken - valid;
    println!("{} Blueprints: {broken} are no YAML, {invalid} violate the schema, {valid} are valid", texts.len());
    // A generator that makes only sound or only broken files proves little.
    assert!(broken * 10 > texts.len() && invalid * 10 > texts.len() && valid * 20 > texts.len(), "one-sided");
    let parted: Vec<(&String, String)> =
        texts.iter().zip(&answers).filter_map(|(text, answer)| Some((text, parting(text, answer)?))).collect();
    println!("{} of {} agree", texts.len() - parted.len(), texts.len());
    if parted.is_empty() {
        return Ok(());
    }
    let mut report = format!("{} of {} Blueprints disagree\n", parted.len(), texts.len());
    for (text, parting) in parted.into_iter().take(SHOWN) {
        let small = shrink(reference, text);
        writeln!(report, "\n{parting}\n{small:?}\n{small}").unwrap();
    }
    Err(report.into())
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} must be a number, not \"{text}\"")))
}

fn ask(reference: Reference, texts: &[String]) -> Vec<Value> {
    reference.ask_all(&texts.iter().map(|text| json!({"text": text})).collect::<Vec<Value>>())
}

/// Where we and the reference part, if we do: the verdict, the lines and codes of errors, the value, the schema.
fn parting(text: &str, theirs: &Value) -> Option<String> {
    let document = yaml::parse(text, FileId(0));
    let source = Source::new("render.yaml", true, text);
    if theirs["yaml"]["ok"] == json!(false) {
        let line = |error: &yaml::SyntaxError| json!({"code": error.kind.code(), "line": source.position(error.span.start).line});
        let ours: Vec<Value> = document.errors.iter().map(line).collect();
        let theirs = theirs["yaml"]["errors"].as_array().unwrap();
        // What goes wrong when aliases are followed has no place there.
        if theirs.first().is_some_and(|error| error["code"] == "ALIAS") {
            return document.is_ok().then(|| format!("we accept, they say {theirs:?}"));
        }
        return (ours != *theirs).then(|| format!("errors: ours {ours:?}, theirs {theirs:?}"));
    }
    if !document.is_ok() {
        return Some(format!("we say {:?}, they accept", document.errors));
    }
    let value = document.root.as_ref().map_or(Value::Null, chimera::text::tree::Node::to_json);
    if canonical(&value) != canonical(&theirs["value"]) {
        return Some(format!("values: ours {value}, theirs {}", theirs["value"]));
    }
    let judgement = schema::judge(&document, text, FileId(0));
    let is_listed = judgement.is_valid == judgement.violations.is_empty();
    (json!(judgement.is_valid) != theirs["schemaValid"] || !is_listed)
        .then(|| format!("schema: ours {:?}, theirs {}", judgement.violations, theirs["schemaValid"]))
}

/// Whole numbers in one form; what no two readers name alike, a list or mapping as a key, left out.
fn canonical(value: &Value) -> Value {
    let is_named = |key: &str| !key.contains(['[', '{', '\n']);
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(table) => {
            let entries = table.iter().filter(|(key, _)| is_named(key));
            Value::Object(entries.map(|(key, value)| (key.clone(), canonical(value))).collect())
        }
        other => other.clone(),
    }
}

/// Leaves out lines, then pieces of lines, for as long as we still part.
fn shrink(reference: Reference, text: &str) -> String {
    let mut smallest = text.to_owned();
    for _ in 0..ROUNDS {
        let candidates = smaller(&smallest);
        let answers = ask(reference, &candidates);
        let failing = candidates.into_iter().zip(answers).find(|(text, answer)| parting(text, answer).is_some());
        match failing {
            Some((text, _)) => smallest = text,
            None => break,
        }
    }
    smallest
}

fn smaller(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut found = Vec::new();
    let mut width = lines.len() / 2;
    while width > 0 {
        let starts = (0..lines.len()).step_by(width);
        found.extend(starts.map(|at| [&lines[..at], &lines[(at + width).min(lines.len())..]].concat().concat()));
        width /= 2;
    }
    if text.len() < 200 {
        let places = text.char_indices().map(|(at, letter)| (at, at + letter.len_utf8()));
        found.extend(places.map(|(start, end)| format!("{}{}", &text[..start], &text[end..])));
    }
    found.retain(|it| it.len() < text.len() && !it.is_empty());
    found
}
