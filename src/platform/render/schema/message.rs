//! The words of a violation.

use crate::text::tree::{Kind, Node};
use crate::text::yaml;

use super::rule::types;

/// More names than this are not listed.
pub(super) const MAX_LISTED: usize = 12;

/// What a value is, for a sentence: `the text "yes"`.
pub(super) fn described(node: &Node, source: &str) -> String {
    match &node.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Array(_) => "a list".to_owned(),
        Kind::Table(_) => "a mapping".to_owned(),
        Kind::String(text) if text.is_empty() => "an empty text".to_owned(),
        Kind::String(text) => format!("the text \"{}\"", shortened(text)),
        Kind::Bool(value) => format!("{value} without quotes"),
        Kind::Number(number) => {
            let written = yaml::scalar_text(node, source).map_or_else(|| number.to_string(), |text| text.into_owned());
            format!("the number {}", shortened(&written))
        }
    }
}

fn shortened(text: &str) -> String {
    const MAX: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() > MAX || line.len() < text.trim_end().len() {
        format!("{}…", line.chars().take(MAX).collect::<String>())
    } else {
        line.to_owned()
    }
}

/// What is accepted, for a sentence: `a text or a number`.
pub(super) fn of_types(accepted: u8) -> String {
    let names = [
        (types::STRING, "a text"),
        (types::INTEGER, "a whole number"),
        (types::NUMBER, "a number"),
        (types::BOOLEAN, "true or false"),
        (types::ARRAY, "a list"),
        (types::OBJECT, "a mapping"),
        (types::NULL, "nothing"),
    ];
    let names: Vec<&str> = names.iter().filter(|(bit, _)| accepted & bit != 0).map(|(_, name)| *name).collect();
    names.join(" or ")
}

/// Names in quotes: `"a", "b" or "c"`; of many only the first ones.
pub(super) fn listed(names: &[&str], last: &str) -> String {
    let quoted: Vec<String> = names.iter().take(MAX_LISTED).map(|name| format!("\"{name}\"")).collect();
    match quoted.split_last() {
        _ if names.len() > MAX_LISTED => format!("{} and {} more", quoted.join(", "), names.len() - MAX_LISTED),
        Some((end, start)) if !start.is_empty() => format!("{} {last} {end}", start.join(", ")),
        _ => quoted.join(""),
    }
}

/// The entry that lacks or holds a key, for the end of a sentence.
pub(super) fn of_entry(path: &str) -> String {
    if path.is_empty() { "the Blueprint".to_owned() } else { path.to_owned() }
}

/// `; did you mean "x"?`, or what is accepted instead.
pub(super) fn hint(suggestion: Option<&str>, otherwise: impl FnOnce() -> String) -> String {
    suggestion.map_or_else(otherwise, |name| format!("; did you mean \"{name}\"?"))
}
