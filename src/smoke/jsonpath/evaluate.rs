//! The values at the places of a path.

use std::borrow::Cow;
use std::cell::Cell;

use regex::Regex;
use serde_json::Value;

use super::{Call, Comparable, Logical, Operator, Query, Segment, Selector};

/// Values that are looked at before the search is given up.
const MOST: usize = 4_000_000;

/// What a search shares.
struct Search<'v> {
    root: &'v Value,
    left: Cell<usize>,
}

pub(super) fn find<'v>(segments: &[Segment], root: &'v Value) -> Result<Vec<&'v Value>, String> {
    let search = Search { root, left: Cell::new(MOST) };
    let found = search.walk(segments, root);
    if search.left.get() == 0 {
        Err("the path leads to more values than can be looked at".to_owned())
    } else {
        Ok(found)
    }
}

impl<'v> Search<'v> {
    /// Says whether one more value may be looked at.
    fn spend(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left > 1
    }

    fn walk(&self, segments: &[Segment], start: &'v Value) -> Vec<&'v Value> {
        let mut nodes = vec![start];
        for segment in segments {
            let mut next = Vec::new();
            for node in nodes {
                match segment {
                    Segment::Child(selectors) => self.select(selectors, node, &mut next),
                    Segment::Descendant(selectors) => self.descend(selectors, node, &mut next),
                }
            }
            nodes = next;
        }
        nodes
    }

    /// A value and all below it; its depth is that of JSON, which has an end.
    fn descend(&self, selectors: &[Selector], node: &'v Value, found: &mut Vec<&'v Value>) {
        if !self.spend() {
            return;
        }
        self.select(selectors, node, found);
        match node {
            Value::Array(values) => values.iter().for_each(|value| self.descend(selectors, value, found)),
            Value::Object(members) => members.values().for_each(|value| self.descend(selectors, value, found)),
            _ => {}
        }
    }

    fn select(&self, selectors: &[Selector], node: &'v Value, found: &mut Vec<&'v Value>) {
        for selector in selectors {
            match (selector, node) {
                (Selector::Name(name), Value::Object(members)) => found.extend(members.get(name)),
                (Selector::Index(index), Value::Array(values)) => found.extend(at(values, *index)),
                (Selector::Slice { start, end, step }, Value::Array(values)) => {
                    slice(values, *start, *end, *step, |value| {
                        let may = self.spend();
                        found.extend(may.then_some(value));
                        may
                    });
                }
                (Selector::Wildcard, Value::Array(values)) => found.extend(values.iter().filter(|_| self.spend())),
                (Selector::Wildcard, Value::Object(members)) => {
                    found.extend(members.values().filter(|_| self.spend()));
                }
                (Selector::Filter(filter), Value::Array(values)) => {
                    found.extend(values.iter().filter(|value| self.spend() && self.holds(filter, value)));
                }
                (Selector::Filter(filter), Value::Object(members)) => {
                    found.extend(members.values().filter(|value| self.spend() && self.holds(filter, value)));
                }
                _ => {}
            }
        }
    }

    fn holds(&self, filter: &Logical, node: &'v Value) -> bool {
        match filter {
            Logical::Or(operands) => operands.iter().any(|operand| self.holds(operand, node)),
            Logical::And(operands) => operands.iter().all(|operand| self.holds(operand, node)),
            Logical::Not(operand) => !self.holds(operand, node),
            Logical::Exists(query) => !self.query(query, node).is_empty(),
            Logical::Call(call) => self.is_match(call, node),
            Logical::Compare(one, operator, two) => {
                let (one, two) = (self.value(one, node), self.value(two, node));
                let (one, two) = (one.as_deref(), two.as_deref());
                match operator {
                    Operator::Equal => is_equal(one, two),
                    Operator::NotEqual => !is_equal(one, two),
                    Operator::Less => is_less(one, two),
                    Operator::LessOrEqual => is_less(one, two) || is_equal(one, two),
                    Operator::Greater => is_less(two, one),
                    Operator::GreaterOrEqual => is_less(two, one) || is_equal(one, two),
                }
            }
        }
    }

    fn query(&self, query: &Query, node: &'v Value) -> Vec<&'v Value> {
        self.walk(&query.segments, if query.is_absolute { self.root } else { node })
    }

    fn value<'a>(&self, comparable: &'a Comparable, node: &'v Value) -> Option<Cow<'a, Value>>
    where
        'v: 'a,
    {
        match comparable {
            Comparable::Literal(value) => Some(Cow::Borrowed(value)),
            Comparable::Query(query) => self.query(query, node).first().map(|value| Cow::Borrowed(*value)),
            Comparable::Call(call) => self.call(call, node).map(Cow::Owned),
        }
    }

    fn call(&self, call: &Call, node: &'v Value) -> Option<Value> {
        match call {
            Call::Length(of) => match &*self.value(of, node)? {
                Value::String(text) => Some(text.chars().count().into()),
                Value::Array(values) => Some(values.len().into()),
                Value::Object(members) => Some(members.len().into()),
                _ => None,
            },
            Call::Count(query) => Some(self.query(query, node).len().into()),
            Call::Value(query) => match self.query(query, node)[..] {
                [only] => Some(only.clone()),
                _ => None,
            },
            Call::Match { .. } => None,
        }
    }

    fn is_match(&self, call: &Call, node: &'v Value) -> bool {
        let Call::Match { text, pattern, is_whole } = call else { return false };
        let (text, pattern) = (self.value(text, node), self.value(pattern, node));
        let (Some(Value::String(text)), Some(Value::String(pattern))) = (text.as_deref(), pattern.as_deref()) else {
            return false;
        };
        let pattern = dots(pattern);
        let source = if *is_whole { format!("^(?:{pattern})$") } else { pattern };
        Regex::new(&source).is_ok_and(|regex| regex.is_match(text))
    }
}

/// The same expression, in which a point does not stand for a carriage return either (RFC 9485).
fn dots(pattern: &str) -> String {
    let (mut changed, mut is_escaped, mut is_class) = (String::new(), false, false);
    for c in pattern.chars() {
        match c {
            '.' if !is_escaped && !is_class => changed.push_str("[^\\n\\r]"),
            _ => changed.push(c),
        }
        match c {
            '[' if !is_escaped => is_class = true,
            ']' if !is_escaped => is_class = false,
            _ => {}
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    changed
}

fn at(values: &[Value], index: i64) -> Option<&Value> {
    let index = match usize::try_from(index) {
        Ok(index) => index,
        Err(_) => values.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
    };
    values.get(index)
}

fn slice<'v>(
    values: &'v [Value],
    start: Option<i64>,
    end: Option<i64>,
    step: i64,
    mut take: impl FnMut(&'v Value) -> bool,
) {
    let length = i64::try_from(values.len()).unwrap_or(i64::MAX);
    let place = |index: i64, low: i64, high: i64| (if index < 0 { index + length } else { index }).clamp(low, high);
    let (mut index, end) = match step {
        0 => return,
        1.. => (place(start.unwrap_or(0), 0, length), place(end.unwrap_or(length), 0, length)),
        _ => (place(start.unwrap_or(length - 1), -1, length - 1), end.map_or(-1, |end| place(end, -1, length - 1))),
    };
    while (step > 0 && index < end) || (step < 0 && index > end) {
        let Some(value) = usize::try_from(index).ok().and_then(|index| values.get(index)) else { return };
        if !take(value) {
            return;
        }
        index = index.saturating_add(step);
    }
}

/// Numbers that differ by less are the same.
const CLOSE: f64 = 1e-12;

fn is_equal(one: Option<&Value>, two: Option<&Value>) -> bool {
    match (one, two) {
        (Some(Value::Number(one)), Some(Value::Number(two))) => {
            one.as_f64().zip(two.as_f64()).is_some_and(|(one, two)| (one - two).abs() < CLOSE)
        }
        _ => one == two,
    }
}

fn is_less(one: Option<&Value>, two: Option<&Value>) -> bool {
    match (one, two) {
        (Some(Value::Number(one)), Some(Value::Number(two))) => {
            one.as_f64().zip(two.as_f64()).is_some_and(|(one, two)| two - one > CLOSE)
        }
        (Some(Value::String(one)), Some(Value::String(two))) => one < two,
        _ => false,
    }
}
