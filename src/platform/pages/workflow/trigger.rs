//! When a workflow runs.

use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

use super::{Text, glob};

/// One event that starts a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name: `push`.
    pub name: String,
    /// Where the name is written.
    pub span: Span,
    /// For which branches and tags.
    pub filter: Filter,
}

/// The filters of `push` and `pull_request`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// `branches`.
    pub branches: Option<Vec<Text>>,
    /// `branches-ignore`.
    pub branches_ignore: Option<Vec<Text>>,
    /// `tags`.
    pub tags: Option<Vec<Text>>,
    /// `tags-ignore`.
    pub tags_ignore: Option<Vec<Text>>,
    /// The types of activity, for events that have such.
    pub types: Option<Vec<Text>>,
}

impl Filter {
    fn read(node: &Node, source: &str) -> Filter {
        let list = |key: &str| texts(node.at(&[key])?, source);
        Filter {
            branches: list("branches"),
            branches_ignore: list("branches-ignore"),
            tags: list("tags"),
            tags_ignore: list("tags-ignore"),
            types: list("types"),
        }
    }

    /// Whether a push to a branch passes; `None` when a pattern is not understood.
    #[must_use]
    pub fn passes_branch(&self, branch: &str) -> Option<bool> {
        if let Some(patterns) = &self.branches {
            return passes(patterns, branch);
        }
        match &self.branches_ignore {
            Some(patterns) => passes(patterns, branch).map(|is_ignored| !is_ignored),
            None => Some(self.tags.is_none() && self.tags_ignore.is_none()),
        }
    }
}

/// Whether a list of patterns lets a name through: the last one that fits decides.
fn passes(patterns: &[Text], name: &str) -> Option<bool> {
    let mut is_in = false;
    for pattern in patterns {
        let pattern = pattern.plain()?;
        match pattern.strip_prefix('!') {
            Some(pattern) if glob::fits(pattern, name)? => is_in = false,
            None if glob::fits(pattern, name)? => is_in = true,
            _ => {}
        }
    }
    Some(is_in)
}

/// The events that start a workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triggers {
    /// The events, in the order of the file.
    pub events: Vec<Event>,
    /// Whether all of them could be read.
    pub is_known: bool,
}

impl Triggers {
    pub(super) fn read(node: Option<&Node>, source: &str) -> Triggers {
        let Some(node) = node else { return Triggers::default() };
        let bare = |text: Text| Event { name: text.value, span: text.span, filter: Filter::default() };
        match &node.kind {
            Kind::String(_) => {
                Triggers { events: Text::read(node, source).map(bare).into_iter().collect(), is_known: true }
            }
            Kind::Array(_) => {
                let names = texts(node, source);
                Triggers { is_known: names.is_some(), events: names.into_iter().flatten().map(bare).collect() }
            }
            Kind::Table(table) => Triggers { events: of_table(table, source), is_known: true },
            _ => Triggers::default(),
        }
    }

    /// The event of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.name == name)
    }
}

fn of_table(table: &Table, source: &str) -> Vec<Event> {
    let event = |(name, entry): (&str, &crate::text::tree::Entry)| Event {
        name: name.to_owned(),
        span: entry.key_span,
        filter: Filter::read(&entry.value, source),
    };
    table.iter().map(event).collect()
}

/// The texts of a list, or of one scalar; `None` when something else stands there.
fn texts(node: &Node, source: &str) -> Option<Vec<Text>> {
    match &node.kind {
        Kind::Array(items) => items.iter().map(|item| Text::read(item, source)).collect(),
        Kind::Null => None,
        _ => Some(vec![Text::read(node, source)?]),
    }
}
