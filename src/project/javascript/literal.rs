//! Literals: strings, numbers, lists and objects that can be read without running anything.

use super::token::{Kind, Token};
use crate::text::span::{FileId, Span};

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A string in quotes.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A number, as written.
    Number(String),
    /// A list.
    List(Vec<Literal>),
    /// An object.
    Object(Object),
    /// Anything that would have to be run: names, calls, templates.
    Computed,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Literal {
    /// The value.
    pub value: Value,
    /// Where it is written.
    pub span: Span,
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The value.
    pub literal: Literal,
    /// The property with the comma that goes with it: what to remove to remove it.
    pub whole: Span,
}

/// An object literal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object {
    /// The properties with a name and a value, in order.
    pub properties: Vec<Property>,
    /// Whether anything was left out: a method, a spread, a computed name.
    pub is_partial: bool,
}

impl Object {
    /// The property of that name that counts: the last one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Property> {
        self.properties.iter().rev().find(|property| property.name == name)
    }
}

impl Object {
    /// Whether every value can be read, down to the last.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.is_partial && self.properties.iter().all(|property| property.literal.is_plain())
    }
}

impl Literal {
    /// Whether all of it can be read.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match &self.value {
            Value::Computed => false,
            Value::List(items) => items.iter().all(Literal::is_plain),
            Value::Object(object) => object.is_plain(),
            _ => true,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }
}

/// Deepest nesting that is read; what lies deeper counts as computed.
const MAX_DEPTH: usize = 32;

/// Reads values from tokens.
pub(super) struct Reader<'t, 'a> {
    pub(super) tokens: &'t [Token<'a>],
    pub(super) at: usize,
    pub(super) file: FileId,
}

impl<'a> Reader<'_, 'a> {
    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn is_at(&self, mark: &str) -> bool {
        self.peek().is_some_and(|token| token.is_mark(mark))
    }

    /// Reads the value that begins here and stops behind it, whatever follows.
    pub(super) fn value(&mut self, depth: usize) -> Literal {
        let start = self.at;
        let value = self.simple_value(depth).unwrap_or(Value::Computed);
        Literal { value, span: self.span(start) }
    }

    fn simple_value(&mut self, depth: usize) -> Option<Value> {
        let token = self.peek().filter(|_| depth < MAX_DEPTH)?;
        let value = match (token.kind, token.text) {
            (Kind::Text, text) => Value::Text(unescape(text)?),
            (Kind::Number, text) => Value::Number(text.to_owned()),
            (Kind::Word, "true") => Value::Bool(true),
            (Kind::Word, "false") => Value::Bool(false),
            (Kind::Word, "null") => Value::Null,
            (Kind::Mark, "[") => return Some(self.list(depth)),
            (Kind::Mark, "{") => return Some(Value::Object(self.object(depth))),
            (Kind::Mark, "(") => return self.in_parentheses(depth),
            _ => return None,
        };
        self.at += 1;
        Some(value)
    }

    fn in_parentheses(&mut self, depth: usize) -> Option<Value> {
        self.at += 1;
        let value = self.simple_value(depth + 1)?;
        self.is_at(")").then(|| self.at += 1)?;
        Some(value)
    }

    /// What was read since token `start`.
    fn span(&self, start: usize) -> Span {
        match (self.tokens.get(start), self.tokens.get(self.at.saturating_sub(1).max(start))) {
            (Some(first), Some(last)) => Span::new(self.file, first.start, last.end()),
            _ => Span::NONE,
        }
    }

    /// Skips to the comma or bracket that ends an element; `inside` brackets are open around the element.
    fn skip_element(&mut self, inside: usize) {
        while let Some(token) = self.peek() {
            let is_end = match token.text {
                "," => token.depth <= inside,
                "]" | "}" | ")" => token.depth < inside,
                _ => false,
            };
            if is_end && token.kind == Kind::Mark {
                return;
            }
            self.at += 1;
        }
    }

    /// An element's value up to its comma; computed unless the comma follows at once.
    fn element(&mut self, inside: usize, depth: usize) -> Literal {
        let start = self.at;
        let literal = self.value(depth + 1);
        if [",", "]", "}"].iter().any(|mark| self.is_at(mark)) && self.at > start {
            return literal;
        }
        self.skip_element(inside);
        Literal { value: Value::Computed, span: self.span(start) }
    }

    fn list(&mut self, depth: usize) -> Value {
        let inside = self.peek().map_or(0, |token| token.depth) + 1;
        self.at += 1;
        let mut items = Vec::new();
        while let Some(token) = self.peek() {
            if token.is_mark("]") {
                self.at += 1;
                break;
            }
            items.push(self.element(inside, depth));
            if self.is_at(",") {
                self.at += 1;
            } else if !self.is_at("]") {
                break;
            }
        }
        Value::List(items)
    }

    /// The object whose brace opens here.
    pub(super) fn object(&mut self, depth: usize) -> Object {
        let inside = self.peek().map_or(0, |token| token.depth) + 1;
        self.at += 1;
        let mut object = Object::default();
        while let Some(first) = self.peek() {
            if first.is_mark("}") {
                self.at += 1;
                break;
            }
            let start = self.at;
            let property = self.property(inside, depth);
            let comma = self.peek().filter(|token| token.is_mark(","));
            match property {
                Some((name, literal)) => {
                    let whole = self.whole_property(start, comma);
                    object.properties.push(Property { name, literal, whole });
                }
                None => object.is_partial = true,
            }
            if comma.is_some() {
                self.at += 1;
            } else if !self.is_at("}") {
                break;
            }
        }
        object
    }

    /// A name with its value; none for methods, spreads and computed names.
    fn property(&mut self, inside: usize, depth: usize) -> Option<(String, Literal)> {
        let first = self.peek()?;
        let name = match first.kind {
            Kind::Word => Some(first.text.to_owned()),
            Kind::Text => unescape(first.text),
            _ => None,
        };
        let has_value = self.tokens.get(self.at + 1).is_some_and(|token| token.is_mark(":"));
        match name.filter(|_| has_value) {
            Some(name) => {
                self.at += 2;
                Some((name, self.element(inside, depth)))
            }
            None => {
                self.skip_element(inside);
                None
            }
        }
    }

    fn whole_property(&self, start: usize, comma: Option<Token<'a>>) -> Span {
        let first = self.tokens[start];
        let last = self.tokens[self.at - 1];
        let before = self.tokens[start - 1];
        match (comma, before.is_mark(",")) {
            (Some(comma), _) => match self.tokens.get(self.at + 1) {
                Some(next) if next.is_mark("}") => Span::new(self.file, before.end(), comma.end()),
                Some(next) => Span::new(self.file, first.start, next.start),
                None => Span::new(self.file, first.start, comma.end()),
            },
            (None, true) => Span::new(self.file, before.start, last.end()),
            (None, false) => Span::new(self.file, first.start, last.end()),
        }
    }
}

/// What a string literal stands for, quotes taken off; `None` for a faulty escape.
pub(super) fn unescape(literal: &str) -> Option<String> {
    let inner = literal.get(1..literal.len().checked_sub(1)?)?;
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            '0' => out.push('\0'),
            '\r' => {
                if characters.as_str().starts_with('\n') {
                    characters.next();
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' => {}
            'x' => out.push(code_point(&mut characters, 2)?),
            'u' if characters.as_str().starts_with('{') => {
                let rest = characters.as_str();
                let end = rest.find('}')?;
                out.push(char::from_u32(u32::from_str_radix(&rest[1..end], 16).ok()?)?);
                characters = rest[end + 1..].chars();
            }
            'u' => out.push(code_point(&mut characters, 4)?),
            other => out.push(other),
        }
    }
    Some(out)
}

fn code_point(characters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let rest = characters.as_str();
    let code = u32::from_str_radix(rest.get(..digits)?, 16).ok()?;
    *characters = rest[digits..].chars();
    char::from_u32(code)
}
