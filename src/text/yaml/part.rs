//! The nesting of tokens: what a document is made of before it is checked.

use super::token::{Token, TokenKind};

/// Tokens in order, and which kinds are among them.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) tokens: Vec<Token>,
    kinds: u32,
}

impl Run {
    pub(super) fn of(token: Token) -> Run {
        let mut run = Run::default();
        run.push(token);
        run
    }

    pub(super) fn of_all<'a>(tokens: impl Iterator<Item = &'a Token>) -> Run {
        let mut run = Run::default();
        tokens.for_each(|token| run.push(*token));
        run
    }

    pub(super) fn push(&mut self, token: Token) {
        self.kinds |= token.kind.bit();
        self.tokens.push(token);
    }

    pub(super) fn append(&mut self, mut other: Run) {
        self.kinds |= other.kinds;
        self.tokens.append(&mut other.tokens);
    }

    pub(super) fn split_off(&mut self, at: usize) -> Run {
        let tokens = self.tokens.split_off(at);
        let kinds = |tokens: &[Token]| tokens.iter().fold(0, |kinds, token| kinds | token.kind.bit());
        self.kinds = kinds(&self.tokens);
        Run { kinds: kinds(&tokens), tokens }
    }

    pub(super) fn has(&self, kind: TokenKind) -> bool {
        self.kinds & kind.bit() != 0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    pub(super) fn last(&self) -> Option<&Token> {
        self.tokens.last()
    }

    /// Whether nothing but these kinds is among them.
    pub(super) fn is_only(&self, kinds: &[TokenKind]) -> bool {
        self.kinds & !kinds.iter().fold(0, |all, kind| all | kind.bit()) == 0
    }

    /// Whether it is all white space, line breaks and comments.
    pub(super) fn is_void(&self) -> bool {
        self.is_only(&[TokenKind::Space, TokenKind::Newline, TokenKind::Comment])
    }

    /// Takes what stands before the first key of a mapping that begins in this run.
    pub(super) fn take_before_first_key(&mut self) -> Run {
        let borders = [
            TokenKind::DocumentStart,
            TokenKind::KeyIndicator,
            TokenKind::ValueIndicator,
            TokenKind::ItemIndicator,
            TokenKind::Newline,
        ];
        let border = self.tokens.iter().rposition(|token| borders.contains(&token.kind));
        let mut from = border.map_or(0, |border| border + 1);
        while self.tokens.get(from).is_some_and(|token| token.kind == TokenKind::Space) {
            from += 1;
        }
        self.split_off(from)
    }
}

/// An alias or a scalar that is not a block.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) token: Token,
    /// The rest of its line, if there is any.
    pub(super) tail: Option<Run>,
}

/// A block scalar: its head and its text.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) start: usize,
    pub(super) indent: usize,
    /// The indicator, and what follows it in its line.
    pub(super) head: Vec<Token>,
    pub(super) text: std::ops::Range<usize>,
}

/// An item of a list, or a pair of a mapping.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) start: Run,
    pub(super) is_explicit: bool,
    pub(super) key: Option<Box<Part>>,
    /// What stands between key and value; its presence makes a pair.
    pub(super) separator: Option<Run>,
    pub(super) value: Option<Box<Part>>,
}

impl Item {
    pub(super) fn starting(start: Run) -> Item {
        Item { start, ..Item::default() }
    }

    pub(super) fn pair(start: Run, key: Option<Part>, separator: Run) -> Item {
        Item { start, key: key.map(Box::new), separator: Some(separator), ..Item::default() }
    }
}

/// A list or mapping by indentation.
#[derive(Debug)]
pub(super) struct Collection {
    pub(super) start: usize,
    pub(super) indent: usize,
    pub(super) items: Vec<Item>,
}

/// A list or mapping in brackets.
#[derive(Debug)]
pub(super) struct Flow {
    pub(super) open: Token,
    pub(super) indent: usize,
    pub(super) items: Vec<Item>,
    /// The closing bracket and the rest of the line.
    pub(super) end: Run,
}

impl Flow {
    pub(super) fn is_mapping(&self) -> bool {
        self.open.kind == TokenKind::MappingOpen
    }

    /// Makes values of the keys that turned out to be items of a list.
    pub(super) fn settle_items(&mut self) {
        if self.is_mapping() {
            return;
        }
        for item in &mut self.items {
            let is_item = item.value.is_none()
                && !item.start.has(TokenKind::KeyIndicator)
                && item.separator.as_ref().is_some_and(|separator| !separator.has(TokenKind::ValueIndicator));
            if !is_item {
                continue;
            }
            let Some(separator) = item.separator.take() else { continue };
            item.value = item.key.take();
            match item.value.as_deref_mut() {
                Some(Part::Leaf(leaf)) => match &mut leaf.tail {
                    Some(tail) => tail.append(separator),
                    None => leaf.tail = Some(separator),
                },
                Some(Part::Flow(flow)) => flow.end.append(separator),
                _ => item.start.append(separator),
            }
        }
    }
}

/// A document.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) start: usize,
    pub(super) head: Run,
    pub(super) value: Option<Box<Part>>,
    pub(super) tail: Option<Run>,
}

/// A node as its tokens nest.
#[derive(Debug)]
pub(super) enum Part {
    Leaf(Leaf),
    Block(Block),
    Mapping(Collection),
    Sequence(Collection),
    Flow(Flow),
    /// A token where it may not stand.
    Stray(Token),
    Document(Body),
    DocumentEnd {
        mark: Token,
        tail: Run,
    },
}

impl Part {
    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        match self {
            Part::Leaf(leaf) => leaf.token.start,
            Part::Block(block) => block.start,
            Part::Mapping(it) | Part::Sequence(it) => it.start,
            Part::Flow(flow) => flow.open.start,
            Part::Stray(token) | Part::DocumentEnd { mark: token, .. } => token.start,
            Part::Document(body) => body.start,
        }
    }

    /// The indentation of the line that it begins in.
    pub(super) fn indent(&self) -> Option<usize> {
        match self {
            Part::Leaf(leaf) => Some(leaf.token.indent),
            Part::Block(block) => Some(block.indent),
            Part::Mapping(it) | Part::Sequence(it) => Some(it.indent),
            Part::Flow(flow) => Some(flow.indent),
            Part::Stray(_) | Part::Document(_) | Part::DocumentEnd { .. } => None,
        }
    }

    /// The rest of its line, where it has one.
    pub(super) fn tail_mut(&mut self) -> Option<&mut Run> {
        match self {
            Part::Leaf(leaf) => leaf.tail.as_mut(),
            Part::Flow(flow) => Some(&mut flow.end),
            _ => None,
        }
    }

    pub(super) fn is_block_collection(&self) -> bool {
        matches!(self, Part::Mapping(_) | Part::Sequence(_))
    }
}
