//! The tree that TOML and JSON parse into: JSON's values, each with the span that wrote it.

use indexmap::IndexMap;

use super::span::Span;

/// A value and where it was written ([`Span::NONE`] for a default).
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub kind: Kind,
    /// What wrote it; a table's span is its header or its braces.
    pub span: Span,
}

/// The kinds of value, as JSON has them. Numbers are doubles because the engines are JavaScript.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Any number.
    Number(f64),
    /// A string; TOML's dates become strings too.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// A table (an object).
    Table(Table),
}

/// One key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where the key was written.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

/// The map behind a table; keys are hashed fast, from a seed that differs from run to run.
pub type Entries = IndexMap<String, Entry, hashbrown::DefaultHashBuilder>;

/// Keys of a small table.
const FEW: usize = 8;

/// Keys and values in the order of insertion.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table(pub Entries);

impl Table {
    /// The value of a key.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &str) -> Option<&Node> {
        // To look through a few keys is faster than to hash one.
        if self.0.len() <= FEW {
            return self.0.iter().find(|(known, _)| *known == key).map(|(_, entry)| &entry.value);
        }
        self.0.get(key).map(|entry| &entry.value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.0.get_mut(key).map(|entry| &mut entry.value)
    }

    /// The span of a key.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.0.get(key).map(|entry| entry.key_span)
    }

    /// Whether the key is there.
    #[must_use]
    #[inline]
    pub fn contains_key(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Sets a key, keeping the place of an existing one (as a JavaScript assignment does).
    pub fn insert(&mut self, key: impl Into<String>, key_span: Span, value: Node) {
        self.0.insert(key.into(), Entry { key_span, value });
    }

    /// Takes a key out, keeping the order of the others.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        self.0.shift_remove(key)
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl Node {
    /// A value that nobody wrote.
    #[must_use]
    pub fn default_of(kind: Kind) -> Node {
        Node { kind, span: Span::NONE }
    }

    /// A string with its span.
    #[must_use]
    pub fn string(text: impl Into<String>, span: Span) -> Node {
        Node { kind: Kind::String(text.into()), span }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Kind::String(text) = &self.kind { Some(text) } else { None }
    }

    /// The table, if it is one.
    #[must_use]
    pub fn as_table(&self) -> Option<&Table> {
        if let Kind::Table(table) = &self.kind { Some(table) } else { None }
    }

    /// The table to be changed, if it is one.
    pub fn as_table_mut(&mut self) -> Option<&mut Table> {
        if let Kind::Table(table) = &mut self.kind { Some(table) } else { None }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Node]> {
        if let Kind::Array(items) = &self.kind { Some(items) } else { None }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = self.kind { Some(value) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        if let Kind::Number(value) = self.kind { Some(value) } else { None }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Follows keys through tables.
    #[must_use]
    pub fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.as_table()?.get(key))
    }

    /// Makes a tree of plain JSON; every node gets the same span.
    #[must_use]
    pub fn from_json(value: &serde_json::Value, span: Span) -> Node {
        use serde_json::Value;
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(value) => Kind::Bool(*value),
            Value::Number(number) => Kind::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => Kind::String(text.clone()),
            Value::Array(items) => Kind::Array(items.iter().map(|item| Node::from_json(item, span)).collect()),
            Value::Object(object) => {
                let entry = |value| Entry { key_span: span, value: Node::from_json(value, span) };
                Kind::Table(Table(object.iter().map(|(key, value)| (key.clone(), entry(value))).collect()))
            }
        };
        Node { kind, span }
    }

    /// The same value as plain JSON. Whole numbers become integers, as JavaScript prints them.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(value) => number_to_json(*value),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Array(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Kind::Table(table) => {
                Value::Object(table.iter().map(|(key, entry)| (key.to_owned(), entry.value.to_json())).collect())
            }
        }
    }
}

/// A double as JSON prints it: whole numbers without a fraction, NaN and infinities as `null`.
#[must_use]
pub fn number_to_json(value: f64) -> serde_json::Value {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if value.fract() == 0.0 && value.abs() <= SAFE {
        #[allow(clippy::cast_possible_truncation, reason = "checked: whole and within 2^53")]
        return serde_json::Value::from(value as i64);
    }
    serde_json::Number::from_f64(value).map_or(serde_json::Value::Null, serde_json::Value::Number)
}
