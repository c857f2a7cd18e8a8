//! Places where readers of YAML disagree.

use crate::text::span::Span;

/// A place that not every reader reads in the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What is read differently.
    pub span: Span,
    /// How.
    pub kind: DoubtKind,
}

/// The ways in which readers disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DoubtKind {
    /// `on`, `off`, `yes`, `no`, `y`, `n`: a truth value by YAML 1.1, a string by YAML 1.2.
    Truth,
    /// `010`, `0b1`, `1_000`: another number, or none at all, by YAML 1.1.
    Number,
    /// `0o17`: a number by YAML 1.2 and Go's `yaml.v3`, a string by YAML 1.1.
    Octal,
    /// `190:20:30`: a number to the base 60 by YAML 1.1, a string by YAML 1.2.
    Sexagesimal,
    /// `2024-01-31`: a date by YAML 1.1, a string by YAML 1.2.
    Date,
    /// `<<`: a merge key by YAML 1.1, an ordinary key by YAML 1.2.
    Merge,
    /// A repeated key: an error to some readers, the last one counts for others.
    DuplicateKey,
    /// `=`: a special value by YAML 1.1, a string by YAML 1.2.
    Value,
    /// A tab where only spaces are sure to be read.
    Tab,
}

/// How readers disagree about a plain scalar.
pub(super) fn of_plain(text: &str) -> Option<DoubtKind> {
    match text {
        "on" | "On" | "ON" | "off" | "Off" | "OFF" | "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "y" | "Y" | "n"
        | "N" => Some(DoubtKind::Truth),
        "=" => Some(DoubtKind::Value),
        _ => None,
    }
}
