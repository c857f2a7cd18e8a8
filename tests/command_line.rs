//! The program as people and scripts call it: exit codes, streams, options.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[path = "support/program.rs"]
mod program;

use program::*;

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
fn a_post_waits_for_its_day_and_an_unknown_day_says_nothing() {
    let folder = repository(&[
        ("netlify.toml", b"[build]\ncommand = \"jekyll build\"\npublish = \"_site\"\n"),
        ("_config.yml", b"title: Shop\n"),
        ("_posts/2026-12-01-sale.md", b"---\ntitle: Sale\n---\n"),
    ]);
    let said = |day: &str| simulate(folder.path(), &["--day", day]);
    assert!(said("2026-11-22").1.contains("2026-12-01, and a build on 2026-11-22 leaves it out"));
    for day in ["2026-12-01", "2026-11-30", "unknown"] {
        assert!(!said(day).1.contains("PRJ096"), "{day}");
    }
    let (code, text) = said("tomorrow");
    assert!(code == USAGE && text.contains("\"tomorrow\" is no day"), "{text}");
}

#[test]
fn our_own_configuration_is_checked_with_line_and_column() {
    let folder = repository(&[STATIC_SITE[0], (".chimera/config.toml", b"fail_on = \"error\"\n[[ignor]]\n")]);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, USAGE);
    assert!(text.contains(".chimera/config.toml:2:3") && text.contains("did you mean \"ignore\""), "{text}");
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
fn the_reasoning_behind_a_verdict_goes_stage_by_stage_and_ends_where_the_build_ends() {
    let package = br#"{"scripts": {"build": "true"}}"#;
    let toml = b"[build]\ncommand = \"npm run bild\"\npublish = \".\"\n";
    let folder = repository(&[("netlify.toml", toml), ("package.json", package), ("index.html", b"x")]);
    let (code, text) = simulate(folder.path(), &["--explain-verdict"]);
    assert_eq!(code, FINDINGS);
    let why = text.split("why: ").nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    for line in ["install passes", "build.command fails by PRJ014", "deploy - not reached"] {
        assert!(why.contains(line), "{line:?} is not in:\n{why}");
    }
    assert!(why.contains("therefore fail: build.command is the first stage that fails"), "{why}");
    assert_eq!(simulate(folder.path(), &["--explain-verdict", "--format", "json"]).0, USAGE);
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

#[test]
fn what_is_not_known_is_named_though_it_does_not_decide() {
    let folder = repository(&STATIC_SITE);
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("PASS") && text.contains("  unknown: whether a build command is set"), "{text}");
    let (_, text) = simulate(folder.path(), &["--site-settings", "{}"]);
    assert!(text.contains("PASS") && !text.contains("unknown"), "{text}");
}

#[test]
fn a_part_of_a_repository_proves_no_failure() {
    let missing_script: (&str, &[u8]) = ("package.json", b"{\"scripts\": {\"dev\": \"true\"}}");
    let made_elsewhere: (&str, &[u8]) = ("package.json", b"{\"scripts\": {\"build\": \"mkdir -p out\"}}");
    for manifest in [missing_script, made_elsewhere] {
        let configuration: (&str, &[u8]) =
            ("netlify.toml", b"[build]\ncommand = \"npm run build\"\npublish = \"dist\"\n");
        let part = repository(&[configuration, manifest]);
        let (code, text) = simulate(part.path(), &[]);
        assert_eq!(code, CLEAN, "{text}");
        assert!(text.contains("UNKNOWN") && text.contains("0 errors"), "{text}");
        let whole = repository(&[configuration, manifest, STATIC_SITE[0]]);
        let (code, text) = simulate(whole.path(), &[]);
        assert_eq!(code, FINDINGS, "{text}");
    }
}

#[test]
fn a_plan_says_where_a_configuration_is_rejected_and_what_git_does_not_track() {
    let rejected = repository(&[("netlify.toml", b"[build]\nbase = 1\n")]);
    let output = chimeractl(rejected.path(), &["plan"]);
    assert_eq!(output.status.code(), Some(FINDINGS));
    assert!(stdout(&output).contains("(netlify.toml:2)"), "{}", stdout(&output));

    let forgotten = repository(&[STATIC_SITE[0], (".nvmrc", b"20\n")]);
    std::fs::write(forgotten.path().join("netlify.toml"), "").unwrap();
    let text = stdout(&chimeractl(forgotten.path(), &["plan"]));
    assert!(text.contains("not tracked by git") && text.contains("= 20, from .nvmrc"), "{text}");
}

/// A workflow that publishes a site whose base hangs on the repository's name.
const PAGES_SITE: [(&str, &[u8]); 3] = [
    (
        ".github/workflows/pages.yml",
        b"on: push\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-latest\n    environment: github-pages\n    steps:\n      \
          - uses: actions/checkout@v4\n      - run: npm install && npm run build\n      \
          - uses: actions/upload-pages-artifact@v4\n        with: {path: dist}\n      - uses: actions/deploy-pages@v4\n",
    ),
    ("package.json", br#"{"scripts": {"build": "vite build"}, "devDependencies": {"vite": "7.1.0"}}"#),
    ("index.html", b"<p>"),
];

#[test]
fn the_repository_is_named_by_the_option_else_by_the_remote() {
    let folder = repository(&PAGES_SITE);
    let (code, text) = simulate(folder.path(), &["--platform", "github-pages", "--repository", "octo/octo.github.io"]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("PASS") && text.contains("on GitHub Pages"), "{text}");
    let (code, text) = simulate(folder.path(), &["--platform", "pages", "--repository", "octo"]);
    assert_eq!(code, USAGE, "{text}");
    assert!(text.contains("OWNER/NAME"), "{text}");

    git(folder.path(), &["remote", "add", "origin", "git@github.com:octo/tides.git"]);
    let (code, text) = simulate(folder.path(), &["--strict"]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("it will live under \"/tides/\""), "{text}");
}
