//! Settings at the top level of YAML files.

use super::{Setting, Written};
use crate::text::span::FileId;
use crate::text::tree::{Kind, Node};
use crate::text::yaml::{self, Document, ErrorKind};

/// The setting of a key of the outermost mapping.
///
/// A value with a tag (`!ENV`), an alias, a list or a mapping would have to be computed, and so would everything in a
/// file that is not YAML or holds several documents. Of repeated keys the last one counts, as for PyYAML.
#[must_use]
pub fn setting(text: &str, file: FileId, key: &str) -> Setting {
    let document = yaml::parse(text, file);
    if document.errors.iter().any(|error| error.kind != ErrorKind::DuplicateKey) {
        return Setting::Computed;
    }
    let Some(root) = &document.root else { return Setting::Absent };
    match &root.kind {
        Kind::Null => Setting::Absent,
        Kind::Table(table) => match table.get(key) {
            Some(value) => of_value(value, &document, text),
            None if has_merge(root, &document) => Setting::Computed,
            None => Setting::Absent,
        },
        _ => Setting::Computed,
    }
}

fn of_value(value: &Node, document: &Document, text: &str) -> Setting {
    if document.marks.is_alias(value.span) || document.marks.is_tagged(value.span) {
        return Setting::Computed;
    }
    match (&value.kind, yaml::scalar_text(value, text)) {
        (Kind::Null, _) => Setting::Absent,
        (_, Some(written)) => Setting::Written(Written::new(written, value.span)),
        (_, None) => Setting::Computed,
    }
}

/// Whether the outermost mapping takes keys of others.
fn has_merge(root: &Node, document: &Document) -> bool {
    let values = || root.as_table().into_iter().flat_map(|table| table.iter().map(|(_, entry)| entry.value.span));
    document.marks.merges.iter().any(|merge| values().all(|value| merge.start < value.start || value.end < merge.end))
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    fn read(text: &str) -> Setting {
        setting(text, FileId(0), "site_dir")
    }

    #[test]
    fn the_text_is_found_with_its_place() {
        let text = "site_name: Äpfel\nnav:\n  - site_dir: no\nsite_dir: 'out/html' # here\n";
        let Setting::Written(written) = read(text) else { panic!("{:?}", read(text)) };
        assert_eq!(written.text, "out/html");
        assert_eq!(&text[written.span.range()], "'out/html'");
    }

    #[test]
    fn what_only_a_run_would_tell_is_computed() {
        for text in [
            "site_dir: !ENV [OUT, site]",
            "site_dir: [a]",
            "a: &x b\nsite_dir: *x",
            "- site_dir",
            "a: [",
            "a: 1\n---\nb: 2",
        ] {
            assert_eq!(read(text), Setting::Computed, "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_absent() {
        for text in ["", "# nothing\n", "site_name: a\ntheme:\n  site_dir: b\n", "site_dir:\n", "site_dir: ~\n"] {
            assert_eq!(read(text), Setting::Absent, "{text}");
        }
    }
}
