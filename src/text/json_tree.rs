//! The tree of a text that `serde_json` has found to be JSON: where everything stands.
//!
//! It judges nothing. Of a text that is no JSON, or one that is nested without end, nothing is promised but that there is no
//! panic as long as the stack lasts.

use super::span::{FileId, Span};
use super::tree::{Entries, Entry, Kind, Node, Table};

/// Reads the value that a text holds.
pub(super) fn read(text: &str, file: FileId) -> Option<Node> {
    Reader { text, at: 0, file }.value()
}

/// A place in the text.
struct Reader<'a> {
    text: &'a str,
    at: usize,
    file: FileId,
}

impl Reader<'_> {
    /// The next byte that is no space.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let skipped = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))?;
        self.at += skipped;
        rest.get(skipped).copied()
    }

    #[inline]
    fn span_from(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    fn value(&mut self) -> Option<Node> {
        let first = self.next()?;
        let start = self.at;
        let kind = match first {
            b'"' => Kind::String(self.string()?),
            b'{' => Kind::Table(self.object()?),
            b'[' => Kind::Array(self.array()?),
            b'n' => self.word("null", Kind::Null)?,
            b't' => self.word("true", Kind::Bool(true))?,
            b'f' => self.word("false", Kind::Bool(false))?,
            _ => Kind::Number(self.number()?),
        };
        Some(Node { kind, span: self.span_from(start) })
    }

    fn word(&mut self, word: &str, kind: Kind) -> Option<Kind> {
        self.at += word.len();
        self.text[self.at - word.len()..].starts_with(word).then_some(kind)
    }

    /// A number; one that no double can hold becomes infinite, as in JavaScript.
    fn number(&mut self) -> Option<f64> {
        let rest = &self.text[self.at..];
        let is_end = |byte: u8| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.bytes().position(is_end).unwrap_or(rest.len());
        self.at += length;
        rest[..length].parse().ok()
    }

    /// A string, whose escapes are `serde_json`'s to read.
    fn string(&mut self) -> Option<String> {
        let start = self.at;
        let mut end = start + 1;
        loop {
            end += memchr::memchr2(b'"', b'\\', self.text.as_bytes().get(end..)?)?;
            if self.text.as_bytes()[end] == b'"' {
                break;
            }
            end += 2;
        }
        self.at = end + 1;
        let inside = &self.text[start + 1..end];
        if memchr::memchr(b'\\', inside.as_bytes()).is_none() {
            return Some(inside.to_owned());
        }
        serde_json::from_str(&self.text[start..=end]).ok()
    }

    fn array(&mut self) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        self.at += 1;
        if self.next()? != b']' {
            loop {
                items.push(self.value()?);
                if !self.goes_on(b']')? {
                    break;
                }
            }
        }
        self.at += 1;
        Some(items)
    }

    fn object(&mut self) -> Option<Table> {
        let mut entries = Entries::default();
        self.at += 1;
        if self.next()? != b'}' {
            loop {
                let (key, key_span) = self.key()?;
                // Of repeated keys the last one counts, at the place of the first.
                entries.insert(key, Entry { key_span, value: self.value()? });
                if !self.goes_on(b'}')? {
                    break;
                }
            }
        }
        self.at += 1;
        Some(Table(entries))
    }

    /// A key, up to behind its colon.
    fn key(&mut self) -> Option<(String, Span)> {
        let is_string = self.next()? == b'"';
        let start = self.at;
        let key = if is_string { self.string()? } else { return None };
        let span = self.span_from(start);
        let is_colon = self.next()? == b':';
        self.at += 1;
        is_colon.then_some((key, span))
    }

    /// Passes over a comma; whether there was one, and not the end.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        match self.next()? {
            b',' => {
                self.at += 1;
                Some(true)
            }
            byte => (byte == end).then_some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// The text of a value with spaces between everything.
    fn spread(value: &Value, space: &str) -> String {
        let text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.replace('\n', space)
    }

    /// The value as a tree has it, in which every number is a double.
    fn with_doubles(value: &Value) -> Value {
        match value {
            Value::Number(number) => Node::default_of(Kind::Number(number.as_f64().unwrap_or(f64::NAN))).to_json(),
            Value::Array(items) => items.iter().map(with_doubles).collect(),
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), with_doubles(value))).collect(),
            other => other.clone(),
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "\\PC{0,6}".prop_map(Value::from),
            "[\"\\\\\n\u{1}\u{e9}\u{1f600}]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let object = proptest::collection::btree_map("[a\"\\\\é]{0,3}", inner.clone(), 0..5);
            prop_oneof![
                proptest::collection::vec(inner, 0..5).prop_map(Value::from),
                object.prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_serde_json_writes_is_read_back(value in any_value(), space in "[ \n\t\r]{0,3}") {
            let text = spread(&value, &space);
            let Some(node) = read(&text, FileId::NONE) else { return Err(TestCaseError::fail(text)) };
            prop_assert_eq!(node.to_json(), with_doubles(&value));
            prop_assert_eq!(&text[node.span.range()], text.trim());
        }

        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}\",:\\\\ tfn1-9.eu\u{e9}]{0,40}") {
            let _ = read(&text, FileId::NONE);
        }
    }
}
