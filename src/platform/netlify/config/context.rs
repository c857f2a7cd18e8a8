//! `[context.NAME]`: moved under `build`, validated, selected and merged (`config/src/context.ts`).

use crate::platform::netlify::validate::{self, Origin};
use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

use super::layer::normalise_layer;
use super::merge::{INHERITED, merge_configs, spread};
use super::{Failure, Warning};

const BUILD_PROPERTIES: [&str; 8] =
    ["base", "command", "edge_functions", "environment", "functions", "ignore", "processing", "publish"];

/// Validates one layer and all of its contexts.
///
/// # Errors
/// The first property that the engine rejects.
pub fn normalise_with_contexts(config: Table, origin: Origin) -> Result<Table, Failure> {
    normalise_contexts(normalise_layer(config, origin)?, origin)
}

/// Validates every context of one layer and moves its build properties under `build`.
///
/// # Errors
/// The first property that the engine rejects.
pub fn normalise_contexts(mut config: Table, origin: Origin) -> Result<Table, Failure> {
    if !config.contains_key("context") {
        return Ok(config);
    }
    validate::context_shape(&config)?;
    if let Some(Node { kind: Kind::Table(contexts), .. }) = config.get_mut("context") {
        contexts.remove("__proto__");
        for entry in contexts.0.values_mut() {
            let span = entry.value.span;
            let table = entry.value.as_table().map(with_build_namespace).unwrap_or_default();
            let mut table = normalise_layer(table, origin)?;
            shadow_build_properties(&mut table);
            entry.value = Node { kind: Kind::Table(table), span };
        }
    }
    Ok(config)
}

/// Sets the build properties that a context does not have to null, as the engine leaves them undefined: when the same
/// context stands in two layers, those of the upper layer erase those of the lower one.
fn shadow_build_properties(context: &mut Table) {
    if !context.contains_key("build") {
        context.insert("build", Span::NONE, Node::default_of(Kind::Table(Table::default())));
    }
    if let Some(build) = context.get_mut("build").and_then(Node::as_table_mut) {
        for property in BUILD_PROPERTIES.iter().filter(|property| !build.contains_key(property)).collect::<Vec<_>>() {
            build.insert(*property, Span::NONE, Node::default_of(Kind::Null));
        }
    }
}

/// Takes out of contexts that were never merged (those of inline configuration) what [`normalise_contexts`] put in.
pub fn remove_shadows(config: &mut Table) {
    let contexts = config.get_mut("context").and_then(Node::as_table_mut);
    let entries = contexts.into_iter().flat_map(|contexts| contexts.0.values_mut());
    for build in entries.filter_map(|entry| entry.value.as_table_mut()?.get_mut("build")?.as_table_mut()) {
        build.0.retain(|_, entry| !entry.value.is_null() || entry.value.span.is_written());
    }
}

fn with_build_namespace(context: &Table) -> Table {
    let mut result = Table::default();
    for (key, entry) in context.iter() {
        if !is_build_property(key, &entry.value) {
            result.insert(key, entry.key_span, entry.value.clone());
            continue;
        }
        let (key_span, span) = match result.0.get("build") {
            Some(build) => (build.key_span, build.value.span),
            None => (entry.key_span, entry.value.span),
        };
        let mut build = result.get("build").map(spread).unwrap_or_default();
        build.insert(key, entry.key_span, entry.value.clone());
        result.insert("build", key_span, Node { kind: Kind::Table(build), span });
    }
    result
}

fn is_build_property(key: &str, value: &Node) -> bool {
    let is_functions_table = key == "functions" && matches!(value.kind, Kind::Table(_));
    let is_edge_list = key == "edge_functions" && matches!(value.kind, Kind::Array(_));
    BUILD_PROPERTIES.contains(&key) && !is_functions_table && !is_edge_list
}

/// Merges the entries for the deploy context, then those for the branch, over the plain configuration.
///
/// # Errors
/// When a plugin of the user interface is set up for another context only.
pub fn merge_context(
    mut config: Table,
    context: &str,
    branch: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Table, Failure> {
    let Some(Entry { value: Node { kind: Kind::Table(contexts), .. }, .. }) = config.remove("context") else {
        return Ok(config);
    };
    let repeated = validate::context_plugins(&contexts, config.get("plugins"), &[context, branch])?;
    warnings.extend(repeated.into_iter().map(Warning::ContextPlugin));
    let selected: Vec<Table> = [context, branch]
        .iter()
        .flat_map(|key| matching(&contexts, key))
        .filter_map(|node| node.as_table().cloned())
        .collect();
    let mut layers = vec![config];
    layers.extend(selected);
    Ok(merge_configs(layers))
}

/// The entries that apply to a context or branch name: the exact one alone, else every matching `prefix*`.
///
/// A name that every JavaScript object inherits counts as an exact entry without properties.
#[must_use]
pub fn matching<'a>(contexts: &'a Table, key: &str) -> Vec<&'a Node> {
    if key.is_empty() {
        return Vec::new();
    }
    if let Some(exact) = contexts.get(key) {
        return vec![exact];
    }
    if INHERITED.contains(&key) {
        return Vec::new();
    }
    let applies = |pattern: &str| pattern.strip_suffix('*').is_some_and(|prefix| key.starts_with(prefix));
    contexts.iter().filter(|(pattern, _)| applies(pattern)).map(|(_, entry)| &entry.value).collect()
}
