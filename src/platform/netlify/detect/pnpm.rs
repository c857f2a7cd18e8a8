//! The `packages` of `pnpm-workspace.yaml`.

use crate::text::span::FileId;
use crate::text::tree::{Kind, Node};
use crate::text::yaml;

/// More items than this are not kept.
const MAX_ITEMS: usize = 1_000;

/// The value of `packages`; `None` when it is missing or the file is not YAML.
pub(super) fn packages(text: &str) -> Option<Node> {
    let document = yaml::parse(text, FileId::NONE);
    let mut packages = document.is_ok().then_some(document.root?)?.as_table_mut()?.remove("packages")?.value;
    if let Kind::Array(items) = &mut packages.kind {
        items.truncate(MAX_ITEMS);
    }
    Some(packages)
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
            Some(serde_json::json!([1, ["a"], {"b": "c"}, true, 31, 1000]))
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
