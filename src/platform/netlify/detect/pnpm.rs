//! The `packages` of `pnpm-workspace.yaml`.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, options};

use crate::text::tree::{Kind, Node, Table};

/// More items than this are not kept, and longer texts not repeated by aliases.
const MAX_ITEMS: usize = 1_000;
const MAX_ALIASED: usize = 1_000;

/// A mapping or list that is being read.
struct Frame {
    is_mapping: bool,
    awaits_key: bool,
    keys: HashSet<String>,
}

/// What is known while the file is read.
#[derive(Default)]
struct Reader {
    frames: Vec<Frame>,
    /// Whether the latest key of the outermost mapping is `packages`.
    is_packages: bool,
    packages: Option<Node>,
    anchors: HashMap<usize, Node>,
    documents: usize,
}

/// The value of `packages`; `None` when it is missing or the file is not YAML.
///
/// Lists inside the list, and mappings, come as empty ones.
pub(super) fn packages(text: &str) -> Option<Node> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str_with_options(text, options! { emit_comments: false }) {
        let (event, _) = event.ok()?;
        if !reader.take(event) {
            return None;
        }
    }
    reader.packages
}

impl Reader {
    /// Takes one event; false when the engine's parser fails there.
    fn take(&mut self, event: Event<'_>) -> bool {
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                self.documents == 1
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                let value = if is_plain { plain(&text) } else { Kind::String(text.to_string()) };
                self.node(Node::default_of(value), Some(text.into_owned()), anchor)
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned();
                self.node(value.unwrap_or(Node::default_of(Kind::Table(Table::default()))), None, 0)
            }
            Event::SequenceStart(_, anchor, _) => self.open(Kind::Array(Vec::new()), false, anchor),
            Event::MappingStart(_, anchor, _) => self.open(Kind::Table(Table::default()), true, anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                self.frames.pop();
                true
            }
            _ => true,
        }
    }

    fn open(&mut self, kind: Kind, is_mapping: bool, anchor: usize) -> bool {
        let is_accepted = self.node(Node::default_of(kind), None, anchor);
        self.frames.push(Frame { is_mapping, awaits_key: true, keys: HashSet::new() });
        is_accepted
    }

    /// Takes a node in its place: a key, a value or an item. A repeated key is an error.
    fn node(&mut self, value: Node, key: Option<String>, anchor: usize) -> bool {
        if anchor != 0 && value.as_str().is_none_or(|text| text.len() <= MAX_ALIASED) {
            self.anchors.insert(anchor, value.clone());
        }
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else { return true };
        if !frame.is_mapping {
            if let Some(Node { kind: Kind::Array(items), .. }) = &mut self.packages
                && self.is_packages
                && depth == 2
                && items.len() < MAX_ITEMS
            {
                items.push(value);
            }
            return true;
        }
        let is_key = frame.awaits_key;
        frame.awaits_key = !is_key;
        if is_key {
            if depth == 1 {
                self.is_packages = key.as_deref() == Some("packages");
            }
            return key.is_none_or(|key| frame.keys.insert(key));
        }
        if depth == 1 && self.is_packages {
            self.packages = Some(value);
        }
        true
    }
}

/// A plain scalar by YAML 1.2's core schema, as far as it matters: only a string is a glob.
fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_number(text) => Kind::Number(text.parse().unwrap_or(f64::NAN)),
        _ => Kind::String(text.to_owned()),
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let has = |prefix: &str, is_digit: fn(char) -> bool| {
        text.strip_prefix(prefix).is_some_and(|digits| !digits.is_empty() && digits.chars().all(is_digit))
    };
    has("0x", |found| found.is_ascii_hexdigit())
        || has("0o", |found| ('0'..='7').contains(&found))
        || matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
        || (unsigned.starts_with(|found: char| found.is_ascii_digit() || found == '.')
            && unsigned.bytes().any(|byte| byte.is_ascii_digit())
            && unsigned.parse::<f64>().is_ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<serde_json::Value> {
        packages(text).map(|node| node.to_json())
    }

    #[test]
    fn lists_are_read_in_both_styles() {
        let text = "# c\npackages:\n  - 'apps/*' # c\n  - \"a\"\n  - !x b\n\ncatalog:\n  packages: [z]\n  react: ^18\n";
        assert_eq!(shown(text), Some(serde_json::json!(["apps/*", "a", "b"])));
        assert_eq!(shown("{packages: [a/**, '!b']}"), Some(serde_json::json!(["a/**", "!b"])));
    }

    #[test]
    fn what_is_no_list_of_strings_is_kept_as_it_is() {
        assert_eq!(shown("packages: apps/*"), Some("apps/*".into()));
        assert_eq!(shown("packages:"), Some(serde_json::Value::Null));
        assert_eq!(
            shown("packages: [1, [a], {b: c}, true, 0x1F, 1e3]"),
            Some(serde_json::json!([1, [], {}, true, null, 1000]))
        );
        assert_eq!(shown("x: &a apps/*\npackages: [*a]"), Some(serde_json::json!(["apps/*"])));
    }

    #[test]
    fn a_file_that_the_engine_cannot_read_has_none() {
        for text in
            ["", "- a", "packages: [*nope]", "packages: [a\n", "a: 1\na: 2\npackages: [b]", "packages: [b]\n---\nx: 1"]
        {
            assert_eq!(shown(text), None, "{text:?}");
        }
    }
}
