//! `chimeractl ledger` as a person and a script see it.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A repository with a remote, in a folder that goes away.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [&["init", "-q"][..], &["remote", "add", "origin", "git@github.com:acme/site.git"]] {
        assert!(Command::new("git").args(arguments).current_dir(folder.path()).status().unwrap().success());
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    with_key(folder, arguments, "")
}

fn with_key(folder: &Path, arguments: &[&str], key: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    command.arg("ledger").args(arguments).current_dir(folder).env("CHIMERA_SIGNING_KEY", key);
    command.env("GITHUB_ACTOR", "octocat").env_remove("CHIMERA_LEDGER").env_remove("GITHUB_RUN_ID");
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

const START: [&str; 4] = ["append", "chimera.simulate.start", "--payload", r#"{"platforms":["netlify"]}"#];

/// The base64 of 32 bytes.
const KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

#[test]
fn events_are_recorded_listed_shown_proven_and_verified() {
    let folder = repository();
    let here = folder.path();
    for _ in 0..3 {
        assert_eq!(run(here, &START).0, 0);
    }
    let (_, log, _) = run(here, &["log", "--format", "json"]);
    let events: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 3);
    assert_eq!(events[2]["source"], "https://github.com/acme/site/production");
    assert_eq!(events[2]["actor"], "octocat");
    assert!(run(here, &["show", "2"]).1.contains("chimera.simulate.start"));
    assert_eq!(run(here, &["show", "3"]).0, 2);

    assert_eq!(run(here, &["prove", "1", "--out", "proof.json"]).0, 0);
    // The proof needs no ledger.
    let elsewhere = tempfile::tempdir().unwrap();
    let proof = here.join("proof.json");
    assert_eq!(run(elsewhere.path(), &["prove", "--check", proof.to_str().unwrap()]).0, 0);
    let forged = std::fs::read_to_string(&proof).unwrap().replace("netlify", "netlifx");
    std::fs::write(&proof, forged).unwrap();
    assert_eq!(run(elsewhere.path(), &["prove", "--check", proof.to_str().unwrap()]).0, 33);

    assert_eq!(run(here, &["consistency", "2"]).0, 0);
    assert_eq!(run(here, &["consistency", "4"]).0, 2);
    let (exit, text, _) = run(here, &["verify"]);
    assert_eq!((exit, text.contains("unsigned")), (0, true), "{text}");
    assert_eq!(run(here, &["verify", "--signed"]).0, 33);
}

#[test]
fn a_ledger_that_begins_with_a_key_stays_signed() {
    let folder = repository();
    let here = folder.path();
    assert_eq!(with_key(here, &START, KEY).0, 0);
    let (exit, text, _) = run(here, &["verify", "--signed"]);
    assert_eq!((exit, text.contains("signed by")), (0, true), "{text}");
    let (exit, _, error) = run(here, &START);
    assert_eq!((exit, error.contains("CHIMERA_SIGNING_KEY")), (3, true), "{error}");
    let other = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
    assert_eq!(with_key(here, &START, other).0, 2);
    let (_, _, error) = with_key(here, &START, KEY);
    assert_eq!(error, "");
}

#[test]
fn what_was_changed_is_named_and_exits_33() {
    let folder = repository();
    let here = folder.path();
    for _ in 0..3 {
        run(here, &START);
    }
    let bundle = here.join(".git/chimera/ledger/production/entries/000.jsonl");
    let text = std::fs::read_to_string(&bundle).unwrap();
    std::fs::write(&bundle, text.replacen("octocat", "0ctocat", 1)).unwrap();
    let (exit, text, _) = run(here, &["verify", "--format", "json"]);
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, &found["consistent"]), (33, &Value::Bool(false)));
    for command in [&["log"][..], &START, &["prove", "0"]] {
        let (exit, _, error) = run(here, command);
        assert_eq!(exit, 33, "{command:?}: {error}");
        assert!(error.contains("not the one that the tree holds"), "{error}");
    }
}

#[test]
fn a_ledger_that_was_put_back_is_noticed_by_the_next_run() {
    let folder = repository();
    let here = folder.path();
    run(here, &START);
    let ledger = here.join(".git/chimera/ledger/production");
    let copy = tempfile::tempdir().unwrap();
    let copied = Command::new("cp").arg("-r").arg(&ledger).arg(copy.path()).status().unwrap();
    assert!(copied.success());
    run(here, &START);
    std::fs::remove_dir_all(&ledger).unwrap();
    std::fs::rename(copy.path().join("production"), &ledger).unwrap();
    let (exit, text, _) = run(here, &["verify"]);
    assert_eq!((exit, text.contains("error[truncated]")), (33, true), "{text}");
    let (exit, _, error) = run(here, &START);
    assert_eq!((exit, error.contains("does not continue")), (33, true), "{error}");
    std::fs::remove_dir_all(&ledger).unwrap();
    for command in ["verify", "log"] {
        let (exit, _, error) = run(here, &[command]);
        assert_eq!((exit, error.contains("that was seen here before")), (33, true), "it is gone: {error}");
    }
}

#[test]
fn an_entry_that_was_cut_off_is_named() {
    let folder = repository();
    let here = folder.path();
    run(here, &START);
    let bundle = here.join(".git/chimera/ledger/production/entries/000.jsonl");
    let text = std::fs::read_to_string(&bundle).unwrap();
    std::fs::write(&bundle, &text[..text.len() - 40]).unwrap();
    let (exit, text, _) = run(here, &["verify"]);
    assert_eq!((exit, text.contains("is cut off in its last entry")), (33, true), "{text}");
    assert_eq!(run(here, &START).0, 33);
}

#[test]
fn a_torn_last_line_is_named_and_goes_with_the_next_append() {
    let folder = repository();
    let here = folder.path();
    run(here, &START);
    let bundle = here.join(".git/chimera/ledger/production/entries/000.jsonl");
    let text = std::fs::read_to_string(&bundle).unwrap();
    std::fs::write(&bundle, format!("{text}{}", &text[..100])).unwrap();
    let (exit, text, _) = run(here, &["verify"]);
    assert_eq!((exit, text.contains("100 bytes behind the last entry")), (0, true), "{text}");
    assert_eq!(run(here, &START).0, 0);
    let (exit, text, _) = run(here, &["verify"]);
    assert_eq!((exit, text.contains("note"), text.contains("2 entries")), (0, false, true), "{text}");
}

#[test]
fn malformed_events_and_secrets_are_not_recorded() {
    let folder = repository();
    let here = folder.path();
    let (exit, text, _) = run(here, &["append", "deploy.certified", "--payload", "{\"certified\":1}"]);
    assert_eq!((exit, text.contains("in quarantine")), (1, true), "{text}");
    let token = format!("ghp_{}", "a1".repeat(18));
    let payload = format!("{{\"phase\":\"x\",\"reason\":\"{token}\"}}");
    let (exit, text, error) = run(here, &["append", "deploy.rejected", "--payload", &payload]);
    assert_eq!((exit, error.contains("GitHub token")), (2, true), "{error}");
    assert!(!text.contains(&token) && !error.contains(&token));
    // The value of a variable is a secret whatever its shape.
    let payload = format!("{{\"phase\":\"x\",\"reason\":\"key {KEY}\"}}");
    let (exit, _, error) = with_key(here, &["append", "deploy.rejected", "--payload", &payload], KEY);
    assert_eq!((exit, error.contains("CHIMERA_SIGNING_KEY")), (2, true), "{error}");
    assert_eq!(run(here, &["log"]).0, 3, "nothing was recorded");
}

#[test]
fn wrong_usage_says_what_is_accepted() {
    let folder = repository();
    let here = folder.path();
    for (arguments, wanted) in [
        (&["log", "-e", "a/b"][..], "cannot name an environment"),
        (&["log", "--store", "redis"], "is accepted"),
        (&["append", "x", "--payload", "[]"], "a JSON object is accepted"),
        (&["append", "x", "--payload", "{\"a\":1,\"a\":1}"], "stands twice"),
    ] {
        let (exit, _, error) = run(here, arguments);
        assert_eq!((exit, error.contains(wanted)), (2, true), "{arguments:?}: {error}");
    }
    let outside = tempfile::tempdir().unwrap();
    let (exit, _, error) = run(outside.path(), &["log"]);
    assert_eq!((exit, error.contains("git repository")), (3, true), "{error}");
}

#[test]
fn the_page_about_events_is_the_table_of_topics() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/EVENTS.md");
    let wanted = chimera::report::topic::markdown();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(found, wanted, "run UPDATE_SNAPSHOTS=1 cargo test --test ledger_command");
    let folder = repository();
    let (_, text, _) = run(folder.path(), &["topics", "--format", "json"]);
    let topics: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(topics["topics"].as_array().unwrap().len(), 22);
}

#[test]
fn an_event_leaves_quarantine_when_it_fits_or_is_thrown_away() {
    let folder = repository();
    let here = folder.path();
    for _ in 0..2 {
        run(here, &["append", "deploy.certified", "--payload", "{\"certified\":false}"]);
    }
    let (_, text, _) = run(here, &["quarantine", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&text).unwrap();
    let id = |at: usize| list["quarantined"][at]["id"].as_str().unwrap().to_owned();
    let (exit, text, _) = run(here, &["quarantine", "release", &id(0)]);
    assert_eq!((exit, text.contains("\"level\" is missing")), (1, true), "{text}");
    let mended = "{\"certified\":false,\"level\":\"L0\"}";
    let (exit, text, _) = run(here, &["quarantine", "release", &id(0), "--payload", mended]);
    assert_eq!((exit, text.as_str()), (0, "recorded as entry 0: deploy.certified\n"));
    assert_eq!(run(here, &["quarantine", "show", &id(0)]).0, 2, "it is no longer there");
    assert_eq!(run(here, &["quarantine", "drop", &id(1)]).0, 0);
    assert_eq!(run(here, &["quarantine", "list"]).1, "nothing is in quarantine\n");
    assert_eq!(run(here, &["quarantine", "drop", "../../x"]).0, 2);
}

#[test]
fn a_ledger_is_carried_from_store_to_store() {
    let (folder, other) = (repository(), repository());
    let here = folder.path();
    for _ in 0..3 {
        run(here, &START);
    }
    assert_eq!(run(here, &["export", "copy"]).0, 0);
    assert_eq!(run(here, &["export", "copy"]).0, 2, "the folder is not empty");
    let (exit, text, error) = run(here, &["verify", "--store", "folder:copy"]);
    assert_eq!((exit, text.contains("3 entries")), (0, true), "{text}{error}");
    assert_eq!(run(here, &["append", "x", "--payload", "{}", "--store", "folder:copy"]).0, 2);

    let lines = here.join("copy/entries/000.jsonl");
    let (exit, text, error) = run(other.path(), &["--store", "git", "import", lines.to_str().unwrap()]);
    assert_eq!((exit, text.matches("recorded as").count()), (0, 3), "{text}{error}");
    let (exit, text, _) = run(other.path(), &["--store", "git", "import", lines.to_str().unwrap()]);
    assert_eq!((exit, text.as_str()), (0, "recorded before: 3\n"));
    assert_eq!(run(other.path(), &["--store", "git", "verify"]).0, 0);
}

#[test]
fn copies_of_checkpoints_are_compared_with_the_ledger() {
    let (folder, other) = (repository(), repository());
    let here = folder.path();
    run(here, &START);
    let checkpoint =
        |folder: &Path| std::fs::read_to_string(folder.join(".git/chimera/ledger/production/checkpoint")).unwrap();
    std::fs::create_dir(here.join("copies")).unwrap();
    std::fs::write(here.join("copies/one"), checkpoint(here)).unwrap();
    run(here, &START);
    // A summary holds the lines of a checkpoint between others.
    std::fs::write(here.join("copies/summary.md"), format!("# Deploy\n\n```\n{}```\n", checkpoint(here))).unwrap();
    let (exit, text, _) = run(here, &["audit", "copies"]);
    assert_eq!((exit, text.contains("2 of 2 copies agree")), (0, true), "{text}");
    run(other.path(), &START);
    std::fs::write(here.join("copies/other"), checkpoint(other.path())).unwrap();
    let (exit, text, _) = run(here, &["audit", "copies"]);
    assert_eq!((exit, text.contains("CONTRADICTS")), (33, true), "{text}");
    std::fs::remove_dir_all(here.join("copies")).unwrap();
    std::fs::create_dir(here.join("copies")).unwrap();
    assert_eq!(run(here, &["audit", "copies"]).0, 3, "nothing to compare is no agreement");
}

fn status(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    let output = command.arg("status").args(arguments).current_dir(folder).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn status_answers_from_an_index_that_can_be_thrown_away() {
    let folder = repository();
    let here = folder.path();
    assert!(status(here, &[]).1.contains("nothing is recorded yet"));
    let record = |topic: &str, key: &str, payload: &str| {
        let arguments = ["append", topic, "--deploy-key", key, "--payload", payload];
        assert_eq!(run(here, &arguments).0, 0, "{topic}");
    };
    record(
        "deploy.initiated",
        "dk_a",
        &format!("{{\"commit\":\"{}\",\"environment\":\"production\",\"targets\":[]}}", "a".repeat(40)),
    );
    record("deploy.certified", "dk_a", "{\"certified\":true,\"level\":\"L2\",\"certificate\":\"chc_a\"}");
    assert!(status(here, &[]).1.contains("chc_a"));
    record(
        "chimera.deploy.complete",
        "dk_a",
        "{\"result\":\"live\",\"target\":\"netlify:site/1\",\"deploy_id\":\"d1\"}",
    );
    record(
        "deploy.initiated",
        "dk_b",
        &format!("{{\"commit\":\"{}\",\"environment\":\"production\",\"targets\":[]}}", "b".repeat(40)),
    );
    let (exit, text) = status(here, &[]);
    assert_eq!(exit, 0);
    for wanted in ["2 deploys, 4 entries", "netlify:site/1, deploy d1", "chc_a, L2", "dk_b"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    let index = here.join(".git/chimera/index/production");
    std::fs::write(index.join("summary.json"), "{").unwrap();
    assert_eq!(status(here, &[]), (0, text.clone()), "a damaged index is built anew");
    std::fs::remove_dir_all(&index).unwrap();
    assert_eq!(status(here, &[]), (0, text), "a missing index is built anew");
    let (exit, text) = status(here, &["dk_a", "--format", "json"]);
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((exit, found["deploy"]["key"].as_str()), (0, Some("dk_a")));
    assert_eq!(status(here, &["dk_c"]).0, 2);
}
