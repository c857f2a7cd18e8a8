//! Conformance documents: what the engine says about a folder, value for value.
//!
//! The shape is that of a reference program which calls Netlify's own packages; paths are relative to the folder and
//! `.` is the folder itself.

use serde_json::{Map, Value, json};

use crate::project::path::{display, name};
use crate::project::snapshot::{Mode, Snapshot};
use crate::text::json;
use crate::text::source::{Source, Sources};
use crate::text::span::FileId;
use crate::text::tree::{Kind, Node, Table};

use super::config::path::Root;
use super::config::{self, Failure, Options, Resolution, Resolved};
use super::routing::{self, FileText, RoutingError, SideFile};
use super::step;

/// A line of a batch: the folder and the options of the run.
#[derive(Debug, Clone)]
pub struct Case {
    /// The folder, as written.
    pub dir: String,
    /// The options, as written.
    pub options: Table,
}

/// Reads a line of a batch: a bare folder name, or `{"dir": …, "options": {…}}`.
///
/// # Errors
/// What is wrong with the line.
pub fn parse_case(line: &str) -> Result<Case, String> {
    if !line.trim_start().starts_with('{') {
        return Ok(Case { dir: line.to_owned(), options: Table::default() });
    }
    let root = json::parse(line, FileId::NONE).map_err(|error| format!("column {}: {}", error.column, error.reason))?;
    let dir = root.at(&["dir"]).and_then(Node::as_str).ok_or("\"dir\" must name a folder")?.to_owned();
    let options = match root.at(&["options"]) {
        None => Table::default(),
        Some(node) => node.as_table().cloned().ok_or("\"options\" must be an object")?,
    };
    Ok(Case { dir, options })
}

/// Turns the options of a batch line into those of a resolution. `root` is the folder's absolute path.
#[must_use]
pub fn options(given: &Table, root: &str) -> Options {
    let text =
        |key: &str| given.get(key).and_then(Node::as_str).map(str::to_owned).filter(|text| !text.trim().is_empty());
    let table = |key: &str| given.get(key).and_then(Node::as_table).cloned().unwrap_or_default();
    let defaults = Options::default();
    Options {
        context: text("context").unwrap_or(defaults.context),
        branch: text("branch").unwrap_or(defaults.branch),
        package_path: text("packagePath"),
        default_config: table("defaultConfig"),
        inline_config: table("inlineConfig"),
        base: text("base"),
        base_rel_dir: given.get("baseRelDir").and_then(Node::as_bool),
        cwd: text("cwd").map(|cwd| crate::project::path::join("", &cwd).unwrap_or_default()),
        config: text("config"),
        root: Root::new(root),
    }
}

/// The document of one run.
#[must_use]
pub fn document(snapshot: &Snapshot, given: &Table, options: &Options) -> Value {
    let resolution = config::resolve(snapshot, options, Sources::default());
    let mut document = match &resolution.outcome {
        Ok(resolved) => accepted(snapshot, options, &resolution, resolved),
        Err(failure) => rejected(failure),
    };
    let mut effective = object(json!({"context": options.context, "branch": options.branch}));
    effective.extend(given.iter().map(|(key, entry)| (key.to_owned(), entry.value.to_json())));
    document.insert("options".to_owned(), Value::Object(effective));
    Value::Object(document)
}

fn rejected(failure: &Failure) -> Map<String, Value> {
    let mut error = json!({
        "type": failure.error_type(),
        "kind": failure.kind(),
        "message": failure.to_string(),
    });
    if let Some(property) = failure.property() {
        error["property"] = json!(property);
    }
    if let Failure::Toml { error: syntax, .. } = failure {
        error["line"] = json!(syntax.line);
        error["column"] = json!(syntax.column);
    }
    object(json!({"ok": false, "error": error}))
}

fn accepted(
    snapshot: &Snapshot,
    options: &Options,
    resolution: &Resolution,
    resolved: &Resolved,
) -> Map<String, Value> {
    object(json!({
        "ok": true,
        "branch": options.branch,
        "context": options.context,
        "buildDir": display(&resolved.build_dir),
        "configPath": resolution.config_path,
        "headersPath": resolved.headers_path,
        "redirectsPath": resolved.redirects_path,
        "integrations": resolved.integrations,
        "config": with_dots(&resolved.config),
        "redirects": resolved.redirects.rules.iter().map(routing::Redirect::to_json).collect::<Vec<_>>(),
        "headers": resolved.headers.rules.iter().map(routing::Header::to_json).collect::<Vec<_>>(),
        "redirectErrors": first_lines(&resolution.redirect_errors),
        "headerErrors": first_lines(&resolution.header_errors),
        "warnings": resolution.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "sideFiles": side_files(snapshot),
    }))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value { map } else { Map::new() }
}

fn first_lines(errors: &[RoutingError]) -> Vec<String> {
    errors.iter().map(RoutingError::first_line).collect()
}

/// The configuration with `.` for paths that are the folder itself.
fn with_dots(config: &Table) -> Value {
    let mut value = Node::default_of(Kind::Table(config.clone())).to_json();
    let places: [&[&str]; 7] = [
        &["functionsDirectory"],
        &["functions", "*", "deno_import_map"],
        &["build", "publish"],
        &["build", "edge_functions"],
        &["build", "functions"],
        &["build", "base"],
        &["database", "migrations", "path"],
    ];
    for keys in places {
        let place = keys.iter().try_fold(&mut value, |value, key| value.get_mut(*key));
        if let Some(place) = place.filter(|place| place.as_str() == Some("")) {
            *place = json!(".");
        }
    }
    value
}

/// Every `_redirects` and `_headers` of the tree, each parsed on its own.
fn side_files(snapshot: &Snapshot) -> Value {
    let mut found = Map::new();
    for entry in snapshot.entries() {
        let is_skipped = |part: &str| ["node_modules", ".git", ".hg", ".svn"].contains(&part);
        let is_redirects = name(&entry.path) == "_redirects";
        let is_side_file = is_redirects || name(&entry.path) == "_headers";
        if !is_side_file
            || !matches!(entry.mode, Mode::File | Mode::Executable)
            || entry.path.split('/').any(is_skipped)
        {
            continue;
        }
        let mut sources = Sources::default();
        let text = snapshot.text(&entry.path);
        let file = text.as_ref().map(|text| sources.add(Source::new(&*entry.path, true, text.clone())));
        let side = match (&text, file) {
            (Ok(text), Ok(file)) => SideFile::Text(FileText { text, file }),
            _ => SideFile::Unreadable { path: &entry.path },
        };
        found.insert(entry.path.to_string(), if is_redirects { redirects(side) } else { headers(side) });
    }
    Value::Object(found)
}

fn redirects(side: SideFile<'_>) -> Value {
    let Ok(parsed) = routing::parse_redirects(side, None) else { return Value::Null };
    let rules: Vec<Value> = parsed.rules.iter().map(routing::Redirect::to_json).collect();
    json!({"kind": "redirects", "rules": rules, "errors": first_lines(&parsed.errors)})
}

fn headers(side: SideFile<'_>) -> Value {
    let Ok(parsed) = routing::parse_headers(side, None, routing::Form::Complete) else { return Value::Null };
    let rules: Vec<Value> = parsed.rules.iter().map(routing::Header::to_json).collect();
    json!({"kind": "headers", "rules": rules, "errors": first_lines(&parsed.errors)})
}

/// The document of a dry run: the steps, or the failure before the first one.
#[must_use]
pub fn steps_document(snapshot: &Snapshot, options: &Options) -> Value {
    let resolution = config::resolve(snapshot, options, Sources::default());
    let outcome = match &resolution.outcome {
        Ok(resolved) => step::dry_run(snapshot, resolved, options.package_path.as_deref().unwrap_or_default()),
        Err(failure) => Err(step::DryRunError::config(failure)),
    };
    match outcome {
        Ok(steps) => {
            let steps: Vec<Value> = steps.iter().map(|step| json!({"event": step.event, "step": step.name})).collect();
            json!({"success": true, "severityCode": 0, "steps": steps})
        }
        Err(error) => json!({
            "success": false, "severityCode": error.exit_code, "steps": [],
            "error": {"title": error.title, "message": error.message},
        }),
    }
}
