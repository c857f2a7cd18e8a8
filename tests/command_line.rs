//! The program as people and scripts call it: exit codes, streams, bad input.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const CLEAN: i32 = 0;
const FINDINGS: i32 = 1;
const USAGE: i32 = 2;
const COULD_NOT_LOOK: i32 = 3;

fn chimeractl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chimeractl"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder))
        .output()
        .unwrap()
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git").args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

fn repository(files: &[(&str, &[u8])]) -> TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    folder
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Exit code and standard output of a simulation.
fn simulate(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = chimeractl(folder, &[&["simulate", "--no-timing"], arguments].concat());
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

const STATIC_SITE: [(&str, &[u8]); 2] =
    [("index.html", b"<h1>Hello</h1>\n"), ("netlify.toml", b"[build]\npublish = \".\"\n")];

#[test]
fn a_sound_site_passes_with_exit_code_0() {
    let folder = repository(&STATIC_SITE);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("PASS"), "{text}");
}

#[test]
fn a_predicted_failure_is_exit_code_1_with_place_and_stage() {
    let folder = repository(&[("netlify.toml", b"[build]\nbase = \"nowhere\"\n")]);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, FINDINGS);
    assert!(text.contains("netlify.toml:2:8") && text.contains("stage config"), "{text}");
}

#[test]
fn wrong_usage_is_exit_code_2() {
    let folder = repository(&STATIC_SITE);
    for arguments in [&["--format", "xml"][..], &["--site-settings", "{\"comand\": \"x\"}"], &["--no-such-option"]] {
        let (code, text) = simulate(folder.path(), arguments);
        assert_eq!(code, USAGE, "{arguments:?}: {text}");
    }
    let (_, text) = simulate(folder.path(), &["--site-settings", "{\"comand\": \"x\"}"]);
    assert!(text.contains("did you mean \"command\""), "{text}");
}

#[test]
fn our_own_configuration_is_checked_with_line_and_column() {
    let folder = repository(&[STATIC_SITE[0], (".chimera/config.toml", b"fail_on = \"error\"\n[[ignor]]\n")]);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, USAGE);
    assert!(text.contains(".chimera/config.toml:2:3") && text.contains("did you mean \"ignore\""), "{text}");
}

#[test]
fn a_path_that_does_not_exist_or_is_a_file_is_exit_code_3() {
    let folder = repository(&STATIC_SITE);
    for path in ["nowhere", "netlify.toml"] {
        let (code, text) = simulate(folder.path(), &[path]);
        assert_eq!(code, COULD_NOT_LOOK);
        assert!(text.contains(path), "{text}");
    }
}

#[test]
fn an_empty_repository_and_an_empty_folder_are_said_to_be_empty() {
    for folder in [repository(&[]), folder(&[])] {
        let (code, text) = simulate(folder.path(), &["."]);
        assert_eq!(code, CLEAN, "{text}");
        assert!(text.contains("holds no files"), "{text}");
    }
}

#[test]
fn outside_git_every_file_that_no_ignore_file_excludes_counts() {
    let folder = folder(&[
        ("netlify.toml", b"[build]\nbase = \"site\"\n"),
        (".gitignore", b"site/\n"),
        ("site/index.html", b"x"),
    ]);
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("no git repository"), "{text}");
}

#[test]
fn untracked_files_are_not_there_and_a_forgotten_configuration_is_named() {
    let folder = repository(&[("index.html", b"x")]);
    std::fs::write(folder.path().join("netlify.toml"), "[build]\nbase = \"nowhere\"\n").unwrap();
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("not tracked by git"), "{text}");
}

#[test]
fn a_tracked_file_that_is_gone_from_the_work_tree_is_read_from_the_index() {
    let folder = repository(&[("netlify.toml", b"[build]\nbase = \"nowhere\"\n")]);
    std::fs::remove_file(folder.path().join("netlify.toml")).unwrap();
    assert_eq!(simulate(folder.path(), &[]).0, FINDINGS);
}

#[test]
fn something_else_in_the_place_of_a_tracked_file_ends_the_run() {
    let folder = repository(&STATIC_SITE);
    std::fs::remove_file(folder.path().join("netlify.toml")).unwrap();
    std::fs::create_dir(folder.path().join("netlify.toml")).unwrap();
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, COULD_NOT_LOOK, "{text}");
    assert!(text.contains("cannot be read") && !text.contains("PASS"), "{text}");
}

#[test]
fn a_directory_named_like_the_configuration_fails_as_it_does_on_the_platform() {
    let folder = folder(&[("netlify.toml/keep", b"")]);
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("stage config"), "{text}");
}

#[test]
fn odd_bytes_in_the_configuration_are_judged_not_feared() {
    let deep = [b"a = ".to_vec(), vec![b'['; 200_000]].concat();
    let dotted = [b"a".to_vec(), b".a".repeat(100_000), b" = 1".to_vec()].concat();
    let failing: [(&str, &[u8]); 6] = [
        ("NUL", b"[build]\npublish = \"a\0b\"\n"),
        ("lone carriage return", b"[build]\rpublish = \"a\"\n"),
        ("unfinished", b"[build\n"),
        ("deep lists", &deep),
        ("deep keys", &dotted),
        ("wrong type", b"[build]\nbase = 1\n"),
    ];
    for (name, bytes) in failing {
        let folder = repository(&[("netlify.toml", bytes), ("index.html", b"x")]);
        let (code, text) = simulate(folder.path(), &[]);
        assert_eq!(code, FINDINGS, "{name}: {text}");
    }
    let fine: [(&str, &[u8]); 3] = [
        ("CRLF", b"[build]\r\npublish = \".\"\r\n"),
        ("not UTF-8", b"# caf\xe9\n[build]\npublish = \".\"\n"),
        ("byte order mark", b"\xef\xbb\xbf[build]\npublish = \".\"\n"),
    ];
    for (name, bytes) in fine {
        let folder = repository(&[("netlify.toml", bytes), ("index.html", b"x")]);
        let (code, text) = simulate(folder.path(), &[]);
        assert_eq!(code, CLEAN, "{name}: {text}");
    }
}

#[test]
fn a_redirects_file_of_50_megabytes_is_read_to_its_end() {
    let line = b"/old/path/that/is/quite/long /new/path/that/is/quite/long 301\n";
    let mut rules = line.repeat(50_000_000 / line.len());
    rules.extend_from_slice(b"/broken\n");
    let folder = folder(&[STATIC_SITE[0], STATIC_SITE[1], ("_redirects", &rules)]);
    let output = chimeractl(folder.path(), &["plan", ".", "--format", "oracle"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = format!("Could not parse redirect line {}:", 50_000_000 / line.len() + 1);
    assert_eq!(document["redirectErrors"], serde_json::json!([expected]));
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_lead_out_are_named() {
    let looping = folder(&[STATIC_SITE[0]]);
    std::os::unix::fs::symlink("netlify.toml", looping.path().join("netlify.toml")).unwrap();
    let (code, text) = simulate(looping.path(), &["."]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("leads back to itself"), "{text}");

    let leaving = folder(&[STATIC_SITE[0]]);
    std::os::unix::fs::symlink("/etc/hostname", leaving.path().join("netlify.toml")).unwrap();
    let (code, text) = simulate(leaving.path(), &["."]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("UNKNOWN") && text.contains("leads out of the repository"), "{text}");
    assert_eq!(simulate(leaving.path(), &[".", "--strict"]).0, FINDINGS);
}

#[test]
fn a_suppression_with_a_reason_silences_and_one_without_does_not() {
    let good = b"[build]\n# chimera: ignore NTL007 because the folder is made by a plugin\nbase = \"nowhere\"\n";
    let folder = repository(&[("netlify.toml", good)]);
    let (code, text) = simulate(folder.path(), &["--verbose"]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("made by a plugin"), "{text}");

    let bad = b"[build]\n# chimera: ignore NTL007\nbase = \"nowhere\"\n";
    let folder = repository(&[("netlify.toml", bad)]);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("CFG001"), "{text}");
}

#[test]
fn a_suppression_in_the_configuration_needs_a_reason_too() {
    let config = b"[[ignore]]\nrule = \"NTL007\"\nbecause = \"made by a plugin\"\n";
    let toml = b"[build]\nbase = \"nowhere\"\n";
    let folder = repository(&[("netlify.toml", toml), (".chimera/config.toml", config)]);
    assert_eq!(simulate(folder.path(), &[]).0, CLEAN);
    let folder = repository(&[("netlify.toml", toml), (".chimera/config.toml", b"[[ignore]]\nrule = \"NTL007\"\n")]);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, USAGE);
    assert!(text.contains("\"because\""), "{text}");
}

#[test]
fn colour_is_for_terminals_only() {
    let folder = repository(&STATIC_SITE);
    assert!(!simulate(folder.path(), &[]).1.contains('\u{1b}'));
    let output = chimeractl(folder.path(), &["--color", "always", "simulate"]);
    assert!(stdout(&output).contains('\u{1b}'));
}

#[test]
fn every_site_of_a_repository_is_found() {
    let site = b"[build]\npublish = \".\"\n";
    let folder = repository(&[
        ("a/netlify.toml", site),
        ("a/index.html", b"x"),
        ("b/netlify.toml", site),
        ("b/index.html", b"x"),
        ("tests/fixtures/c/netlify.toml", site),
    ]);
    let (_, text) = simulate(folder.path(), &["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names: Vec<&str> =
        report["sites"].as_array().unwrap().iter().filter_map(|site| site["name"].as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_batch_answers_every_line_in_order_and_stops_at_none() {
    let folder = folder(&[("good/netlify.toml", b"[build]\npublish = \"x\"\n"), ("bad/netlify.toml", b"[build\n")]);
    std::fs::write(
        folder.path().join("batch"),
        "good\n{\"dir\": \"nowhere\"}\n{oops\n{\"dir\": \"bad\", \"options\": {}}\n",
    )
    .unwrap();
    let output = chimeractl(folder.path(), &["plan", "--format", "oracle", "--batch", "batch"]);
    let text = stdout(&output);
    let answers: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ok: Vec<bool> = answers.iter().map(|answer| answer["ok"].as_bool().unwrap()).collect();
    assert_eq!(ok, [true, false, false, false]);
    assert_eq!(answers[3]["error"]["kind"], "toml-syntax");
}

#[test]
fn explain_knows_every_rule_by_id_and_name_and_suggests_the_nearest() {
    let here = Path::new(".");
    for name in ["NTL007", "base-directory-missing", "ntl007"] {
        assert!(stdout(&chimeractl(here, &["explain", name])).contains("## What happens"));
    }
    let output = chimeractl(here, &["explain", "NTL0007"]);
    assert_eq!(output.status.code(), Some(USAGE));
    assert!(stderr(&output).contains("NTL007"));
    assert!(
        stdout(&chimeractl(here, &["explain", "--all", "--format", "markdown"])).matches("## What happens").count() > 1
    );
}
