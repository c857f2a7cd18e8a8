//! The conformance documents of `plan --format oracle` and `oracle-steps`.

mod render;

use std::path::Path;

use serde_json::{Value, json};

use crate::platform::netlify::oracle;
use crate::project::collect::{self, Scope};
use crate::text::tree::Table;

use super::input::{Platform, Target};
use super::{CliError, Exit, Outcome};

/// Answers one folder.
pub(super) fn single(root: &Path, target: &Target, options: Option<&str>, with_steps: bool) -> Outcome {
    if target.platform == Platform::Render {
        return render::single(root, options, with_steps);
    }
    let line = json!({"dir": root.to_string_lossy(), "options": {}}).to_string();
    let mut case = oracle::parse_case(&line).map_err(CliError::usage)?;
    if let Some(options) = options {
        let text = format!("{{\"dir\": \".\", \"options\": {options}}}");
        case.options =
            oracle::parse_case(&text).map_err(|error| CliError::usage(format!("--options: {error}")))?.options;
    }
    for (key, value) in [("context", &target.context), ("branch", &target.branch)] {
        if !case.options.contains_key(key) {
            let node = crate::text::tree::Node::string(value, crate::text::span::Span::NONE);
            case.options.insert(key, crate::text::span::Span::NONE, node);
        }
    }
    let document = answer(root, &case.options, with_steps)?;
    Ok((format!("{document}\n"), Exit::Clean))
}

/// Answers every line of a file, in order; a line that cannot be answered gets a document that says so.
pub(super) fn batch(file: &Path, platform: Platform, with_steps: bool) -> Outcome {
    let text = std::fs::read_to_string(file)
        .map_err(|error| CliError::unreadable(format!("--batch: \"{}\" cannot be read: {error}", file.display())))?;
    let base = file.parent().unwrap_or_else(|| Path::new(""));
    if platform == Platform::Render {
        return render::batch(&text, base, with_steps);
    }
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut document = match oracle::parse_case(line) {
            Ok(case) => {
                let mut document = answer(&base.join(&case.dir), &case.options, with_steps)
                    .unwrap_or_else(|error| failure("unreadable", &error.message));
                document["dir"] = json!(case.dir);
                document
            }
            Err(error) => failure("bad-line", &error),
        };
        if document.get("options").is_none() && !with_steps {
            document["options"] = json!({});
        }
        out.push_str(&document.to_string());
        out.push('\n');
    }
    Ok((out, Exit::Clean))
}

fn failure(kind: &str, message: &str) -> Value {
    json!({"ok": false, "error": {"type": "oracle", "kind": kind, "message": message}})
}

fn answer(root: &Path, options: &Table, with_steps: bool) -> Result<Value, CliError> {
    let snapshot =
        collect::collect(root, Scope::Everything).map_err(|error| CliError::unreadable(error.to_string()))?;
    let absolute = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
    let resolved = oracle::options(options, &absolute.to_string_lossy());
    Ok(if with_steps {
        oracle::steps_document(&snapshot, &resolved)
    } else {
        oracle::document(&snapshot, options, &resolved)
    })
}
