//! Settings of TOML and JSON files.

use super::{Setting, Written};
use crate::text::tree::{Kind, Node};

/// How keys are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Letter by letter.
    Exact,
    /// Letter case aside, as Hugo does.
    AnyCase,
}

/// The setting that these keys lead to.
#[must_use]
pub fn setting(root: &Node, path: &[&str], keys: Keys) -> Setting {
    let mut node = root;
    for key in path {
        let Some(table) = node.as_table() else { return Setting::Computed };
        let is_key = |name: &str| match keys {
            Keys::Exact => name == *key,
            Keys::AnyCase => name.eq_ignore_ascii_case(key),
        };
        match table.iter().find(|(name, _)| is_key(name)) {
            Some((_, entry)) => node = &entry.value,
            None => return Setting::Absent,
        }
    }
    match &node.kind {
        Kind::String(text) => Setting::Written(Written::new(text.as_str(), node.span)),
        Kind::Null => Setting::Absent,
        _ => Setting::Computed,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::json;
    use crate::text::span::FileId;

    #[test]
    fn keys_lead_to_texts_and_other_values_are_not_read() {
        let root = json::parse(r#"{"a": {"OutDir": "x", "n": null, "list": []}, "b": "y"}"#, FileId(0)).unwrap();
        let at = |path: &[&str], keys| setting(&root, path, keys);
        assert_eq!(at(&["a", "outdir"], Keys::AnyCase).text(), Some("x"));
        assert_eq!(at(&["a", "outdir"], Keys::Exact), Setting::Absent);
        assert_eq!(at(&["a", "n"], Keys::Exact), Setting::Absent);
        assert_eq!(at(&["a", "list"], Keys::Exact), Setting::Computed);
        assert_eq!(at(&["b", "c"], Keys::Exact), Setting::Computed);
    }
}
