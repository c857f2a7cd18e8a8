//! Programs that judge workflows and shell scripts, pinned by hash in `tests/peers`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program of `tests/peers`, or a loud reason why it cannot be asked, which is a failure in CI.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let peers = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers"));
    let places = [peers.join(".venv/bin").join(name), peers.join("node_modules/.bin").join(name)];
    let found = places.into_iter().find(|place| place.is_file());
    if found.is_none() {
        let missing = format!("{name} is not installed: scripts/test does it, with Python and npm");
        assert!(std::env::var_os("CI").is_none_or(|value| value.is_empty()), "{missing}");
        eprintln!("SKIPPED: {missing}");
    }
    found
}

/// Fails with what the program prints unless it is content.
#[allow(dead_code, reason = "no test uses all of it")]
pub(crate) fn ask(name: &str, arguments: &[&str], files: &[PathBuf]) {
    let Some(program) = find(name) else { return };
    assert!(!files.is_empty(), "{name}: nothing to look at");
    let output = Command::new(program).args(arguments).args(files).stdin(Stdio::null()).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success(), "{name} on {files:?}:\n{text}");
}
