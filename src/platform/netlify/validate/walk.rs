//! Walks the checks of one pass over a configuration (`config/src/validate/main.js`).

use std::fmt::Write;

use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

use super::printable::{self, Unprintable};
use super::problem::{Problem, found};
use super::violation::{Violation, ViolationKind, legible};
use crate::text::ecma::own_entries;

/// A check of all values at a path, in which `*` stands for every child.
pub(super) struct Rule {
    path: &'static [&'static str],
    check: fn(&Subject<'_>) -> Result<(), Fault>,
    shown_as: Option<[&'static str; 2]>,
}

impl Rule {
    /// Makes the check of a path.
    pub(super) const fn new(path: &'static [&'static str], check: fn(&Subject<'_>) -> Result<(), Fault>) -> Rule {
        Rule { path, check, shown_as: None }
    }

    /// Names the property differently in messages.
    pub(super) const fn shown_as(mut self, keys: [&'static str; 2]) -> Rule {
        self.shown_as = Some(keys);
        self
    }
}

/// The value under a check, and the way to it.
pub(super) struct Subject<'a> {
    pub(super) value: &'a Node,
    trail: &'a [Place<'a>],
}

impl Subject<'_> {
    /// The key of the second level, such as the name of the function.
    pub(super) fn second_key(&self) -> Option<&str> {
        match self.trail.get(1)?.step {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }
    }

    /// A property of the value; a type error where JavaScript has one.
    pub(super) fn property(&self, key: &str) -> Result<Option<&Node>, Fault> {
        property(self.value, key).ok_or(Fault::Crash)
    }

    /// The span of a key of the value.
    pub(super) fn key_span(&self, key: &str) -> Option<Span> {
        self.value.as_table()?.key_span(key).filter(|span| span.is_written())
    }
}

/// Why a check fails.
pub(super) enum Fault {
    /// The value is not accepted.
    Invalid {
        /// What is wrong.
        problem: Box<Problem>,
        /// A narrower place than the value.
        span: Option<Span>,
        /// A narrower place than the key of the value.
        key_span: Option<Span>,
    },
    /// The check itself ends in a type error.
    Crash,
}

impl Fault {
    /// The value as a whole is wrong.
    pub(super) fn new(problem: Problem) -> Fault {
        Fault::Invalid { problem: Box::new(problem), span: None, key_span: None }
    }

    /// A part of the value is wrong.
    pub(super) fn at(problem: Problem, span: Option<Span>, key_span: Option<Span>) -> Fault {
        Fault::Invalid { problem: Box::new(problem), span, key_span }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    step: Step<'a>,
    key_span: Option<Span>,
    span: Span,
}

/// Applies the checks in order; the first failure ends the pass.
pub(super) fn check_all(config: &Table, rules: &[Rule]) -> Result<(), Violation> {
    rules.iter().try_for_each(|rule| {
        let (first, rest) = rule.path.split_first().expect("internal: every rule has a path");
        let mut walk = Walk { rule, trail: Vec::new() };
        match config.0.get(*first) {
            Some(entry) => walk.enter(Step::Key(first), Some(entry.key_span), &entry.value, rest),
            None => Ok(()),
        }
    })
}

struct Walk<'a> {
    rule: &'a Rule,
    trail: Vec<Place<'a>>,
}

impl<'a> Walk<'a> {
    fn enter(
        &mut self,
        step: Step<'a>,
        key_span: Option<Span>,
        node: &'a Node,
        path: &'static [&'static str],
    ) -> Result<(), Violation> {
        self.trail.push(Place { step, key_span: key_span.filter(|span| span.is_written()), span: node.span });
        match path {
            [] => self.check(node)?,
            ["*", rest @ ..] => self.children(node, rest)?,
            [key, rest @ ..] => self.child(node, key, rest)?,
        }
        self.trail.pop();
        Ok(())
    }

    fn child(&mut self, node: &'a Node, key: &'static str, path: &'static [&'static str]) -> Result<(), Violation> {
        match property(node, key) {
            None => Err(self.crash(node)),
            Some(None) => Ok(()),
            Some(Some(child)) => {
                let key_span = node.as_table().and_then(|table| table.key_span(key));
                self.enter(Step::Key(key), key_span, child, path)
            }
        }
    }

    fn children(&mut self, node: &'a Node, path: &'static [&'static str]) -> Result<(), Violation> {
        match &node.kind {
            Kind::Null => Err(self.crash(node)),
            Kind::Table(table) => own_entries(table)
                .into_iter()
                .try_for_each(|(key, entry)| self.enter(Step::Key(key), Some(entry.key_span), &entry.value, path)),
            Kind::Array(items) => {
                items.iter().enumerate().try_for_each(|(index, item)| self.enter(Step::Index(index), None, item, path))
            }
            // The characters of a string are children too; the only check that meets them ignores them.
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Ok(()),
        }
    }

    fn check(&self, node: &Node) -> Result<(), Violation> {
        match (self.rule.check)(&Subject { value: node, trail: &self.trail }) {
            Ok(()) => Ok(()),
            Err(Fault::Crash) => Err(self.crash(node)),
            Err(Fault::Invalid { problem, span, key_span }) => Err(self.report(node, problem, span, key_span)),
        }
    }

    fn report(&self, node: &Node, problem: Box<Problem>, span: Option<Span>, key_span: Option<Span>) -> Violation {
        let name = self.name();
        let (kind, property) = match printable::check(&self.shown(node)) {
            Ok(()) => (ViolationKind::InvalidProperty, Some(legible(&name, &problem))),
            Err(Unprintable::Value(path)) => (ViolationKind::UnprintableValue, Some(path)),
            Err(Unprintable::Number) => (ViolationKind::UnprintableNumber, None),
        };
        let own_key = self.trail.last().and_then(|place| place.key_span);
        let span = span.filter(|span| span.is_written()).unwrap_or_else(|| self.span());
        Violation { kind, property, name, span, key_span: key_span.or(own_key), problem }
    }

    fn crash(&self, node: &Node) -> Violation {
        Violation {
            kind: ViolationKind::CheckCrash,
            property: None,
            name: self.name(),
            span: self.span(),
            key_span: self.trail.last().and_then(|place| place.key_span),
            problem: Box::new(Problem::Crash(found(node))),
        }
    }

    /// The innermost place that was written.
    fn span(&self) -> Span {
        let spans = self.trail.iter().rev().map(|place| place.span);
        spans.into_iter().find(|span| span.is_written()).unwrap_or(Span::NONE)
    }

    fn name(&self) -> String {
        if let Some([first, second]) = self.rule.shown_as {
            return format!("{first}.{second}");
        }
        self.trail.iter().fold(String::new(), |mut name, place| {
            let separator = if name.is_empty() { "" } else { "." };
            // Writing to a string cannot fail.
            let _ = match place.step {
                Step::Key(key) => write!(name, "{separator}{key}"),
                Step::Index(index) => write!(name, "[{index}]"),
            };
            name
        })
    }

    /// The value inside of bare copies of what is around it, as messages show it.
    fn shown(&self, node: &Node) -> Table {
        let steps: Vec<Step<'_>> = match self.rule.shown_as {
            Some(keys) => keys.into_iter().map(Step::Key).collect(),
            None => self.trail.iter().map(|place| place.step).collect(),
        };
        let shown = steps.iter().rev().fold(node.clone(), |inner, step| match step {
            Step::Key(key) => {
                let mut table = Table::default();
                table.insert(*key, Span::NONE, inner);
                Node::default_of(Kind::Table(table))
            }
            Step::Index(_) => Node::default_of(Kind::Array(vec![inner])),
        });
        if let Kind::Table(table) = shown.kind { table } else { Table::default() }
    }
}

/// A property as JavaScript reads it: `None` is the type error of reading one of `null`.
fn property<'a>(node: &'a Node, key: &str) -> Option<Option<&'a Node>> {
    if node.is_null() { None } else { Some(node.as_table().and_then(|table| table.get(key))) }
}
