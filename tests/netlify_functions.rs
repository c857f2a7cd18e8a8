//! What Netlify's own bundler does with small functions, recorded, against what we say.

#![allow(clippy::unwrap_used, clippy::panic)]

use chimera::config::Configuration;
use chimera::platform::netlify::site::{self, Request};
use chimera::project::snapshot::Snapshot;
use chimera::rule::finding::Level;
use chimera::sim::stage::Stage;
use chimera::verdict;
use serde_json::Value;

/// Whether we say that the build fails while functions are bundled.
fn says_that_it_fails(files: &Value) -> bool {
    let files = files.as_object().unwrap().iter();
    let snapshot = Snapshot::in_memory(files.map(|(path, text)| (path.as_str(), text.as_str().unwrap().as_bytes())));
    let request = Request::default();
    let site = site::find(&snapshot, &request).swap_remove(0);
    let verdict = verdict::netlify::simulate(&snapshot, site, &request, &Configuration::default());
    verdict.at_level(Level::Error).any(|finding| finding.stage == Stage::Functions)
}

#[test]
fn we_say_what_the_bundler_does_or_nothing() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/netlify/function-bundling.json");
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for case in recorded["cases"].as_array().unwrap() {
        let fails = case["outcome"] == "fail" && case["told"] != false;
        if says_that_it_fails(&case["files"]) != fails {
            wrong.push(format!("{}: {}", case["name"], case["outcome"]));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
