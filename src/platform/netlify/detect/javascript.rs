//! The few habits of JavaScript that show in what the engine detects.

use crate::text::tree::{Kind, Node};

/// What the engine does where it throws: it gives up the step, and this says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thrown {
    /// The file that it cannot cope with.
    pub(super) path: String,
    /// Why, and what follows.
    pub(super) reason: String,
}

impl Thrown {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Thrown {
        Thrown { path: path.into(), reason: reason.into() }
    }
}

/// Whether a value counts as true.
pub(super) fn is_truthy(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => false,
        Kind::Bool(value) => *value,
        Kind::Number(value) => *value != 0.0 && !value.is_nan(),
        Kind::String(text) => !text.is_empty(),
        Kind::Array(_) | Kind::Table(_) => true,
    }
}

/// The value of a key, where `null`, lists and plain values have none.
pub(super) fn property<'a>(node: Option<&'a Node>, key: &str) -> Option<&'a Node> {
    node?.as_table()?.get(key)
}

/// A value as a template string shows it; `None` stands for `undefined`.
pub(super) fn to_text(node: Option<&Node>) -> String {
    let Some(node) = node else { return "undefined".to_owned() };
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(value) => ryu_js::Buffer::new().format(*value).to_owned(),
        Kind::String(text) => text.clone(),
        Kind::Array(items) => items.iter().map(item_text).collect::<Vec<_>>().join(","),
        Kind::Table(_) => "[object Object]".to_owned(),
    }
}

fn item_text(item: &Node) -> String {
    if item.is_null() { String::new() } else { to_text(Some(item)) }
}

/// Joins and normalises as Node's `path.posix.join`: dot segments vanish, a trailing slash stays.
pub(super) fn join(parts: &[&str]) -> String {
    let joined = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("/");
    if joined.is_empty() {
        return ".".to_owned();
    }
    let absolute = joined.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if absolute => {}
            part => kept.push(part),
        }
    }
    let mut path = kept.join("/");
    if path.is_empty() && !absolute {
        path.push('.');
    }
    if joined.ends_with('/') && !path.is_empty() {
        path.push('/');
    }
    if absolute { format!("/{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined_as_node_joins_them() {
        for (parts, path) in [
            (&["", "dist"][..], "dist"),
            (&["", "dist/"], "dist/"),
            (&["a/b", "../c//d/."], "a/c/d"),
            (&["", ""], "."),
            (&["a", ".."], "."),
            (&["a", "../../x"], "../x"),
            (&["a", "../"], "./"),
            (&["/a", "../.."], "/"),
        ] {
            assert_eq!(join(parts), path, "{parts:?}");
        }
    }

    #[test]
    fn values_are_shown_as_template_strings_show_them() {
        let list = Kind::Array(vec![Node::default_of(Kind::Null), Node::default_of(Kind::Number(1e21))]);
        assert_eq!(to_text(Some(&Node::default_of(list))), ",1e+21");
        assert_eq!(to_text(None), "undefined");
        assert_eq!(to_text(Some(&Node::default_of(Kind::Number(5.0)))), "5");
    }
}
