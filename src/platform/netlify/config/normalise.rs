//! Defaults, and the final form of functions and plugins (`config/src/normalize.ts`).

use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

use super::Failure;
use super::function_table;
use super::merge::merge_configs;
use super::path::remove_falsy;

/// Brings a merged configuration into its final form.
///
/// # Errors
/// Where the engine crashes on a null.
pub fn normalise(mut config: Table, package_path: &str) -> Result<Table, Failure> {
    if let Some(build) = config.get_mut("build").and_then(Node::as_table_mut) {
        remove_falsy(build);
    }
    remove_falsy(&mut config);
    let mut config = merge_configs(vec![defaults(package_path), config]);

    let build = config.get_mut("build").and_then(Node::as_table_mut);
    let legacy_directory = build.and_then(|build| build.remove("functions"));
    let functions = config.get("functions").and_then(Node::as_table).cloned().unwrap_or_default();
    let functions = function_table::normalise(&functions, legacy_directory)?;
    if let Some(node) = config.get_mut("functions") {
        node.kind = Kind::Table(functions.table);
    }
    if let Some(Node { kind: Kind::Array(plugins), .. }) = config.get_mut("plugins") {
        plugins.iter_mut().filter_map(Node::as_table_mut).for_each(normalise_plugin);
    }
    if let Some((Entry { key_span, value }, origin)) = functions.directory {
        let span = value.span;
        config.insert("functionsDirectory", key_span, value);
        config.insert("functionsDirectoryOrigin", key_span, Node::string(origin, span));
    }
    Ok(config)
}

fn normalise_plugin(plugin: &mut Table) {
    let inputs = plugin.remove("inputs").unwrap_or(Entry { key_span: Span::NONE, value: table(&[]) });
    plugin.0.insert("inputs".to_owned(), inputs);
    remove_falsy(plugin);
}

fn table(entries: &[(&str, Node)]) -> Node {
    let mut table = Table::default();
    for (key, value) in entries {
        table.insert(*key, Span::NONE, value.clone());
    }
    Node::default_of(Kind::Table(table))
}

fn defaults(package_path: &str) -> Table {
    let text = |text: &str| Node::string(text, Span::NONE);
    let empty = || table(&[]);
    let processing = table(&[("css", empty()), ("html", empty()), ("images", empty()), ("js", empty())]);
    let publish = if package_path.is_empty() { "." } else { package_path };
    let build = table(&[
        ("environment", empty()),
        ("publish", text(publish)),
        ("publishOrigin", text("default")),
        ("processing", processing),
        ("services", empty()),
    ]);
    let functions = table(&[("*", empty())]);
    let root =
        table(&[("build", build), ("functions", functions), ("plugins", Node::default_of(Kind::Array(Vec::new())))]);
    root.as_table().cloned().unwrap_or_default()
}
