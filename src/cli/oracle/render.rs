//! The conformance documents of Render.

use std::path::Path;

use serde_json::{Value, json};

use crate::platform::render::{FILE_NAME, oracle, site};
use crate::project::collect::{self, Scope};
use crate::project::snapshot::Snapshot;

use super::{CliError, Exit, Outcome, failure};

/// Answers every Blueprint of a folder.
pub(super) fn single(root: &Path, options: Option<&str>, with_steps: bool) -> Outcome {
    refuse_steps(with_steps)?;
    if options.is_some() {
        return Err(CliError::usage("--options has no meaning for Render; its documents have none"));
    }
    let snapshot = snapshot(root)?;
    let found = site::find(&snapshot);
    let paths = if found.is_empty() { vec![FILE_NAME.to_owned()] } else { found };
    let documents: Result<Vec<String>, CliError> =
        paths.iter().map(|path| Ok(format!("{}\n", answer(&snapshot, path)?))).collect();
    Ok((documents?.concat(), Exit::Clean))
}

/// Answers every line of a batch, in order; a line that cannot be answered gets a document that says so.
pub(super) fn batch(text: &str, base: &Path, with_steps: bool) -> Outcome {
    refuse_steps(with_steps)?;
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let document = match oracle::parse_case(line) {
            Ok(case) => {
                let answer = snapshot(&base.join(&case.dir)).and_then(|snapshot| answer(&snapshot, &case.blueprint));
                let mut document = answer.unwrap_or_else(|error| failure("unreadable", &error.message));
                document["dir"] = json!(case.dir);
                document
            }
            Err(error) => failure("bad-line", &error),
        };
        out.push_str(&document.to_string());
        out.push('\n');
    }
    Ok((out, Exit::Clean))
}

fn refuse_steps(with_steps: bool) -> Result<(), CliError> {
    let message = "--format oracle-steps is for Netlify; for Render there is --format oracle";
    if with_steps { Err(CliError::usage(message)) } else { Ok(()) }
}

fn snapshot(root: &Path) -> Result<Snapshot, CliError> {
    collect::collect(root, Scope::Everything).map_err(|error| CliError::unreadable(error.to_string()))
}

fn answer(snapshot: &Snapshot, path: &str) -> Result<Value, CliError> {
    let text = snapshot.text(path).map_err(|error| CliError::unreadable(format!("\"{path}\": {error}")))?;
    Ok(oracle::document(path, &text, Some(snapshot), None))
}
