//! What is wrong with a value, in our own words.

use crate::text::tree::{Kind, Node};

use super::cron::CronError;
use super::memory::MemoryError;
use super::npm_name::NpmNameError;
use crate::text::ecma::number_to_string;

/// Longest part of a written text that a message repeats, in characters.
const LONGEST_QUOTE: usize = 80;

/// Longest name for which a similar one is looked for, in bytes.
const LONGEST_NAME: usize = 64;

/// What kind of value the engine asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// A string.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A table.
    Table,
    /// A list of tables.
    Tables,
    /// A list of strings.
    Texts,
    /// A string or a list of strings.
    TextOrTexts,
    /// A table of booleans and strings.
    Headers,
    /// A cron expression.
    Cron,
    /// A number of virtual processors.
    Vcpu,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Expected::Text => "a string",
            Expected::Boolean => "true or false",
            Expected::Table => "a table",
            Expected::Tables => "a list of tables",
            Expected::Texts => "a list of strings",
            Expected::TextOrTexts => "a string or a list of strings",
            Expected::Headers => "a table in which every value is a string, true or false",
            Expected::Cron => "a cron expression such as \"5 4 * * *\"",
            Expected::Vcpu => "a number from 0.5 to 2",
        })
    }
}

/// A name that is not known, with the known one that it resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    /// The name as written, shortened.
    pub name: String,
    /// The known name that was probably meant.
    pub suggestion: Option<&'static str>,
}

/// What is wrong with a property; reads on after its name.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// A value of another kind than the engine asks for.
    #[error("is {found}, should be {expected}")]
    Kind {
        /// What was found.
        found: String,
        /// What is accepted.
        expected: Expected,
    },
    /// A list or table with one value of another kind.
    #[error("has {found} as {place}, should be {expected}")]
    Item {
        /// What was found.
        found: String,
        /// Where in the list or table it is.
        place: String,
        /// What is accepted.
        expected: Expected,
    },
    /// Names that the table may not have.
    #[error("has {list}, should have no other than {valid}", list = list_unknown(.unknown, *.more), valid = list_names(.valid))]
    UnknownProperties {
        /// The first few of them.
        unknown: Vec<UnknownName>,
        /// How many more there are.
        more: usize,
        /// The names that are accepted.
        valid: &'static [&'static str],
    },
    /// None of the names of which one is needed.
    #[error("has no {missing}, should have one", missing = join(.0, " or "))]
    Missing(&'static [&'static str]),
    /// Two names that exclude each other.
    #[error("has both \"{0}\" and \"{1}\", should have only one of them")]
    Exclusive(&'static str, &'static str),
    /// A value outside of a short list.
    #[error("is {found}, should be one of {valid}{hint}", valid = list_names(.valid), hint = hint(*.suggestion))]
    NotOneOf {
        /// What was found.
        found: String,
        /// What is accepted.
        valid: &'static [&'static str],
        /// The accepted value that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// `functions.NAME.directory`.
    #[error("is set for one function, should be set once as \"directory\" in [functions]")]
    MisplacedDirectory,
    /// A path that does not start with a slash.
    #[error("is {0:?}, should start with a slash")]
    RelativePath(String),
    /// A plugin that npm could not have.
    #[error("{0}")]
    NpmName(NpmNameError),
    /// An amount of memory that no function can have.
    #[error("{0}")]
    Memory(MemoryError),
    /// A schedule that is no cron expression.
    #[error("is no cron expression: {0}")]
    Cron(CronError),
    /// A plugin named twice in one place.
    #[error("is specified twice in {0}, should be specified once")]
    DuplicatePlugin(&'static str),
    /// A plugin limited to a context although the site has it everywhere.
    #[error(
        "is installed for the whole site, should not be repeated for the context {0:?} alone unless with \"inputs\""
    )]
    ContextPlugin(String),
    /// A value that makes the engine itself fail with a type error.
    #[error("is {0}, which the engine cannot read at all, should be a table or be left out")]
    Crash(String),
}

fn list_unknown(unknown: &[UnknownName], more: usize) -> String {
    let named = unknown.iter().map(|name| format!("{:?}{}", name.name, hint(name.suggestion)));
    let listed = named.collect::<Vec<_>>().join(", ");
    let noun = if unknown.len() + more == 1 { "the unknown name" } else { "the unknown names" };
    if more == 0 { format!("{noun} {listed}") } else { format!("{noun} {listed} and {more} more") }
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!(" (did you mean {name:?}?)"))
}

fn list_names(names: &[&str]) -> String {
    names.join(", ")
}

fn join(names: &[&str], word: &str) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(word)
}

/// Names a value for people.
pub(super) fn found(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => format!("the number {}", number_to_string(*number)),
        Kind::String(text) => format!("the string {:?}", shorten(text)),
        Kind::Array(items) if items.is_empty() => "an empty list".to_owned(),
        Kind::Array(_) => "a list".to_owned(),
        Kind::Table(_) => "a table".to_owned(),
    }
}

/// The text, cut where it is too long for a message.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The known name that a written one resembles most, if any does.
pub(super) fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let folded = |text: &str| text.to_ascii_lowercase().replace(['_', '-'], "");
    let name = folded(name);
    let distances = known.iter().map(|other| (strsim::damerau_levenshtein(&name, &folded(other)), *other));
    let (distance, other) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= (other.len() / 3).max(1)).then_some(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let known = ["path", "pattern", "excludedPath"];
        assert_eq!(nearest("pth", &known), Some("path"));
        assert_eq!(nearest("excluded_path", &known), Some("excludedPath"));
        assert_eq!(nearest("schedule", &known), None);
        assert_eq!(nearest(&"path".repeat(1000), &known), None);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shorten(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
        assert_eq!(shorten("short"), "short");
    }

    #[test]
    fn messages_name_what_would_be_accepted() {
        let unknown = vec![UnknownName { name: "pth".to_owned(), suggestion: Some("path") }];
        let problem = Problem::UnknownProperties { unknown, more: 2, valid: &["path", "function"] };
        assert_eq!(
            problem.to_string(),
            "has the unknown names \"pth\" (did you mean \"path\"?) and 2 more, should have no other than path, function"
        );
        let problem = Problem::Kind { found: found(&Node::default_of(Kind::Number(1.5))), expected: Expected::Text };
        assert_eq!(problem.to_string(), "is the number 1.5, should be a string");
    }
}
