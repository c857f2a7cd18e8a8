//! The laws of healing, on the fixtures of all rules and on the corpora.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the figures are what this test is for")]

mod support;

use std::path::{Path, PathBuf};

use chimera::config::Configuration;
use chimera::platform::netlify::site::Request;
use chimera::project::snapshot::Snapshot;
use chimera::verdict::SiteVerdict;
use chimera::verdict::registry::{self, Question};
use libtest_mimic::{Arguments, Failed, Trial};
use support::answer::map_all;
use support::blueprint::{self, Labelled};
use support::case::{self, Case};
use support::corpus;
use support::generate::{self, Content, Random, Site};
use support::healing::{self, EVERYTHING, REVIEWED, SAFE};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = vec![Trial::test("fixtures of rules", fixtures)];
    trials.extend(support::shared("failures/cases").map(|root| Trial::test("catalogue", move || catalogue(&root))));
    trials.extend(support::shared("netlify/corpus").map(|root| Trial::test("Netlify", move || netlify(&root))));
    trials.extend(support::shared("render/corpus").map(|root| Trial::test("Render", move || render(&root))));
    trials.push(Trial::test("random sites", random_sites));
    trials.push(Trial::test("random Blueprints", random_blueprints));
    libtest_mimic::run(&arguments, trials).exit();
}

/// Every law under every permission; how many files were healed.
fn check(name: &str, snapshot: &Snapshot, judge: healing::Judge<'_>) -> Result<usize, String> {
    let mut files = 0;
    for (what, limits) in [("safe", SAFE), ("reviewed", REVIEWED), ("everything", EVERYTHING)] {
        let healing = healing::check(snapshot, judge, &limits).map_err(|law| format!("{name}, {what}: {law}"))?;
        files = files.max(healing.files.len());
    }
    Ok(files)
}

fn conclude(what: &str, results: Vec<Result<usize, String>>) -> Result<(), Failed> {
    let all = results.len();
    let healed = results.iter().filter(|result| matches!(result, Ok(1..))).count();
    let broken: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    println!("{what}: {all} trees, {healed} healed in some way, {} break a law", broken.len());
    assert!(healed > 0, "nothing is healed, so nothing is proven");
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n").into()) }
}

fn check_case(name: &str, case: &Case) -> Result<usize, String> {
    let judge = |snapshot: &Snapshot| case.judge(snapshot);
    check(name, &case.snapshot(), &judge)
}

fn variants(root: &Path) -> Vec<(PathBuf, String)> {
    let of = |rule: PathBuf| {
        let names = case::folders(&rule).into_iter().map(|it| it.file_name().unwrap().to_string_lossy().into_owned());
        names.map(move |name| (rule.clone(), name)).collect::<Vec<_>>()
    };
    case::folders(root).into_iter().flat_map(of).collect()
}

fn fixtures() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let check = |(rule, name): &(PathBuf, String)| {
        let case = Case::read(rule, name);
        let title = format!("{}/{name}", rule.file_name().unwrap().to_string_lossy());
        let plain = check_case(&title, &case)?;
        check_case(&format!("{title} with CRLF"), &case.with_crlf())?;
        Ok(plain)
    };
    conclude("fixtures", map_all(&variants(&root), check))
}

fn catalogue(root: &Path) -> Result<(), Failed> {
    let check = |(rule, name): &(PathBuf, String)| {
        check_case(&format!("{}/{name}", rule.file_name().unwrap().to_string_lossy()), &Case::read(rule, name))
    };
    conclude("catalogue", map_all(&variants(root), check))
}

fn netlify(root: &Path) -> Result<(), Failed> {
    let runs = corpus::runs(root);
    let check = |run: &corpus::Run| check_case(&run.name, &Case::of(&run.dir, Request::default()));
    conclude("Netlify", map_all(&runs, check))
}

fn render(root: &Path) -> Result<(), Failed> {
    let check = |labelled: &Labelled| {
        let snapshot = labelled.known();
        let judge = |snapshot: &Snapshot| labelled.judge(snapshot);
        check(&labelled.name, &snapshot, &judge)
    };
    conclude("Render", map_all(&blueprint::all(root), check))
}

const SEEDS: [u64; 2] = [1, 2];

/// `CHIMERA_CASES` sets another number.
const PER_SEED: u64 = 150;

fn numbers() -> Vec<(u64, u64)> {
    let per_seed = std::env::var("CHIMERA_CASES").map_or(PER_SEED, |text| text.parse().unwrap());
    SEEDS.iter().flat_map(|seed| (0..per_seed).map(move |index| (*seed, index))).collect()
}

fn random_sites() -> Result<(), Failed> {
    let check = |(seed, index): &(u64, u64)| {
        let files = Site::generate(*seed, *index).files.into_iter();
        let files = files.filter_map(|(path, content)| match content {
            Content::File(bytes) => Some((path, bytes)),
            Content::Folder | Content::Link(_) => None,
        });
        let judge = |snapshot: &Snapshot| judge_first("netlify", snapshot);
        check(&format!("seed {seed}, site {index}"), &Snapshot::in_memory(files), &judge)
    };
    conclude("random sites", map_all(&numbers(), check))
}

fn random_blueprints() -> Result<(), Failed> {
    let check = |(seed, index): &(u64, u64)| {
        let text = generate::blueprint::blueprint(&mut Random::new(*seed, *index));
        let snapshot = Snapshot::in_memory([("render.yaml", text.into_bytes()), ("src/a.js", Vec::new())]);
        let judge = |snapshot: &Snapshot| judge_first("render", snapshot);
        check(&format!("seed {seed}, Blueprint {index}"), &snapshot, &judge)
    };
    conclude("random Blueprints", map_all(&numbers(), check))
}

fn judge_first(name: &str, snapshot: &Snapshot) -> Vec<SiteVerdict> {
    let (question, configuration) = (Question::default(), Configuration::default());
    let platform = registry::chosen(Some(name), snapshot, &configuration).swap_remove(0);
    let targets = (platform.targets)(snapshot, &question, &configuration);
    targets.iter().take(1).map(|target| (platform.judge)(snapshot, target, &configuration)).collect()
}
