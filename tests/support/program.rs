//! The program as people and scripts call it, in folders of files that are made for it.

#![allow(dead_code, reason = "no test uses all of it")]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

pub(crate) const CLEAN: i32 = 0;
pub(crate) const FINDINGS: i32 = 1;
pub(crate) const USAGE: i32 = 2;
pub(crate) const COULD_NOT_LOOK: i32 = 3;

pub(crate) fn chimeractl(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chimeractl"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env("GIT_CEILING_DIRECTORIES", folder.parent().unwrap_or(folder))
        .output()
        .unwrap()
}

pub(crate) fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let place = folder.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
    folder
}

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git").args(arguments).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

pub(crate) fn repository(files: &[(&str, &[u8])]) -> TempDir {
    let folder = folder(files);
    git(folder.path(), &["init", "-q"]);
    git(folder.path(), &["add", "-A"]);
    folder
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Exit code and standard output of a simulation.
pub(crate) fn simulate(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = chimeractl(folder, &[&["simulate", "--no-timing"], arguments].concat());
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

pub(crate) const STATIC_SITE: [(&str, &[u8]); 2] =
    [("index.html", b"<h1>Hello</h1>\n"), ("netlify.toml", b"[build]\npublish = \".\"\n")];
