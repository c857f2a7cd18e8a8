//! From text to tokens; the borders are those that the npm package `yaml` sees (`parse/lexer.js`).

mod scalar;

use super::token::TokenKind;

/// A token without its indentation, which only the nesting tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Stream,
    BlockStart,
    Content,
    Flow,
}

/// Reads a text state by state.
pub(super) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    state: State,
    /// Least indentation of the lines that continue a scalar.
    indent_next: usize,
    indent_value: usize,
    flow_level: usize,
    /// Whether `:` may follow at once, as after a quoted key in brackets.
    after_flow_key: bool,
    /// End of the line that was looked at last.
    line_end: Option<usize>,
    out: Vec<Lexeme>,
}

/// Whether white space, a line break or the end of the text is there.
fn is_blank(byte: Option<u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\n' | b'\r' | b'\t'))
}

fn is_flow_indicator(byte: Option<u8>) -> bool {
    matches!(byte, Some(b',' | b'[' | b']' | b'{' | b'}'))
}

fn ends_anchor(byte: Option<u8>) -> bool {
    is_blank(byte) || is_flow_indicator(byte)
}

fn is_tag_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-#;/?:@&=+$_.!~*'()".contains(&byte)
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Lexer<'a> {
        Lexer {
            text,
            bytes: text.as_bytes(),
            at: 0,
            state: State::Stream,
            indent_next: 0,
            indent_value: 0,
            flow_level: 0,
            after_flow_key: false,
            line_end: None,
            out: Vec::new(),
        }
    }

    /// Fills `out` with the next tokens; false at the end of the text.
    pub(super) fn advance(&mut self, out: &mut Vec<Lexeme>) -> bool {
        if self.at >= self.bytes.len() {
            return false;
        }
        std::mem::swap(&mut self.out, out);
        self.state = match self.state {
            State::Stream => self.stream(),
            State::BlockStart => self.block_start(),
            State::Content => self.content(),
            State::Flow => self.flow(),
        };
        std::mem::swap(&mut self.out, out);
        true
    }

    /// The byte at a place of the text.
    pub(super) fn byte_at(&self, at: usize) -> Option<u8> {
        self.get(at)
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn get(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn mark(&mut self, kind: TokenKind) {
        self.out.push(Lexeme { kind, start: self.at, end: self.at });
    }

    /// Ends a token there; its first bytes tell its kind. Empty ones are left out.
    fn cut(&mut self, end: usize) -> usize {
        let length = end.saturating_sub(self.at);
        if length > 0 {
            let kind = TokenKind::of(&self.text[self.at..end]);
            self.out.push(Lexeme { kind, start: self.at, end });
            self.at = end;
        }
        length
    }

    /// Ends a scalar there, which may be empty.
    fn cut_scalar(&mut self, end: usize) {
        let end = end.max(self.at);
        self.out.push(Lexeme { kind: TokenKind::Plain, start: self.at, end });
        self.at = end;
    }

    fn spaces(&mut self, allows_tabs: bool) -> usize {
        let mut end = self.at;
        while matches!(self.get(end), Some(b' ')) || (allows_tabs && matches!(self.get(end), Some(b'\t'))) {
            end += 1;
        }
        self.cut(end)
    }

    fn newline(&mut self) -> usize {
        match (self.byte(0), self.byte(1)) {
            (Some(b'\n'), _) => self.cut(self.at + 1),
            (Some(b'\r'), Some(b'\n')) => self.cut(self.at + 2),
            _ => 0,
        }
    }

    fn until(&mut self, is_end: impl Fn(Option<u8>) -> bool) -> usize {
        let mut end = self.at;
        while end < self.bytes.len() && !is_end(self.get(end)) {
            end += 1;
        }
        self.cut(end)
    }

    /// Where the line ends, without its line break.
    fn end_of_line(&mut self) -> usize {
        let end = match self.line_end {
            Some(end) if end >= self.at => end,
            _ => memchr(b'\n', self.bytes, self.at),
        };
        self.line_end = Some(end);
        let has_return = end < self.bytes.len() && end > self.at && self.bytes[end - 1] == b'\r';
        if has_return { end - 1 } else { end }
    }

    fn is_at_end_of_line(&self) -> bool {
        let mut at = self.at;
        while matches!(self.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        match self.get(at) {
            None | Some(b'#' | b'\n') => true,
            Some(b'\r') => self.get(at + 1) == Some(b'\n'),
            _ => false,
        }
    }

    fn is_document_marker(&self, at: usize) -> bool {
        matches!(self.bytes.get(at..at + 3), Some(b"---" | b"...")) && is_blank(self.get(at + 3))
    }

    fn stream(&mut self) -> State {
        if self.text[self.at..].starts_with('\u{feff}') {
            self.cut(self.at + 3);
        }
        let end = self.end_of_line();
        if self.byte(0) == Some(b'%') {
            self.directive(end);
            return State::Stream;
        }
        if self.is_at_end_of_line() {
            self.spaces(true);
            self.cut(end);
            self.newline();
            return State::Stream;
        }
        self.mark(TokenKind::DocumentMode);
        self.line_start()
    }

    fn directive(&mut self, end: usize) {
        let line = &self.bytes[self.at..end];
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
        let comment = (1..line.len()).find(|at| line[*at] == b'#' && is_space(&line[at - 1]));
        let mut stop = comment.map_or(line.len(), |at| at - 1);
        while stop > 0 && is_space(&line[stop - 1]) {
            stop -= 1;
        }
        self.cut(self.at + stop);
        self.spaces(true);
        self.cut(end);
    }

    fn line_start(&mut self) -> State {
        if self.is_document_marker(self.at) {
            let is_start = self.byte(0) == Some(b'-');
            self.cut(self.at + 3);
            (self.indent_value, self.indent_next) = (0, 0);
            return if is_start { State::Content } else { State::Stream };
        }
        self.indent_value = self.spaces(false);
        let width = self.text[self.at..].chars().next().map_or(1, char::len_utf8);
        if self.indent_next > self.indent_value && !is_blank(self.byte(width)) {
            self.indent_next = self.indent_value;
        }
        self.block_start()
    }

    fn block_start(&mut self) -> State {
        if matches!(self.byte(0), Some(b'-' | b'?' | b':')) && is_blank(self.byte(1)) {
            let width = self.cut(self.at + 1) + self.spaces(true);
            self.indent_next = self.indent_value + 1;
            self.indent_value += width;
            return State::BlockStart;
        }
        State::Content
    }

    fn content(&mut self) -> State {
        self.spaces(true);
        let end = self.end_of_line();
        self.indicators();
        let next = if self.at < end { self.byte(0) } else { None };
        match next {
            None | Some(b'#') => {
                self.cut(end);
                self.newline();
                self.line_start()
            }
            Some(b'{' | b'[') => {
                self.cut(self.at + 1);
                (self.after_flow_key, self.flow_level) = (false, 1);
                State::Flow
            }
            Some(b'}' | b']') => {
                self.cut(self.at + 1);
                State::Content
            }
            Some(b'*') => {
                self.until(ends_anchor);
                State::Content
            }
            Some(b'"' | b'\'') => self.quoted(),
            Some(b'|' | b'>') => self.block_scalar(end),
            Some(_) => self.plain(),
        }
    }

    fn flow(&mut self) -> State {
        let mut indent = None;
        loop {
            let breaks = self.newline();
            let mut spaces = 0;
            if breaks > 0 {
                spaces = self.spaces(false);
                self.indent_value = spaces;
                indent = Some(spaces);
            }
            if breaks + spaces + self.spaces(true) == 0 {
                break;
            }
        }
        let end = self.end_of_line();
        let first = if self.at < end { self.byte(0) } else { None };
        if self.leaves_flow(indent, first) {
            self.flow_level = 0;
            self.mark(TokenKind::BrokenFlow);
            return self.line_start();
        }
        while self.at < end && self.byte(0) == Some(b',') {
            self.cut(self.at + 1);
            self.spaces(true);
            self.after_flow_key = false;
        }
        self.indicators();
        let next = if self.at < end { self.byte(0) } else { None };
        self.flow_content(next, end)
    }

    /// Whether a line in brackets is not indented enough; the closing bracket alone may stand where the line began.
    fn leaves_flow(&self, indent: Option<usize>, first: Option<u8>) -> bool {
        let Some(indent) = indent else { return false };
        let is_out = indent < self.indent_next && first != Some(b'#');
        let is_marker = indent == 0 && self.is_document_marker(self.at);
        let closes = indent + 1 == self.indent_next && self.flow_level == 1 && matches!(first, Some(b']' | b'}'));
        (is_out || is_marker) && !closes
    }

    fn flow_content(&mut self, next: Option<u8>, end: usize) -> State {
        match next {
            None => State::Flow,
            Some(b'#') => {
                self.cut(end);
                State::Flow
            }
            Some(b'{' | b'[') => {
                self.cut(self.at + 1);
                self.after_flow_key = false;
                self.flow_level += 1;
                State::Flow
            }
            Some(b'}' | b']') => {
                self.cut(self.at + 1);
                self.after_flow_key = true;
                self.flow_level -= 1;
                if self.flow_level > 0 { State::Flow } else { State::Content }
            }
            Some(b'*') => {
                self.until(ends_anchor);
                State::Flow
            }
            Some(b'"' | b'\'') => {
                self.after_flow_key = true;
                self.quoted()
            }
            Some(b':') if self.after_flow_key || is_blank(self.byte(1)) || self.byte(1) == Some(b',') => {
                self.after_flow_key = false;
                self.cut(self.at + 1);
                self.spaces(true);
                State::Flow
            }
            Some(_) => {
                self.after_flow_key = false;
                self.plain()
            }
        }
    }

    /// Tags, anchors and the indicators `-`, `?`, `:`, with the spaces between them.
    fn indicators(&mut self) {
        loop {
            match self.byte(0) {
                Some(b'!') => {
                    self.tag();
                }
                Some(b'&') => {
                    self.until(ends_anchor);
                }
                Some(b'-' | b'?' | b':') => {
                    let is_in_flow = self.flow_level > 0;
                    let ends_here = is_blank(self.byte(1)) || (is_in_flow && is_flow_indicator(self.byte(1)));
                    if !ends_here {
                        return;
                    }
                    if is_in_flow {
                        self.after_flow_key = false;
                    } else {
                        self.indent_next = self.indent_value + 1;
                    }
                    self.cut(self.at + 1);
                }
                _ => return,
            }
            self.spaces(true);
        }
    }

    fn tag(&mut self) {
        let mut end = self.at + 1;
        if self.get(end) == Some(b'<') {
            while !is_blank(self.get(end)) && self.get(end) != Some(b'>') {
                end += 1;
            }
            end += usize::from(self.get(end) == Some(b'>'));
        } else {
            let is_hex = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_hexdigit());
            while let Some(byte) = self.get(end) {
                if is_tag_byte(byte) {
                    end += 1;
                } else if byte == b'%' && is_hex(self.get(end + 1)) && is_hex(self.get(end + 2)) {
                    end += 3;
                } else {
                    break;
                }
            }
        }
        self.cut(end);
    }
}

/// The place of that byte from there on, or the end.
fn memchr(byte: u8, bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|it| *it == byte).map_or(bytes.len(), |at| from + at)
}
