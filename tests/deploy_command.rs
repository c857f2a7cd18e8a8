//! `deploy`, `rollback` and `recover` as processes, against a fake Netlify on real connections.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/github/http.rs"]
mod http;
#[path = "support/netlify/mod.rs"]
mod netlify;
#[path = "support/netlify_server.rs"]
mod netlify_server;
#[path = "support/town.rs"]
mod town;

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chimera::remote::transport::Method;
use netlify::{HOOK, SITE, State, TOKEN, Wrong};
use serde_json::Value;
use town::git;

/// A repository and the site that it is deployed to.
struct Town {
    folder: tempfile::TempDir,
    state: Arc<Mutex<State>>,
    port: u16,
}

impl Town {
    fn new() -> Town {
        let page = ("dist/index.html", "<h1>Shop</h1>\n");
        let folder = town::committed(&[page, ("netlify.toml", "[build]\npublish = \"dist\"\n")]);
        let state = Arc::new(Mutex::new(State::with_site()));
        let port = netlify_server::listen(&state);
        state.lock().unwrap().pages = Some(format!("http://127.0.0.1:{port}"));
        Town { folder, state, port }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        command.args(arguments).current_dir(self.folder.path());
        for name in [
            "CHIMERA_SIGNING_KEY",
            "CHIMERA_HMAC_KEY",
            "CHIMERA_LEDGER",
            "GITHUB_ACTOR",
            "GITHUB_ACTIONS",
            "GITHUB_EVENT_PATH",
            "GITHUB_RUN_ID",
            "GITHUB_REPOSITORY",
        ] {
            command.env_remove(name);
        }
        command
            .env("NETLIFY_AUTH_TOKEN", TOKEN)
            .env("NETLIFY_SITE_ID", SITE)
            .env("NETLIFY_BUILD_HOOK", format!("http://127.0.0.1:{}{HOOK}", self.port))
            .env("CHIMERA_NETLIFY_API", format!("http://127.0.0.1:{}/api/v1", self.port));
        command
    }

    /// Runs it; nothing that it says or leaves behind holds a secret.
    fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().unwrap();
        self.assert_silent(&output);
        output
    }

    fn assert_silent(&self, output: &Output) {
        let said = [output.stdout.clone(), output.stderr.clone()].concat();
        town::assert_silent(&String::from_utf8_lossy(&said), self.folder.path(), &[TOKEN, "5f0c0ffee5f0"]);
    }

    fn deploy(&self, more: &[&str]) -> (i32, Value) {
        let arguments =
            ["deploy", "--platform", "netlify", "--certify", "--dir", "dist", "--bake", "0", "--format", "json"];
        let output = self.run(&[&arguments[..], more].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let document = serde_json::from_str(&text)
            .unwrap_or_else(|_| panic!("no JSON: {text}{}", String::from_utf8_lossy(&output.stderr)));
        town::assert_follows("run", &document);
        (output.status.code().unwrap(), document)
    }

    fn live(&self) -> String {
        self.state.lock().unwrap().published.clone().unwrap()
    }

    fn ledger_is_fine(&self) {
        let output = self.run(&["ledger", "verify", "--environment", "dev"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!self.folder.path().join(".git/chimera/quarantine").exists(), "an event was malformed");
    }
}

#[test]
fn a_site_is_deployed_deployed_badly_and_brought_back() {
    let town = Town::new();
    let (code, first) = town.deploy(&["--accept-no-last-good"]);
    assert_eq!((code, &first["state"]), (0, &Value::from("SUCCESS")), "{first:#}");
    assert_eq!((town.live(), first["deploy"].as_str()), ("new1".to_owned(), Some("new1")));
    let (code, second) = town.deploy(&[]);
    assert_eq!((code, second["last_good"].as_str()), (0, Some("new1")), "{second:#}");
    town.state.lock().unwrap().bad.push("new3".to_owned());
    let (code, third) = town.deploy(&[]);
    assert_eq!((code, &third["state"]), (30, &Value::from("ROLLED_BACK")), "{third:#}");
    assert_eq!(town.live(), "new2");
    assert!(town.state.lock().unwrap().deploy("new2").unwrap().locked);
    town.ledger_is_fine();

    let back = ["rollback", "--reason", "checkout fails", "--format", "json"];
    let output = town.run(&back);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["state"]), (Some(30), &Value::from("ROLLED_BACK")), "{document:#}");
    assert_eq!(town.live(), "new1");
    let again = town.run(&[&back[..], &["--to", "new1"]].concat());
    assert_eq!((again.status.code(), town.live().as_str()), (Some(30), "new1"));
    assert_eq!(town.state.lock().unwrap().counters.created, 3);
    town.ledger_is_fine();
}

#[test]
fn without_a_good_deploy_to_return_to_nothing_is_published() {
    let town = Town::new();
    let (code, document) = town.deploy(&[]);
    assert_eq!((code, &document["state"]), (40, &Value::from("ABORTED")));
    assert!(document["reason"].as_str().unwrap().contains("no good deploy"), "{document:#}");
    assert_eq!(town.state.lock().unwrap().counters.mutating, 0);
}

#[test]
fn a_rehearsal_changes_nothing_and_its_plan_is_the_plan() {
    let town = Town::new();
    let (code, first) = town.deploy(&["--accept-no-last-good", "--dry-run"]);
    assert_eq!((code, &first["dry_run"]), (0, &Value::from(true)), "{first:#}");
    let (_, again) = town.deploy(&["--accept-no-last-good", "--dry-run"]);
    assert_eq!(first["plan_digest"], again["plan_digest"]);
    assert!(first["plan_digest"].as_str().unwrap().len() == 64);
    assert_eq!(town.state.lock().unwrap().counters.mutating, 0);
    assert!(!town.folder.path().join(".git/chimera/ledger").exists(), "the ledger was written");
    let (_, real) = town.deploy(&["--accept-no-last-good"]);
    assert_eq!(first["plan_digest"], real["plan_digest"]);
}

#[test]
fn what_would_fail_is_rejected_and_nothing_is_sent() {
    let town = Town::new();
    std::fs::write(town.folder.path().join("netlify.toml"), "[build]\npublish = \"../elsewhere\"\n").unwrap();
    git(town.folder.path(), &["commit", "--quiet", "-am", "broken"]);
    let (code, document) = town.deploy(&["--accept-no-last-good"]);
    assert_eq!((code, &document["state"]), (10, &Value::from("REJECTED")), "{document:#}");
    assert_eq!(town.state.lock().unwrap().counters.mutating, 0);
    town.ledger_is_fine();
}

fn start(town: &Town) -> Child {
    let arguments =
        ["deploy", "--certify", "--dir", "dist", "--accept-no-last-good", "--bake", "60", "--format", "json"];
    let mut command = town.command(&arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Starts a deploy and kills it once publication stands in its file, which is answered.
fn killed_after_publication(town: &Town) -> PathBuf {
    let mut child = start(town);
    wait_until("publication", || town.state.lock().unwrap().counters.restores == 1);
    let runs = town.folder.path().join(".git/chimera/runs/dev");
    let file = std::fs::read_dir(&runs).unwrap().next().unwrap().unwrap().path();
    wait_until("the record of it", || std::fs::read_to_string(&file).unwrap().contains("VERIFYING"));
    child.kill().unwrap();
    child.wait().unwrap();
    file
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(60), "{what} never happened");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_process_that_is_killed_after_publication_is_taken_up() {
    let town = Town::new();
    let mut child = start(&town);
    wait_until("publication", || town.state.lock().unwrap().counters.restores == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let output = town.run(&["recover", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    town::assert_follows("run", &document);
    let state = &document["runs"][0]["state"];
    assert_eq!((output.status.code(), state), (Some(0), &Value::from("SUCCESS")), "{document:#}");
    assert_eq!(town.state.lock().unwrap().counters.created, 1);
    let again = town.run(&["recover"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("no run was cut off"));
    town.ledger_is_fine();
}

#[test]
fn a_process_that_is_killed_between_the_ledger_and_its_file_is_taken_up() {
    let town = Town::new();
    let file = killed_after_publication(&town);
    let text = std::fs::read_to_string(&file).unwrap();
    let before: String =
        text.split_inclusive('\n').take_while(|line| !line.contains("VERIFYING")).map(str::to_owned).collect();
    assert!(!before.is_empty() && before.len() < text.len());
    std::fs::write(&file, before).unwrap();
    let output = town.run(&["recover", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let state = &document["runs"][0]["state"];
    assert_eq!((output.status.code(), state), (Some(0), &Value::from("SUCCESS")), "{document:#}");
    town.ledger_is_fine();
}

#[test]
fn a_signal_ends_it_within_seven_seconds_and_recovery_does_the_rest() {
    let town = Town::new();
    let mut child = start(&town);
    wait_until("publication", || town.state.lock().unwrap().counters.restores == 1);
    let asked = Instant::now();
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let status = child.wait().unwrap();
    assert!(asked.elapsed() < Duration::from_secs(7), "{:?}", asked.elapsed());
    assert_eq!(status.code(), Some(20));
    let output = town.run(&["recover"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_a_person_must_mend_is_named() {
    let refused = |message: &str| format!("{{\"code\": 0, \"message\": \"{message}\"}}");
    let html = vec![("content-type".to_owned(), "text/html".to_owned())];
    let cases = [
        (Wrong::Instead(401, Vec::new(), refused(TOKEN)), "does not accept the token"),
        (Wrong::Instead(403, Vec::new(), refused("no")), "may not read the site"),
        (Wrong::Instead(404, Vec::new(), refused("no")), "misspelt or somebody else's"),
        (Wrong::Instead(200, html, "<html>".to_owned()), "HTML page"),
    ];
    for (wrong, named) in cases {
        let town = Town::new();
        town.state.lock().unwrap().fail(Method::Get, "/sites/", 99, wrong);
        let output = town.run(&["deploy", "--certify", "--dir", "dist", "--bake", "0"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(named), "{said}");
    }
    let town = Town::new();
    let output =
        town.command(&["deploy", "--certify", "--dir", "dist"]).env_remove("NETLIFY_AUTH_TOKEN").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stderr).contains("NETLIFY_AUTH_TOKEN is not set"));
}

#[test]
fn a_build_hook_is_called_and_its_deploy_followed() {
    let town = Town::new();
    let head = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(town.folder.path()).output().unwrap();
    town.state.lock().unwrap().hook_commit = String::from_utf8(head.stdout).unwrap().trim().to_owned();
    let arguments = ["deploy", "--certify", "--accept-no-last-good", "--bake", "0", "--format", "json"];
    let output = town.run(&arguments);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &document["state"]), (Some(0), &Value::from("SUCCESS")), "{document:#}");
    assert_eq!(town.state.lock().unwrap().counters.hooks, 1);
}

#[test]
fn what_is_deployed_cannot_loosen_the_policy_that_guards_it() {
    let town = Town::new();
    let root = town.folder.path();
    let policy = |text: &str| {
        std::fs::create_dir_all(root.join(".chimera")).unwrap();
        std::fs::write(root.join(".chimera/config.toml"), text).unwrap();
        git(root, &["add", "."]);
        git(root, &["commit", "--quiet", "-m", "policy"]);
    };
    policy("[environments.dev]\ndeploy = [\"admin\"]\n");
    git(root, &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    git(root, &["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    policy("[environments.dev]\ndeploy = [\"anyone\"]\nmin_level = \"L0\"\nidentity = \"claimed\"\n");
    let output = town.run(&["deploy", "--dir", "dist", "--accept-no-last-good"]);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let (code, document) = town.deploy(&["--accept-no-last-good"]);
    assert_eq!((code, &document["state"]), (10, &Value::from("REJECTED")), "{document:#}");
    assert_eq!(town.state.lock().unwrap().counters.mutating, 0);
}

#[test]
fn a_run_whose_machine_is_gone_is_taken_up_from_the_ledger_alone() {
    let town = Town::new();
    let file = killed_after_publication(&town);
    // Another machine: it has the ledger, and nothing else of what lay beside it.
    let kept = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    std::fs::remove_dir_all(town.folder.path().join(".git/chimera/index")).unwrap();
    let early = town.run(&["recover"]);
    let said = String::from_utf8_lossy(&early.stderr).into_owned();
    assert_eq!(early.status.code(), Some(40), "{said}");
    assert!(said.contains("has the lock on another machine until"), "{said}");
    // Nobody waits for a quarter of an hour here.
    let key = file.file_stem().unwrap().to_str().unwrap();
    let payload = format!("{{\"holder\": \"{key}\", \"fence\": 0}}");
    let released =
        ["ledger", "append", "chimera.lock.released", "-e", "dev", "--deploy-key", key, "--payload", &payload];
    assert!(town.run(&released).status.success());
    let output = town.run(&["recover", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    town::assert_follows("run", &document);
    let state = &document["runs"][0]["state"];
    assert_eq!((output.status.code(), state), (Some(0), &Value::from("SUCCESS")), "{document:#}");
    let counters = town.state.lock().unwrap().counters;
    assert_eq!((counters.created, counters.restores), (1, 1));
    // The first machine comes back: what its file says is older than what happened.
    std::fs::write(&file, kept).unwrap();
    let again = town.run(&["recover"]);
    assert!(String::from_utf8_lossy(&again.stdout).contains("no run was cut off"), "{again:?}");
    let (code, next) = town.deploy(&[]);
    assert_eq!((code, next["last_good"].as_str()), (0, Some("new1")), "{next:#}");
    town.ledger_is_fine();
}

#[test]
fn row_41_a_ledger_whose_branch_was_put_back_stops_everything() {
    let town = Town::new();
    let root = town.folder.path();
    let branch = "refs/heads/chimera-ledger/dev";
    assert_eq!(town.deploy(&["--accept-no-last-good", "--ledger", "git"]).0, 0);
    let head = Command::new("git").args(["rev-parse", branch]).current_dir(root).output().unwrap();
    assert_eq!(town.deploy(&["--ledger", "git"]).0, 0);
    git(root, &["update-ref", branch, String::from_utf8(head.stdout).unwrap().trim()]);
    let before = town.state.lock().unwrap().counters.mutating;
    for command in ["deploy", "rollback", "recover"] {
        let more: &[&str] = match command {
            "deploy" => &["--certify", "--dir", "dist", "--bake", "0"],
            "rollback" => &["--reason", "bad"],
            _ => &[],
        };
        let output = town.run(&[&[command, "--ledger", "git"], more].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(33), "{command}: {said}");
        assert!(said.contains("does not continue"), "{said}");
    }
    assert_eq!(town.state.lock().unwrap().counters.mutating, before);
}

/// Nothing that a process of this town writes may become longer than this.
fn with_little_disk(town: &Town, kilobytes: u32) -> Output {
    let arguments =
        ["deploy", "--certify", "--dir", "dist", "--accept-no-last-good", "--bake", "0", "--format", "json"];
    let whole = town.command(&arguments);
    let mut command = Command::new("bash");
    // Ignored, the signal becomes an error like that of a full disk.
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"")]);
    command.arg(whole.get_program()).args(whole.get_args()).current_dir(town.folder.path());
    for (name, value) in whole.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.output().unwrap()
}

#[test]
fn row_47_a_disk_that_is_full_at_any_moment_leaves_nothing_half_done() {
    let mut seen = std::collections::BTreeSet::new();
    for kilobytes in [0, 1, 10, 12, 13, 16, 64] {
        let town = Town::new();
        let output = with_little_disk(&town, kilobytes);
        town.assert_silent(&output);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        let (code, restores) = (output.status.code(), town.state.lock().unwrap().counters.restores);
        let live = town.live();
        match code {
            Some(3 | 40) => assert_eq!((restores, live.as_str()), (0, "old"), "{kilobytes}: {said}"),
            Some(0) => assert_eq!((restores, live.as_str()), (1, "new1"), "{kilobytes}: {said}"),
            code => panic!("{kilobytes} KB: {code:?}: {said}"),
        }
        seen.insert(code);
        // With room again, everything goes on where it was.
        let recovered = town.run(&["recover"]);
        let recovered = (recovered.status.code(), String::from_utf8_lossy(&recovered.stdout).into_owned());
        assert!(matches!(recovered.0, Some(0 | 40)), "{kilobytes}: {recovered:?}");
        if town.folder.path().join(".git/chimera/ledger/dev").exists() {
            town.ledger_is_fine();
        }
        assert_eq!(town.deploy(&["--accept-no-last-good"]).0, 0, "{kilobytes}");
    }
    assert!(seen.len() > 1, "the limits tell nothing apart: {seen:?}");
}

#[test]
fn what_is_live_is_verified_as_the_deploy_that_was_published_and_as_no_other() {
    let town = Town::new();
    assert_eq!(town.deploy(&["--accept-no-last-good"]).0, 0);
    let verify = |more: &[&str]| {
        let arguments = ["verify", "--platform", "netlify", "--bake", "0", "--format", "json", "--dir", "dist"];
        let output = town.run(&[&arguments[..], more].concat());
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code().unwrap(), document)
    };
    let (code, document) = verify(&[]);
    assert_eq!((code, &document["verdict"]), (0, &Value::from("pass")), "{document:#}");
    assert_eq!(document["identity"]["status"], "proven");
    assert!(document["recorded_for"].as_str().unwrap().starts_with("dk_"), "{document:#}");
    town.ledger_is_fine();
    town.state.lock().unwrap().publish_foreign();
    let (code, document) = verify(&[]);
    assert_eq!((code, &document["identity"]["status"]), (1, &Value::from("wrong")), "{document:#}");
    assert!(document["reason"].as_str().unwrap().contains("found \"third\""));
    assert_eq!(document["recorded_for"], Value::Null, "what somebody else published is not recorded as ours");
}
