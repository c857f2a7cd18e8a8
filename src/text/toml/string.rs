//! Strings of all four kinds (`smol-toml/dist/primitive.js`).

use super::dialect::Construct;
use super::error::{Fault, Reason};
use super::scan::{Scanner, is_control};

/// What the next character means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Text to be taken over.
    Text,
    /// The character after a backslash.
    Escape,
    /// Blanks after a backslash; a line break must follow.
    Blanks,
    /// Blanks and line breaks after a backslash that ended its line.
    Fold,
}

/// A string that is being read.
struct Reader<'s, 't> {
    scanner: &'s mut Scanner<'t>,
    quote: u8,
    multiline: bool,
    mode: Mode,
    value: String,
    /// Start of the text not yet taken over, or the backslash that blanks follow.
    from: usize,
}

/// Reads the string that starts at the scanner.
pub(super) fn string(scanner: &mut Scanner<'_>) -> Result<String, Fault> {
    let start = scanner.at;
    let quote = scanner.byte().unwrap_or(b'"');
    let multiline = scanner.byte_ahead(1) == Some(quote) && scanner.byte_ahead(2) == Some(quote);
    scanner.at += if multiline { 3 } else { 1 };
    if multiline && scanner.at_line_break() {
        scanner.at += if scanner.byte() == Some(b'\r') { 2 } else { 1 };
    }
    let from = scanner.at;
    let mut reader = Reader { scanner, quote, multiline, mode: Mode::Text, value: String::new(), from };
    while let Some(byte) = reader.scanner.byte() {
        if reader.step(byte)? {
            return Ok(reader.value);
        }
    }
    let closer = match (quote, multiline) {
        (b'"', false) => "'\"'",
        (b'"', true) => "'\"\"\"'",
        (_, false) => "\"'\"",
        (_, true) => "\"'''\"",
    };
    Err(Fault::new(start, Reason::UnclosedString(closer)))
}

impl Reader<'_, '_> {
    /// Handles one byte; `true` when the string is complete.
    fn step(&mut self, byte: u8) -> Result<bool, Fault> {
        if self.multiline && self.scanner.at_line_break() {
            if self.mode != Mode::Text {
                self.mode = Mode::Fold;
            }
        } else if is_control(byte) {
            return Err(self.control(byte));
        } else if self.closes(byte) {
            self.finish();
            return Ok(true);
        } else {
            match self.mode {
                Mode::Text => self.text(byte),
                Mode::Escape => return self.escape(byte).map(|()| false),
                Mode::Blanks | Mode::Fold => self.blank(byte)?,
            }
        }
        self.scanner.at += 1;
        Ok(false)
    }

    fn control(&self, byte: u8) -> Fault {
        let breaks = byte == b'\n' || (byte == b'\r' && self.scanner.byte_ahead(1) == Some(b'\n'));
        match byte {
            _ if breaks => self.scanner.fault(Reason::LineBreakInString),
            _ => self.scanner.fault_about(Reason::ControlInString),
        }
    }

    fn closes(&self, byte: u8) -> bool {
        let quote = Some(self.quote);
        matches!(self.mode, Mode::Text | Mode::Fold)
            && byte == self.quote
            && (!self.multiline || (self.scanner.byte_ahead(1) == quote && self.scanner.byte_ahead(2) == quote))
    }

    /// Ends the string. Up to two quotes before the closing three belong to it, except right after a folded line,
    /// where the vendor's parser drops them.
    fn finish(&mut self) {
        let start = self.scanner.at;
        if self.multiline {
            for _ in 0..2 {
                self.scanner.at += usize::from(self.scanner.byte_ahead(3) == Some(self.quote));
            }
        }
        if self.mode == Mode::Text {
            self.take_over();
        }
        let closing = self.scanner.at;
        self.scanner.at += if self.multiline { 3 } else { 1 };
        if closing > start {
            self.scanner.note(Construct::QuoteBeforeClosing, start, closing);
        }
    }

    fn take_over(&mut self) {
        self.value.push_str(&self.scanner.text[self.from..self.scanner.at]);
        self.from = self.scanner.at;
    }

    fn text(&mut self, byte: u8) {
        if byte == b'\\' && self.quote == b'"' {
            self.take_over();
            self.mode = Mode::Escape;
        }
    }

    fn blank(&mut self, byte: u8) -> Result<(), Fault> {
        if matches!(byte, b' ' | b'\t') {
            return Ok(());
        }
        if self.mode == Mode::Blanks {
            return Err(Fault::new(self.from, Reason::EscapedSpace));
        }
        self.mode = if byte == b'\\' { Mode::Escape } else { Mode::Text };
        self.from = self.scanner.at;
        Ok(())
    }

    fn escape(&mut self, byte: u8) -> Result<(), Fault> {
        let simple = match byte {
            b'x' => return self.numeric(byte, 2),
            b'u' => return self.numeric(byte, 4),
            b'U' => return self.numeric(byte, 8),
            b' ' | b'\t' if self.multiline => {
                self.mode = Mode::Blanks;
                self.scanner.at += 1;
                return Ok(());
            }
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b'"' => '"',
            b'\\' => '\\',
            _ => return Err(self.scanner.fault_about(Reason::UnknownEscape)),
        };
        let at = self.scanner.at;
        if byte == b'e' {
            self.scanner.note(Construct::EscapeE, at - 1, at + 1);
        }
        self.scanner.at += 1;
        self.resume(simple);
        Ok(())
    }

    fn numeric(&mut self, letter: u8, digits: usize) -> Result<(), Fault> {
        let backslash = self.scanner.at - 1;
        self.scanner.at += 1;
        let mut number = 0;
        for _ in 0..digits {
            let digit = self.scanner.byte().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.scanner.fault(Reason::ShortEscape { letter: char::from(letter), digits }));
            };
            number = (number << 4) | digit;
            self.scanner.at += 1;
        }
        let Some(character) = char::from_u32(number) else {
            return Err(Fault::new(backslash, Reason::NotACharacter(number)));
        };
        if letter == b'x' {
            self.scanner.note(Construct::EscapeX, backslash, self.scanner.at);
        }
        self.resume(character);
        Ok(())
    }

    /// Goes on with text after an escape.
    fn resume(&mut self, character: char) {
        self.value.push(character);
        self.from = self.scanner.at;
        self.mode = Mode::Text;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::string;
    use crate::text::span::FileId;
    use crate::text::toml::error::Reason;
    use crate::text::toml::scan::Scanner;

    fn value(text: &str) -> String {
        let mut scanner = Scanner::new(text, FileId(0));
        let value = string(&mut scanner).unwrap();
        assert_eq!(scanner.at, text.len(), "all of {text} belongs to the string");
        value
    }

    fn fault(text: &str) -> (usize, Reason) {
        let fault = string(&mut Scanner::new(text, FileId(0))).unwrap_err();
        (fault.at, fault.reason)
    }

    #[test]
    fn escapes_are_resolved_in_double_quotes_only() {
        assert_eq!(value(r#""a\t\x41\u00e9\U0001F600\e\"\\""#), "a\tAé\u{1F600}\u{1b}\"\\");
        assert_eq!(value(r"'a\t'"), r"a\t");
    }

    #[test]
    fn the_first_line_break_of_triple_quotes_is_dropped() {
        assert_eq!(value("\"\"\"\r\n\na\r\n\"\"\""), "\na\r\n");
        assert_eq!(value("'''\n'a''b'''"), "'a''b");
    }

    #[test]
    fn a_backslash_at_the_end_of_a_line_folds_blanks() {
        assert_eq!(value("\"\"\"a \\  \n \t\r\n  b\"\"\""), "a b");
        assert_eq!(value("\"\"\"a\\\n  \\\n  \\tb\"\"\""), "a\tb");
        assert_eq!(value("\"\"\"a\\\n  \"\"\""), "a");
    }

    #[test]
    fn two_quotes_may_stand_before_the_closing_ones() {
        assert_eq!(value("\"\"\"a\"\"\"\"\""), "a\"\"");
        assert_eq!(value("''''a''''"), "'a'");
    }

    #[test]
    fn quotes_after_a_folded_line_are_dropped_with_the_closing_ones() {
        assert_eq!(value("\"\"\"a\\\n \"\"\"\"\""), "a");
    }

    #[test]
    fn faults_are_where_the_vendor_reports_them() {
        assert_eq!(fault("\"ab"), (0, Reason::UnclosedString("'\"'")));
        assert_eq!(fault("\"ab\n\""), (3, Reason::LineBreakInString));
        assert_eq!(fault("\"a\rb\""), (2, Reason::ControlInString('\r')));
        assert_eq!(fault("\"a\\é\""), (3, Reason::UnknownEscape('é')));
        assert_eq!(fault("\"\\u00g0\""), (5, Reason::ShortEscape { letter: 'u', digits: 4 }));
        assert_eq!(fault("\"\\uD800\""), (1, Reason::NotACharacter(0xd800)));
        assert_eq!(fault("\"\\UFFFFFFFF\""), (1, Reason::NotACharacter(u32::MAX)));
        assert_eq!(fault("\"\"\"a \\ b\"\"\""), (5, Reason::EscapedSpace));
    }
}
