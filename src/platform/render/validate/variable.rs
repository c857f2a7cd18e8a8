//! Entries of `envVars`: where their value comes from.

use std::collections::HashSet;

use crate::platform::render::blueprint::EnvEntry;
use crate::text::tree::{Kind, Node};

use super::spot::Spot;
use super::{Basis, DOUBTFUL, Engine, Judge, REFUSED, TAKEN, field};

/// The keys that say where a value comes from.
const SOURCES: [&str; 6] = ["value", "generateValue", "sync", "fromDatabase", "fromService", "fromGroup"];

/// The variable's name for messages.
pub(super) fn shown(entry: &EnvEntry) -> String {
    entry.key.as_ref().map_or_else(|| "the variable".to_owned(), |key| format!("\"{}\"", key.value))
}

/// The sources that an entry names.
#[must_use]
pub(super) fn sources(entry: &EnvEntry) -> Vec<&'static str> {
    let table = &entry.table;
    let truth = |key: &str| table.get(key).and_then(Node::as_bool);
    let counts = |key: &&str| match *key {
        "generateValue" => truth(key) != Some(false),
        "sync" => !(truth(key) == Some(true) && table.contains_key("value")),
        _ => true,
    };
    SOURCES.into_iter().filter(|key| table.contains_key(key)).filter(counts).collect()
}

/// A variable has one source.
pub(super) fn check_source(judge: &mut Judge<'_>, entry: &EnvEntry) {
    let spot = |key: &str| Spot::entry(entry).key(&entry.table, key);
    field::check_keys(judge, &entry.table, field::Kind::Variable, &spot);
    let name = shown(entry);
    let sources = sources(entry);
    if let [first, .., last] = sources[..] {
        let message = format!("{name} has {} sources, {}; one is allowed", sources.len(), quoted(&sources));
        let wording = format!("cannot simultaneously specify fields {first} and {last}");
        judge.error("env-multiple-sources", Spot::entry(entry), REFUSED, message).says(wording);
    }
    if sources.is_empty() && !entry.table.contains_key("previewValue") {
        let message =
            format!("{name} has no value; write \"value\", \"generateValue\", \"sync: false\" or a reference");
        let wording = "must be from group or have a key and value";
        judge.error("env-no-source", Spot::entry(entry), REFUSED, message).says(wording);
    }
    if !entry.table.contains_key("key") && !entry.table.contains_key("fromGroup") {
        let wording = "must be from group or have a key and value";
        judge.error("env-no-key", Spot::entry(entry), REFUSED, "the variable has no \"key\"").says(wording);
    }
    check_value(judge, entry);
}

fn quoted(sources: &[&str]) -> String {
    sources.iter().map(|source| format!("\"{source}\"")).collect::<Vec<_>>().join(" and ")
}

fn check_value(judge: &mut Judge<'_>, entry: &EnvEntry) {
    let Some(value) = entry.table.get("value") else { return };
    let spot = || Spot::entry(entry).key(&entry.table, "value");
    let name = shown(entry);
    match &value.kind {
        Kind::Null => {
            let message = format!("{name} has an empty \"value\"; write \"\" if that is meant");
            judge.warn("env-null-value", spot(), DOUBTFUL, message);
        }
        Kind::Bool(truth) => {
            let message =
                format!("the value of {name} is {truth} without quotes; the schema wants text, Render takes both");
            judge.warn("env-bool-value", spot(), (Basis::Derived, Engine::Accepts), message);
        }
        Kind::String(text) if has_braces(text) => {
            let message = format!("the value of {name} holds a \"${{…}}\" that Render does not expand");
            judge.warn("env-interpolation", spot(), TAKEN, message);
        }
        _ => {}
    }
}

/// Whether a text holds `${…}`.
fn has_braces(text: &str) -> bool {
    text.find("${").is_some_and(|at| text[at..].contains('}'))
}

/// A variable is written once.
pub(super) fn check_duplicate<'a>(judge: &mut Judge<'_>, entry: &'a EnvEntry, seen: &mut HashSet<&'a str>) {
    let Some(key) = entry.table.get("key").and_then(Node::as_str) else { return };
    if !seen.insert(key) {
        let spot = Spot::entry(entry).key(&entry.table, "key");
        judge.warn("duplicate-env-key", spot, DOUBTFUL, format!("\"{key}\" is set twice"));
    }
}
