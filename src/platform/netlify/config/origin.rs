//! Marks where the command, the publish folder, plugins, headers and redirects came from (`config/src/origin.ts`).

use crate::platform::netlify::validate::Origin;
use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

use super::path::is_truthy;

/// Adds the origin properties to one layer.
pub fn add_origins(config: &mut Table, origin: Origin) {
    let marker = |span: Span| Node::string(origin.as_str(), span);
    if let Some(build) = config.get_mut("build").and_then(Node::as_table_mut) {
        for (property, name) in [("command", "commandOrigin"), ("publish", "publishOrigin")] {
            if let Some(node) = build.get(property).filter(|node| is_truthy(node)) {
                let span = node.span;
                build.insert(name, span, marker(span));
            }
        }
    }
    if let Some(Node { kind: Kind::Array(plugins), .. }) = config.get_mut("plugins") {
        for plugin in plugins {
            let span = plugin.span;
            if let Some(table) = plugin.as_table_mut().filter(|table| !table.contains_key("origin")) {
                table.0.shift_insert(0, "origin".to_owned(), Entry { key_span: span, value: marker(span) });
            }
        }
    }
    for (property, name) in [("headers", "headersOrigin"), ("redirects", "redirectsOrigin")] {
        if let Some(node) = config.get(property).filter(|node| is_truthy(node)) {
            let span = node.span;
            config.insert(name, span, marker(span));
        }
    }
}
