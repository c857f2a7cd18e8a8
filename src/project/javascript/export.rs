//! What a module hands out, as far as Netlify's bundler looks at it (`zip-it-and-ship-it/src/runtimes/node/parser`).

use std::collections::HashMap;

use super::literal::{Object, Reader};
use super::token::{Kind, Token};
use crate::text::span::FileId;

/// Whether something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Presence {
    /// It is not.
    #[default]
    No,
    /// The tokens do not tell.
    Perhaps,
    /// It is.
    Yes,
}

/// The exports that matter to a platform.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Exports {
    /// A default export, of either module system.
    pub default: Presence,
    /// An export `handler` that the bundler takes for the function of its first interface.
    pub handler: Presence,
    /// The object literal exported as `config`, or the property `config` of an object exported by default.
    pub config: Option<Object>,
    /// Whether there is any `import` or `export` declaration.
    pub is_module: bool,
}

/// Finds the exports of a module.
pub(super) fn exports(tokens: &[Token<'_>], file: FileId) -> Exports {
    let mut finder = Finder { tokens, file, exports: Exports::default(), inline: None, bindings: HashMap::new() };
    finder.find_bindings();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.depth == 0 && token.kind == Kind::Word) {
        let is_statement =
            at == 0 || tokens[at - 1].is_mark(";") || tokens[at - 1].is_mark("}") || token.is_first_on_line;
        match token.text {
            "export" if is_statement => finder.export(at),
            "import" if is_statement && !finder.is_mark(at + 1, "(") && !finder.is_mark(at + 1, ".") => {
                finder.exports.is_module = true;
            }
            "exports" if is_statement => finder.assignment(at + 1),
            "module" if is_statement && finder.is_mark(at + 1, ".") && finder.is_word(at + 2, "exports") => {
                finder.assignment(at + 3);
            }
            _ => {}
        }
    }
    let Finder { mut exports, inline, .. } = finder;
    exports.config = exports.config.or(inline);
    exports
}

struct Finder<'t, 'a> {
    tokens: &'t [Token<'a>],
    file: FileId,
    exports: Exports,
    /// The property `config` of the default export.
    inline: Option<Object>,
    /// Where the values of the module's own names begin; `None` for a name that is given several values.
    bindings: HashMap<&'a str, Option<usize>>,
}

impl<'a> Finder<'_, 'a> {
    fn token(&self, at: usize) -> Option<Token<'a>> {
        self.tokens.get(at).copied()
    }

    fn is_mark(&self, at: usize, mark: &str) -> bool {
        self.token(at).is_some_and(|token| token.is_mark(mark))
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.token(at).is_some_and(|token| token.is_word(word))
    }

    /// Notes where the values of top-level names begin.
    fn find_bindings(&mut self) {
        for at in 1..self.tokens.len() {
            let (before, token) = (self.tokens[at - 1], self.tokens[at]);
            let is_declared = before.kind == Kind::Word && matches!(before.text, "const" | "let" | "var");
            let is_next = before.is_mark(",") && before.depth == 0;
            let is_assigned = token.is_first_on_line && self.is_mark(at + 1, "=") && !self.is_mark(at + 2, "=");
            if token.depth != 0 || token.kind != Kind::Word || !(is_declared || is_next || is_assigned) {
                continue;
            }
            if let Some(value) = self.value_of(at) {
                let known = self.bindings.insert(token.text, Some(value));
                if known.is_some() {
                    self.bindings.insert(token.text, None);
                }
            }
        }
    }

    /// Where the value of the name at `at` begins, behind `=` and a type.
    fn value_of(&self, at: usize) -> Option<usize> {
        if self.is_mark(at + 1, "=") {
            return Some(at + 2);
        }
        if !self.is_mark(at + 1, ":") {
            return None;
        }
        let mut angles = 0_usize;
        for at in at + 2..self.tokens.len().min(at + LONGEST_TYPE) {
            let token = self.tokens[at];
            match token.text {
                _ if token.kind != Kind::Mark || token.depth > 0 => {}
                "<" => angles += 1,
                ">" => angles = angles.saturating_sub(1),
                "=" => return Some(at + 1),
                "," | ";" if angles == 0 => return None,
                _ => {}
            }
        }
        None
    }

    fn export(&mut self, at: usize) {
        let Some(next) = self.token(at + 1) else { return };
        self.exports.is_module |= !next.is_mark("=") && !next.is_word("as");
        match (next.kind, next.text) {
            (Kind::Word, "default") => {
                self.exports.default = Presence::Yes;
                self.default_value(at + 2);
            }
            (Kind::Mark, "*") if self.is_word(at + 2, "as") && self.is_word(at + 3, "default") => {
                self.exports.default = Presence::Yes;
            }
            (Kind::Word, "const" | "let" | "var") => self.declarations(at + 2),
            (Kind::Mark, "{") => self.list(at + 2),
            _ => {}
        }
    }

    /// `NAME = …, NAME = …` behind `export const`.
    fn declarations(&mut self, start: usize) {
        let mut at = start;
        while let Some(name) = self.token(at).filter(|token| token.kind == Kind::Word) {
            match (name.text, self.value_of(at)) {
                ("handler", Some(value)) => self.handler(value),
                ("config", Some(value)) => self.config(value),
                _ => {}
            }
            let is_end = |token: &Token<'_>| {
                let begins = token.is_first_on_line && STATEMENTS.contains(&token.text) && token.kind == Kind::Word;
                token.depth == 0 && (begins || token.is_mark(";") || token.is_mark(","))
            };
            let Some(end) = self.tokens[at..].iter().position(is_end).map(|length| at + length) else { return };
            if !self.is_mark(end, ",") {
                return;
            }
            at = end + 1;
        }
    }

    /// `{ a, b as c }` behind `export`.
    fn list(&mut self, start: usize) {
        let Some(length) = self.tokens[start..].iter().position(|token| token.is_mark("}")) else { return };
        let is_foreign = self.is_word(start + length + 1, "from");
        for element in self.tokens[start..start + length].split(|token| token.is_mark(",")) {
            let (Some(local), Some(exported)) = (element.first(), element.last()) else { continue };
            let binding = self.bindings.get(local.text).copied();
            match exported.text.trim_matches(['"', '\'']) {
                "default" => {
                    self.exports.default = Presence::Yes;
                    if let Some(Some(value)) = binding {
                        self.default_value(value);
                    }
                }
                "handler" if !is_foreign || binding.is_some() => {
                    self.exports.handler = self.exports.handler.max(Presence::Perhaps);
                }
                "config" if !is_foreign => {
                    if let Some(Some(value)) = binding {
                        self.config(value);
                    }
                }
                _ => {}
            }
        }
    }

    /// `.NAME = …` behind `exports`.
    fn assignment(&mut self, at: usize) {
        let is_assigned = self.is_mark(at, ".") && self.is_mark(at + 2, "=") && !self.is_mark(at + 3, "=");
        match self.token(at + 1).map(|name| name.text).filter(|_| is_assigned) {
            Some("default") => {
                self.exports.default = self.exports.default.max(self.counted(at + 3));
                self.default_value(at + 3);
            }
            Some("handler") => self.handler(at + 3),
            Some("config") => self.config(at + 3),
            _ => {}
        }
    }

    fn handler(&mut self, value: usize) {
        self.exports.handler = self.exports.handler.max(self.counted(value));
    }

    /// Whether the bundler takes note of a value: not of a call of anything but a plain name.
    fn counted(&self, value: usize) -> Presence {
        let ends = |token: &&Token<'_>| token.depth == 0 && (token.is_mark(";") || token.is_mark(","));
        let tokens = self.tokens.get(value..).unwrap_or_default();
        let length = tokens.iter().position(|token| ends(&token)).unwrap_or(tokens.len());
        let expression = &tokens[..length];
        let is_function = expression.iter().take(LONGEST_TYPE).any(|token| token.depth == 0 && token.is_mark("=>"));
        let first = expression.first();
        let starts_with = |words: &[&str]| first.is_some_and(|token| words.contains(&token.text));
        let is_call = expression.iter().any(|token| token.depth == 0 && token.is_mark(")"));
        if is_function
            || !is_call
            || starts_with(&["function", "new", "await", "class"])
            || self.is_word(value + 1, "function")
        {
            return Presence::Yes;
        }
        Presence::Perhaps
    }

    fn config(&mut self, value: usize) {
        self.exports.config = self.object(value).or_else(|| self.exports.config.take());
    }

    fn default_value(&mut self, value: usize) {
        let value = match self.token(value).filter(|token| token.kind == Kind::Word) {
            Some(token) => self.bindings.get(token.text).copied().flatten(),
            None => Some(value),
        };
        let object = value.and_then(|value| self.is_mark(value, "{").then(|| self.read(value).0));
        let config = object.and_then(|object| object.get("config").cloned());
        if let Some(super::literal::Value::Object(config)) = config.map(|config| config.literal.value) {
            self.inline = Some(config);
        }
    }

    /// The object literal that begins here, if the expression is nothing else.
    fn object(&self, mut at: usize) -> Option<Object> {
        let parentheses = self.tokens.get(at..)?.iter().take_while(|token| token.is_mark("(")).count();
        at += parentheses;
        if !self.is_mark(at, "{") {
            return None;
        }
        let (object, mut end) = self.read(at);
        for _ in 0..parentheses {
            self.is_mark(end, ")").then(|| end += 1)?;
        }
        let Some(next) = self.token(end) else { return Some(object) };
        let continues = next.kind == Kind::Mark && matches!(next.text, "." | "(" | "[" | "?" | "|" | "&" | "=" | "+");
        let is_end = next.is_mark(";") || next.is_mark(",") || (next.is_first_on_line && !continues);
        is_end.then_some(object)
    }

    fn read(&self, at: usize) -> (Object, usize) {
        let mut reader = Reader { tokens: self.tokens, at, file: self.file };
        let object = reader.object(0);
        (object, reader.at)
    }
}

/// Tokens of a type at most.
const LONGEST_TYPE: usize = 500;

/// Words that begin a statement.
const STATEMENTS: [&str; 11] =
    ["async", "class", "const", "export", "function", "if", "import", "interface", "let", "type", "var"];
