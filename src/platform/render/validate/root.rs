//! The file as a whole.

use crate::text::span::Span;
use crate::text::tree::{Node, Table};

use super::index::list;
use super::spot::Spot;
use super::{Basis, Engine, Judge, TAKEN, field};

/// Judges the root; whether there is something below it to be judged.
pub(super) fn check(judge: &mut Judge<'_>) -> bool {
    let nothing = |span| Spot { path: String::new(), span, key: None };
    let root = judge.input.root.filter(|root| !root.is_null());
    let Some(root) = root else {
        judge.error("empty-file", nothing(Span::NONE), (Basis::Derived, Engine::Rejects), "the Blueprint is empty");
        return false;
    };
    let Some(table) = root.as_table() else {
        let message = "the Blueprint is no mapping; it begins with a key such as \"services:\"";
        judge.error("root-not-map", nothing(root.span), (Basis::Derived, Engine::Rejects), message);
        return false;
    };
    let start = |key: &str| nothing(root.span).key(table, key);
    field::check_keys(judge, table, field::Kind::Root, &start);
    for (old, new) in
        [("previewsEnabled", "previews.generation"), ("previewsExpireAfterDays", "previews.expireAfterDays")]
    {
        if table.contains_key(old) {
            judge.warn("deprecated-field", start(old), TAKEN, format!("\"{old}\" is the old name of \"{new}\""));
        }
    }
    if declares_nothing(judge, table) {
        let first = table.iter().next().map_or(root.span, |(_, entry)| entry.key_span);
        let message = "the Blueprint declares no service, database or environment group";
        judge.warn("no-resources", nothing(first), (Basis::Derived, Engine::Unknown), message);
    }
    true
}

fn declares_nothing(judge: &Judge<'_>, table: &Table) -> bool {
    let blueprint = judge.input.blueprint;
    let is_there = |key: &str| list(table, key).next().is_some();
    let is_empty = blueprint.services.is_empty() && blueprint.databases.is_empty() && blueprint.groups.is_empty();
    is_empty && !is_there("projects") && !is_there("buildSources")
}

/// Whether the file switches preview environments on.
pub(super) fn has_previews(table: &Table) -> bool {
    let generation = table.get("previews").and_then(|previews| previews.at(&["generation"])).and_then(Node::as_str);
    matches!(generation, Some("automatic" | "manual"))
        || table.get("previewsEnabled").and_then(Node::as_bool) == Some(true)
}
