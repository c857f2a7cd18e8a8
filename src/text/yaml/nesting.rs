//! From tokens to their nesting, by the rules of indentation of the npm package `yaml` (`parse/parser.js`).

mod attach;
mod flow;
mod mapping;

use super::lexer::{Lexeme, Lexer};
use super::part::{Block, Body, Collection, Flow, Item, Leaf, Part, Run};
use super::token::{Token, TokenKind};

/// What a text is made of.
#[derive(Debug)]
pub(super) enum Piece {
    Directive(Token),
    Document(Body),
    DocumentEnd {
        mark: Token,
        tail: Run,
    },
    /// A token where it may not stand, outside every node.
    Stray(Token),
}

/// Reads the pieces of a text up to its second document.
pub(super) struct Nesting<'a> {
    lexer: Lexer<'a>,
    stack: Vec<Part>,
    token: Token,
    indent: usize,
    is_at_line_start: bool,
    /// On the line of the key of a mapping by indentation.
    is_on_key_line: bool,
    max_depth: usize,
    too_deep: Option<usize>,
    pieces: Vec<Piece>,
    documents: usize,
}

/// What becomes of a token.
enum Outcome {
    Taken,
    /// The innermost node ends, and the next one takes the token.
    Ends,
}

use Outcome::{Ends, Taken};

impl<'a> Nesting<'a> {
    pub(super) fn new(text: &'a str, max_depth: usize) -> Nesting<'a> {
        Nesting {
            lexer: Lexer::new(text),
            stack: Vec::new(),
            token: Token { kind: TokenKind::Space, start: 0, end: 0, indent: 0 },
            indent: 0,
            is_at_line_start: true,
            is_on_key_line: false,
            max_depth,
            too_deep: None,
            pieces: Vec::new(),
            documents: 0,
        }
    }

    /// The pieces.
    ///
    /// # Errors
    /// Where nodes are nested too deep.
    pub(super) fn read(mut self) -> Result<Vec<Piece>, usize> {
        let mut lexemes = Vec::new();
        while self.lexer.advance(&mut lexemes) {
            for lexeme in lexemes.drain(..) {
                self.take(lexeme);
            }
            if let Some(at) = self.too_deep {
                return Err(at);
            }
            if self.documents > 1 {
                return Ok(self.pieces);
            }
        }
        while !self.stack.is_empty() {
            self.pop();
        }
        Ok(self.pieces)
    }

    fn take(&mut self, lexeme: Lexeme) {
        let Lexeme { kind, start, end } = lexeme;
        if kind == TokenKind::Plain {
            self.is_at_line_start = false;
        }
        self.token = Token { kind, start, end, indent: self.indent };
        if kind == TokenKind::Stray {
            self.attach(Part::Stray(self.token));
            return;
        }
        self.step();
        if self.stack.len() > self.max_depth {
            self.too_deep = Some(start);
        }
        match kind {
            TokenKind::Newline => (self.is_at_line_start, self.indent) = (true, 0),
            TokenKind::Space => {
                // Only a run that begins with a space indents.
                if self.is_at_line_start && !self.begins_with_tab(start) {
                    self.indent += end - start;
                }
            }
            TokenKind::KeyIndicator | TokenKind::ValueIndicator | TokenKind::ItemIndicator => {
                self.indent += if self.is_at_line_start { end - start } else { 0 };
            }
            TokenKind::DocumentMode | TokenKind::BrokenFlow | TokenKind::Plain => {}
            _ => self.is_at_line_start = false,
        }
    }

    fn begins_with_tab(&self, at: usize) -> bool {
        self.lexer.byte_at(at) == Some(b'\t')
    }

    fn step(&mut self) {
        if self.token.kind == TokenKind::DocumentEnd && !matches!(self.stack.last(), Some(Part::DocumentEnd { .. })) {
            while !self.stack.is_empty() {
                self.pop();
            }
            self.stack.push(Part::DocumentEnd { mark: self.token, tail: Run::default() });
            return;
        }
        loop {
            let outcome = match self.stack.last() {
                None => self.in_stream(),
                Some(Part::Document(_)) => self.in_document(),
                Some(Part::Leaf(_)) => self.in_leaf(),
                Some(Part::Block(_)) => self.in_block(),
                Some(Part::Mapping(_)) => self.in_mapping(),
                Some(Part::Sequence(_)) => self.in_sequence(),
                Some(Part::Flow(_)) => self.in_flow(),
                Some(Part::DocumentEnd { .. }) => self.in_document_end(),
                Some(Part::Stray(_)) => {
                    self.pop();
                    Taken
                }
            };
            match outcome {
                Taken => return,
                Ends => self.pop(),
            }
        }
    }

    /// Ends the innermost node.
    fn pop(&mut self) {
        if let Some(part) = self.stack.pop() {
            self.attach(part);
        }
    }

    fn in_stream(&mut self) -> Outcome {
        match self.token.kind {
            TokenKind::Directive => self.pieces.push(Piece::Directive(self.token)),
            TokenKind::ByteOrderMark | TokenKind::Space | TokenKind::Comment | TokenKind::Newline => {}
            TokenKind::DocumentMode | TokenKind::DocumentStart => {
                let mut head = Run::default();
                if self.token.kind == TokenKind::DocumentStart {
                    head.push(self.token);
                }
                self.stack.push(Part::Document(Body { start: self.token.start, head, value: None, tail: None }));
            }
            _ => self.pieces.push(Piece::Stray(self.token)),
        }
        Taken
    }

    fn in_document(&mut self) -> Outcome {
        let Some(Part::Document(body)) = self.stack.last_mut() else { return Taken };
        if body.value.is_some() {
            return self.end_of_line();
        }
        match self.token.kind {
            TokenKind::DocumentStart => {
                if !body.head.is_void() {
                    return Ends;
                }
                body.head.push(self.token);
            }
            TokenKind::Anchor | TokenKind::Tag | TokenKind::Space | TokenKind::Comment | TokenKind::Newline => {
                body.head.push(self.token);
            }
            _ => {
                if !self.open() {
                    self.pieces.push(Piece::Stray(self.token));
                }
            }
        }
        Taken
    }

    fn in_leaf(&mut self) -> Outcome {
        if self.token.kind != TokenKind::ValueIndicator {
            return self.end_of_line();
        }
        let Some(Part::Leaf(mut leaf)) = self.stack.pop() else { return Taken };
        let start = self.take_props_of_top();
        let mut separator = leaf.tail.take().unwrap_or_default();
        separator.push(self.token);
        let (at, indent) = (leaf.token.start, leaf.token.indent);
        self.push_mapping(at, indent, Item::pair(start, Some(Part::Leaf(leaf)), separator));
        self.is_on_key_line = true;
        Taken
    }

    /// Takes what stands before the first key of a mapping that begins in the innermost node.
    fn take_props_of_top(&mut self) -> Run {
        let run = match self.stack.last_mut() {
            Some(Part::Document(body)) => Some(&mut body.head),
            Some(Part::Mapping(map)) => map.items.last_mut().map(|item| match &mut item.separator {
                Some(separator) => separator,
                None => &mut item.start,
            }),
            Some(Part::Sequence(list)) => list.items.last_mut().map(|item| &mut item.start),
            _ => None,
        };
        run.map(Run::take_before_first_key).unwrap_or_default()
    }

    fn push_mapping(&mut self, start: usize, indent: usize, item: Item) {
        self.stack.push(Part::Mapping(Collection { start, indent, items: vec![item] }));
    }

    fn push_mapping_here(&mut self, item: Item) {
        self.push_mapping(self.token.start, self.indent, item);
    }

    fn in_block(&mut self) -> Outcome {
        let Some(Part::Block(block)) = self.stack.last_mut() else { return Taken };
        match self.token.kind {
            TokenKind::Space | TokenKind::Comment | TokenKind::Newline => {
                block.head.push(self.token);
                Taken
            }
            TokenKind::Plain => {
                block.text = self.token.start..self.token.end;
                (self.is_at_line_start, self.indent) = (true, 0);
                self.pop();
                Taken
            }
            _ => Ends,
        }
    }

    fn in_document_end(&mut self) -> Outcome {
        if let Some(Part::DocumentEnd { tail, .. }) = self.stack.last_mut()
            && self.token.kind != TokenKind::DocumentMode
        {
            tail.push(self.token);
            if self.token.kind == TokenKind::Newline {
                self.pop();
            }
        }
        Taken
    }

    /// The rest of the line of a node that is complete.
    fn end_of_line(&mut self) -> Outcome {
        match self.token.kind {
            TokenKind::Comma
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::SequenceClose
            | TokenKind::MappingClose
            | TokenKind::ValueIndicator => return Ends,
            TokenKind::Newline => self.is_on_key_line = false,
            _ => {}
        }
        match self.stack.last_mut() {
            Some(Part::Leaf(leaf)) => leaf.tail.get_or_insert_default().push(self.token),
            Some(Part::Flow(flow)) => flow.end.push(self.token),
            Some(Part::Document(body)) => body.tail.get_or_insert_default().push(self.token),
            _ => {}
        }
        if self.token.kind == TokenKind::Newline {
            self.pop();
        }
        Taken
    }

    fn in_sequence(&mut self) -> Outcome {
        let (token, indent) = (self.token, self.indent);
        let Some(Part::Sequence(list)) = self.stack.last_mut() else { return Taken };
        let Some(item) = list.items.last_mut() else { return Taken };
        match token.kind {
            TokenKind::Newline | TokenKind::Space | TokenKind::Comment => {
                take_void(list, token, indent);
                return Taken;
            }
            TokenKind::Anchor | TokenKind::Tag if item.value.is_none() && indent > list.indent => {
                item.start.push(token);
                return Taken;
            }
            TokenKind::ItemIndicator if indent == list.indent => {
                if item.value.is_some() || item.start.has(TokenKind::ItemIndicator) {
                    list.items.push(Item::starting(Run::of(token)));
                } else {
                    item.start.push(token);
                }
                return Taken;
            }
            _ => {}
        }
        if indent > list.indent && self.open() {
            return Taken;
        }
        Ends
    }

    /// Begins the node that this token begins, if it begins one.
    fn open(&mut self) -> bool {
        let (token, indent) = (self.token, self.indent);
        let part = match token.kind {
            TokenKind::Alias | TokenKind::Plain | TokenKind::SingleQuoted | TokenKind::DoubleQuoted => {
                Part::Leaf(Leaf { token, tail: None })
            }
            TokenKind::BlockHeader => {
                Part::Block(Block { start: token.start, indent, head: vec![token], text: token.end..token.end })
            }
            TokenKind::MappingOpen | TokenKind::SequenceOpen => {
                Part::Flow(Flow { open: token, indent, items: Vec::new(), end: Run::default() })
            }
            TokenKind::ItemIndicator => {
                let items = vec![Item::starting(Run::of(token))];
                Part::Sequence(Collection { start: token.start, indent, items })
            }
            TokenKind::KeyIndicator => {
                self.is_on_key_line = true;
                let mut start = self.take_props_of_top();
                start.push(token);
                let items = vec![Item { start, is_explicit: true, ..Item::default() }];
                Part::Mapping(Collection { start: token.start, indent, items })
            }
            TokenKind::ValueIndicator => {
                self.is_on_key_line = true;
                let start = self.take_props_of_top();
                let items = vec![Item::pair(start, None, Run::of(token))];
                Part::Mapping(Collection { start: token.start, indent, items })
            }
            _ => return false,
        };
        self.stack.push(part);
        true
    }
}

/// Takes a comment, white space or a line break into a list or mapping.
fn take_void(it: &mut Collection, token: Token, indent: usize) {
    let Some(item) = it.items.last_mut() else { return };
    if let Some(value) = item.value.as_deref_mut() {
        let tail = if token.kind == TokenKind::Newline { value.tail_mut() } else { None };
        match tail {
            Some(tail) if tail.last().is_some_and(|last| last.kind == TokenKind::Comment) => tail.push(token),
            _ => it.items.push(Item::starting(Run::of(token))),
        }
        return;
    }
    if let Some(separator) = &mut item.separator {
        separator.push(token);
        return;
    }
    let is_indented_comment = token.kind == TokenKind::Comment
        && indent > it.indent
        && item.start.is_only(&[TokenKind::Newline, TokenKind::Space]);
    if is_indented_comment && it.items.len() > 1 {
        let last = it.items.len() - 1;
        let (before, rest) = it.items.split_at_mut(last);
        let value = before.last_mut().and_then(|item| item.value.as_deref_mut());
        if let Some(tail) = value.and_then(Part::tail_mut) {
            tail.append(std::mem::take(&mut rest[0].start));
            tail.push(token);
            it.items.pop();
            return;
        }
    }
    if let Some(item) = it.items.last_mut() {
        item.start.push(token);
    }
}
