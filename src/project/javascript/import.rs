//! What a module loads: `import`, `export … from`, `import("…")` and `require("…")` with literal names.

use std::collections::HashSet;

use super::literal::unescape;
use super::token::{Kind, Token};
use crate::text::span::{FileId, Span};

/// How a module is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// `import … from "x"`, `import "x"`, `export … from "x"`.
    Static,
    /// `import("x")`.
    Dynamic,
    /// `require("x")`, or `import a = require("x")`.
    Require,
}

/// One loading of a module with a literal name.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// The name as the engine sees it, escapes resolved.
    pub specifier: String,
    /// The name as written, quotes included.
    pub span: Span,
    /// How it is loaded.
    pub kind: ImportKind,
    /// Whether only types are loaded: `import type`.
    pub is_type_only: bool,
    /// Whether a compiler of TypeScript surely keeps it: something it brings is used as a value, or nothing is named.
    pub is_used: bool,
    /// Whether a failure is caught where it stands: in the body of a `try`, or by what is called on the promise.
    pub is_guarded: bool,
    /// Whether it runs as soon as the module does: a declaration, or a call outside all brackets.
    pub is_immediate: bool,
}

/// Finds all imports, in the order in which they are written.
pub(super) fn imports(tokens: &[Token<'_>], file: FileId) -> Vec<Import> {
    let finder = Finder { tokens, file };
    let mut found = Vec::new();
    let is_require_own = finder.declares_require();
    let values = finder.values();
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        if is_member(tokens, at) {
            continue;
        }
        match token.text {
            "import" => found.extend(finder.dynamic(at).or_else(|| finder.declaration(at, &values))),
            "export" if token.depth == 0 => found.extend(finder.re_export(at)),
            "require" if !is_require_own => found.extend(finder.require(at)),
            _ => {}
        }
    }
    found
}

/// Whether `import` is called, whatever with, or its `meta` read.
pub(super) fn has_call(tokens: &[Token<'_>]) -> bool {
    let is_called = |at: usize| tokens.get(at + 1).is_some_and(|next| next.is_mark("(") || next.is_mark("."));
    tokens.iter().enumerate().any(|(at, token)| token.is_word("import") && !is_member(tokens, at) && is_called(at))
}

/// Whether a word is the property of something: a dot comes before it, and no spread.
pub(super) fn is_member(tokens: &[Token<'_>], at: usize) -> bool {
    let is_dot = |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|token| token.is_mark("."));
    is_dot(at.checked_sub(1)) && !is_dot(at.checked_sub(2))
}

/// Tokens between `import` and `from` at most.
const LONGEST_CLAUSE: usize = 20_000;
/// Tokens between the parentheses of a call at most.
const LONGEST_CALL: usize = 100;

struct Finder<'t, 'a> {
    tokens: &'t [Token<'a>],
    file: FileId,
}

impl<'a> Finder<'_, 'a> {
    fn token(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at)
    }

    fn is_mark(&self, at: usize, mark: &str) -> bool {
        self.token(at).is_some_and(|token| token.is_mark(mark))
    }

    /// Whether `require` is a name of the module's own, as a parameter or through `createRequire`.
    fn declares_require(&self) -> bool {
        self.tokens.iter().enumerate().any(|(at, token)| {
            let before = at.checked_sub(1).and_then(|before| self.token(before));
            let is_declared = before.is_some_and(|before| {
                before.kind == Kind::Word && matches!(before.text, "const" | "let" | "var" | "function")
            });
            let is_parameter = before.is_some_and(|before| matches!(before.text, "(" | "," | "{"))
                && (self.is_mark(at + 1, ",") || self.is_mark(at + 1, ")") || self.is_mark(at + 1, "}"));
            token.is_word("require") && (is_declared || is_parameter)
        })
    }

    /// The literal name at a token, from a string or, where `allows_template`, a template without substitutions.
    fn name(&self, at: usize, allows_template: bool) -> Option<(String, Span)> {
        let token = self.token(at)?;
        let is_literal = token.kind == Kind::Text || (allows_template && token.kind == Kind::Template);
        let name = is_literal.then(|| unescape(token.text))??;
        Some((name, Span::new(self.file, token.start, token.end())))
    }

    fn import(&self, (specifier, span): (String, Span), kind: ImportKind) -> Import {
        Import { specifier, span, kind, is_type_only: false, is_used: true, is_guarded: false, is_immediate: true }
    }

    /// `import("x")`
    fn dynamic(&self, at: usize) -> Option<Import> {
        let token = self.token(at)?;
        if !self.is_mark(at + 1, "(") {
            return None;
        }
        let name = self.name(at + 2, true)?;
        let close = (at + 3..self.tokens.len().min(at + LONGEST_CALL))
            .find(|close| self.tokens[*close].depth == token.depth && self.is_mark(*close, ")"))?;
        if close != at + 3 && !self.is_mark(at + 3, ",") {
            return None;
        }
        let is_guarded = token.is_tried || self.is_mark(close + 1, ".");
        let mut import = self.import(name, ImportKind::Dynamic);
        (import.is_guarded, import.is_immediate) = (is_guarded, token.depth == 0);
        Some(import)
    }

    /// `require("x")`
    fn require(&self, at: usize) -> Option<Import> {
        let token = self.token(at)?;
        if !self.is_mark(at + 1, "(") || !self.is_mark(at + 3, ")") {
            return None;
        }
        let mut import = self.import(self.name(at + 2, true)?, ImportKind::Require);
        (import.is_guarded, import.is_immediate) = (token.is_tried, token.depth == 0);
        Some(import)
    }

    /// `import "x"`, `import a, { b } from "x"`
    fn declaration(&self, at: usize, values: &HashSet<&str>) -> Option<Import> {
        if self.token(at)?.depth != 0 {
            return None;
        }
        if let Some(name) = self.name(at + 1, false) {
            return Some(self.import(name, ImportKind::Static));
        }
        let clause = self.clause(at + 1)?;
        let mut import = self.import(self.name(clause.end + 1, false)?, ImportKind::Static);
        import.is_type_only = clause.is_type_only;
        import.is_used = clause.names.iter().any(|name| values.contains(name));
        Some(import)
    }

    /// `export * from "x"`, `export { a } from "x"`
    fn re_export(&self, at: usize) -> Option<Import> {
        let is_type_only = self.token(at + 1)?.is_word("type");
        let start = at + 1 + usize::from(is_type_only);
        if !self.is_mark(start, "*") && !self.is_mark(start, "{") {
            return None;
        }
        let clause = self.clause(start)?;
        let mut import = self.import(self.name(clause.end + 1, false)?, ImportKind::Static);
        import.is_type_only = is_type_only;
        Some(import)
    }

    /// The part between `import` and `from`.
    fn clause(&self, start: usize) -> Option<Clause<'a>> {
        let next_is = |at: usize, word: &str| self.token(at).is_some_and(|token| token.is_word(word));
        let is_type_only = next_is(start, "type") && !self.is_mark(start + 1, ",") && !next_is(start + 1, "from");
        let is_type_only =
            is_type_only || (next_is(start, "type") && next_is(start + 1, "from") && next_is(start + 2, "from"));
        let mut names = Vec::new();
        let start = start + usize::from(is_type_only);
        for at in start..self.tokens.len().min(start + LONGEST_CLAUSE) {
            let token = self.tokens[at];
            match token.kind {
                Kind::Word if token.depth == 0 && matches!(token.text, "import" | "export") => return None,
                Kind::Word if token.text == "from" && token.depth == 0 && self.name(at + 1, false).is_some() => {
                    return Some(Clause { end: at, is_type_only, names });
                }
                Kind::Word => {
                    let is_renamed = next_is(at + 1, "as");
                    let is_type = at > start && next_is(at - 1, "type") && token.depth > 0;
                    let is_modifier = token.text == "type"
                        && token.depth > 0
                        && self.token(at + 1).is_some_and(|next| next.kind == Kind::Word && next.text != "as");
                    if !is_renamed && !is_type && !is_modifier && token.text != "as" {
                        names.push(token.text);
                    }
                }
                Kind::Text => {}
                Kind::Mark if matches!(token.text, "{" | "}" | "," | "*") => {}
                _ => return None,
            }
        }
        None
    }

    /// The words that are surely used as values somewhere.
    fn values(&self) -> HashSet<&'a str> {
        let is_value = |at: usize| {
            let before = at.checked_sub(1).and_then(|before| self.token(before));
            let is_after = |word: &str| before.is_some_and(|before| before.is_word(word));
            let next = self.token(at + 1);
            let is_called = next.is_some_and(|next| next.is_mark("(") || next.kind == Kind::Template);
            let is_method_called = self.is_mark(at + 1, ".") && self.is_mark(at + 3, "(");
            let is_operand = is_after("new") || is_after("await");
            !is_after("function") && (is_called || is_method_called || is_operand)
        };
        let words = self.tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word);
        words.filter(|(at, _)| !is_member(self.tokens, *at) && is_value(*at)).map(|(_, token)| token.text).collect()
    }
}

/// The part of a declaration between `import` and `from`.
struct Clause<'a> {
    end: usize,
    is_type_only: bool,
    names: Vec<&'a str>,
}
