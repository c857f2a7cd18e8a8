//! Words of a command line: quotes, escapes, and what only the shell will know.

use super::shell::ParseError;

/// One word after quote removal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// The text; expansions stand in it as they were written.
    pub text: String,
    /// Whether a variable or a command substitution is in it, so that the text is not what the program gets.
    pub is_dynamic: bool,
    /// Whether a part of it was quoted or escaped.
    pub is_quoted: bool,
    /// Whether the shell may make several words of it (`*`, `?`, `[`, `{a,b}`).
    pub has_pattern: bool,
    /// First byte in the command's text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

impl Word {
    /// The text, if nothing in it is left to the shell.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        (!self.is_dynamic && !self.has_pattern).then_some(self.text.as_str())
    }

    /// A word that was not written, such as an argument that a runner adds.
    #[must_use]
    pub fn bare(text: impl Into<String>, start: usize, end: usize) -> Word {
        Word { text: text.into(), start, end, ..Word::default() }
    }
}

/// The deepest nesting of substitutions that is read.
const MAX_DEPTH: usize = 32;

/// Reads the characters of one text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.text.as_bytes()[self.at..].starts_with(text.as_bytes())
    }

    /// Passes over spaces, line continuations and comments, but not over line ends.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') if self.peek_at(1) == Some(b'\n') => self.at += 2,
                Some(b'#') => {
                    let rest = &self.text.as_bytes()[self.at..];
                    self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                }
                _ => return,
            }
        }
    }

    /// Reads a word; `None` when there is an operator or nothing.
    pub(super) fn word(&mut self) -> Result<Option<Word>, ParseError> {
        let mut word = Word { start: self.at, ..Word::default() };
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'|' | b'&' | b';' | b'(' | b')' | b'<' | b'>' => break,
                b'\\' if self.peek_at(1) == Some(b'\n') => self.at += 2,
                b'\\' => {
                    word.is_quoted = true;
                    self.at += 1;
                    self.push_char(&mut word);
                }
                b'\'' => self.single_quoted(&mut word)?,
                b'"' => self.double_quoted(&mut word)?,
                b'$' | b'`' => self.expansion(&mut word)?,
                b'~' if self.at == word.start => {
                    word.is_dynamic = true;
                    self.push_char(&mut word);
                }
                _ => {
                    word.has_pattern |= matches!(byte, b'*' | b'?' | b'[') || self.is_brace_expansion(byte);
                    self.push_char(&mut word);
                }
            }
        }
        word.end = self.at;
        let is_test = matches!(word.text.as_str(), "[" | "[[");
        word.has_pattern &= !is_test;
        Ok((word.end > word.start).then_some(word))
    }

    /// Copies the character at the cursor, whatever it is.
    fn push_char(&mut self, word: &mut Word) {
        if let Some(character) = self.text[self.at..].chars().next() {
            word.text.push(character);
            self.at += character.len_utf8();
        }
    }

    fn is_brace_expansion(&self, byte: u8) -> bool {
        let inside = || {
            let rest = self.text.as_bytes()[self.at..].iter().take(256);
            rest.take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'}').any(|byte| *byte == b',')
        };
        byte == b'{' && inside()
    }

    fn single_quoted(&mut self, word: &mut Word) -> Result<(), ParseError> {
        word.is_quoted = true;
        let open = self.at;
        let start = open + 1;
        let Some(length) = self.text[start..].find('\'') else {
            return Err(ParseError::syntax(open, "a single quote is not closed"));
        };
        word.text.push_str(&self.text[start..start + length]);
        self.at = start + length + 1;
        Ok(())
    }

    fn double_quoted(&mut self, word: &mut Word) -> Result<(), ParseError> {
        word.is_quoted = true;
        let open = self.at;
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => match self.peek_at(1) {
                    Some(b'\n') => self.at += 2,
                    Some(b'$' | b'`' | b'"' | b'\\') => {
                        self.at += 1;
                        self.push_char(word);
                    }
                    _ => self.push_char(word),
                },
                b'$' | b'`' => self.expansion(word)?,
                _ => self.push_char(word),
            }
        }
        Err(ParseError::syntax(open, "a double quote is not closed"))
    }

    /// A `$…` or `` `…` ``: passed over, copied as written.
    fn expansion(&mut self, word: &mut Word) -> Result<(), ParseError> {
        let start = self.at;
        self.skip_expansion(0)?;
        let written = &self.text[start..self.at];
        word.is_dynamic |= written != "$";
        word.text.push_str(written);
        Ok(())
    }

    fn skip_expansion(&mut self, depth: usize) -> Result<(), ParseError> {
        if depth > MAX_DEPTH {
            return Err(ParseError::Unsupported { at: self.at, what: "substitutions nested very deeply" });
        }
        let start = self.at;
        if self.peek() == Some(b'`') {
            self.at += 1;
            return self.skip_quoted(start, b'`', None);
        }
        match self.peek_at(1) {
            Some(b'(') => {
                self.at += 2;
                self.skip_to(b')', depth + 1, start)
            }
            Some(b'{') => {
                self.at += 2;
                self.skip_to(b'}', depth + 1, start)
            }
            Some(b'\'') => {
                self.at += 2;
                self.skip_quoted(start, b'\'', None)
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                self.at += 1;
                while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                    self.at += 1;
                }
                Ok(())
            }
            Some(byte) if byte.is_ascii_digit() || b"?#@*!$-".contains(&byte) => {
                self.at += 2;
                Ok(())
            }
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    fn skip_escaped(&mut self) {
        self.at += 1;
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
    }

    /// Passes over a quoted text up to its closing quote; substitutions count inside when there is a depth.
    fn skip_quoted(&mut self, open: usize, quote: u8, depth: Option<usize>) -> Result<(), ParseError> {
        while let Some(byte) = self.peek() {
            match (byte, depth) {
                _ if byte == quote => {
                    self.at += 1;
                    return Ok(());
                }
                (b'\\', _) => self.skip_escaped(),
                (b'$' | b'`', Some(depth)) => self.skip_expansion(depth)?,
                _ => self.at += 1,
            }
        }
        let what = match quote {
            b'`' => "a backquote is not closed",
            b'"' => "a double quote is not closed",
            _ => "a single quote is not closed",
        };
        Err(ParseError::syntax(open, what))
    }

    /// Passes over everything up to the closing bracket, with the quotes and substitutions inside.
    fn skip_to(&mut self, close: u8, depth: usize, open: usize) -> Result<(), ParseError> {
        let mut level = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\\' => self.skip_escaped(),
                b'\'' if close == b')' => self.single_quoted(&mut Word::default())?,
                b'"' => {
                    self.at += 1;
                    self.skip_quoted(self.at - 1, b'"', Some(depth))?;
                }
                b'$' | b'`' => self.skip_expansion(depth)?,
                b'(' if close == b')' => {
                    level += 1;
                    self.at += 1;
                }
                _ if byte == close => {
                    self.at += 1;
                    if level == 0 {
                        return Ok(());
                    }
                    level -= 1;
                }
                _ => self.at += 1,
            }
        }
        Err(ParseError::syntax(open, "a substitution is not closed"))
    }
}
