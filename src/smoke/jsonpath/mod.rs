//! Places in a JSON value: JSONPath as RFC 9535 has it, which is what Hurl 8 speaks.

mod call;
mod evaluate;
mod filter;
mod literal;
mod parse;
#[cfg(test)]
mod tests;

use serde_json::Value;

/// A path.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    segments: Vec<Segment>,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Path, String> {
        parse::path(text)
    }

    /// The values at its places, in order.
    ///
    /// # Errors
    /// When there are more than anybody would look at.
    pub fn find<'v>(&self, root: &'v Value) -> Result<Vec<&'v Value>, String> {
        evaluate::find(&self.segments, root)
    }
}

/// A step.
#[derive(Debug, Clone, PartialEq)]
enum Segment {
    /// Down one level.
    Child(Vec<Selector>),
    /// Down any number of levels.
    Descendant(Vec<Selector>),
}

/// What is taken in one step.
#[derive(Debug, Clone, PartialEq)]
enum Selector {
    Name(String),
    Wildcard,
    Index(i64),
    Slice { start: Option<i64>, end: Option<i64>, step: i64 },
    Filter(Logical),
}

/// What is true or false.
#[derive(Debug, Clone, PartialEq)]
enum Logical {
    Or(Vec<Logical>),
    And(Vec<Logical>),
    Not(Box<Logical>),
    Compare(Comparable, Operator, Comparable),
    Exists(Query),
    Call(Box<Call>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq)]
enum Comparable {
    Literal(Value),
    Query(Query),
    Call(Box<Call>),
}

/// A path inside a filter.
#[derive(Debug, Clone, PartialEq)]
struct Query {
    /// From the root, or else from the value that is filtered.
    is_absolute: bool,
    segments: Vec<Segment>,
}

impl Query {
    /// Whether it can have one result at most.
    fn is_singular(&self) -> bool {
        self.segments.iter().all(|segment| match segment {
            Segment::Child(selectors) => matches!(selectors[..], [Selector::Name(_) | Selector::Index(_)]),
            Segment::Descendant(_) => false,
        })
    }
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
enum Call {
    Length(Comparable),
    Count(Query),
    Value(Query),
    /// The second expression holds for the whole of the first text, or for a part of it.
    Match {
        text: Comparable,
        pattern: Comparable,
        is_whole: bool,
    },
}

impl Call {
    /// Whether its result is true or false, and no value.
    fn is_logical(&self) -> bool {
        matches!(self, Call::Match { .. })
    }
}
