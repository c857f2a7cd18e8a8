//! From nested tokens to nodes, with every fault that the npm package `yaml` finds on the way (`compose/`).

mod block;
mod block_scalar;
mod flow;
mod property;
mod scalar_text;
mod tag;

use std::collections::{HashMap, HashSet};

use self::property::{Properties, Setting};
use super::doubt::{Doubt, DoubtKind};
use super::error::{ErrorKind, SyntaxError};
use super::mark::Marks;
use super::nesting::{Nesting, Piece};
use super::part::{Body, Leaf, Part, Run};
use super::raw::{Content, Raw, Style};
use super::token::{Token, TokenKind};
use super::{MAX_DEPTH, doubt, scalar};
use crate::text::span::{FileId, Span};
use crate::text::tree::Kind;

/// What is gathered besides the nodes.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) errors: Vec<SyntaxError>,
    pub(super) doubts: Vec<Doubt>,
    pub(super) marks: Marks,
}

/// Reads the first document of a text.
pub(super) fn compose(text: &str, file: FileId) -> (Option<Raw>, Findings) {
    let mut composer = Composer {
        text,
        file,
        findings: Findings::default(),
        handles: HashMap::from([("!!".to_owned(), "tag:yaml.org,2002:".to_owned())]),
        is_at_root: true,
        is_at_key: false,
    };
    // The depth counts lists and mappings, the stack of the nesting the document and a scalar too.
    let root = match Nesting::new(text, MAX_DEPTH + 2).read() {
        Ok(pieces) => composer.stream(pieces),
        Err(at) => {
            let message = format!("lists and mappings are nested more than {MAX_DEPTH} deep");
            composer.fault_at(at, ErrorKind::Exhaustion, message);
            None
        }
    };
    (root, composer.findings)
}

struct Composer<'a> {
    text: &'a str,
    file: FileId,
    findings: Findings,
    /// Prefixes of tags by their handles.
    handles: HashMap<String, String>,
    is_at_root: bool,
    is_at_key: bool,
}

/// A node and where it ends, the rest of its line included.
struct Composed {
    raw: Raw,
    end: usize,
}

/// What makes two keys the same; lists, mappings, aliases and merges never are.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Null,
    Bool(bool),
    Number(u64),
    String(String),
}

impl Composer<'_> {
    fn stream(&mut self, pieces: Vec<Piece>) -> Option<Raw> {
        let (mut root, mut has_document, mut has_directives) = (None, false, false);
        for piece in pieces {
            match piece {
                Piece::Directive(token) if !has_document => {
                    has_directives = true;
                    self.directive(token);
                }
                Piece::Directive(_) => has_directives = true,
                Piece::Document(body) if has_document => {
                    let message = "a second document starts here, and only one is read".to_owned();
                    self.fault_at(body.start, ErrorKind::MultipleDocuments, message);
                    return root;
                }
                Piece::Document(body) => {
                    let (start, has_mark) = (body.start, body.head.has(TokenKind::DocumentStart));
                    root = self.document(body);
                    has_document = true;
                    if has_directives && !has_mark {
                        let message = "a line with \"---\" is missing after the directives".to_owned();
                        self.fault_at(start, ErrorKind::MissingCharacter, message);
                    }
                    has_directives = false;
                }
                Piece::Stray(token) if !has_document || !has_directives => self.unexpected(&token),
                Piece::Stray(_) => {}
                Piece::DocumentEnd { mark, .. } if !has_document => self.unexpected(&mark),
                Piece::DocumentEnd { mark, tail } => {
                    self.rest(Some(&tail), mark.end, true);
                }
            }
        }
        if has_directives && !has_document {
            let message = "a line with \"---\" is missing after the directives".to_owned();
            self.fault_at(self.text.len(), ErrorKind::MissingCharacter, message);
        }
        root
    }

    fn document(&mut self, body: Body) -> Option<Raw> {
        let Body { start, head, value, tail } = body;
        let next = value.as_deref().map(Next::of).or_else(|| tail.as_ref()?.tokens.first().map(Next::token));
        let properties = self.properties(
            &head,
            Setting {
                flow: None,
                indicator: TokenKind::DocumentStart,
                next,
                offset: start,
                parent_indent: 0,
                starts_line: true,
            },
        );
        let is_collection = value.as_deref().is_some_and(Part::is_block_collection);
        if properties.found.is_some() && is_collection && !properties.has_newline {
            let message = "a list or mapping cannot start on the line of \"---\"".to_owned();
            self.fault_at(properties.end, ErrorKind::MissingCharacter, message);
        }
        let is_written = value.is_some() || properties.anchor.is_some() || properties.tag.is_some();
        let Composed { raw, end } = match value {
            Some(value) => self.node(*value, &properties),
            None => self.empty_before(properties.end, Some(&head), &properties),
        };
        self.rest(tail.as_ref(), end, false);
        is_written.then_some(raw)
    }

    fn node(&mut self, part: Part, properties: &Properties) -> Composed {
        let start = part.start();
        let composed = match part {
            Part::Leaf(leaf) if leaf.token.kind == TokenKind::Alias => self.alias(&leaf, properties),
            Part::Leaf(leaf) => self.leaf(&leaf, properties),
            Part::Block(block) => self.block_scalar(&block, properties),
            Part::Mapping(map) => {
                self.collection_tag(properties);
                self.block_mapping(map)
            }
            Part::Sequence(list) => {
                self.collection_tag(properties);
                self.properties_of_list(properties);
                self.block_sequence(list)
            }
            Part::Flow(flow) => {
                self.collection_tag(properties);
                self.flow(flow)
            }
            Part::Stray(token) => {
                self.unexpected(&token);
                self.empty(start, properties)
            }
            Part::Document(_) | Part::DocumentEnd { .. } => self.empty(start, properties),
        };
        self.with_properties(composed, properties)
    }

    fn with_properties(&mut self, mut composed: Composed, properties: &Properties) -> Composed {
        if let Some(anchor) = &properties.anchor {
            let name = &self.text[anchor.start + 1..anchor.end];
            if name.is_empty() {
                self.fault(anchor, ErrorKind::BadAlias, "an anchor needs a name after \"&\"".to_owned());
            }
            if !matches!(composed.raw.content, Content::Alias(_)) {
                composed.raw.anchor = Some(name.to_owned());
            }
        }
        composed.raw.has_tag = properties.tag.is_some();
        composed
    }

    fn alias(&mut self, leaf: &Leaf, properties: &Properties) -> Composed {
        let Token { start, end, .. } = leaf.token;
        let name = &self.text[start + 1..end];
        if name.is_empty() {
            self.fault_at(start, ErrorKind::BadAlias, "an alias needs a name after \"*\"".to_owned());
        }
        let raw = self.raw(start, end, Content::Alias(name.to_owned()));
        let end = self.rest(leaf.tail.as_ref(), end, true);
        if properties.anchor.is_some() || properties.tag.is_some() {
            let message = "an alias takes neither anchor nor tag".to_owned();
            self.fault(&leaf.token, ErrorKind::AliasProperties, message);
        }
        Composed { raw, end }
    }

    fn leaf(&mut self, leaf: &Leaf, properties: &Properties) -> Composed {
        let Token { kind, start, end, .. } = leaf.token;
        let source = &self.text[start..end];
        let value = match kind {
            TokenKind::SingleQuoted => self.single_quoted(source, start),
            TokenKind::DoubleQuoted => self.double_quoted(source, start),
            _ => self.plain(source, start),
        };
        let tail = self.rest(leaf.tail.as_ref(), end, true);
        let style = if kind == TokenKind::Plain { Style::Plain } else { Style::Quoted };
        let content = self.scalar(value, style, properties, Span::new(self.file, start, end));
        Composed { raw: self.raw(start, end, content), end: tail }
    }

    /// A scalar with its type.
    fn scalar(&mut self, text: String, style: Style, properties: &Properties, span: Span) -> Content {
        let tag = properties.tag.as_ref().and_then(|tag| self.tag(tag));
        if self.is_at_key && style == Style::Plain && text == "<<" {
            return Content::Merge;
        }
        if tag.is_none() && style == Style::Plain {
            if let Some(kind) = doubt::of_plain(&text) {
                self.doubt(span, kind);
            }
            return Content::Scalar { value: scalar::plain(&text), style };
        }
        let value = match tag {
            Some(tag) => scalar::tagged(&tag, text),
            None => Kind::String(text),
        };
        Content::Scalar { value, style }
    }

    /// A node of which nothing is written but its properties.
    fn empty(&mut self, at: usize, properties: &Properties) -> Composed {
        let content = self.scalar(String::new(), Style::Plain, properties, Span::new(self.file, at, at));
        // A comment before an empty node is a part of it.
        let end = if properties.has_comment { properties.end } else { at };
        Composed { raw: self.raw(at, at, content), end }
    }

    /// An empty node after tokens: it stands before the white space at their end.
    fn empty_before(&mut self, mut at: usize, before: Option<&Run>, properties: &Properties) -> Composed {
        let tokens = before.map_or(&[][..], |run| &run.tokens);
        let is_void = |token: &&Token| matches!(token.kind, TokenKind::Space | TokenKind::Comment | TokenKind::Newline);
        let void = tokens.iter().rev().take_while(is_void).count();
        if void < tokens.len() {
            let rest = &tokens[tokens.len() - void..];
            let spaces = rest.iter().take_while(|token| token.kind == TokenKind::Space);
            at = spaces.last().map_or(tokens[tokens.len() - void - 1].end, |space| space.end);
        } else if let Some(first) = tokens.first() {
            at = first.start;
        }
        let composed = self.empty(at, properties);
        self.with_properties(composed, properties)
    }

    /// Reads the rest of a line, and tells where it ends.
    fn rest(&mut self, run: Option<&Run>, mut end: usize, needs_space: bool) -> usize {
        let mut has_space = false;
        for token in run.map_or(&[][..], |run| &run.tokens) {
            match token.kind {
                TokenKind::Space | TokenKind::Newline => has_space = true,
                TokenKind::Comment if needs_space && !has_space => self.comment_without_space(token),
                TokenKind::Comment => {}
                _ => self.unexpected(token),
            }
            end += token.end - token.start;
        }
        end
    }

    fn identity(raw: &Raw) -> Option<Identity> {
        let Content::Scalar { value, .. } = &raw.content else { return None };
        match value {
            Kind::Null => Some(Identity::Null),
            Kind::Bool(value) => Some(Identity::Bool(*value)),
            // Zero has one identity and NaN none.
            Kind::Number(value) => (!value.is_nan()).then(|| Identity::Number((value + 0.0).to_bits())),
            Kind::String(text) => Some(Identity::String(text.clone())),
            Kind::Array(_) | Kind::Table(_) => None,
        }
    }

    /// Notes a key, which may stand in its mapping only once.
    fn note_key(&mut self, seen: &mut HashSet<Identity>, key: &Raw, at: usize) {
        if Self::identity(key).is_none_or(|identity| seen.insert(identity)) {
            return;
        }
        let written = self.text.get(key.span.range()).unwrap_or_default();
        let message = format!("the key \"{written}\" stands in this mapping twice");
        // An error that begins with the key covers it.
        let first = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let end = if at == key.span.start as usize { key.span.end as usize } else { at + first };
        self.findings.errors.push(SyntaxError {
            span: Span::new(self.file, at, end),
            kind: ErrorKind::DuplicateKey,
            message,
        });
        self.findings.marks.duplicates.push(key.span);
        self.doubt(key.span, DoubtKind::DuplicateKey);
    }

    fn raw(&self, start: usize, end: usize, content: Content) -> Raw {
        Raw { span: Span::new(self.file, start, end), anchor: None, has_tag: false, content }
    }

    fn doubt(&mut self, span: Span, kind: DoubtKind) {
        self.findings.doubts.push(Doubt { span, kind });
    }

    fn fault(&mut self, token: &Token, kind: ErrorKind, message: String) {
        let span = Span::new(self.file, token.start, token.end);
        self.findings.errors.push(SyntaxError { span, kind, message });
    }

    fn fault_at(&mut self, at: usize, kind: ErrorKind, message: String) {
        // What is said of the place before an end means the character there, however wide it is.
        let at = (0..=at.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0);
        let width = self.text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let span = Span::new(self.file, at, at + width);
        self.findings.errors.push(SyntaxError { span, kind, message });
    }

    fn unexpected(&mut self, token: &Token) {
        let message = format!("{} may not stand here", token.kind.name());
        self.fault(token, ErrorKind::UnexpectedToken, message);
    }

    fn comment_without_space(&mut self, token: &Token) {
        let message = "a space is missing before the comment".to_owned();
        self.fault(token, ErrorKind::MissingCharacter, message);
    }
}

/// What follows a run of tokens, as far as it matters.
#[derive(Debug, Clone, Copy)]
struct Next {
    start: usize,
    /// The kind of a token, or of the only token of a leaf.
    token: Option<TokenKind>,
    is_block_collection: bool,
    is_flow: bool,
    is_empty: bool,
}

impl Next {
    fn of(part: &Part) -> Next {
        let token = match part {
            Part::Leaf(leaf) => Some(leaf.token),
            _ => None,
        };
        Next {
            start: part.start(),
            token: token.map(|token| token.kind),
            is_block_collection: part.is_block_collection(),
            is_flow: matches!(part, Part::Flow(_)),
            is_empty: token.is_some_and(|token| token.kind == TokenKind::Plain && token.start == token.end),
        }
    }

    fn token(token: &Token) -> Next {
        let Token { start, kind, .. } = *token;
        Next { start, token: Some(kind), is_block_collection: false, is_flow: false, is_empty: false }
    }
}

/// Whether a key spreads over several lines.
fn has_newline(part: &Part) -> bool {
    match part {
        Part::Leaf(leaf) => leaf.tail.as_ref().is_some_and(|tail| tail.has(TokenKind::Newline)),
        Part::Flow(flow) => flow.items.iter().any(|item| {
            item.start.has(TokenKind::Newline)
                || item.separator.as_ref().is_some_and(|separator| separator.has(TokenKind::Newline))
                || item.key.as_deref().is_some_and(has_newline)
                || item.value.as_deref().is_some_and(has_newline)
        }),
        _ => true,
    }
}
