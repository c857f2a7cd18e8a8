//! Expressions of a configuration module: where they end, what functions return, and texts that can be worked out.

use super::configuration::{Configuration, Expression};
use super::literal::unescape;
use super::token::Kind;
use crate::project::path;

/// A text that an expression stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) text: String,
    /// Whether it is a repository path.
    pub(super) is_absolute: bool,
}

impl Text {
    fn absolute(path: impl Into<String>) -> Text {
        Text { text: path.into(), is_absolute: true }
    }
}

/// The function of a call, by name.
pub(super) struct Callee<'a> {
    /// The first name: `path` of `path.join`.
    pub(super) root: &'a str,
    /// The last name.
    pub(super) name: &'a str,
    /// Index of the opening parenthesis.
    pub(super) open: usize,
}

/// Words that may follow a value without changing it.
const ASSERTIONS: [&str; 2] = ["as", "satisfies"];

impl<'a> Configuration<'a> {
    /// Whether a value may end before `at`: nothing is left of it, or only an assertion of TypeScript.
    pub(super) fn ends(&self, at: usize, end: usize) -> bool {
        at >= end || ASSERTIONS.iter().any(|word| self.is_word(at, word))
    }

    /// Whether `=` stands there, and not `==`.
    pub(super) fn is_assignment(&self, at: usize) -> bool {
        self.is_mark(at, "=") && !self.is_mark(at + 1, "=")
    }

    /// The expression of a statement, up to its semicolon or the line on which the next one begins.
    pub(super) fn statement(&self, from: usize) -> Expression {
        let mut at = from;
        while let Some(token) = self.tokens.get(at) {
            let closes = token.kind == Kind::Mark && matches!(token.text, ";" | "}" | ")" | "]" | ",");
            let begins = at > from && token.is_first_on_line && token.kind == Kind::Word && !self.continues(at);
            if closes || begins {
                break;
            }
            at = self.next(at);
        }
        Expression { at: from, end: at.min(self.tokens.len()) }
    }

    /// Whether the line that begins here goes on with the expression before it.
    fn continues(&self, at: usize) -> bool {
        let before = &self.tokens[at - 1];
        let is_open = match before.kind {
            Kind::Mark => !matches!(before.text, ")" | "]" | "}" | "++" | "--"),
            _ => false,
        };
        is_open || matches!(self.tokens[at].text, "as" | "satisfies" | "in" | "instanceof")
    }

    /// The body of an arrow function whose parameters end before `at`.
    pub(super) fn arrow(&self, at: usize, end: usize) -> Option<usize> {
        if self.is_mark(at, "=>") {
            return Some(at + 1);
        }
        // A type of TypeScript may stand between.
        let mut at = if self.is_mark(at, ":") { at + 1 } else { return None };
        while at < end && !self.is_mark(at, "=>") {
            at = self.next(at);
        }
        (at < end).then_some(at + 1)
    }

    /// The objects that an arrow function gives back.
    pub(super) fn body(&self, body: Expression) -> Option<Vec<usize>> {
        if self.is_mark(body.at, "{") {
            return if self.ends(self.next(body.at), body.end) { self.returned(body.at) } else { None };
        }
        self.objects(body)
    }

    /// The objects that a function gives back; `at` is its name or the word `function`.
    pub(super) fn function(&self, at: usize, end: usize) -> Option<Vec<usize>> {
        let open = (at..end).take(4).find(|at| self.is_mark(*at, "("))?;
        let body = (self.next(open)..end).take(40).find(|at| self.is_mark(*at, "{"))?;
        self.returned(body)
    }

    /// The objects of all `return` statements of a function's own body.
    fn returned(&self, open: usize) -> Option<Vec<usize>> {
        let close = self.partners[open];
        let mut found = Vec::new();
        let mut at = open + 1;
        while at < close {
            if !self.spend() {
                return None;
            }
            if self.is_word(at, "return") && !self.is_mark(at + 1, ":") {
                let value = self.statement(at + 1);
                found.extend(self.objects(Expression { end: value.end.min(close), ..value })?);
                at = value.end.max(at + 1);
            } else if self.is_mark(at, "{") && self.is_block(at) {
                at += 1;
            } else {
                at = self.next(at);
            }
        }
        (!found.is_empty()).then_some(found)
    }

    /// Whether a brace opens a block of statements that is not the body of a function.
    fn is_block(&self, brace: usize) -> bool {
        let before = &self.tokens[brace - 1];
        match (before.kind, before.text) {
            (Kind::Word, word) => matches!(word, "else" | "try" | "finally" | "do"),
            (Kind::Mark, ")") => {
                let head = self.partners[brace - 1].checked_sub(1).map(|at| self.tokens[at].text);
                head.is_some_and(|word| matches!(word, "if" | "for" | "while" | "switch" | "catch" | "with"))
            }
            (Kind::Mark, mark) => matches!(mark, ";" | "{" | "}"),
            _ => false,
        }
    }

    /// The value of a constant that is declared once, outside all brackets, and never changed.
    pub(super) fn declared(&self, name: &str) -> Option<Expression> {
        let mut found = None;
        for at in (0..self.tokens.len()).filter(|at| self.is_word(*at, name)) {
            let is_declared = at > 0 && ["const", "let", "var"].iter().any(|word| self.is_word(at - 1, word));
            if is_declared {
                if found.is_some() || self.tokens[at].depth > 0 {
                    return None;
                }
                found = Some(self.initial(at)?);
            } else if self.is_mutated(name, at) {
                return None;
            }
        }
        found
    }

    /// What a declaration sets its name to.
    fn initial(&self, name: usize) -> Option<Expression> {
        let mut at = name + 1;
        if self.is_mark(at, ":") {
            while at < self.tokens.len() && !self.is_mark(at, "=") && !self.is_mark(at, ";") {
                at = self.next(at);
            }
        }
        self.is_assignment(at).then(|| self.statement(at + 1))
    }

    /// Whether the name at this place is set anew, itself or a part of it.
    pub(super) fn is_mutated(&self, name: &str, at: usize) -> bool {
        if at > 0 && self.is_mark(at - 1, ".") {
            return false;
        }
        if at > 1 && self.is_mark(at - 1, "(") && self.is_word(at - 2, "assign") {
            return true;
        }
        let mut end = at + 1;
        let mut parts = 0;
        loop {
            if self.is_mark(end, ".") {
                end += 2;
            } else if self.is_mark(end, "[") {
                end = self.next(end);
            } else {
                break;
            }
            parts += 1;
        }
        // `module.exports = …` is the export itself.
        let is_export = name == "module" && parts == 1;
        self.is_assignment(end) && !is_export
    }

    /// Whether some object's part of that name is set: `config.outDir = …`.
    pub(super) fn is_assigned(&self, key: &str) -> bool {
        let sets = |at: usize| at > 0 && self.is_mark(at - 1, ".") && self.is_assignment(at + 1);
        (0..self.tokens.len()).any(|at| self.is_word(at, key) && sets(at))
    }

    /// The function that an expression begins to call.
    pub(super) fn callee(&self, value: Expression) -> Option<Callee<'a>> {
        let root = self.tokens.get(value.at).filter(|token| token.kind == Kind::Word)?.text;
        let mut name = root;
        let mut at = value.at + 1;
        while self.is_mark(at, ".") && at + 1 < value.end {
            name = self.tokens[at + 1].text;
            at += 2;
        }
        if self.is_mark(at, "<") {
            let close = (at..value.end).take(40).find(|at| self.is_mark(*at, ">") && self.is_mark(at + 1, "("))?;
            at = close + 1;
        }
        (at < value.end && self.is_mark(at, "(")).then_some(Callee { root, name, open: at })
    }

    /// The text that an expression stands for.
    pub(super) fn text(&self, value: Expression) -> Option<Text> {
        let Expression { at, end } = value;
        if at >= end || !self.spend() {
            return None;
        }
        if let Some(parts) = self.summands(value) {
            return self.sum(&parts);
        }
        let first = self.tokens[at];
        match first.kind {
            Kind::Text | Kind::Template if self.ends(at + 1, end) => {
                Some(Text { text: unescape(first.text)?, is_absolute: false })
            }
            Kind::Mark if first.text == "(" && self.ends(self.next(at), end) => {
                self.text(Expression { at: at + 1, end: self.next(at) - 1 })
            }
            Kind::Word if first.text == "new" => self.url(value),
            Kind::Word if first.text == "import" && self.is_word(at + 4, "dirname") && self.ends(at + 5, end) => {
                Some(Text::absolute(&*self.folder))
            }
            Kind::Word if self.ends(at + 1, end) => match first.text {
                "__dirname" => Some(Text::absolute(&*self.folder)),
                name => self.text(self.declared(name)?),
            },
            Kind::Word => self.called(value),
            _ => None,
        }
    }

    /// The parts of a sum, if the expression is one.
    fn summands(&self, value: Expression) -> Option<Vec<Expression>> {
        let mut parts = Vec::new();
        let mut from = value.at;
        let mut at = value.at;
        while at < value.end {
            if self.is_mark(at, "+") {
                parts.push(Expression { at: from, end: at });
                from = at + 1;
            }
            at = self.next(at);
        }
        parts.push(Expression { at: from, end: value.end });
        (parts.len() > 1).then_some(parts)
    }

    fn sum(&self, parts: &[Expression]) -> Option<Text> {
        let mut parts = parts.iter().map(|part| self.text(*part));
        let mut sum = parts.next()??;
        for part in parts {
            let part = part?;
            if part.is_absolute || (sum.is_absolute && !part.text.starts_with('/')) {
                return None;
            }
            sum.text =
                if sum.is_absolute { path::join(&sum.text, &part.text)? } else { format!("{}{}", sum.text, part.text) };
        }
        Some(sum)
    }

    /// `new URL("./out", import.meta.url)`.
    fn url(&self, value: Expression) -> Option<Text> {
        let callee = self.callee(Expression { at: value.at + 1, ..value }).filter(|callee| callee.name == "URL")?;
        let close = self.partners[callee.open];
        let is_path = self.is_mark(close + 1, ".") && self.is_word(close + 2, "pathname") && close + 3 == value.end;
        let first = Expression { at: callee.open + 1, end: self.element_end(callee.open + 1, close) };
        let base: Vec<&str> = self.tokens.get(first.end..close)?.iter().map(|token| token.text).collect();
        let is_own = matches!(base.as_slice(), [",", "import", ".", "meta", ".", "url", ..]);
        let text = self.text(first).filter(|_| is_own && (is_path || self.ends(close + 1, value.end)))?;
        let is_relative = !text.is_absolute && !text.text.starts_with('/') && !text.text.contains(':');
        path::join(&self.folder, &text.text).filter(|_| is_relative).map(Text::absolute)
    }

    /// Calls that put paths together.
    fn called(&self, value: Expression) -> Option<Text> {
        let callee = self.callee(value)?;
        let close = self.partners[callee.open];
        if !self.ends(close + 1, value.end) {
            return None;
        }
        let mut texts = Vec::new();
        let mut at = callee.open + 1;
        while at < close {
            let end = self.element_end(at, close);
            texts.push(self.text(Expression { at, end })?);
            at = end + 1;
        }
        match (callee.root, callee.name) {
            ("process", "cwd") => Some(Text::absolute(&*self.folder)),
            (_, "fileURLToPath" | "normalizePath" | "normalize") => texts.into_iter().next(),
            (_, "resolve") => texts.into_iter().try_fold(Text::absolute(&*self.folder), |from, to| step(&from, to)),
            (_, "join") => {
                let mut texts = texts.into_iter();
                let first = texts.next()?;
                texts.try_fold(first, |from, to| if to.is_absolute { None } else { step(&from, to) })
            }
            _ => None,
        }
    }
}

/// One step of `path.resolve` or `path.join`.
fn step(from: &Text, to: Text) -> Option<Text> {
    if to.is_absolute {
        return Some(to);
    }
    if from.is_absolute {
        let is_relative = !to.text.starts_with('/');
        return path::join(&from.text, &to.text).filter(|_| is_relative).map(Text::absolute);
    }
    Some(Text { text: format!("{}/{}", from.text.trim_end_matches('/'), to.text), is_absolute: false })
}
