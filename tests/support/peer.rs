//! The vendors' own packages, asked through the programs of `tests/peers`.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A reference program; needs Node.js and `npm ci` in `tests/peers`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reference {
    program: &'static str,
}

impl Reference {
    /// Netlify's packages.
    pub(crate) fn find() -> Option<Reference> {
        Self::with("reference.mjs", "@netlify/config")
    }

    /// `yaml` and `ajv`, which judge Blueprints.
    pub(crate) fn of_blueprints() -> Option<Reference> {
        Self::with("blueprint.mjs", "ajv")
    }

    /// Netlify's own matching of redirects and header entries.
    pub(crate) fn of_the_edge() -> Option<Reference> {
        Self::with("edge.mjs", "netlify-redirector")
    }

    /// Node.js itself, as it finds packages.
    pub(crate) fn of_packages() -> Option<Reference> {
        Self::with("package.mjs", ".")
    }

    /// The program, or a loud reason why it cannot be asked, which is a failure in CI.
    fn with(program: &'static str, package: &str) -> Option<Reference> {
        let has_node = Command::new("node").arg("--version").stdout(Stdio::null()).status().is_ok();
        let missing = if !has_node {
            "Node.js is not installed"
        } else if !folder().join("node_modules").join(package).is_dir() {
            "the vendors' packages are not installed: run npm ci --prefix tests/peers"
        } else {
            return Some(Reference { program });
        };
        assert!(std::env::var_os("CI").is_none(), "{missing}");
        eprintln!("SKIPPED: no differential test: {missing}");
        None
    }

    /// The documents of many runs, in order, asked of one process a core.
    pub(crate) fn answers(&self, runs: &[(PathBuf, Value)]) -> Vec<Value> {
        let question = |(dir, options): &(PathBuf, Value)| json!({"dir": dir, "options": options});
        self.ask_all(&runs.iter().map(question).collect::<Vec<Value>>())
    }

    /// The answers to many questions, in order.
    pub(crate) fn ask_all(&self, questions: &[Value]) -> Vec<Value> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = questions.len().div_ceil(cores).max(1);
        std::thread::scope(|scope| {
            let threads: Vec<_> =
                questions.chunks(share).map(|share| scope.spawn(|| ask(self.program, share))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        })
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers"))
}

fn start(program: &str) -> Child {
    let mut command = Command::new("node");
    // Lets a program say from where it asks; only one needs it.
    command.args(["--experimental-import-meta-resolve", "--no-deprecation"]);
    command.arg(folder().join(program)).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

fn ask(program: &str, questions: &[Value]) -> Vec<Value> {
    let mut child = start(program);
    let mut input = child.stdin.take().unwrap();
    let lines: Vec<String> = questions.iter().map(|question| format!("{question}\n")).collect();
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| input.write_all(line.as_bytes())));
    let output = BufReader::new(child.stdout.take().unwrap());
    let answers: Vec<Value> = output.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    let asked = answers.len().min(questions.len() - 1);
    let status = child.wait().unwrap();
    assert!(writer.join().unwrap().is_ok() && status.success(), "the reference died at {}", questions[asked]);
    assert_eq!(answers.len(), questions.len(), "the reference left out an answer");
    answers
}
