//! How a document is written, as far as an editor must know.

use crate::text::span::Span;

/// Spans by the way in which they are written; each list is in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// Nodes that have an anchor, without the anchor itself.
    pub anchored: Vec<Span>,
    /// Aliases (`*name`).
    pub aliases: Vec<Span>,
    /// Merge keys (`<<`).
    pub merges: Vec<Span>,
    /// Keys that stand in their mapping a second time.
    pub duplicates: Vec<Span>,
    /// Nodes that have a tag, without the tag itself.
    pub tagged: Vec<Span>,
    /// Lists and mappings in brackets.
    pub flow: Vec<Span>,
    /// Scalars in single or double quotes.
    pub quoted: Vec<Span>,
    /// Block scalars (`|`, `>`), from the indicator to the end of the text.
    pub blocks: Vec<Span>,
}

impl Marks {
    /// Whether a change of this range could reach farther than it looks: it touches an anchor, an alias, a merge or a
    /// repeated key.
    #[must_use]
    pub fn is_shared(&self, span: Span) -> bool {
        let touches = |list: &[Span]| list.iter().any(|it| it.start < span.end && span.start < it.end);
        [&self.anchored, &self.aliases, &self.merges, &self.duplicates].into_iter().any(|list| touches(list))
    }

    /// Whether exactly this span is an alias.
    #[must_use]
    pub fn is_alias(&self, span: Span) -> bool {
        self.aliases.binary_search(&span).is_ok()
    }

    /// Whether exactly this span is a list or mapping in brackets.
    #[must_use]
    pub fn is_flow(&self, span: Span) -> bool {
        self.flow.binary_search(&span).is_ok()
    }

    /// Whether exactly this span has a tag.
    #[must_use]
    pub fn is_tagged(&self, span: Span) -> bool {
        self.tagged.binary_search(&span).is_ok()
    }

    pub(super) fn sort(&mut self) {
        let Marks { anchored, aliases, merges, duplicates, tagged, flow, quoted, blocks } = self;
        for list in [anchored, aliases, merges, duplicates, tagged, flow, quoted, blocks] {
            list.sort_unstable();
            list.dedup();
        }
    }
}
