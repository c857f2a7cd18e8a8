//! A corpus of cases with the reference's answers beside them.
//!
//! A case is a folder. `case.json` may list runs, each a name and options; the answer to the run `NAME` is
//! `expected.NAME.json`, that to the run without a name `expected.json`, and the steps of a dry run with the options of
//! the first run are `expected.plan.json`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::case::folders;

/// One run of one case.
pub(crate) struct Run {
    /// Case and file name of the answer.
    pub(crate) name: String,
    pub(crate) dir: PathBuf,
    pub(crate) options: Value,
    /// The reference's answer.
    pub(crate) expected: PathBuf,
}

impl Run {
    fn new(dir: &Path, file: &str, options: Value) -> Run {
        let case = dir.file_name().unwrap_or_default().to_string_lossy();
        Run { name: format!("{case}/{file}"), dir: dir.to_owned(), options, expected: dir.join(file) }
    }

    pub(crate) fn answer(&self) -> Value {
        read(&self.expected).unwrap_or_else(|| panic!("{} is missing or not JSON", self.expected.display()))
    }
}

fn read(path: &Path) -> Option<Value> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Every run of a corpus.
pub(crate) fn runs(root: &Path) -> Vec<Run> {
    folders(root).iter().flat_map(|dir| case_runs(dir)).collect()
}

/// Every dry run of a corpus.
pub(crate) fn dry_runs(root: &Path) -> Vec<Run> {
    let planned = folders(root).into_iter().filter(|dir| dir.join("expected.plan.json").is_file());
    let first = planned.filter_map(|dir| case_runs(&dir).into_iter().next());
    first.map(|run| Run::new(&run.dir, "expected.plan.json", run.options)).collect()
}

fn case_runs(dir: &Path) -> Vec<Run> {
    let Some(case) = read(&dir.join("case.json")) else { return vec![Run::new(dir, "expected.json", json!({}))] };
    let runs = case["runs"].as_array().cloned().unwrap_or_default();
    let run = |run: &Value| {
        let file = match run["name"].as_str() {
            None | Some("") => "expected.json".to_owned(),
            Some(name) => format!("expected.{name}.json"),
        };
        let options = run.get("options").cloned().unwrap_or_else(|| json!({}));
        Run::new(dir, &file, options)
    };
    runs.iter().map(run).collect()
}
