//! The judge of Blueprints against labels that were made with another program and with quoted messages of Render.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use chimera::config::Configuration;
use chimera::platform::render::oracle;
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Level;
use chimera::sim::stage::Stage;
use chimera::verdict::registry::{self, Question, Target};
use chimera::verdict::{SiteVerdict, Status};
use serde_json::Value;

use support::blueprint::{self, Labelled};

fn labelled() -> Vec<Labelled> {
    support::shared("render/corpus").map(|root| blueprint::all(&root)).unwrap_or_default()
}

fn answer(case: &Labelled) -> Value {
    oracle::document(case.path(), &case.text(), case.snapshot().as_ref(), case.repository())
}

/// The verdict on the whole: the repository where it is known, the Blueprint alone otherwise.
fn judge(case: &Labelled) -> SiteVerdict {
    let platform = registry::PLATFORMS.iter().find(|platform| platform.profile.name == "render").unwrap();
    let alone = || Snapshot::in_memory([(case.path().to_owned(), case.text().into_bytes())]);
    let snapshot = case.snapshot().unwrap_or_else(alone);
    let target = Target { place: case.path().to_owned(), question: Question::default() };
    (platform.judge)(&snapshot, &target, &Configuration::default())
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
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let verdict = answer(case)["engine"].to_string();
            let expected = case.expected["engine"].to_string();
            (verdict != expected).then(|| format!("{}: {verdict}, not {expected}", case.name))
        })
        .collect();
    eprintln!("{} of {} verdicts agree, with their reasons", cases.len() - wrong.len(), cases.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
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

/// Labelled `unknown` for `plan: Starter`. It is a template of Render's own, so that we take such plans for accepted.
const CAPITAL_PLANS: &str = "examples/render-examples+temporal";

/// What Render's validator refuses stops at the Blueprint; what nobody knows of is not called a failure there.
#[test]
fn the_simulation_ends_as_the_label_says() {
    let (mut counts, mut wrong) = (BTreeMap::new(), Vec::new());
    for case in labelled() {
        *counts.entry(case.verdict().to_owned()).or_insert(0) += 1;
        let verdict = judge(&case);
        let stops = verdict.status == Status::Fail && verdict.stage == Some(Stage::Blueprint);
        let is_open = verdict.unknowns.iter().any(|it| it.decides && it.stage == Stage::Blueprint);
        let label = if stops {
            "rejects"
        } else if is_open {
            "unknown"
        } else {
            "accepts"
        };
        if label != case.verdict() && case.name != CAPITAL_PLANS {
            wrong.push(format!("{}: {label}, labelled {}", case.name, case.verdict()));
        }
    }
    eprintln!("{counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Versions of one file, one after the other: what was refused and then repaired fails no more.
#[test]
fn repairs_turn_failures_into_something_better() {
    let Some(root) = support::shared("render/corpus") else { return };
    let cases = labelled();
    let status_at = |repository: &str, path: &str, commit: &str| {
        let is_it = |case: &&Labelled| {
            case.repository() == Some(repository) && case.path() == path && case.case["commit"] == commit
        };
        cases.iter().find(is_it).map(|case| judge(case).status)
    };
    let (mut all, mut known, mut wrong) = (0, 0, Vec::new());
    for line in std::fs::read_to_string(root.join("history/PAIRS.tsv")).unwrap().lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [repository, path, from, to, _, _, before, after, ..] = fields[..] else { panic!("{line}") };
        if before != "rejects" || after == "rejects" {
            continue;
        }
        all += 1;
        let (Some(was), Some(is)) = (status_at(repository, path, from), status_at(repository, path, to)) else {
            continue;
        };
        known += 1;
        if was != Status::Fail || is == Status::Fail {
            wrong.push(format!("{repository} {from}: {was:?}, then {is:?}"));
        }
    }
    eprintln!("{all} repairs, of which the corpus has both versions of {known}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(known > 0, "no repair was looked at");
}

/// What Render accepts never fails at the Blueprint; the files of these repositories are known by their paths.
#[test]
fn what_is_accepted_has_no_error_in_the_blueprint() {
    let (mut count, mut wrong, mut later) = (0, Vec::new(), Vec::new());
    for case in labelled() {
        let is_known = ["real/", "examples/", "history/"].iter().any(|group| case.name.starts_with(group));
        if !is_known || case.verdict() != "accepts" {
            continue;
        }
        count += 1;
        let verdict = judge(&case);
        for finding in verdict.at_level(Level::Error) {
            let line = format!("{}: {} {}", case.name, finding.rule.id, finding.message);
            if finding.stage == Stage::Blueprint { wrong.push(line) } else { later.push(line) }
        }
        let deciding = verdict.unknowns.iter().find(|it| it.decides && it.stage == Stage::Blueprint);
        wrong.extend(deciding.map(|unknown| format!("{}: {}", case.name, unknown.what)));
    }
    eprintln!("{count} accepted Blueprints; errors of later stages: {later:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
