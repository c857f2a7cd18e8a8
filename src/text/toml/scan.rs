//! A position in the text, and the blanks, line breaks and comments between things.

use super::dialect::{Construct, DialectNote};
use super::error::{Fault, Reason};
use crate::text::span::{FileId, Span};

/// The text and how far it has been read.
pub(super) struct Scanner<'t> {
    /// The whole text.
    pub(super) text: &'t str,
    /// Byte offset of the next character.
    pub(super) at: usize,
    /// Whether a date ended between the two UTF-16 units of the next character.
    pub(super) split: bool,
    /// Number of the text.
    pub(super) file: FileId,
    /// What was met that other releases reject.
    pub(super) notes: Vec<DialectNote>,
    /// The first value that parses and cannot be turned into JSON, which fails after everything else.
    pub(super) unprintable: Option<Fault>,
}

/// What stood between two things.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Gap {
    /// Byte offset of the first line break that is not the end of a comment.
    pub(super) line_break: Option<usize>,
    /// Byte range of the first comment.
    pub(super) comment: Option<(usize, usize)>,
}

impl<'t> Scanner<'t> {
    /// Starts at the first byte.
    pub(super) fn new(text: &'t str, file: FileId) -> Scanner<'t> {
        Scanner { text, at: 0, split: false, file, notes: Vec::new(), unprintable: None }
    }

    /// The next byte.
    pub(super) fn byte(&self) -> Option<u8> {
        self.byte_ahead(0)
    }

    /// The byte that many bytes ahead.
    pub(super) fn byte_ahead(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    /// The UTF-16 unit that many units ahead.
    pub(super) fn unit(&self, ahead: usize) -> Option<u16> {
        self.text[self.at..].encode_utf16().nth(ahead)
    }

    /// The next character.
    pub(super) fn character(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Whether a line feed, or a carriage return and a line feed, comes next.
    pub(super) fn at_line_break(&self) -> bool {
        match self.byte() {
            Some(b'\n') => true,
            Some(b'\r') => self.byte_ahead(1) == Some(b'\n'),
            _ => false,
        }
    }

    /// The span from a byte offset to here.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    /// A fault at the next character.
    pub(super) fn fault(&self, reason: Reason) -> Fault {
        Fault { split: self.split, ..Fault::new(self.at, reason) }
    }

    /// A fault at the next character that is about that character.
    pub(super) fn fault_about(&self, reason: fn(char) -> Reason) -> Fault {
        self.fault(reason(self.character().unwrap_or('\0')))
    }

    /// Records something that other releases reject.
    pub(super) fn note(&mut self, construct: Construct, start: usize, end: usize) {
        self.notes.push(DialectNote { construct, span: Span::new(self.file, start, end) });
    }

    /// Skips spaces and tabs.
    pub(super) fn skip_blanks(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Skips blanks and a comment, up to the end of the line.
    pub(super) fn skip_line_rest(&mut self) -> Result<(), Fault> {
        self.skip_blanks();
        if self.byte() == Some(b'#') { self.skip_comment() } else { Ok(()) }
    }

    /// Skips blanks, line breaks and comments.
    pub(super) fn skip_void(&mut self) -> Result<Gap, Fault> {
        let mut gap = Gap::default();
        loop {
            self.skip_blanks();
            if self.at_line_break() {
                gap.line_break = gap.line_break.or(Some(self.at));
                self.at += 1;
            } else if self.byte() == Some(b'#') {
                let start = self.at;
                self.skip_comment()?;
                gap.comment = gap.comment.or(Some((start, self.at)));
                self.at += usize::from(self.at_line_break());
            } else {
                return Ok(gap);
            }
        }
    }

    fn skip_comment(&mut self) -> Result<(), Fault> {
        while let Some(byte) = self.byte() {
            if self.at_line_break() {
                break;
            }
            if is_control(byte) {
                return Err(self.fault_about(Reason::ControlInComment));
            }
            self.at += 1;
        }
        Ok(())
    }
}

/// Whether TOML forbids the byte in strings and comments: everything below a space except a tab, and DEL.
pub(super) fn is_control(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || byte == 0x7f
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Scanner;
    use crate::text::span::FileId;

    #[test]
    fn a_gap_ends_at_the_first_thing_that_is_not_void() {
        let mut scanner = Scanner::new(" \t\r\n # one\r\n\n#two\n x", FileId(0));
        let gap = scanner.skip_void().unwrap();
        assert_eq!(scanner.byte(), Some(b'x'));
        assert_eq!((gap.line_break, gap.comment), (Some(2), Some((5, 10))));
    }

    #[test]
    fn a_lone_carriage_return_is_not_a_line_break() {
        let mut scanner = Scanner::new(" \r x", FileId(0));
        assert!(scanner.skip_void().unwrap().line_break.is_none());
        assert_eq!(scanner.at, 1);
        assert!(Scanner::new("# a\rb", FileId(0)).skip_void().is_err());
    }

    #[test]
    fn units_ahead_are_counted_as_javascript_does() {
        let scanner = Scanner::new("\u{1F600}:é:", FileId(0));
        assert_eq!(scanner.unit(2), Some(u16::from(b':')));
        assert_eq!(scanner.unit(4), Some(u16::from(b':')));
        assert_eq!(scanner.unit(5), None);
    }
}
