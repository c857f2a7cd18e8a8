//! Conformance documents: what the judges say about a Blueprint, place for place.
//!
//! The shape is that of a reference program: `yaml`, `schemaValid`, `schemaErrors`, `semantic`, `engine`.

use serde_json::{Value, json};

use crate::project::snapshot::Snapshot;
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};
use crate::text::tree::Node;
use crate::text::{json as json_text, yaml};

use super::FILE_NAME;
use super::blueprint::Blueprint;
use super::validate::{self, Engine, Input, Remark};

/// A line of a batch: the folder and the path of the Blueprint in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The folder, as written.
    pub dir: String,
    /// Path of the Blueprint.
    pub blueprint: String,
}

/// Reads a line of a batch: a bare folder name, or `{"dir": …, "blueprint": …}`.
///
/// # Errors
/// What is wrong with the line.
pub fn parse_case(line: &str) -> Result<Case, String> {
    if !line.trim_start().starts_with('{') {
        return Ok(Case { dir: line.to_owned(), blueprint: FILE_NAME.to_owned() });
    }
    let root =
        json_text::parse(line, FileId::NONE).map_err(|error| format!("column {}: {}", error.column, error.reason))?;
    let dir = root.at(&["dir"]).and_then(Node::as_str).ok_or("\"dir\" must name a folder")?.to_owned();
    let blueprint = match root.at(&["blueprint"]) {
        None => FILE_NAME,
        Some(node) => node.as_str().ok_or("\"blueprint\" must be the path of a Blueprint")?,
    };
    Ok(Case { dir, blueprint: blueprint.to_owned() })
}

/// The document about the text of a Blueprint; without a snapshot nothing is said about the repository's files.
#[must_use]
pub fn document(path: &str, text: &str, snapshot: Option<&Snapshot>, repository: Option<&str>) -> Value {
    let mut sources = Sources::default();
    let file = sources.add(Source::new(path, true, text));
    let document = yaml::parse(text, file);
    let place = |span: Span| position(&sources, span);
    if !document.is_ok() {
        let error = |error: &yaml::SyntaxError| {
            let (line, column) = place(error.span);
            json!({"code": error.kind.code(), "line": line, "column": column, "message": error.message})
        };
        return json!({
            "blueprint": path,
            "yaml": {"ok": false, "errors": document.errors.iter().map(error).collect::<Vec<_>>()},
            "schemaValid": false,
            "schemaErrors": [],
            "semantic": [],
            "engine": {"verdict": Engine::Rejects.name(), "because": ["yaml-syntax"]},
        });
    }
    let root = document.root.as_ref();
    let blueprint = root.map(|root| Blueprint::read(root, text)).unwrap_or_default();
    let remarks = validate::remarks(&Input { root, blueprint: &blueprint, snapshot, repository });
    json!({
        "blueprint": path,
        "yaml": {"ok": true},
        "schemaValid": null,
        "schemaErrors": [],
        "semantic": remarks.iter().map(|remark| semantic(remark, place(remark.span))).collect::<Vec<_>>(),
        "engine": {"verdict": validate::verdict(&remarks).name(), "because": because(&remarks)},
    })
}

/// Line and column; the beginning for a place that nobody wrote.
fn position(sources: &Sources, span: Span) -> (u32, u32) {
    let position = sources.get(span.file).map(|source| source.position(span.start));
    position.map_or((1, 1), |position| (position.line, position.column))
}

fn semantic(remark: &Remark, (line, column): (u32, u32)) -> Value {
    json!({
        "rule": remark.rule,
        "severity": remark.grade.name(),
        "path": remark.path,
        "message": remark.message,
        "basis": remark.basis.name(),
        "engine": remark.engine.name(),
        "line": line,
        "column": column,
    })
}

/// The rules that decide the verdict, sorted.
fn because(remarks: &[Remark]) -> Vec<&'static str> {
    let mut rules: Vec<&str> = validate::deciding(remarks).map(|remark| remark.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}
