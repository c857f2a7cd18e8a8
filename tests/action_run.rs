//! The action as people use it: `act` runs workflows in repositories, with the real `action.yml` and its scripts.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[path = "support/act.rs"]
mod act;
#[path = "support/judge.rs"]
mod judge;

use std::path::Path;

use act::{ACTION, Job, Ran, binary, checked_out, head, workflow};
use serde_json::{Value, json};

const NAME: &str = "octo/site";
const WORKFLOW: &str = ".github/workflows/check.yml";
const GOOD: &str = "[build]\npublish = \"public\"\n";
const BAD: &str = "[build]\nbase = \"nowhere\"\n";

/// The event of a pull request whose head is checked out.
fn pull_request(folder: &Path) -> Value {
    json!({
        "action": "opened",
        "number": 7,
        "repository": {"full_name": NAME},
        "pull_request": {
            "number": 7,
            "head": {"sha": head(folder), "ref": "topic", "repo": {"full_name": NAME}},
            "base": {"ref": "main"},
        },
    })
}

/// Runs the action without a token on a pull request with this configuration.
fn certify(toml: &str, with: &[(&str, &str)]) -> Option<Ran> {
    let with = [&[("binary", binary()), ("token", "")], with].concat();
    let text = workflow("pull_request", &with);
    let files = [("netlify.toml", toml), ("public/index.html", "x"), (WORKFLOW, text.as_str())];
    let folder = checked_out(&files, NAME);
    run(folder.path(), "pull_request", &pull_request(folder.path()))
}

fn run(repository: &Path, event: &str, payload: &Value) -> Option<Ran> {
    let event = (event, payload);
    act::run(&Job { repository, workflow: WORKFLOW, event, is_released: false, variables: &[], token: "" })
}

#[test]
fn findings_make_the_job_red_and_the_outputs_say_what_and_where() {
    let Some(ran) = certify(BAD, &[]) else { return };
    assert!(!ran.is_green, "{}", ran.log);
    assert_eq!((ran.output("verdict"), ran.output("errors"), ran.output("warnings")), ("failed", "1", "0"));
    assert!(ran.log.contains("the base directory \"nowhere\" does not exist"), "{}", ran.log);
    assert!(ran.log.contains("Would fail on Netlify"), "{}", ran.log);
    let report: Value = serde_json::from_str(&ran.file("report")).unwrap();
    assert_eq!(report["sites"][0]["issues"][0]["rule"], "NTL007");
    let sarif: Value = serde_json::from_str(&ran.file("sarif")).unwrap();
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!((&place["artifactLocation"]["uri"], &place["region"]["startLine"]), (&json!("netlify.toml"), &json!(2)));
}

#[test]
fn a_site_that_deploys_makes_the_job_green() {
    let Some(ran) = certify(GOOD, &[]) else { return };
    assert!(ran.is_green, "{}", ran.log);
    assert_eq!((ran.output("verdict"), ran.output("errors"), ran.output("patch")), ("passed", "0", ""));
}

#[test]
fn a_threshold_of_never_tells_and_stays_green() {
    let Some(ran) = certify(BAD, &[("fail-on", "never")]) else { return };
    assert!(ran.is_green, "{}", ran.log);
    assert_eq!((ran.output("verdict"), ran.output("errors")), ("failed", "1"));
}

#[test]
fn each_wrong_use_is_a_sentence_that_says_what_to_do() {
    let cases: [(&[(&str, &str)], &str); 7] = [
        (&[("fail-on", "erorr")], "accepted: error, warning, note, never"),
        (&[("mode", "deploy")], "not built yet"),
        (&[("heal", "yes")], "off, suggest, commit, pull-request"),
        (&[("providers", "vercel")], "netlify, render, pages"),
        (&[("working-directory", "nowhere")], "nowhere"),
        (&[("working-directory", "..")], "leads out of the repository"),
        (&[("config", "nowhere.toml")], "nowhere.toml"),
    ];
    for (with, words) in cases {
        let Some(ran) = certify(GOOD, with) else { return };
        assert!(!ran.is_green && ran.log.contains(words), "{with:?}: {}", ran.log);
        assert!(ran.log.contains("error: ") && !ran.log.contains("panicked"), "{}", ran.log);
    }
}

#[test]
fn a_binary_that_is_not_there_is_a_sentence() {
    let text = workflow("pull_request", &[("binary", "tools/nowhere"), ("token", "")]);
    let folder = checked_out(&[("netlify.toml", GOOD), (WORKFLOW, &text)], NAME);
    let Some(ran) = run(folder.path(), "pull_request", &pull_request(folder.path())) else { return };
    assert!(!ran.is_green && ran.log.contains("there is no file \"tools/nowhere\""), "{}", ran.log);
}

#[test]
fn without_a_token_the_log_has_the_findings_and_says_why() {
    let Some(ran) = certify(BAD, &[]) else { return };
    assert!(ran.log.contains("the input \"token\" takes one"), "{}", ran.log);
    assert!(ran.output("sinks").contains("check:0"), "{}", ran.output("sinks"));
}

#[test]
fn an_input_that_the_action_does_not_have_changes_nothing() {
    let Some(ran) = certify(BAD, &[("fail_on", "never")]) else { return };
    assert!(!ran.is_green && ran.output("verdict") == "failed", "GitHub warns of it and hands nothing on: {}", ran.log);
}

#[test]
fn without_an_event_file_the_checkout_is_looked_at_and_that_is_said() {
    let folder = checked_out(&[("netlify.toml", BAD)], NAME);
    let mut step = std::process::Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/action/run"));
    step.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).env("CHIMERA_BINARY", binary());
    let output = step.current_dir(folder.path()).output().unwrap();
    let log = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert!(log.contains("GITHUB_EVENT_PATH names no event") && log.contains("NTL007"), "{log}");
}

#[test]
fn what_a_pull_request_writes_commands_no_runner() {
    let toml = "[build]\nbase = \"x\\n::error title=evil::evil\\n##[error]evil\\r::set-output name=verdict::passed\"\n";
    let Some(ran) = certify(toml, &[]) else { return };
    assert_eq!((ran.is_green, ran.output("verdict")), (false, "failed"), "{}", ran.log);
    let is_evil = |line: &&str| line.contains("❗") && line.contains("title=evil::") && !line.contains("title=NTL");
    assert_eq!(ran.log.lines().find(is_evil), None, "{}", ran.log);
    assert!(!ran.log.contains("##[error]evil"), "{}", ran.log);
}

#[test]
fn a_shallow_clone_and_a_detached_head_are_enough() {
    let text = workflow("pull_request", &[("binary", binary()), ("token", "")]);
    let origin = checked_out(&[("netlify.toml", BAD), (WORKFLOW, &text)], NAME);
    std::fs::write(origin.path().join("more"), "x").unwrap();
    act::commit(origin.path(), NAME);
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git").args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    };
    git(&["clone", "-q", "--depth", "1", &format!("file://{}", origin.path().display()), "."]);
    git(&["checkout", "-q", "--detach"]);
    git(&["remote", "set-url", "origin", &format!("https://github.com/{NAME}")]);
    let Some(ran) = run(folder.path(), "pull_request", &pull_request(folder.path())) else { return };
    assert_eq!((ran.is_green, ran.output("verdict"), ran.output("errors")), (false, "failed", "1"), "{}", ran.log);
}

#[test]
fn an_event_that_names_no_pull_request_is_a_sentence() {
    let text = workflow("pull_request", &[("binary", binary()), ("token", "")]);
    let folder = checked_out(&[("netlify.toml", GOOD), (WORKFLOW, &text)], NAME);
    let Some(ran) = run(folder.path(), "pull_request", &json!({})) else { return };
    assert!(!ran.is_green && ran.log.contains("GITHUB_EVENT_PATH must name the file"), "{}", ran.log);
}

#[test]
fn pull_request_target_is_refused_with_the_reason() {
    let text = workflow("pull_request_target", &[("binary", binary()), ("token", "")]);
    let folder = checked_out(&[("netlify.toml", GOOD), (WORKFLOW, &text)], NAME);
    let Some(ran) = run(folder.path(), "pull_request_target", &pull_request(folder.path())) else { return };
    assert!(!ran.is_green && ran.log.contains("use \"pull_request\""), "{}", ran.log);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn what_init_writes_runs_as_it_is_with_a_program_from_the_tool_cache() {
    let folder = checked_out(&[("netlify.toml", BAD), ("public/index.html", "x")], NAME);
    let mut init = std::process::Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    let init = init.args(["init", &format!("--action={ACTION}")]).current_dir(folder.path()).output().unwrap();
    assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
    act::commit(folder.path(), NAME);
    let payload = pull_request(folder.path());
    let job = Job {
        repository: folder.path(),
        workflow: ".github/workflows/chimera.yml",
        event: ("pull_request", &payload),
        is_released: true,
        variables: &[],
        token: "",
    };
    let Some(ran) = act::run(&job) else { return };
    assert!(!ran.is_green && ran.log.contains("chimeractl 9.9.9 was here already"), "{}", ran.log);
    assert!(ran.log.contains("the base directory \"nowhere\" does not exist"), "{}", ran.log);
}
