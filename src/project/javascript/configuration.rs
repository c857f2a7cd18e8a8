//! Configuration modules: settings of the object that a module exports, found without running it.
//!
//! The object may be handed through functions that change nothing (`defineConfig`), come out of a function, or have a
//! name. Whatever else could change it makes a setting computed.

use std::cell::Cell;

use super::literal::unescape;
use super::token::{self, Kind, Token};
use super::{MAX_LENGTH, extension};
use crate::project::path;
use crate::project::setting::{Setting, Written};
use crate::text::span::{FileId, Span};

/// Functions that hand their first argument through.
const IDENTITIES: [&str; 11] = [
    "defineConfig",
    "defineConfigWithTheme",
    "defineUserConfig",
    "defineNuxtConfig",
    "defineAppConfig",
    "defineSiteConfig",
    "defineBuildConfig",
    "defineViteConfig",
    "freeze",
    "withMermaid",
    "withPwa",
];

/// Steps of one search; a module that needs more is not followed.
const FUEL: u32 = 1_000;

/// A range of tokens that make an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expression {
    pub(super) at: usize,
    pub(super) end: usize,
}

/// A call that is the value of a setting: `adapter({ pages: "out" })`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The function's name.
    pub name: String,
    /// The module that the name was imported from.
    pub module: Option<String>,
    argument: Option<Expression>,
}

/// A configuration module.
#[derive(Debug)]
pub struct Configuration<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    /// For a bracket the index of its partner.
    pub(super) partners: Vec<usize>,
    pub(super) file: FileId,
    /// Repository path of the folder that holds the module.
    pub(super) folder: String,
    fuel: Cell<u32>,
}

/// What an object says about a key.
pub(super) enum Property {
    Value(Expression),
    Absent,
    Computed,
}

impl<'a> Configuration<'a> {
    /// Cuts the text of the module at `file_path`; `None` when it cannot be made sense of.
    #[must_use]
    pub fn read(text: &'a str, file_path: &str, file: FileId) -> Option<Configuration<'a>> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let cut = token::tokens(text, !matches!(extension(file_path), ".ts" | ".mts" | ".cts"));
        let partners = token::partners(&cut.list);
        let folder = path::parent(file_path).unwrap_or_default().to_owned();
        cut.is_complete.then(|| Configuration { tokens: cut.list, partners, file, folder, fuel: Cell::new(FUEL) })
    }

    /// The setting that these keys lead to in the exported object.
    #[must_use]
    pub fn setting(&self, keys: &[&str]) -> Setting {
        self.refuel();
        match self.exported().and_then(|root| self.objects(root)) {
            Some(objects) => self.in_objects(&objects, keys),
            None => Setting::Computed,
        }
    }

    /// The setting in a constant of that name, which the module may export; absent without such a constant.
    #[must_use]
    pub fn setting_of_export(&self, name: &str, keys: &[&str]) -> Setting {
        self.refuel();
        let Some(value) = self.declared(name) else { return Setting::Absent };
        self.objects(value).map_or(Setting::Computed, |objects| self.in_objects(&objects, keys))
    }

    /// The opening brace of the exported object, if it is the only one that may be meant.
    #[must_use]
    pub fn brace(&self) -> Option<Span> {
        self.refuel();
        let objects = self.objects(self.exported()?)?;
        let [only] = objects.as_slice() else { return None };
        Some(self.span(Expression { at: *only, end: only + 1 }))
    }

    /// The call that these keys lead to; `Err` when something else may stand there.
    ///
    /// # Errors
    /// When the exported object, or the value, would have to be computed.
    pub fn call(&self, keys: &[&str]) -> Result<Option<Call>, Computed> {
        self.refuel();
        let objects = self.exported().and_then(|root| self.objects(root)).ok_or(Computed)?;
        let [object] = objects.as_slice() else { return Err(Computed) };
        match self.descend(*object, keys) {
            Property::Absent => Ok(None),
            Property::Computed => Err(Computed),
            Property::Value(value) => self.call_in(value).map(Some).ok_or(Computed),
        }
    }

    /// A setting of the object that a call gets as its first argument.
    #[must_use]
    pub fn argument(&self, call: &Call, keys: &[&str]) -> Setting {
        let Some(argument) = call.argument else { return Setting::Absent };
        match self.objects(argument) {
            Some(objects) => self.in_objects(&objects, keys),
            None => Setting::Computed,
        }
    }

    /// The arguments of every call of a method of that name, `x.name("…")`: computed ones count as such.
    #[must_use]
    pub fn method_calls(&self, name: &str) -> Vec<Setting> {
        let is_call = |at: usize| at > 0 && self.is_mark(at - 1, ".") && self.is_mark(at + 1, "(");
        let calls = (0..self.tokens.len()).filter(|at| self.tokens[*at].is_word(name) && is_call(*at));
        calls.map(|at| self.evaluated(Expression { at: at + 2, end: self.partners[at + 1] })).collect()
    }

    /// The keys of the object that these keys lead to, each with its value; none where nothing is set.
    ///
    /// # Errors
    /// When the keys would have to be computed.
    pub fn entries(&self, keys: &[&str]) -> Result<Vec<(String, Setting)>, Computed> {
        self.refuel();
        let objects = self.exported().and_then(|root| self.objects(root)).ok_or(Computed)?;
        let [object] = objects.as_slice() else { return Err(Computed) };
        let value = match self.descend(*object, keys) {
            Property::Absent => return Ok(Vec::new()),
            Property::Computed => return Err(Computed),
            Property::Value(value) => value,
        };
        if self.is_mark(value.at, "[") && self.ends(self.next(value.at), value.end) {
            return self.pairs(value.at);
        }
        let objects = self.objects(value).ok_or(Computed)?;
        let [open] = objects.as_slice() else { return Err(Computed) };
        let (open, close) = (*open, self.partners[*open]);
        let mut found = Vec::new();
        let mut at = open + 1;
        while at < close {
            let end = self.element_end(at, close);
            let name = match self.tokens[at].kind {
                Kind::Word => self.tokens[at].text.to_owned(),
                Kind::Text => unescape(self.tokens[at].text).ok_or(Computed)?,
                _ => return Err(Computed),
            };
            if !self.is_mark(at + 1, ":") {
                return Err(Computed);
            }
            found.push((name, self.evaluated(Expression { at: at + 2, end })));
            at = end + 1;
        }
        Ok(found)
    }

    /// The entries of a list of `{ find: "…", replacement: … }`.
    fn pairs(&self, open: usize) -> Result<Vec<(String, Setting)>, Computed> {
        let close = self.partners[open];
        let mut found = Vec::new();
        let mut at = open + 1;
        while at < close {
            let end = self.element_end(at, close);
            let objects = self.objects(Expression { at, end }).ok_or(Computed)?;
            let name = self.in_objects(&objects, &["find"]);
            let name = name.text().ok_or(Computed)?.to_owned();
            found.push((name, self.in_objects(&objects, &["replacement"])));
            at = end + 1;
        }
        Ok(found)
    }

    /// Whether a name, a key or a string of the module is this word.
    #[must_use]
    pub fn has_word(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| match token.kind {
            Kind::Word => token.text == word,
            Kind::Text => token.text.get(1..token.text.len() - 1) == Some(word),
            _ => false,
        })
    }

    /// The modules that are loaded, as they are named.
    pub fn modules(&self) -> impl Iterator<Item = String> {
        let is_loaded = |at: usize| {
            let before = |back: usize| at.checked_sub(back).map(|at| &self.tokens[at]);
            let is_word = |back, word| before(back).is_some_and(|token| token.is_word(word));
            let is_call = before(1).is_some_and(|token| token.is_mark("("));
            is_word(1, "from") || is_word(1, "import") || (is_call && (is_word(2, "require") || is_word(2, "import")))
        };
        let texts = self.tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Text);
        texts.filter(move |(at, _)| is_loaded(*at)).filter_map(|(_, token)| unescape(token.text))
    }

    pub(super) fn is_mark(&self, at: usize, mark: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_mark(mark))
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is_word(word))
    }

    pub(super) fn refuel(&self) {
        self.fuel.set(FUEL);
    }

    /// Whether there is work left that may be done.
    pub(super) fn spend(&self) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        left > 0
    }

    pub(super) fn span(&self, value: Expression) -> Span {
        let (first, last) = (self.tokens.get(value.at), self.tokens.get(value.end.saturating_sub(1)));
        first.zip(last).map_or(Span::NONE, |(first, last)| Span::new(self.file, first.start, last.end()))
    }

    /// What the module exports: `export default …`, `module.exports = …`, `export = …`.
    pub(super) fn exported(&self) -> Option<Expression> {
        let mut found = Vec::new();
        for at in (0..self.tokens.len()).filter(|at| self.tokens[*at].depth == 0) {
            let is_default = self.is_word(at, "export") && self.is_word(at + 1, "default");
            let is_assigned = self.is_word(at, "export") && self.is_mark(at + 1, "=");
            let is_common = self.is_word(at, "exports") && self.is_assignment(at + 1) && at > 1;
            let is_module = is_common && self.is_mark(at - 1, ".") && self.is_word(at - 2, "module");
            if is_default || is_assigned || is_module {
                found.push(self.statement(at + 2));
            } else if self.is_word(at, "module") && self.is_mutated("module", at) {
                return None;
            }
        }
        if let [only] = found.as_slice() { Some(*only) } else { None }
    }

    pub(super) fn in_objects(&self, objects: &[usize], keys: &[&str]) -> Setting {
        let Some((last, _)) = keys.split_last() else { return Setting::Computed };
        if self.is_assigned(last) {
            return Setting::Computed;
        }
        let mut found: Option<Setting> = None;
        for object in objects {
            let setting = match self.descend(*object, keys) {
                Property::Absent => Setting::Absent,
                Property::Computed => Setting::Computed,
                Property::Value(value) => self.evaluated(value),
            };
            let is_same = |known: &Setting| known.text() == setting.text() && known.is_absent() == setting.is_absent();
            match &found {
                Some(known) if !is_same(known) => return Setting::Computed,
                _ => found = Some(setting),
            }
        }
        found.unwrap_or(Setting::Computed)
    }

    fn evaluated(&self, value: Expression) -> Setting {
        if value.end == value.at + 1 && self.is_word(value.at, "undefined") {
            return Setting::Absent;
        }
        match self.text(value) {
            Some(text) => {
                let span = self.span(value);
                Setting::Written(Written { text: text.text, is_absolute: text.is_absolute, span })
            }
            None => Setting::Computed,
        }
    }

    pub(super) fn descend(&self, object: usize, keys: &[&str]) -> Property {
        let Some((key, rest)) = keys.split_first() else { return Property::Computed };
        match self.property(object, key) {
            Property::Value(value) if !rest.is_empty() => match self.objects(value).as_deref() {
                Some([only]) => self.descend(*only, rest),
                _ => Property::Computed,
            },
            found => found,
        }
    }

    /// What the object whose brace stands at `open` says about a key; spreads are followed.
    fn property(&self, open: usize, key: &str) -> Property {
        let close = self.partners[open];
        let mut found = Property::Absent;
        let mut at = open + 1;
        while at < close {
            let end = self.element_end(at, close);
            let entry = Expression { at, end };
            if self.is_mark(at, ".") && self.is_mark(at + 1, ".") && self.is_mark(at + 2, ".") {
                match self.in_spread(Expression { at: at + 3, end }, key) {
                    Property::Absent => {}
                    other => found = other,
                }
            } else if let Some(value) = self.entry(entry, key) {
                found = value;
            }
            at = end + 1;
        }
        found
    }

    fn in_spread(&self, value: Expression, key: &str) -> Property {
        match self.objects(value).as_deref() {
            Some([only]) => self.property(*only, key),
            _ => Property::Computed,
        }
    }

    /// What one entry of an object says about a key, if it concerns it.
    fn entry(&self, entry: Expression, key: &str) -> Option<Property> {
        let first = self.tokens[entry.at];
        let name = match first.kind {
            Kind::Word => first.text.to_owned(),
            Kind::Text => unescape(first.text)?,
            Kind::Number => return None,
            _ => return Some(Property::Computed),
        };
        let after = entry.at + 1;
        let value = if after == entry.end {
            Property::Value(entry)
        } else if self.is_mark(after, ":") {
            Property::Value(Expression { at: after + 1, end: entry.end })
        } else {
            let names_it = (entry.at..entry.end).take(3).any(|at| self.is_word(at, key));
            return names_it.then_some(Property::Computed);
        };
        (name == key).then_some(value)
    }

    /// The index of the comma that ends an element, or of the bracket.
    pub(super) fn element_end(&self, from: usize, close: usize) -> usize {
        let mut at = from;
        while at < close && !self.is_mark(at, ",") {
            at = self.next(at);
        }
        at.min(close)
    }

    /// The token behind this one, brackets passed over.
    pub(super) fn next(&self, at: usize) -> usize {
        self.partners[at].max(at) + 1
    }

    /// The objects that an expression may stand for; `None` when only a run would tell.
    pub(super) fn objects(&self, value: Expression) -> Option<Vec<usize>> {
        let Expression { at, end } = value;
        if at >= end || !self.spend() {
            return None;
        }
        let first = self.tokens[at];
        match first.text {
            "{" if first.kind == Kind::Mark => self.ends(self.next(at), end).then(|| vec![at]),
            "(" if first.kind == Kind::Mark => {
                let behind = self.next(at);
                match self.arrow(behind, end) {
                    Some(body) => self.body(Expression { at: body, end }),
                    None if self.ends(behind, end) => self.objects(Expression { at: at + 1, end: behind - 1 }),
                    None => None,
                }
            }
            "async" | "await" => self.objects(Expression { at: at + 1, end }),
            "function" => self.function(at, end),
            _ if first.kind != Kind::Word => None,
            _ if self.is_mark(at + 1, "=>") => self.body(Expression { at: at + 2, end }),
            name if self.ends(at + 1, end) => self.named(name),
            _ => {
                let call = self.call_in(value)?;
                self.objects(call.argument.filter(|_| IDENTITIES.contains(&call.name.as_str()))?)
            }
        }
    }

    /// The object behind a name: a constant, or what a function returns.
    fn named(&self, name: &str) -> Option<Vec<usize>> {
        let functions: Vec<usize> = (1..self.tokens.len())
            .filter(|at| self.is_word(*at, name) && self.is_word(at - 1, "function") && self.tokens[*at].depth == 0)
            .collect();
        match functions.as_slice() {
            [only] => self.function(*only, self.tokens.len()),
            [] => self.objects(self.declared(name)?),
            _ => None,
        }
    }

    /// A call that makes the whole expression.
    fn call_in(&self, value: Expression) -> Option<Call> {
        let callee = self.callee(value)?;
        let open = callee.open;
        let close = self.partners[open];
        let argument = Expression { at: open + 1, end: self.element_end(open + 1, close) };
        self.ends(close + 1, value.end).then(|| Call {
            name: callee.name.to_owned(),
            module: self.module_of(callee.root),
            argument: (argument.end > argument.at).then_some(argument),
        })
    }

    /// The module that a name was imported from.
    pub(super) fn module_of(&self, name: &str) -> Option<String> {
        for at in (0..self.tokens.len()).filter(|at| self.is_word(*at, name)) {
            let is_required = self.is_mark(at + 1, "=") && self.is_word(at + 2, "require") && self.is_mark(at + 3, "(");
            if is_required {
                return unescape(self.tokens.get(at + 4)?.text);
            }
            let rest = self.tokens.iter().enumerate().skip(at + 1).take(40);
            let from = rest
                .take_while(|(_, token)| !matches!(token.text, ";" | "=" | "("))
                .find(|(_, token)| token.is_word("from"));
            if let Some((from, _)) = from {
                return self
                    .tokens
                    .get(from + 1)
                    .filter(|token| token.kind == Kind::Text)
                    .and_then(|token| unescape(token.text));
            }
        }
        None
    }
}

/// A value that would have to be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a run would tell the value")]
pub struct Computed;
