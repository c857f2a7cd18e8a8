//! What GitHub really sends, through the reader of events.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

use std::collections::BTreeMap;
use std::path::Path;

use chimera::pull::event::{Task, task};
use serde_json::Value;

/// Every payload of GitHub's documentation, with the name of its event.
fn payloads() -> Option<Vec<(String, Value)>> {
    let package = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/node_modules/@octokit/webhooks-examples");
    let Ok(text) = std::fs::read_to_string(Path::new(package).join("api.github.com/index.json")) else {
        assert!(std::env::var_os("CI").is_none(), "the payloads are not installed: run npm ci --prefix tests/peers");
        eprintln!("SKIPPED: no payloads of GitHub: run npm ci --prefix tests/peers");
        return None;
    };
    let events: Vec<Value> = serde_json::from_str(&text).unwrap();
    let of_event = |event: &Value| {
        let name = event["name"].as_str().unwrap().to_owned();
        let examples = event["examples"].as_array().unwrap().clone();
        examples.into_iter().map(move |example| (name.clone(), example))
    };
    Some(events.iter().flat_map(of_event).collect())
}

#[test]
fn every_payload_that_github_sends_is_understood() {
    let Some(payloads) = payloads() else { return };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, payload) in &payloads {
        let found = task(name, payload);
        let is_right = match (name.as_str(), payload["action"].as_str()) {
            ("pull_request", Some("closed")) => matches!(found, Ok(Task::Nothing(_))),
            ("pull_request", _) => matches!(&found, Ok(Task::PullRequest(pull))
                if Some(pull.number) == payload["pull_request"]["number"].as_u64()
                && Some(pull.head.as_str()) == payload["pull_request"]["head"]["sha"].as_str()
                && pull.is_fork == (payload["pull_request"]["head"]["repo"]["id"] != payload["repository"]["id"])),
            ("push", _) if payload["deleted"] == true => matches!(found, Ok(Task::Nothing(_) | Task::Checkout)),
            ("push", _) => matches!(found, Ok(Task::Push { .. } | Task::Checkout)),
            ("merge_group", Some("checks_requested")) => matches!(found, Ok(Task::MergeGroup { .. })),
            ("workflow_run" | "merge_group", _) => matches!(found, Ok(Task::Nothing(_) | Task::Fork(_))),
            _ => matches!(found, Ok(Task::Checkout)),
        };
        assert!(is_right, "{name} {}: {found:?}", payload["action"]);
        *seen.entry(name.clone()).or_default() += 1;
    }
    for wanted in ["pull_request", "push", "workflow_run", "merge_group"] {
        assert!(seen.contains_key(wanted), "no payload of \"{wanted}\" among {}", payloads.len());
    }
}

#[test]
fn a_payload_without_one_of_its_members_is_an_error_that_names_it() {
    let Some(payloads) = payloads() else { return };
    let (_, payload) =
        payloads.iter().find(|(name, payload)| name == "pull_request" && payload["action"] == "opened").unwrap();
    for member in ["/pull_request/number", "/pull_request/head/sha", "/pull_request/base/ref", "/repository/full_name"]
    {
        let mut broken = payload.clone();
        *broken.pointer_mut(member).unwrap() = Value::Null;
        let error = task("pull_request", &broken).unwrap_err().to_string();
        assert!(error.contains(member), "{error}");
    }
}
