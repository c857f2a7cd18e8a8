//! Why a document is rejected, and where.

use std::fmt;

use thiserror::Error;

use crate::text::span::{FileId, Span};

use super::outline::outline;

/// The rejection of a document, at the place where Netlify's parser reports it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct TomlError {
    /// Byte offset into the text.
    pub offset: usize,
    /// Line, from 1 (`smol-toml/dist/error.js`: lines end with a line feed).
    pub line: u32,
    /// Column in UTF-16 units, from 1 (`smol-toml/dist/error.js`).
    pub column: u32,
    /// What is wrong.
    pub reason: Reason,
    /// An earlier place that the error is about, such as the first definition of a key.
    pub related: Option<Span>,
}

impl TomlError {
    /// The string that the error is about because nothing closes it, if it lies on one line.
    #[must_use]
    pub fn unclosed_string(&self, text: &str, file: FileId) -> Option<Span> {
        matches!(self.reason, Reason::LineBreakInString | Reason::UnclosedString(_)).then_some(())?;
        let outline = outline(text);
        let before = outline.string_at(self.offset.saturating_sub(1));
        let literal = before.or_else(|| outline.string_at(self.offset))?;
        let is_on_one_line = !text.get(literal.range.clone())?.contains('\n');
        is_on_one_line.then(|| Span::new(file, literal.range.start, literal.range.end))
    }
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// A control character in a comment.
    #[error("{} is not allowed in a comment, only a tab is", Shown(*.0))]
    ControlInComment(char),
    /// A control character in a string.
    #[error("{} is not allowed in a string, write an escape such as \"\\u001F\" instead", Shown(*.0))]
    ControlInString(char),
    /// A line break in a string that has one quote on each side.
    #[error("the string is not closed on its line, only strings in triple quotes may hold line breaks")]
    LineBreakInString,
    /// A string without its closing quote.
    #[error("the string is never closed, expected {0}")]
    UnclosedString(&'static str),
    /// A backslash before a character that is no escape.
    #[error(
        "\"\\{0}\" is not an escape, allowed are \\b \\t \\n \\f \\r \\e \\\" \\\\ \\xHH \\uHHHH \\UHHHHHHHH; \
         write \"\\\\\" for a backslash or use single quotes"
    )]
    UnknownEscape(char),
    /// A backslash and spaces that are not at the end of a line.
    #[error("a backslash before spaces must end its line, write \"\\\\\" for a backslash")]
    EscapedSpace,
    /// A numeric escape with too few hexadecimal digits.
    #[error("\"\\{letter}\" needs {digits} hexadecimal digits")]
    ShortEscape {
        /// The letter after the backslash.
        letter: char,
        /// How many digits must follow.
        digits: usize,
    },
    /// A numeric escape for a surrogate or a number past U+10FFFF.
    #[error("U+{0:04X} is not a character, allowed are U+0000 to U+D7FF and U+E000 to U+10FFFF")]
    NotACharacter(u32),
    /// A key without a name, or with nothing between two dots.
    #[error("a key has no name here, write \"\" for an empty one")]
    EmptyKey,
    /// A key in triple quotes.
    #[error("a key cannot be a multi-line string, use one quote on each side")]
    MultilineKey,
    /// A character that a key cannot hold.
    #[error("{} is not allowed in a key, use letters, digits, \"_\" and \"-\" or quote the key", Shown(*.0))]
    KeyCharacter(char),
    /// The document ends inside a key.
    #[error("the key is not followed by \"{0}\"")]
    UnclosedKey(char),
    /// A table array header that is closed by one bracket.
    #[error("a header that starts with \"[[\" must end with \"]]\"")]
    UnclosedListHeader,
    /// A key without a value.
    #[error("the value is missing, expected a string, number, date, boolean, array or inline table")]
    MissingValue,
    /// Something that is no value; long ones are cut.
    #[error("\"{0}\" is not a value, text must be quoted")]
    InvalidValue(String),
    /// A number with a superfluous zero in front.
    #[error("a number cannot start with a superfluous 0, drop it or quote the value")]
    LeadingZero,
    /// An underscore that is not between two digits.
    #[error("\"_\" in a number must stand between two digits")]
    Underscore,
    /// A character that a number cannot hold.
    #[error("{} is not allowed in a number, text and versions must be quoted", Shown(*.0))]
    NumberCharacter(char),
    /// A number that ends where a digit must follow.
    #[error("the number is not finished, expected a digit")]
    UnfinishedNumber,
    /// An integer beyond the range that doubles hold exactly.
    #[error("the integer is too large, allowed are -9007199254740991 to 9007199254740991; quote it or write a float")]
    IntegerTooLarge,
    /// A date whose first ten characters are not `YYYY-MM-DD`.
    #[error("the date is malformed, expected YYYY-MM-DD")]
    MalformedDate,
    /// A date followed by something that is not `HH:MM`.
    #[error("the time of day after the date is malformed, expected HH:MM:SS")]
    MalformedTime,
    /// A date or time that does not exist; long ones are cut.
    #[error("\"{0}\" is not a date or time, expected YYYY-MM-DD, HH:MM:SS or both joined by \"T\"")]
    ImpossibleDate(String),
    /// A date whose time zone cannot be printed; the vendor's program fails when it turns the date into JSON.
    #[error("\"{0}\" is not a time zone offset, expected Z, +HH:MM or -HH:MM")]
    MalformedOffset(String),
    /// Something other than a comma or the closing bracket after an item.
    #[error("expected \",\" or \"{closer}\" after the item, found {}", Found(*.found))]
    ItemEnd {
        /// The bracket that would close the array or table.
        closer: char,
        /// What stands there; `None` at the end of the document.
        found: Option<char>,
    },
    /// An array or inline table without its closing bracket.
    #[error("the {name} is never closed, expected \"{0}\"", name = if *.0 == ']' { "array" } else { "inline table" })]
    Unclosed(char),
    /// More on a line after a value or a header.
    #[error("{} follows a finished value or header, expected the end of the line", Shown(*.0))]
    LineEnd(char),
    /// A carriage return without a line feed.
    #[error("a carriage return must be followed by a line feed, use LF or CRLF line ends")]
    LoneCarriageReturn,
    /// A key or table that is there already, or that cannot be extended here; long names are cut.
    #[error("\"{0}\" is already defined, a key or table can be defined once")]
    Redefined(String),
    /// Nesting beyond [`MAX_DEPTH`](super::MAX_DEPTH), where the vendor's parser stops, or beyond
    /// [`MAX_TREE_DEPTH`](super::MAX_TREE_DEPTH), which is a limit of this crate.
    #[error("the document is nested too deeply, at most {0} levels are accepted")]
    TooDeep(usize),
}

/// Longest piece of the text that a message repeats, in characters.
const QUOTED: usize = 60;

/// The start of a text that may be megabytes long, for a message.
pub(super) fn brief(text: impl IntoIterator<Item = char>) -> String {
    let mut characters = text.into_iter();
    let mut start: String = characters.by_ref().take(QUOTED).collect();
    if characters.next().is_some() {
        start.push('…');
    }
    start
}

/// A character in a message: itself in quotes, or its number when it cannot be seen.
struct Shown(char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            '"' => f.write_str("'\"'"),
            '\n' => f.write_str("a line break"),
            shown if shown.is_control() || (shown.is_whitespace() && shown != ' ') || shown == '\u{feff}' => {
                write!(f, "U+{:04X}", u32::from(shown))
            }
            shown => write!(f, "\"{shown}\""),
        }
    }
}

/// A character in a message, or the end of the document.
struct Found(Option<char>);

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(shown) => Shown(shown).fmt(f),
            None => f.write_str("the end of the document"),
        }
    }
}

/// A reason at a byte offset, before its line is known.
#[derive(Debug)]
pub(super) struct Fault {
    /// Byte offset, at a character boundary.
    pub(super) at: usize,
    /// Whether the place is in the middle of the character there, between its two UTF-16 units.
    pub(super) split: bool,
    /// What is wrong.
    pub(super) reason: Reason,
    /// An earlier place that it is about.
    pub(super) related: Option<Span>,
}

impl Fault {
    /// Makes a fault at a byte offset.
    pub(super) fn new(at: usize, reason: Reason) -> Fault {
        Fault { at, split: false, reason, related: None }
    }

    /// Counts the line and the column.
    pub(super) fn locate(self, text: &str) -> TomlError {
        let before = &text[..self.at.min(text.len())];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        let column = 1 + before[line_start..].encode_utf16().count() + usize::from(self.split);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        TomlError {
            offset: before.len(),
            line: count(line),
            column: count(column),
            reason: self.reason,
            related: self.related,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, QUOTED, Reason, brief};
    use crate::text::span::FileId;

    #[test]
    fn columns_count_utf16_units_and_lines_count_line_feeds() {
        let text = "a\r\n\u{1F600}é x";
        let error = Fault::new(text.len() - 1, Reason::MissingValue).locate(text);
        assert_eq!((error.line, error.column, error.offset), (2, 5, text.len() - 1));
    }

    #[test]
    fn the_string_that_nothing_closes_is_found() {
        let unclosed = |text: &str| {
            let error = crate::text::toml::parse(text, FileId(0)).err()?;
            error.unclosed_string(text, FileId(0)).map(|span| text[span.range()].to_owned())
        };
        assert_eq!(unclosed("a = \"x\nb = 1").as_deref(), Some("\"x"));
        assert_eq!(unclosed("a = 'x").as_deref(), Some("'x"));
        assert_eq!(unclosed("a = \"\"\"x\ny"), None);
        assert_eq!(unclosed("a = x"), None);
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        let error = Fault::new(99, Reason::MissingValue).locate("ab\n");
        assert_eq!((error.line, error.column, error.offset), (2, 1, 3));
    }

    #[test]
    fn long_texts_are_cut_in_messages() {
        assert_eq!(brief("é".repeat(QUOTED).chars()), "é".repeat(QUOTED));
        assert_eq!(brief("é".repeat(QUOTED + 1).chars()), format!("{}…", "é".repeat(QUOTED)));
    }

    #[test]
    fn characters_that_cannot_be_seen_are_named_by_number() {
        assert!(Reason::LineEnd('\u{7}').to_string().starts_with("U+0007 follows"));
        assert!(Reason::LineEnd('x').to_string().starts_with("\"x\" follows"));
        assert!(Reason::ItemEnd { closer: ']', found: None }.to_string().ends_with("found the end of the document"));
    }
}
