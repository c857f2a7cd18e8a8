//! Texts of a workflow, in which expressions may stand.

use crate::text::span::Span;
use crate::text::tree::{Node, Table};
use crate::text::yaml;

use super::expression;

/// A scalar as the runner reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text; expressions stand in it as they were written.
    pub value: String,
    /// Where it was written.
    pub span: Span,
}

impl Text {
    /// The text of a scalar.
    #[must_use]
    pub fn read(node: &Node, source: &str) -> Option<Text> {
        Some(Text { value: yaml::scalar_text(node, source)?.into_owned(), span: node.span })
    }

    /// The text, if no expression is in it.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        (!expression::is_in(&self.value)).then_some(self.value.as_str())
    }
}

/// Variables that a workflow, a job or a step sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables(pub Vec<(String, Text)>);

impl Variables {
    pub(super) fn read(node: Option<&Node>, source: &str) -> Variables {
        let table = node.and_then(Node::as_table);
        let entries = table.into_iter().flat_map(Table::iter);
        Variables(
            entries.filter_map(|(name, entry)| Some((name.to_owned(), Text::read(&entry.value, source)?))).collect(),
        )
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Text> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text)
    }
}
