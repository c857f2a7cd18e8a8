//! Every run of the corpora against the answers of Netlify's own packages.
//!
//! `fixtures/oracle/netlify` is ours; `../shared/netlify/corpus` holds the same and far more, and is needed in CI.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the counters are what this test is for")]

mod support;

use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use support::agreement::{self, Disagreement, Strength};
use support::answer::{self, Form};
use support::corpus::{self, Run};

/// Runs on which the reference, not we, is wrong: name and proof. At most one in two hundred.
const ARTEFACTS: [(&str, &str); 0] = [];

const ARTEFACTS_PER_RUNS: usize = 200;

fn main() {
    let arguments = Arguments::from_args();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/netlify");
    let mut trials = Vec::new();
    for (name, root) in [("own corpus", Some(own)), ("shared corpus", support::shared("netlify/corpus"))] {
        let Some(root) = root else { continue };
        let plans = root.clone();
        trials.push(Trial::test(format!("{name}: documents"), move || documents(name, &corpus::runs(&root))));
        if name == "shared corpus" {
            trials.push(Trial::test(format!("{name}: steps"), move || steps(name, &corpus::dry_runs(&plans))));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn documents(corpus: &str, runs: &[Run]) -> Result<(), Failed> {
    let results = answer::map_all(runs, |run| {
        agreement::compare(&answer::document(&run.dir, &run.options, Form::Resolution), &run.answer())
    });
    let parted: Vec<(&Run, Disagreement)> =
        runs.iter().zip(results).filter_map(|(run, result)| Some((run, result.err()?))).collect();
    let agree = |strength| runs.len() - parted.iter().filter(|(_, parted)| parted.strength <= strength).count();
    let all = runs.len();
    println!("{corpus}: outcome           {} of {all}", agree(Strength::Outcome));
    println!("{corpus}: kind and property {} of {all}", agree(Strength::Kind));
    println!("{corpus}: whole document    {} of {all}", agree(Strength::Document));
    judge(runs, parted.into_iter().map(|(run, parted)| (run, parted.to_string())).collect())
}

fn steps(corpus: &str, runs: &[Run]) -> Result<(), Failed> {
    let part = |run: &Run| {
        let (ours, theirs) = (answer::document(&run.dir, &run.options, Form::Steps), run.answer());
        let essence = |plan: &Value| ["success", "severityCode", "steps"].map(|key| plan[key].clone());
        (essence(&ours) != essence(&theirs)).then(|| format!("ours {ours}, theirs {:?}", essence(&theirs)))
    };
    let results = answer::map_all(runs, part);
    let parted: Vec<(&Run, String)> =
        runs.iter().zip(results).filter_map(|(run, result)| Some((run, result?))).collect();
    println!("{corpus}: dry runs          {} of {}", runs.len() - parted.len(), runs.len());
    judge(runs, parted)
}

/// Fails on what no listed artefact explains, and on a list that is too long or stale.
fn judge(runs: &[Run], parted: Vec<(&Run, String)>) -> Result<(), Failed> {
    let is_artefact = |run: &Run| ARTEFACTS.iter().any(|(name, _)| *name == run.name);
    let (excused, faults): (Vec<_>, Vec<_>) = parted.into_iter().partition(|(run, _)| is_artefact(run));
    let listed = runs.iter().filter(|run| is_artefact(run)).count();
    let report: Vec<String> = faults.iter().map(|(run, fault)| format!("{}: {fault}", run.name)).collect();
    if runs.is_empty() {
        Err("the corpus is empty".into())
    } else if !report.is_empty() {
        Err(format!("{} of {} runs disagree\n{}", report.len(), runs.len(), report.join("\n")).into())
    } else if excused.len() < listed {
        Err("a listed artefact agrees: take it off the list".into())
    } else if excused.len() * ARTEFACTS_PER_RUNS > runs.len() {
        Err("too many artefacts".into())
    } else {
        Ok(())
    }
}
