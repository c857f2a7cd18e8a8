//! A failed check, classified as the engine's own message is.

use std::fmt;

use crate::text::span::Span;

use super::problem::{Problem, shorten};

/// A check of the engine that failed: the build stops here.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The class of the engine's message.
    pub kind: ViolationKind,
    /// The name in the engine's message, as far as a reader of the message can tell it; none for crashes.
    pub property: Option<String>,
    /// The name of the offending property: dots, `[i]` for list items, keys as they are.
    pub name: String,
    /// The offending value, or the nearest value around it that was written.
    pub span: Span,
    /// The key that holds it, or the very key that is wrong.
    pub key_span: Option<Span>,
    /// What is wrong with it.
    pub problem: Box<Problem>,
}

/// The classes of messages of the engine that a failed check can end in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViolationKind {
    /// A property with a value that is not accepted.
    InvalidProperty,
    /// A plugin named twice (`config/src/validate/identical.js`).
    DuplicatePlugin,
    /// A plugin of the site repeated for a context (`config/src/validate/context.js`).
    ContextPlugin,
    /// A value that is not accepted, and that the engine cannot print in its message (`tomlify-j0.4`).
    UnprintableValue,
    /// The same, where the engine stumbles over a number that is not finite.
    UnprintableNumber,
    /// A type error inside of a check, which the engine still reports as an error of the configuration.
    CheckCrash,
    /// A type error outside of the checks, which the engine reports as its own.
    EngineCrash,
}

impl ViolationKind {
    /// The class in words with hyphens, as reference documents have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ViolationKind::InvalidProperty => "invalid-property",
            ViolationKind::DuplicatePlugin => "duplicate-plugin",
            ViolationKind::ContextPlugin => "context-plugin",
            ViolationKind::UnprintableValue => "unprintable-value",
            ViolationKind::UnprintableNumber => "other",
            ViolationKind::CheckCrash | ViolationKind::EngineCrash => "engine-crash",
        }
    }

    /// The error type that the engine gives (`config/src/error.ts`).
    #[must_use]
    pub fn error_type(self) -> &'static str {
        if self == ViolationKind::EngineCrash { "unexpected" } else { "resolveConfig" }
    }
}

impl Violation {
    /// Makes the violation of a value that crashes the engine outside of its checks.
    #[must_use]
    pub fn crash(name: impl Into<String>, span: Span, found: impl Into<String>) -> Violation {
        Violation {
            kind: ViolationKind::EngineCrash,
            property: None,
            name: name.into(),
            span,
            key_span: None,
            problem: Box::new(Problem::Crash(found.into())),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} {}", shorten(&self.name), self.problem)
    }
}

impl std::error::Error for Violation {}

/// The part of the name that a reader of `Configuration property NAME MESSAGE` can tell.
///
/// A name may hold the very words that start the messages (`functions."it must be"`); the first of them ends it.
pub(super) fn legible(name: &str, problem: &Problem) -> String {
    let text = format!("{name} {}", opening(problem));
    let mut ends = text.match_indices(' ').map(|(at, _)| at).filter(|at| *at > 0);
    let end = ends.find(|at| is_opening(&text[at + 1..])).unwrap_or(name.len());
    text[..end].to_owned()
}

/// The words with which the engine's message goes on after the name.
fn opening(problem: &Problem) -> String {
    match problem {
        Problem::UnknownProperties { .. } => "has unknown properties".to_owned(),
        Problem::Missing([name]) => format!("\"{name}\" property is required"),
        Problem::Missing(_) => "either \"".to_owned(),
        Problem::Exclusive(one, other) => format!("\"{one}\" and \"{other}\" are mutually exclusive"),
        _ => "must ".to_owned(),
    }
}

fn is_opening(text: &str) -> bool {
    ["must ", "has unknown properties", "either \""].iter().any(|start| text.starts_with(start)) || is_quoted(text)
}

fn is_quoted(text: &str) -> bool {
    let Some(rest) = after_quoted(text) else { return false };
    if rest.starts_with(" property is required") {
        return true;
    }
    let other = rest.strip_prefix(" and ").and_then(after_quoted);
    other.is_some_and(|rest| rest.starts_with(" are mutually exclusive"))
}

fn after_quoted(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('"')?;
    let end = rest.find(['"', '\n']).filter(|end| *end > 0)?;
    rest[end..].strip_prefix('"')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::netlify::validate::problem::Expected;

    fn kind() -> Problem {
        Problem::Kind { found: "null".to_owned(), expected: Expected::Text }
    }

    #[test]
    fn ordinary_names_stay_whole() {
        for name in ["build.command", "plugins[0].package", "functions.a b.memory", "functions.", "functions.\n"] {
            assert_eq!(legible(name, &kind()), name);
        }
        assert_eq!(legible("plugins[0]", &Problem::Missing(&["package"])), "plugins[0]");
        assert_eq!(legible("edge_functions[0]", &Problem::Exclusive("path", "pattern")), "edge_functions[0]");
    }

    #[test]
    fn a_name_that_reads_like_a_message_ends_early() {
        assert_eq!(legible("functions.you must not.memory", &kind()), "functions.you");
        assert_eq!(legible("functions.this must", &kind()), "functions.this");
        assert_eq!(legible("functions.a \"b\" property is required", &kind()), "functions.a");
        assert_eq!(legible("functions.a \"b\" and \"c\" are mutually exclusive", &kind()), "functions.a");
        assert_eq!(legible("functions.a \"b\" and c", &kind()), "functions.a \"b\" and c");
    }
}
