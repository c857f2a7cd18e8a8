//! The tokens of a text.

/// The kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    ByteOrderMark,
    /// A document begins with the next token; takes no place.
    DocumentMode,
    /// A list or mapping in brackets ends although its bracket has not come; takes no place.
    BrokenFlow,
    Plain,
    DocumentStart,
    DocumentEnd,
    Newline,
    /// `-`
    ItemIndicator,
    /// `?`
    KeyIndicator,
    /// `:`
    ValueIndicator,
    MappingOpen,
    MappingClose,
    SequenceOpen,
    SequenceClose,
    Comma,
    Space,
    Comment,
    Directive,
    Alias,
    Anchor,
    Tag,
    SingleQuoted,
    DoubleQuoted,
    /// `|` or `>` and what modifies it.
    BlockHeader,
    /// Text where none may stand.
    Stray,
}

impl TokenKind {
    /// The bit of this kind in a set of kinds.
    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }

    /// What a text is that was cut out for its place alone.
    pub(super) fn of(text: &str) -> TokenKind {
        match text {
            "---" => return TokenKind::DocumentStart,
            "..." => return TokenKind::DocumentEnd,
            "\u{feff}" => return TokenKind::ByteOrderMark,
            "\n" | "\r\n" | "" => return TokenKind::Newline,
            "-" => return TokenKind::ItemIndicator,
            "?" => return TokenKind::KeyIndicator,
            ":" => return TokenKind::ValueIndicator,
            "{" => return TokenKind::MappingOpen,
            "}" => return TokenKind::MappingClose,
            "[" => return TokenKind::SequenceOpen,
            "]" => return TokenKind::SequenceClose,
            "," => return TokenKind::Comma,
            _ => {}
        }
        match text.as_bytes()[0] {
            b' ' | b'\t' => TokenKind::Space,
            b'#' => TokenKind::Comment,
            b'%' => TokenKind::Directive,
            b'*' => TokenKind::Alias,
            b'&' => TokenKind::Anchor,
            b'!' => TokenKind::Tag,
            b'\'' => TokenKind::SingleQuoted,
            b'"' => TokenKind::DoubleQuoted,
            b'|' | b'>' => TokenKind::BlockHeader,
            _ => TokenKind::Stray,
        }
    }

    /// Its name in a message.
    pub(super) fn name(self) -> &'static str {
        match self {
            TokenKind::ByteOrderMark => "a byte order mark",
            TokenKind::DocumentMode | TokenKind::BrokenFlow | TokenKind::Stray | TokenKind::Plain => "text",
            TokenKind::DocumentStart => "\"---\"",
            TokenKind::DocumentEnd => "\"...\"",
            TokenKind::Newline => "a line break",
            TokenKind::ItemIndicator => "\"-\"",
            TokenKind::KeyIndicator => "\"?\"",
            TokenKind::ValueIndicator => "\":\"",
            TokenKind::MappingOpen => "\"{\"",
            TokenKind::MappingClose => "\"}\"",
            TokenKind::SequenceOpen => "\"[\"",
            TokenKind::SequenceClose => "\"]\"",
            TokenKind::Comma => "\",\"",
            TokenKind::Space => "white space",
            TokenKind::Comment => "a comment",
            TokenKind::Directive => "a directive",
            TokenKind::Alias => "an alias",
            TokenKind::Anchor => "an anchor",
            TokenKind::Tag => "a tag",
            TokenKind::SingleQuoted | TokenKind::DoubleQuoted => "a quoted text",
            TokenKind::BlockHeader => "the head of a block of text",
        }
    }
}

/// A token, its place, and the indentation of its line as far as it counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) indent: usize,
}
