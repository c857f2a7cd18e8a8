//! `[functions]`: settings for all functions, settings of one function, and the directory
//! (`config/src/functions_config.js`).

use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

use super::Failure;
use super::merge::{order_like_javascript, spread};

/// Names directly under `[functions]` that are settings of all functions rather than names of one.
pub const SETTINGS: [&str; 10] = [
    "deno_import_map",
    "directory",
    "external_node_modules",
    "ignored_node_modules",
    "included_files",
    "memory",
    "node_bundler",
    "region",
    "schedule",
    "vcpu",
];

/// The settings under `"*"`, one table per function name, and the directory with its origin.
pub struct Functions {
    /// Function name or pattern → settings.
    pub table: Table,
    /// The configured directory, with `config` or `config-v1` for where it was set.
    pub directory: Option<(Entry, &'static str)>,
}

/// Sorts out `[functions]` and the legacy `build.functions`.
///
/// # Errors
/// When `functions."*"` is null, on which the engine crashes.
pub fn normalise(functions: &Table, legacy_directory: Option<Entry>) -> Result<Functions, Failure> {
    let mut all = functions.0.get("*").cloned();
    let mut named = Table::default();
    for (name, entry) in functions.iter().filter(|(name, _)| *name != "*") {
        if !SETTINGS.contains(&name) || is_settings_table(&entry.value) {
            named.0.insert(name.to_owned(), entry.clone());
            continue;
        }
        let mut settings = Table::default();
        settings.0.insert(name.to_owned(), entry.clone());
        let (key_span, span) = all.as_ref().map_or((entry.key_span, Span::NONE), |all| (all.key_span, all.value.span));
        settings.0.extend(all.as_ref().map(|all| spread(&all.value)).unwrap_or_default().0);
        all = Some(Entry { key_span, value: Node { kind: Kind::Table(settings), span } });
    }
    let all = all.unwrap_or(Entry { key_span: Span::NONE, value: Node::default_of(Kind::Table(Table::default())) });
    if all.value.is_null() {
        return Err(Failure::crash(all.key_span));
    }
    let mut settings = spread(&all.value);
    let directory = settings.remove("directory").filter(|entry| !entry.value.is_null()).map(|entry| (entry, "config"));
    let legacy = legacy_directory.filter(|entry| !entry.value.is_null()).map(|entry| (entry, "config-v1"));
    named.insert("*", all.key_span, Node { kind: Kind::Table(settings), span: all.value.span });
    order_like_javascript(&mut named);
    Ok(Functions { table: named, directory: directory.or(legacy) })
}

fn is_settings_table(value: &Node) -> bool {
    value.as_table().is_some_and(|table| table.iter().all(|(key, _)| SETTINGS.contains(&key)))
}
