//! Random sites, answered by us and by Netlify's own packages.
//!
//! Some come from a grammar, some are sites of the corpora with a little damage. Fixed seeds and one fresh seed a run:
//! `CHIMERA_SEED` sets the fresh one, `CHIMERA_CASES` how many sites are made of it. A disagreement is printed as a
//! small site.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the seed and the figures are what this test is for")]

mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use support::agreement::{self, Disagreement};
use support::answer::{self, Form};
use support::corpus::{self, Run};
use support::generate::{Content, Site};
use support::peer::Reference;
use support::shrink;

const FIXED_SEEDS: [u64; 4] = [1, 2, 3, 4];

const SITES_PER_FIXED_SEED: u64 = 400;

const SITES_OF_FRESH_SEED: u64 = 800;

/// One in so many sites is a damaged site of a corpus.
const DAMAGED: u64 = 5;

/// How many sites are on disk at a time.
const BATCH: usize = 2000;

/// How many disagreements are made small and shown.
const SHOWN: usize = 12;

fn main() {
    let arguments = Arguments::from_args();
    let trials = Reference::find().map(|reference| Trial::test("random sites", move || compare_all(&reference)));
    libtest_mimic::run(&arguments, trials.into_iter().collect()).exit();
}

fn compare_all(reference: &Reference) -> Result<(), Failed> {
    let (seed, count) = (fresh_seed(), number("CHIMERA_CASES").unwrap_or(SITES_OF_FRESH_SEED));
    println!("fixed seeds {FIXED_SEEDS:?}, fresh seed {seed} (CHIMERA_SEED={seed} repeats it)");
    let corpora = corpora();
    let fixed = FIXED_SEEDS.iter().flat_map(|seed| (0..SITES_PER_FIXED_SEED).map(|index| (*seed, index)));
    let numbers: Vec<(u64, u64)> = fixed.chain((0..count).map(|index| (seed, index))).collect();
    let mut tally = Tally::default();
    for batch in numbers.chunks(BATCH) {
        let generate = |(seed, index): &(u64, u64)| match index % DAMAGED {
            0 => Site::damaged(*seed, *index, &corpora),
            _ => Site::generate(*seed, *index),
        };
        tally.add(batch, batch.iter().map(generate).collect(), judge(reference, "sites"));
    }
    println!(
        "{} sites: {} agree; {} accepted, {} rejected",
        numbers.len(),
        tally.agreeing,
        tally.accepted,
        tally.rejected
    );
    tally.verdict(reference, numbers.len())
}

/// The runs of all corpora at hand.
fn corpora() -> Vec<Run> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/netlify");
    let shared = support::shared("netlify/corpus");
    [Some(own), shared].into_iter().flatten().flat_map(|root| corpus::runs(&root)).collect()
}

#[derive(Default)]
struct Tally {
    agreeing: usize,
    accepted: usize,
    rejected: usize,
    parted: Vec<((u64, u64), Site, Disagreement)>,
}

/// What became of one site: whether the reference accepts it, and whether we agree.
type Judgement = (bool, Result<(), Disagreement>);

impl Tally {
    fn add(&mut self, numbers: &[(u64, u64)], sites: Vec<Site>, judge: impl Fn(&[Site]) -> Vec<Judgement>) {
        let judgements = judge(&sites);
        for ((number, site), (is_accepted, result)) in numbers.iter().zip(sites).zip(judgements) {
            self.accepted += usize::from(is_accepted);
            self.rejected += usize::from(!is_accepted);
            match result {
                Ok(()) => self.agreeing += 1,
                Err(parted) => self.parted.push((*number, site, parted)),
            }
        }
    }

    fn verdict(self, reference: &Reference, all: usize) -> Result<(), Failed> {
        if self.parted.is_empty() {
            // A generator that makes only sound or only broken sites proves little.
            assert!(self.accepted * 5 > all && self.rejected * 10 > all, "the generator has become one-sided");
            return Ok(());
        }
        let mut report = format!("{} of {all} sites disagree\n", self.parted.len());
        for (number, site, parted) in self.parted.into_iter().take(SHOWN) {
            let still_fails = |sites: &[Site]| -> Vec<bool> {
                let judgements = judge(reference, "smaller")(sites);
                let same = |result: Result<(), Disagreement>| result.is_err_and(|it| it.strength == parted.strength);
                judgements.into_iter().map(|(_, result)| same(result)).collect()
            };
            let small = shrink::shrink(site, still_fails);
            let again = judge(reference, "smallest")(std::slice::from_ref(&small)).remove(0).1;
            writeln!(report, "\nseed {}, site {}\n{}", number.0, number.1, shown(&small)).unwrap();
            writeln!(report, "{}", again.err().unwrap_or(parted)).unwrap();
        }
        Err(report.into())
    }
}

fn judge<'a>(reference: &'a Reference, name: &'a str) -> impl Fn(&[Site]) -> Vec<Judgement> + 'a {
    move |sites| {
        let folder = tempfile::Builder::new().prefix(&format!("chimera-{name}-")).tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let write = |(index, site): (usize, &Site)| {
            let dir = root.join(index.to_string());
            site.write(&dir);
            (dir, Value::Object(site.options.clone()))
        };
        let runs: Vec<(PathBuf, Value)> = sites.iter().enumerate().map(write).collect();
        let theirs = reference.answers(&runs);
        let ours = answer::map_all(&runs, |(dir, options): &(PathBuf, Value)| our_answer(dir, options));
        let compare =
            |(ours, theirs): (Value, Value)| (theirs["ok"] == Value::Bool(true), agreement::compare(&ours, &theirs));
        ours.into_iter().zip(theirs).map(compare).collect()
    }
}

/// Our document; a panic is an answer too, and never the right one.
fn our_answer(dir: &Path, options: &Value) -> Value {
    std::panic::catch_unwind(|| answer::document(dir, options, Form::Resolution))
        .unwrap_or_else(|_| serde_json::json!({"ok": "panic"}))
}

fn fresh_seed() -> u64 {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    number("CHIMERA_SEED").unwrap_or_else(|| u64::try_from(now() % 1_000_000_007).unwrap())
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a number, not \"{text}\"")))
}

fn shown(site: &Site) -> String {
    let mut out = format!("options {}\n", Value::Object(site.options.clone()));
    for (path, content) in &site.files {
        match content {
            Content::File(bytes) => writeln!(out, "file {path}: {:?}", String::from_utf8_lossy(bytes)).unwrap(),
            Content::Folder => writeln!(out, "folder {path}").unwrap(),
            Content::Link(target) => writeln!(out, "link {path} -> {target}").unwrap(),
        }
    }
    out
}
