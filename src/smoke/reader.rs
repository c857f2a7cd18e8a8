//! A place in a text that moves forward.

use super::fault::Fault;

/// A text and how far it has been read.
#[derive(Debug, Clone)]
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Comments that are meant for us, by where they begin.
    pub(super) notes: Vec<(usize, &'t str)>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader { text, at: 0, notes: Vec::new() }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn seek(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub(super) fn since(&self, start: usize) -> &'t str {
        &self.text[start..self.at]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.at += found.len_utf8();
        Some(found)
    }

    pub(super) fn starts_with(&self, literal: &str) -> bool {
        self.rest().starts_with(literal)
    }

    /// Takes a literal if it is next.
    pub(super) fn take(&mut self, literal: &str) -> bool {
        let is_next = self.starts_with(literal);
        if is_next {
            self.at += literal.len();
        }
        is_next
    }

    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.since(start)
    }

    pub(super) fn blanks(&mut self) -> bool {
        !self.take_while(|c| c == ' ' || c == '\t').is_empty()
    }

    pub(super) fn expect(&mut self, literal: &str) -> Result<(), Fault> {
        if self.take(literal) { Ok(()) } else { Err(self.wrong(&format!("\"{literal}\" is missing"))) }
    }

    /// A fault of what is next.
    pub(super) fn wrong(&self, message: &str) -> Fault {
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let length = if length == 0 { 0 } else { rest.chars().take(40).map(char::len_utf8).sum::<usize>().min(length) };
        Fault::syntax(self.at..self.at + length, message)
    }

    /// Takes the rest of a line: blanks, a comment, the line break.
    pub(super) fn line_end(&mut self) -> Result<(), Fault> {
        self.blanks();
        self.comment();
        if self.is_at_end() || self.take("\n") || self.take("\r\n") {
            return Ok(());
        }
        Err(self.wrong("the line should end here"))
    }

    fn comment(&mut self) {
        let start = self.at;
        if !self.take("#") {
            return;
        }
        let line = self.rest().split('\n').next().unwrap_or_default();
        self.at += line.strip_suffix('\r').unwrap_or(line).len();
        let said = self.since(start + 1).trim();
        let is_new = self.notes.last().is_none_or(|(last, _)| *last < start);
        if let Some(note) = said.strip_prefix("chimera:").filter(|_| is_new) {
            self.notes.push((start, note));
        }
    }

    /// Takes lines that say nothing.
    pub(super) fn empty_lines(&mut self) {
        while !self.is_at_end() {
            let start = self.at;
            if self.line_end().is_err() {
                self.at = start;
                return;
            }
        }
    }
}
