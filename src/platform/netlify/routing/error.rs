//! What is wrong with a rule, and where.

use std::fmt;

use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::Node;

/// Which kind of rule an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// `_redirects` and `redirects` of `netlify.toml`.
    Redirect,
    /// `_headers` and `headers` of `netlify.toml`.
    Header,
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Subject::Redirect => "redirect",
            Subject::Header => "header",
        }
    }
}

/// Where the engine sees an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A line of a side file, counted from 1.
    Line(usize),
    /// A rule of one source, counted from 1 among those that survived line parsing.
    Number(usize),
    /// A side file as a whole.
    File,
    /// The shape of the list in the configuration, or of one of its items.
    Shape,
}

/// Why a rule or a side file is dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// A side file exists but is no readable file.
    #[error("\"{path}\" cannot be read; a text file was expected")]
    Unreadable {
        /// The file as the caller named it.
        path: String,
    },
    /// The list in the configuration is something else.
    #[error("\"{}\" stands where a list of tables was expected", shorten(.value))]
    NotAList {
        /// The value as the engine prints it.
        value: String,
    },
    /// An item of the list is not a table.
    #[error("\"{}\" stands where a table was expected", shorten(.value))]
    NotATable {
        /// The value as the engine prints it.
        value: String,
    },
    /// A line of `_redirects` has a path and nothing more.
    #[error("\"{}\" has no destination; a path, a URL or a status must follow it", shorten(.from))]
    MissingDestination {
        /// The path.
        from: String,
    },
    /// No part of a line of `_redirects` looks like a destination.
    #[error("\"{}\" is no destination; one starts with \"/\", \"http://\" or \"https://\"", shorten(.part))]
    DestinationShape {
        /// The first part after the path.
        part: String,
    },
    /// A required property is absent.
    #[error("\"{key}\" is missing")]
    Missing {
        /// The property: `from`, `to` or `for`.
        key: &'static str,
    },
    /// A property has a value of another type.
    #[error("\"{key}\" has the wrong type; {expected} was expected")]
    WrongType {
        /// The property.
        key: &'static str,
        /// What the engine can handle.
        expected: &'static str,
    },
    /// A status does not start with a whole number.
    #[error("status \"{}\" does not start with a whole number", shorten(.status))]
    InvalidStatus {
        /// The status as the engine prints it.
        status: String,
    },
    /// The URL in `from` cannot be parsed.
    #[error("\"{}\" is no valid URL; a scheme, a host and a path were expected", shorten(.url))]
    InvalidUrl {
        /// The URL.
        url: String,
    },
    /// The path belongs to the platform.
    #[error("path \"{}\" is reserved; one that does not start with \"/.netlify\" was expected", shorten(.path))]
    ReservedPath {
        /// The path.
        path: String,
    },
    /// A header has no name, or one that the engine takes for none.
    #[error("\"{name}\" is no header name; text other than \"undefined\" was expected")]
    EmptyHeaderName {
        /// Nothing, or the word `undefined`.
        name: String,
    },
    /// A header line has nothing after its colon.
    #[error("header \"{}\" has no value; text must follow its colon", shorten(.name))]
    MissingHeaderValue {
        /// The name.
        name: String,
    },
    /// A header line comes before any path.
    #[error("header \"{}\" belongs to no path; a line that starts with \"/\" must come first", shorten(.name))]
    HeaderBeforePath {
        /// The name.
        name: String,
    },
    /// The value of a header is not text.
    #[error("header \"{}\" has a value of the wrong type; a string or a list of strings was expected", shorten(.name))]
    HeaderValueType {
        /// The name, with the index of the item in a list (`Link[1]`).
        name: String,
    },
    /// The path of a header entry gives an invalid pattern.
    #[error("path \"{}\" is no valid pattern; text next to a \"*\" is read as a regular expression", shorten(.path))]
    InvalidPattern {
        /// The path.
        path: String,
    },
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 120;
    let cut = text.char_indices().nth(LONGEST).map(|(at, _)| at);
    cut.map_or_else(|| text.to_owned(), |at| format!("{}…", &text[..at]))
}

/// One problem of a rule: the engine drops the rule and warns.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutingError {
    /// Redirect or header.
    pub subject: Subject,
    /// What to point at: the line, the table, the value.
    pub span: Span,
    /// Where the engine counts it.
    pub place: Place,
    /// What is wrong.
    pub reason: Reason,
}

impl RoutingError {
    /// The error of a value that stands where the list of rules was expected.
    pub(super) fn not_a_list(subject: Subject, node: &Node) -> Result<RoutingError, Crash> {
        RoutingError::of_shape(subject, node, |value| Reason::NotAList { value })
    }

    /// The error of a value that stands where a rule was expected.
    pub(super) fn not_a_table(subject: Subject, node: &Node) -> Result<RoutingError, Crash> {
        RoutingError::of_shape(subject, node, |value| Reason::NotATable { value })
    }

    fn of_shape(subject: Subject, node: &Node, reason: fn(String) -> Reason) -> Result<RoutingError, Crash> {
        let value = ecma::to_text(node).map_err(|_| Crash { subject, span: node.span })?;
        Ok(RoutingError { subject, span: node.span, place: Place::Shape, reason: reason(value) })
    }

    /// The first line of the engine's own message, by which logs can be matched (`redirect-parser/src/normalize.js`,
    /// `headers-parser/src/normalize.ts` and the `line_parser` of both).
    #[must_use]
    pub fn first_line(&self) -> String {
        let name = self.subject.name();
        let message = match (&self.reason, self.place, self.subject) {
            (Reason::Unreadable { path }, ..) => format!("Could not read {name}s file: {path}"),
            (Reason::NotAList { value }, _, Subject::Redirect) => format!("Redirects must be an array not: {value}"),
            (Reason::NotAList { value }, _, Subject::Header) => format!("Headers must be an array not: {value}"),
            (Reason::NotATable { value }, _, Subject::Redirect) => format!("Redirects must be objects not: {value}"),
            (Reason::NotATable { value }, _, Subject::Header) => format!("Header must be an object not: {value}"),
            (Reason::HeaderBeforePath { name }, ..) => format!("Path should come before header \"{name}\""),
            (_, Place::Line(line), _) => format!("Could not parse {name} line {line}:"),
            (_, Place::Number(number), _) => format!("Could not parse {name} number {number}:"),
            (_, Place::File | Place::Shape, _) => format!("Could not parse {name}s"),
        };
        message.split('\n').next().unwrap_or_default().to_owned()
    }
}

impl fmt::Display for RoutingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.subject.name();
        match self.place {
            Place::Line(line) => write!(f, "{name} line {line}: {}", self.reason),
            Place::Number(number) => write!(f, "{name} number {number}: {}", self.reason),
            Place::File => write!(f, "{name}s file: {}", self.reason),
            Place::Shape => write!(f, "{name}s: {}", self.reason),
        }
    }
}

impl std::error::Error for RoutingError {}

/// The engine stops with a type error: it cannot print the value that stands where rules were expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}s hold a table with the key \"toString\" that the engine cannot print; a list of tables was expected", .subject.name())]
pub struct Crash {
    /// Redirect or header.
    pub subject: Subject,
    /// The value that cannot be printed.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(place: Place, reason: Reason) -> RoutingError {
        RoutingError { subject: Subject::Header, span: Span::NONE, place, reason }
    }

    #[test]
    fn messages_name_the_place_and_the_thing() {
        let reason = Reason::MissingHeaderValue { name: "X".into() };
        let message = error(Place::Line(3), reason).to_string();
        assert_eq!(message, "header line 3: header \"X\" has no value; text must follow its colon");
    }

    #[test]
    fn long_values_are_shortened_in_messages_only() {
        let list = error(Place::Shape, Reason::NotAList { value: "é".repeat(500) });
        assert!(list.to_string().contains(&format!("\"{}…\"", "é".repeat(120))));
        assert!(list.first_line().ends_with(&"é".repeat(500)));
    }

    #[test]
    fn the_first_line_ends_at_a_line_break_of_the_value() {
        let list = error(Place::Shape, Reason::NotAList { value: "a\r\nb".into() });
        assert_eq!(list.first_line(), "Headers must be an array not: a\r");
    }
}
