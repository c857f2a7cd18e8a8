//! Variables: where their values come from, and never those that nobody should see.

use crate::platform::netlify::plan::looks_secret;
use crate::platform::render::blueprint::{EnvEntry, Resource};
use crate::text::span::Span;
use crate::text::tree::Node;

use super::List;

/// The variables of a service or of a group.
pub(super) fn list(list: &mut List, resource: &Resource) {
    let takes_questions = !resource.path.contains("envVarGroups[");
    for entry in &resource.env {
        if let Some(group) = entry.table.get("fromGroup").and_then(Node::as_str) {
            list.written("variables of", group, span(entry, "fromGroup"));
            continue;
        }
        let Some(key) = &entry.key else { continue };
        let (value, span) = value(&key.value, entry, takes_questions);
        list.written(&format!("${}", key.value), value, span);
    }
}

fn span(entry: &EnvEntry, key: &str) -> Span {
    entry.table.key_span(key).unwrap_or(entry.span)
}

fn value(name: &str, entry: &EnvEntry, takes_questions: bool) -> (String, Span) {
    if let Some(value) = &entry.value {
        let is_hidden = looks_secret(name) || value.value.contains("://") && value.value.contains('@');
        let shown = if is_hidden { "(not shown)" } else { &value.value };
        return (shown.to_owned(), value.span);
    }
    for key in ["fromDatabase", "fromService"] {
        let Some(reference) = entry.table.get(key) else { continue };
        let text = |part: &str| reference.at(&[part]).and_then(Node::as_str);
        let what = text("property").or_else(|| text("envVarKey"));
        let words = match (what, text("name")) {
            (Some(what), Some(name)) => format!("{what} of {name}"),
            (None, Some(name)) => format!("something of {name}"),
            (_, None) => "something that is not named".to_owned(),
        };
        return (words, span(entry, key));
    }
    if entry.table.get("generateValue").and_then(Node::as_bool) == Some(true) {
        return ("generated once, then kept".to_owned(), span(entry, "generateValue"));
    }
    if entry.table.contains_key("sync") {
        let words = if takes_questions { "asked for in the dashboard" } else { "never set: groups ask for nothing" };
        return (words.to_owned(), span(entry, "sync"));
    }
    ("nothing".to_owned(), entry.span)
}
