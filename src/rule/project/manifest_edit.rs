//! Changes of a manifest that keep everything else as it is written.

use crate::rule::fix::Change;
use crate::text::span::{FileId, Span};
use crate::text::tree::{Entry, Node, Table};

/// A manifest's text.
#[derive(Clone, Copy)]
pub(in crate::rule) struct ManifestText<'a> {
    pub(in crate::rule) file: FileId,
    pub(in crate::rule) text: &'a str,
    pub(in crate::rule) root: &'a Node,
}

impl ManifestText<'_> {
    /// Lists a package in a field that may have to be made; none if it is there, or if the place is written oddly.
    pub(in crate::rule) fn add_dependency(&self, field: &str, name: &str, version: &str) -> Option<Change> {
        let root = self.root.as_table()?;
        let line = format!("{}: {}", quoted(name), quoted(version));
        let (table, line) = match root.get(field) {
            Some(node) => (node.as_table().filter(|table| !table.contains_key(name) && !table.is_empty())?, line),
            None => {
                let (break_, indent) = (self.line_break(), self.indent(root)?);
                (root, format!("{}: {{{break_}{indent}{indent}{line}{break_}{indent}}}", quoted(field)))
            }
        };
        let last = table.iter().map(|(_, entry)| entry).max_by_key(|entry| entry.value.span.end)?;
        let end = last.value.span.end as usize;
        let before = match self.own_indent(last) {
            Some(indent) => format!(",{}{indent}", self.line_break()),
            None => ", ".to_owned(),
        };
        self.text.get(..end)?;
        Some(Change::Edit { span: Span::new(self.file, end, end), text: format!("{before}{line}") })
    }

    /// Takes a package out of a field, with its line and one comma.
    pub(in crate::rule) fn remove_dependency(&self, field: &str, name: &str) -> Option<Change> {
        let table = self.root.as_table()?.get(field)?.as_table()?;
        let entry = table.iter().find(|(key, _)| *key == name)?.1;
        let (start, end) = (entry.key_span.start as usize, entry.value.span.end as usize);
        let after = self.text.get(end..)?;
        let range = match after.trim_start().strip_prefix(',') {
            Some(rest) => start..self.text.len() - rest.trim_start().len(),
            None => self.text.get(..start)?.trim_end().trim_end_matches(',').len()..end,
        };
        Some(Change::Edit { span: Span::new(self.file, range.start, range.end), text: String::new() })
    }

    /// What stands before a key that begins its line.
    fn own_indent(&self, entry: &Entry) -> Option<&str> {
        let before = self.text.get(..entry.key_span.start as usize)?;
        let indent = &before[before.rfind('\n')? + 1..];
        indent.trim().is_empty().then_some(indent)
    }

    fn indent(&self, root: &Table) -> Option<&str> {
        root.iter().find_map(|(_, entry)| self.own_indent(entry))
    }

    fn line_break(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::text::json;

    fn added(text: &str) -> Option<String> {
        let root = json::parse(text, FileId(0)).unwrap();
        let manifest = ManifestText { file: FileId(0), text, root: &root };
        let Change::Edit { span, text: new } = manifest.add_dependency("dependencies", "a", "1")? else { return None };
        let after = format!("{}{new}{}", &text[..span.range().start], &text[span.range().end..]);
        assert!(json::parse(&after, FileId(0)).is_ok(), "{after}");
        Some(after)
    }

    #[test]
    fn a_package_is_listed_behind_the_last_one() {
        let text = "{\n  \"dependencies\": {\n    \"b\": \"2\"\n  }\n}\n";
        let expected = "{\n  \"dependencies\": {\n    \"b\": \"2\",\n    \"a\": \"1\"\n  }\n}\n";
        assert_eq!(added(text).as_deref(), Some(expected));
        assert_eq!(
            added("{\"dependencies\": {\"b\": \"2\"}}").as_deref(),
            Some("{\"dependencies\": {\"b\": \"2\", \"a\": \"1\"}}")
        );
    }

    #[test]
    fn a_missing_field_is_made() {
        let text = "{\n\t\"name\": \"x\"\n}\n";
        assert_eq!(
            added(text).as_deref(),
            Some("{\n\t\"name\": \"x\",\n\t\"dependencies\": {\n\t\t\"a\": \"1\"\n\t}\n}\n")
        );
    }

    #[test]
    fn a_package_is_taken_out_with_one_comma() {
        for (text, expected) in [
            ("{\"d\": {\n  \"a\": \"1\",\n  \"b\": \"2\"\n}}", "{\"d\": {\n  \"b\": \"2\"\n}}"),
            ("{\"d\": {\n  \"b\": \"2\",\n  \"a\": \"1\"\n}}", "{\"d\": {\n  \"b\": \"2\"\n}}"),
            ("{\"d\": {\"a\": \"1\"}}", "{\"d\": {}}"),
        ] {
            let root = json::parse(text, FileId(0)).unwrap();
            let manifest = ManifestText { file: FileId(0), text, root: &root };
            let Some(Change::Edit { span, .. }) = manifest.remove_dependency("d", "a") else { unreachable!() };
            assert_eq!(format!("{}{}", &text[..span.range().start], &text[span.range().end..]), expected);
        }
    }

    #[test]
    fn what_is_there_or_written_oddly_is_left_alone() {
        for text in
            ["{}", "[]", "{\"dependencies\": []}", "{\"dependencies\": {}}", "{\"dependencies\": {\"a\": \"0\"}}"]
        {
            assert_eq!(added(text), None, "{text}");
        }
    }
}
