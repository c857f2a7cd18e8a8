//! `drift` as a process, against a fake Netlify on real connections, with Netlify's own description as the judge of both.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)]

#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/github/http.rs"]
mod http;
#[path = "support/netlify/mod.rs"]
mod netlify;
#[path = "support/netlify_server.rs"]
mod netlify_server;
#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/netlify/prism.rs"]
mod prism;
#[allow(dead_code, reason = "no test uses all of it")]
#[path = "support/town.rs"]
mod town;

use std::process::Command;
use std::sync::{Arc, Mutex};

use chimera::remote::transport::Method;
use netlify::{SITE, State, TOKEN, Wrong};
use prism::Front;
use serde_json::{Value, json};

const CLEAN: i32 = 0;
const COULD_NOT_LOOK: i32 = 3;
const DRIFTED: i32 = 12;

/// Values of variables, which must be seen nowhere.
const CANARIES: [&str; 3] = ["canary-one-9f8e7d", "canary-two-1a2b3c", "canary-in-old-map"];

struct Town {
    folder: tempfile::TempDir,
    state: Arc<Mutex<State>>,
    front: Front,
}

fn settings(command: &str) -> Value {
    json!({
        "account_id": "acc", "force_ssl": true, "build_image": "noble",
        "processing_settings": {"html": {"pretty_urls": true}},
        "build_settings": {
            "cmd": command, "dir": "dist", "repo_branch": "main", "stop_builds": false, "env": {"OLD": CANARIES[2]},
        },
    })
}

fn variables(value: &str) -> Value {
    json!([
        {"key": "API_URL", "scopes": ["builds", "functions"], "is_secret": false, "updated_at": "2026-11-01T00:00:00Z",
         "values": [{"id": "1", "value": value, "context": "all"}]},
        {"key": "TOKEN", "scopes": ["functions"], "is_secret": true, "updated_at": "2026-11-01T00:00:00Z",
         "values": [{"id": "2", "value": CANARIES[1], "context": "production"}]},
    ])
}

impl Town {
    fn new(files: &[(&str, &str)]) -> Town {
        let folder = town::committed(&[&[("dist/index.html", "<h1>Shop</h1>\n")], files].concat());
        let mut state = State::with_site();
        state.settings = settings("npm run build");
        state.variables = variables(CANARIES[0]);
        let state = Arc::new(Mutex::new(state));
        let back = netlify_server::listen(&state);
        Town { folder, state, front: Front::new(back) }
    }

    /// Runs it; nothing that it says or leaves behind holds a token or a value.
    fn drift(&self, arguments: &[&str]) -> (i32, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        command.arg("drift").args(arguments).current_dir(self.folder.path());
        for name in ["CHIMERA_SIGNING_KEY", "CHIMERA_LEDGER", "GITHUB_ACTOR", "GITHUB_RUN_ID", "GITHUB_REPOSITORY"] {
            command.env_remove(name);
        }
        command
            .env("CHIMERA_HMAC_KEY", "a shared secret of the tests")
            .env("NETLIFY_AUTH_TOKEN", TOKEN)
            .env("NETLIFY_SITE_ID", SITE)
            .env("CHIMERA_NETLIFY_API", format!("http://127.0.0.1:{}", self.front.port));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout.clone(), output.stderr].concat()).into_owned();
        town::assert_silent(&said, &self.folder.path().join(".git"), &[&CANARIES[..], &[TOKEN]].concat());
        assert_eq!(self.state.lock().unwrap().counters.mutating, 0, "a look at drift changes nothing");
        (output.status.code().unwrap(), said)
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let (code, text) = self.drift(&[&["--format", "json"], arguments].concat());
        let document = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"));
        town::assert_follows("drift", &document);
        (code, document)
    }

    fn change(&self, act: impl FnOnce(&mut State)) {
        act(&mut self.state.lock().unwrap());
    }

    fn ledger(&self) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        let output = command.args(["ledger", "log", "-e", "dev"]).current_dir(self.folder.path()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn standing<'d>(document: &'d Value, name: &str) -> &'d str {
    let fields = document["fields"].as_array().unwrap();
    let field = fields.iter().find(|field| field["name"] == name);
    field.unwrap_or_else(|| panic!("no \"{name}\" in {document:#}"))["standing"].as_str().unwrap()
}

const FILE: (&str, &str) = ("netlify.toml", "[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n");

#[test]
fn a_site_is_compared_recorded_and_found_to_have_drifted() {
    let town = Town::new(&[FILE]);
    let (code, first) = town.json(&["--fail-on-drift"]);
    assert_eq!((code, first["drifted"].as_u64()), (CLEAN, Some(0)));
    assert_eq!((standing(&first, "build.command"), standing(&first, "API_URL (all)")), ("equal", "unmanaged"));
    assert_eq!(town.drift(&["--record"]).0, CLEAN);
    let (code, same) = town.json(&["--fail-on-drift"]);
    assert_eq!((code, same["drifted"].as_u64()), (CLEAN, Some(0)));
    assert_eq!((standing(&same, "API_URL (all)"), standing(&same, "TOKEN (production)")), ("equal", "equal"));
    town.change(|state| {
        state.variables = variables("canary-two-1a2b3c");
        state.settings["build_settings"]["repo_branch"] = json!("next");
    });
    let (code, after) = town.json(&["--fail-on-drift"]);
    assert_eq!((code, after["drifted"].as_u64()), (DRIFTED, Some(2)));
    assert_eq!((standing(&after, "API_URL (all)"), standing(&after, "production branch")), ("changed", "changed"));
    let (_, again) = town.json(&[]);
    assert_eq!(again["recorded"], json!([]), "the same drift is recorded once");
    let log = town.ledger();
    assert_eq!(log.matches("chimera.drift.detected").count(), 1, "{log}");
    assert_eq!(log.matches("chimera.drift.recorded").count(), 1, "{log}");
    town.front.assert_in_order();
}

#[test]
fn the_report_for_people_names_what_drifted() {
    let town = Town::new(&[FILE]);
    town.change(|state| state.settings["build_settings"]["cmd"] = json!("make"));
    let (code, text) = town.drift(&["--fail-on-drift"]);
    assert_eq!(code, CLEAN, "the file wins over the dashboard: {text}");
    for part in ["no drift", "without effect", "repository \"npm run build\"; platform \"make\"", "--record"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_setting_of_the_dashboard_is_proposed_for_the_file_when_it_may_be_healed() {
    let package = ("package.json", "{\"scripts\": {\"build\": \"true\"}}\n");
    let file = ("netlify.toml", "[build]\npublish = \"dist\"\n");
    let town = Town::new(&[file, package]);
    let (_, silent) = town.json(&[]);
    assert_eq!((silent["patch"].as_str(), silent["notices"].as_array().unwrap().len()), (Some(""), 1));
    let config = (".chimera/config.toml", "heal_on_detected_drift = true\n");
    let town = Town::new(&[file, package, config]);
    let (code, text) = town.drift(&[]);
    assert_eq!(code, CLEAN);
    for part in ["+command = \"npm run build\"", " [build]", "repair: write \"command\" into netlify.toml"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let kept = std::fs::read_to_string(town.folder.path().join("netlify.toml")).unwrap();
    assert_eq!(kept, file.1, "it is proposed and not done");
}

#[test]
fn a_lock_is_drift_unless_a_return_of_ours_set_it() {
    let town = Town::new(&[FILE]);
    assert_eq!(town.drift(&["--record"]).0, CLEAN);
    town.change(|state| state.deploys[0].locked = true);
    let (code, document) = town.json(&["--fail-on-drift"]);
    assert_eq!((code, standing(&document, "auto publishing locked")), (DRIFTED, "changed"));
    let payload = format!("{{\"result\": \"rolled_back\", \"target\": \"netlify:site/{SITE}\", \"live\": \"old\"}}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    let arguments = ["ledger", "append", "chimera.rollback.complete", "-e", "dev", "--payload", &payload];
    assert!(command.args(arguments).current_dir(town.folder.path()).output().unwrap().status.success());
    let (code, document) = town.json(&["--fail-on-drift"]);
    assert_eq!((code, standing(&document, "auto publishing locked")), (CLEAN, "equal"));
    assert_eq!(standing(&document, "live deploy"), "equal");
    town.change(State::publish_foreign);
    let (code, document) = town.json(&["--fail-on-drift"]);
    assert_eq!((code, standing(&document, "live deploy")), (DRIFTED, "changed"));
}

#[test]
fn the_files_that_are_live_are_compared_one_by_one() {
    let town = Town::new(&[FILE, ("dist/a.css", "p{}")]);
    let page = netlify::sha1_of(b"<h1>Shop</h1>\n");
    town.change(|state| {
        let files = [("index.html", page), ("a.css", netlify::sha1_of(b"p{}"))];
        state.deploys[0].files = files.into_iter().map(|(path, sha)| (path.to_owned(), sha)).collect();
    });
    let (code, document) = town.json(&["--dir", "dist", "--fail-on-drift"]);
    assert_eq!((code, standing(&document, "published files")), (CLEAN, "equal"));
    town.change(|state| {
        let files = &mut state.deploys[0].files;
        files.insert("a.css".to_owned(), netlify::sha1_of(b"other"));
        files.insert("planted.js".to_owned(), netlify::sha1_of(b"evil"));
        files.remove("index.html");
    });
    let (code, text) = town.drift(&["--dir", "dist", "--fail-on-drift"]);
    assert_eq!(code, DRIFTED);
    for part in ["missing: \"index.html\"", "other bytes: \"a.css\"", "not ours: \"planted.js\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    town.front.assert_in_order();
}

#[test]
fn what_cannot_be_read_is_never_green() {
    let town = Town::new(&[FILE]);
    town.change(|state| state.variables = Value::Null);
    let (code, text) = town.drift(&["--fail-on-drift"]);
    assert_eq!(code, COULD_NOT_LOOK);
    assert!(text.contains("not compared: environment variables: the token may not read them"), "{text}");
    town.change(|state| state.revoked = true);
    let (code, text) = town.drift(&[]);
    assert_eq!(code, COULD_NOT_LOOK);
    assert!(text.contains("NETLIFY_AUTH_TOKEN"), "{text}");
    town.change(|state| {
        state.revoked = false;
        state.fail(Method::Get, "/sites/", 99, Wrong::Instead(200, Vec::new(), "<html>".to_owned()));
    });
    let (code, text) = town.drift(&[]);
    assert_eq!((code, text.contains("HTML")), (COULD_NOT_LOOK, true), "{text}");
}

#[test]
fn a_record_needs_a_key_that_lasts() {
    let town = Town::new(&[FILE]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    let output = command
        .args(["drift", "--record"])
        .current_dir(town.folder.path())
        .env_remove("CHIMERA_SIGNING_KEY")
        .env_remove("CHIMERA_HMAC_KEY")
        .env("NETLIFY_AUTH_TOKEN", TOKEN)
        .env("NETLIFY_SITE_ID", SITE)
        .env("CHIMERA_NETLIFY_API", format!("http://127.0.0.1:{}", town.front.port))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("CHIMERA_HMAC_KEY"));
}
