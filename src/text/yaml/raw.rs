//! The nodes of a text as they are written, before aliases are followed.

use crate::text::span::Span;
use crate::text::tree::Kind;

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Quoted,
    Block,
}

/// A node as it is written; its span leaves out anchor and tag.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) span: Span,
    pub(super) anchor: Option<String>,
    pub(super) has_tag: bool,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Scalar {
        value: Kind,
        style: Style,
    },
    /// A key that brings the keys of other mappings.
    Merge,
    Alias(String),
    Sequence {
        items: Vec<Raw>,
        is_flow: bool,
    },
    Mapping {
        pairs: Vec<(Raw, Raw)>,
        is_flow: bool,
    },
}
