//! Git as the store of our GitHub.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs git and returns what it prints.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> String {
    attempt(folder, arguments, b"").unwrap()
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"]);
    for (name, value) in [("NAME", "octo"), ("EMAIL", "octo@example.org"), ("DATE", "2026-01-01T00:00:00Z")] {
        command.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
    }
    command
}

/// Runs git with an input; its complaint when it fails.
pub(crate) fn attempt(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<String, String> {
    let mut command = command(folder);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// Commits files to the branch that is checked out.
pub(crate) fn commit(folder: &Path, files: &[(&str, &str)], message: &str) {
    for (path, text) in files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
    run(folder, &["add", "-A"]);
    run(folder, &["commit", "-q", "--allow-empty", "-m", message]);
}

/// A commit on a branch that nobody has checked out.
pub(crate) fn push(folder: &Path, branch: &str, files: &[(&str, &str)]) {
    run(folder, &["checkout", "-q", branch]);
    commit(folder, files, "pushed");
    run(folder, &["checkout", "-q", "--detach"]);
}

/// A tree on top of another: entries are `(mode, path, blob)`.
pub(crate) fn tree(folder: &Path, base: &str, entries: &[(String, String, String)]) -> Result<String, String> {
    let index = folder.join(".git").join("index-of-a-tree");
    let _ = std::fs::remove_file(&index);
    let with_index = |arguments: &[&str]| {
        let mut command = command(folder);
        let output = command.args(arguments).env("GIT_INDEX_FILE", &index).output().unwrap();
        let text = String::from_utf8_lossy(if output.status.success() { &output.stdout } else { &output.stderr });
        if output.status.success() { Ok(text.trim().to_owned()) } else { Err(text.into_owned()) }
    };
    with_index(&["read-tree", base])?;
    for (mode, path, blob) in entries {
        with_index(&["update-index", "--add", "--cacheinfo", &format!("{mode},{blob},{path}")])?;
    }
    with_index(&["write-tree"])
}

/// Adds a link, a script that can be run, and a link out of the repository.
pub(crate) fn link_and_script(folder: &Path, branch: &str) {
    run(folder, &["checkout", "-q", branch]);
    let blob = |text: &str| attempt(folder, &["hash-object", "-w", "--stdin"], text.as_bytes()).unwrap();
    for (mode, text, path) in [
        ("120000", "../index.html", "web/index.html"),
        ("120000", "/etc/passwd", "web/_redirects"),
        ("100755", "#!/bin/sh\n", "web/build.sh"),
    ] {
        run(folder, &["update-index", "--add", "--cacheinfo", &format!("{mode},{},{path}", blob(text))]);
    }
    run(folder, &["commit", "-q", "-m", "links"]);
    run(folder, &["checkout", "-q", "-f", "--detach"]);
}
