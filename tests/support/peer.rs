//! Netlify's own packages, asked through `tests/peers/reference.mjs`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// The reference program; needs Node.js and `npm ci` in `tests/peers`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference(());

impl Reference {
    /// The program, or a loud reason why it cannot be asked, which is a failure in CI.
    pub(crate) fn find() -> Option<Reference> {
        let has_node = Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok();
        let missing = if !has_node {
            "Node.js is not installed"
        } else if !folder().join("node_modules/@netlify/config").is_dir() {
            "Netlify's packages are not installed: run npm ci --prefix tests/peers"
        } else {
            return Some(Reference(()));
        };
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("SKIPPED: no differential test: {missing}");
        None
    }

    /// The documents of many runs, in order, asked of one process a core.
    pub(crate) fn answers(&self, runs: &[(PathBuf, Value)]) -> Vec<Value> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = runs.len().div_ceil(cores).max(1);
        std::thread::scope(|scope| {
            let threads: Vec<_> = runs.chunks(share).map(|runs| scope.spawn(|| ask(runs))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers"))
}

fn start() -> Child {
    let mut command = Command::new("node");
    command.arg(folder().join("reference.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

fn ask(runs: &[(PathBuf, Value)]) -> Vec<Value> {
    let mut child = start();
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> =
        runs.iter().map(|(dir, options)| format!("{}\n", json!({"dir": dir, "options": options}))).collect();
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| input.write_all(line.as_bytes())));
    let output = BufReader::new(child.stdout.take().unwrap());
    let answers: Vec<Value> = output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let asked = answers.len().min(runs.len() - 1);
    let status = child.wait().unwrap();
    assert!(writer.join().unwrap().is_ok() && status.success(), "the reference died at {}", runs[asked].0.display());
    assert_eq!(answers.len(), runs.len(), "the reference left out an answer");
    answers
}
