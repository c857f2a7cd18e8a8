//! The judge of Blueprints against labels that were made with another program and with quoted messages of Render.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;

use chimera::platform::render::oracle;
use serde_json::Value;

use support::blueprint::{self, Labelled};

fn labelled() -> Vec<Labelled> {
    support::shared("render/corpus").map(|root| blueprint::all(&root)).unwrap_or_default()
}

fn answer(case: &Labelled) -> Value {
    oracle::document(case.path(), &case.text(), case.snapshot().as_ref(), case.repository())
}

/// What identifies a remark: rule, path, line, and the columns that name what it does.
fn remarks(document: &Value) -> BTreeSet<String> {
    let one = |remark: &Value| {
        let part = |key: &str| remark[key].as_str().unwrap_or_default().to_owned();
        let words = ["rule", "path", "severity", "basis", "engine"].map(part).join(" ");
        format!("{words} {}:{}", remark["line"], remark["column"])
    };
    document["semantic"].as_array().into_iter().flatten().map(one).collect()
}

#[test]
fn the_verdict_is_that_of_the_labels() {
    let cases = labelled();
    let decided: Vec<&Labelled> = cases.iter().filter(|case| case.verdict() != "unknown").collect();
    let wrong: Vec<String> = decided
        .iter()
        .filter_map(|case| {
            let verdict = answer(case)["engine"].to_string();
            let expected = case.expected["engine"].to_string();
            (verdict != expected).then(|| format!("{}: {verdict}, not {expected}", case.name))
        })
        .collect();
    eprintln!("{} of {} verdicts agree", decided.len() - wrong.len(), decided.len());
    assert!(wrong.len() * 50 <= decided.len(), "more than 2 % differ: {wrong:#?}");
}

#[test]
fn every_labelled_remark_is_found_at_its_place_and_no_other() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in labelled() {
        let (found, expected) = (remarks(&answer(&case)), remarks(&case.expected));
        count += expected.len();
        wrong.extend(expected.difference(&found).map(|remark| format!("{}: not found: {remark}", case.name)));
        wrong.extend(found.difference(&expected).map(|remark| format!("{}: not labelled: {remark}", case.name)));
    }
    eprintln!("{count} labels");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Versions of one file, one after the other: what was refused and then repaired is refused no more.
#[test]
fn repairs_turn_refusals_into_something_better() {
    let Some(root) = support::shared("render/corpus") else { return };
    let cases = labelled();
    let verdict_at = |repository: &str, path: &str, commit: &str| {
        let is_it = |case: &&Labelled| {
            case.repository() == Some(repository) && case.path() == path && case.case["commit"] == commit
        };
        let case = cases.iter().find(is_it)?;
        Some(answer(case)["engine"]["verdict"].as_str().unwrap().to_owned())
    };
    let (mut repaired, mut wrong) = (0, Vec::new());
    for line in std::fs::read_to_string(root.join("history/PAIRS.tsv")).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [repository, path, from, to, _, _, before, after, ..] = fields[..] else { panic!("{line}") };
        let (Some(was), Some(is)) = (verdict_at(repository, path, from), verdict_at(repository, path, to)) else {
            continue;
        };
        if before == "rejects" && after != "rejects" {
            repaired += 1;
            if was != "rejects" || is == "rejects" {
                wrong.push(format!("{repository} {from}: {was}, then {is}"));
            }
        }
    }
    eprintln!("{repaired} repairs");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
