//! Merging configurations as the engine does (`config/src/merge.ts`, npm package deepmerge).

use indexmap::IndexMap;

use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

/// Names that every JavaScript object inherits; the engine's merge drops such keys as unsafe.
pub(super) const INHERITED: [&str; 12] = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
];

/// Merges configurations, later ones with higher priority; nulls at the top and under `build` vanish first.
#[must_use]
pub fn merge_configs(configs: Vec<Table>) -> Table {
    configs.into_iter().map(without_nulls).fold(Table::default(), merge_tables)
}

fn without_nulls(mut config: Table) -> Table {
    let build = config.remove("build");
    let key_span = build.as_ref().map_or(Span::NONE, |entry| entry.key_span);
    let span = build.as_ref().map_or(Span::NONE, |entry| entry.value.span);
    let mut build = build.and_then(|entry| into_table(entry.value)).unwrap_or_default();
    build.0.retain(|_, entry| !entry.value.is_null());
    config.0.retain(|_, entry| !entry.value.is_null());
    config.insert("build", key_span, Node { kind: Kind::Table(build), span });
    config
}

fn into_table(node: Node) -> Option<Table> {
    if let Kind::Table(table) = node.kind { Some(table) } else { None }
}

fn merge_tables(mut target: Table, source: Table) -> Table {
    if target.is_empty() {
        return cleaned_table(source);
    }
    for (key, entry) in source.0 {
        match target.0.get_mut(&key) {
            Some(existing) => {
                let value = std::mem::replace(&mut existing.value, Node::default_of(Kind::Null));
                *existing = Entry { key_span: entry.key_span, value: merge_values(value, entry.value) };
            }
            None if INHERITED.contains(&key.as_str()) => {}
            None => target.insert(key, entry.key_span, cleaned(entry.value)),
        }
    }
    target
}

/// Merges one value into another: tables key by key, lists by [`merge_arrays`], anything else is replaced.
fn merge_values(target: Node, source: Node) -> Node {
    match (target.kind, source.kind) {
        (Kind::Table(target), Kind::Table(table)) => {
            Node { kind: Kind::Table(merge_tables(target, table)), span: source.span }
        }
        (Kind::Array(target), Kind::Array(items)) => merge_arrays(target, items, source.span),
        (_, kind) => cleaned(Node { kind, span: source.span }),
    }
}

/// What is left of a value in the engine's deep copy: inherited names vanish, lists of plugins are joined by package.
fn cleaned(source: Node) -> Node {
    match source.kind {
        Kind::Table(table) => Node { kind: Kind::Table(cleaned_table(table)), span: source.span },
        Kind::Array(items) => merge_arrays(Vec::new(), items, source.span),
        kind => Node { kind, span: source.span },
    }
}

fn cleaned_table(mut table: Table) -> Table {
    table.0.retain(|key, entry| {
        let value = std::mem::replace(&mut entry.value, Node::default_of(Kind::Null));
        entry.value = cleaned(value);
        !INHERITED.contains(&key.as_str())
    });
    table
}

fn merge_arrays(target: Vec<Node>, source: Vec<Node>, span: Span) -> Node {
    let is_plugin_list = |items: &[Node]| items.iter().all(|item| plugin_name(item).is_some());
    if !is_plugin_list(&target) || !is_plugin_list(&source) {
        return Node { kind: Kind::Array(source), span };
    }
    let mut groups: IndexMap<String, Node> = IndexMap::new();
    for item in target.into_iter().chain(source) {
        let name = plugin_name(&item).unwrap_or_default().to_owned();
        match groups.get_mut(&name) {
            Some(known) => {
                let existing = std::mem::replace(known, Node::default_of(Kind::Null));
                *known = merge_values(existing, item);
            }
            None => {
                groups.insert(name, cleaned(item));
            }
        }
    }
    Node { kind: Kind::Array(groups.into_values().collect()), span }
}

fn plugin_name(node: &Node) -> Option<&str> {
    node.as_table()?.get("package")?.as_str()
}

/// The keys that JavaScript's object spread copies: a table's own, the indexes of a string or list, nothing else.
#[must_use]
pub fn spread(node: &Node) -> Table {
    let indexed = |values: Vec<Node>| {
        let entries = values.into_iter().enumerate();
        Table(entries.map(|(at, value)| (at.to_string(), Entry { key_span: node.span, value })).collect())
    };
    match &node.kind {
        Kind::Table(table) => table.clone(),
        Kind::Array(items) => indexed(items.clone()),
        Kind::String(text) => indexed(text.chars().map(|one| Node::string(one, node.span)).collect()),
        _ => Table::default(),
    }
}

/// Sorts keys that look like array indexes to the front, ascending, as JavaScript objects hold them.
pub fn order_like_javascript(table: &mut Table) {
    let index = |key: &str| key.parse::<u32>().ok().filter(|number| *number != u32::MAX && number.to_string() == key);
    if table.0.keys().any(|key| index(key).is_some()) {
        table.0.sort_by(|a, _, b, _| match (index(a), index(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => std::cmp::Ordering::Equal,
        });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn table(json: serde_json::Value) -> Table {
        Node::from_json(&json, Span::NONE).as_table().unwrap().clone()
    }

    fn merged(a: serde_json::Value, b: serde_json::Value) -> serde_json::Value {
        let merged = merge_configs(vec![table(a), table(b)]);
        Node::default_of(Kind::Table(merged)).to_json()
    }

    #[test]
    fn lists_are_replaced_but_plugins_are_joined_by_package() {
        let a =
            serde_json::json!({"list": [1, 2], "plugins": [{"package": "a", "inputs": {"x": 1}}, {"package": "b"}]});
        let b = serde_json::json!({"list": [3], "plugins": [{"package": "b", "inputs": {"y": 2}}, {"package": "a"}]});
        let plugins = serde_json::json!([{"package": "a", "inputs": {"x": 1}}, {"package": "b", "inputs": {"y": 2}}]);
        assert_eq!(merged(a, b), serde_json::json!({"build": {}, "list": [3], "plugins": plugins}));
    }

    #[test]
    fn nulls_vanish_only_at_the_top_and_under_build() {
        let a = serde_json::json!({"x": 1, "build": {"command": "a"}});
        let b = serde_json::json!({"x": null, "build": {"command": null}, "deep": {"y": null}});
        assert_eq!(merged(a, b), serde_json::json!({"x": 1, "build": {"command": "a"}, "deep": {"y": null}}));
    }

    #[test]
    fn inherited_names_are_dropped_outside_lists() {
        let a = serde_json::json!({"deep": {"constructor": 1}, "list": [{"constructor": 1}]});
        assert_eq!(
            merged(serde_json::json!({}), a),
            serde_json::json!({"build": {}, "deep": {}, "list": [{"constructor": 1}]})
        );
    }
}
