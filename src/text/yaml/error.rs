//! Why a text is not YAML.

use crate::text::span::Span;

/// A fault of the syntax and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where the reader notices it.
    pub span: Span,
    /// Which fault.
    pub kind: ErrorKind,
    /// What is wrong, in one clause.
    pub message: String,
}

/// The kinds of fault; [`ErrorKind::code`] names them as the npm package `yaml` does (`errors.d.ts`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each name says it, and the messages say more")]
pub enum ErrorKind {
    AliasProperties,
    BadAlias,
    BadDirective,
    BadEscape,
    BadIndent,
    BadPropertyOrder,
    BadScalarStart,
    BlockAsImplicitKey,
    BlockInFlow,
    DuplicateKey,
    Impossible,
    KeyTooLong,
    MissingCharacter,
    MultilineImplicitKey,
    MultipleAnchors,
    MultipleDocuments,
    MultipleTags,
    TabAsIndent,
    TagUnresolved,
    UnexpectedToken,
    /// An alias that names no anchor, or a merge of what is no mapping.
    Alias,
    /// Too deep, or too much once every alias is followed.
    Exhaustion,
}

impl ErrorKind {
    /// The name that the npm package `yaml` gives it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            ErrorKind::AliasProperties => "ALIAS_PROPS",
            ErrorKind::BadAlias => "BAD_ALIAS",
            ErrorKind::BadDirective => "BAD_DIRECTIVE",
            ErrorKind::BadEscape => "BAD_DQ_ESCAPE",
            ErrorKind::BadIndent => "BAD_INDENT",
            ErrorKind::BadPropertyOrder => "BAD_PROP_ORDER",
            ErrorKind::BadScalarStart => "BAD_SCALAR_START",
            ErrorKind::BlockAsImplicitKey => "BLOCK_AS_IMPLICIT_KEY",
            ErrorKind::BlockInFlow => "BLOCK_IN_FLOW",
            ErrorKind::DuplicateKey => "DUPLICATE_KEY",
            ErrorKind::Impossible => "IMPOSSIBLE",
            ErrorKind::KeyTooLong => "KEY_OVER_1024_CHARS",
            ErrorKind::MissingCharacter => "MISSING_CHAR",
            ErrorKind::MultilineImplicitKey => "MULTILINE_IMPLICIT_KEY",
            ErrorKind::MultipleAnchors => "MULTIPLE_ANCHORS",
            ErrorKind::MultipleDocuments => "MULTIPLE_DOCS",
            ErrorKind::MultipleTags => "MULTIPLE_TAGS",
            ErrorKind::TabAsIndent => "TAB_AS_INDENT",
            ErrorKind::TagUnresolved => "TAG_RESOLVE_FAILED",
            ErrorKind::UnexpectedToken => "UNEXPECTED_TOKEN",
            ErrorKind::Alias => "ALIAS",
            ErrorKind::Exhaustion => "RESOURCE_EXHAUSTION",
        }
    }
}
