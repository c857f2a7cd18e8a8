//! What is predicted for the builds of public Blueprints of which all paths are known, and few contents.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;

use chimera::config::Configuration;
use chimera::platform::render::site::RenderSite;
use chimera::rule::finding::Level;
use chimera::sim::stage::Stage;
use chimera::verdict::render;

use support::blueprint::{self, Labelled};

/// Failures that were read and are right, each with the fact of its repository. All of these Blueprints lie in `backend`
/// and are written as if that were the repository's root, which their paths are relative to
/// (<https://render.com/docs/blueprint-spec>).
const DEFENDED: [(&str, &str, &str); 10] = [
    ("01Vedant+ai-youtube-generator@backend~render.yaml", "RND037", "no backend/Dockerfile, only backend/backend/…"),
    ("01Vedant+ai-youtube-generator@backend~render.yaml", "PRJ014", "the only package.json is backend/frontend's"),
    ("01cderx+expensetrackerbackendwithspringboot", "RND037", "the Dockerfile is backend/Dockerfile"),
    ("02-068-GiovanLado+KAPITA_SELEKTA", "RND028", "the server is backend/server.js"),
    ("093rjain-ro+my-cursor-project", "RND028", "the program is backend/retrain.py"),
    ("093rjain-ro+my-cursor-project", "RND031", "the file is backend/requirements.txt"),
    ("0x070907+git-pulse", "RND031", "the file is backend/requirements.txt"),
    ("Pranto-Roy-10+LifeLine", "PRJ077", "the corpus kept the mark as two U+FFFD: these bytes pip does refuse"),
    ("render-examples+celery", "PRJ091", "gunicorn 20.1.0 in a fresh environment fails on Python 3.11 too (measured)"),
    ("121378-cell+SPARTAN-4", "RND028", "the manifest with \"start\" is backend/package.json; the root's has none"),
];

fn with_paths() -> Vec<Labelled> {
    let all = support::shared("render/corpus").map(|root| blueprint::all(&root)).unwrap_or_default();
    all.into_iter().filter(|case| case.snapshot().is_some()).collect()
}

/// Repository, rule and message of the findings that are not about the Blueprint itself.
fn findings(case: &Labelled, level: Level) -> Vec<(String, &'static str, String)> {
    let snapshot = case.snapshot().unwrap();
    let verdict = render::judge(RenderSite::new(&snapshot, case.path()), &Configuration::default());
    let found = verdict.at_level(level).filter(|finding| finding.stage != Stage::Blueprint);
    let name = case.name.rsplit('/').next().unwrap();
    found.map(|finding| (name.to_owned(), finding.rule.id, finding.message.clone())).collect()
}

#[test]
fn failures_of_builds_are_those_that_were_read_and_are_right() {
    let cases = with_paths();
    if cases.is_empty() {
        return;
    }
    let errors: Vec<_> = cases.iter().flat_map(|case| findings(case, Level::Error)).collect();
    let is_defended = |name: &str, id: &str| DEFENDED.iter().any(|it| (it.0, it.1) == (name, id));
    let alarms: Vec<_> = errors.iter().filter(|(name, id, _)| !is_defended(name, id)).collect();
    let found: BTreeSet<_> = errors.iter().map(|(name, id, _)| (name.as_str(), *id)).collect();
    let lost: Vec<_> = DEFENDED.iter().filter(|it| !found.contains(&(it.0, it.1))).collect();
    eprintln!("{} repositories, {} failures, all of them defended", cases.len(), errors.len());
    assert!(alarms.is_empty() && lost.is_empty(), "false alarms: {alarms:#?}, no longer found: {lost:#?}");
}

/// A warning about a template that is right: its folder `backend` really has two lock files.
const RIGHT: (&str, &str) = ("render-examples+preview-environment", "PRJ008");

/// Render's own templates work; what they do is no reason for a warning about a build.
#[test]
fn templates_of_render_are_built_without_a_warning() {
    let cases: Vec<_> = with_paths().into_iter().filter(|case| case.name.starts_with("examples/")).collect();
    let warnings = cases.iter().flat_map(|case| findings(case, Level::Warning));
    let warnings: Vec<_> = warnings.filter(|(name, id, _)| (name.as_str(), *id) != RIGHT).collect();
    eprintln!("{} templates", cases.len());
    assert!(warnings.is_empty(), "{warnings:#?}");
}
