//! What queries and filters give.

use std::net::IpAddr;

use jiff::Timestamp;
use regex::Regex;

use super::ast::Sort;
use super::date;
use super::number::Number;

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A moment.
    Date(Timestamp),
    /// An answer that sent the request elsewhere: where to.
    Redirect(String),
    /// A list.
    List(Vec<Value>),
    /// Null of JSON.
    Null,
    /// A number.
    Number(Number),
    /// Members of an object.
    Object(Vec<(String, Value)>),
    /// An expression.
    Regex(Regex),
    /// A text.
    Text(String),
    /// Something that is there and has no value, such as `HttpOnly`.
    Unit,
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(one), Value::Bool(two)) => one == two,
            (Value::Bytes(one), Value::Bytes(two)) => one == two,
            (Value::Date(one), Value::Date(two)) => one == two,
            (Value::List(one), Value::List(two)) => one == two,
            (Value::Null, Value::Null) | (Value::Unit, Value::Unit) => true,
            (Value::Number(one), Value::Number(two)) => one.compare(two).is_eq(),
            (Value::Object(one), Value::Object(two)) => one == two,
            (Value::Text(one), Value::Text(two)) => one == two,
            _ => false,
        }
    }
}

impl Value {
    /// A value that was given as a text: a number, a boolean, null, or a text, with or without quotes.
    #[must_use]
    pub fn of_text(text: &str) -> Value {
        if let Ok(number) = text.parse() {
            return Value::Number(Number::Integer(number));
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
            return Value::Number(Number::Big(text.to_owned()));
        }
        match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            _ => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(Number::Float(number)),
                _ => {
                    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                    Value::Text(inner.unwrap_or(text).to_owned())
                }
            },
        }
    }

    /// A whole number.
    #[must_use]
    pub fn count(count: usize) -> Value {
        Value::Number(Number::Integer(i64::try_from(count).unwrap_or(i64::MAX)))
    }

    /// A value of JSON.
    #[must_use]
    pub fn of_json(json: &serde_json::Value) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => Value::Number(match number.as_i64() {
                Some(integer) => Number::Integer(integer),
                None if number.is_f64() => Number::Float(number.as_f64().unwrap_or_default()),
                None => Number::Big(number.to_string()),
            }),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(values) => Value::List(values.iter().map(Value::of_json).collect()),
            serde_json::Value::Object(members) => {
                Value::Object(members.iter().map(|(name, value)| (name.clone(), Value::of_json(value))).collect())
            }
        }
    }

    /// Its kind, as people say it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Bool(_) => "boolean",
            Value::Bytes(_) => "bytes",
            Value::Date(_) => "date",
            Value::Redirect(_) => "redirect",
            Value::List(_) => "list",
            Value::Null => "null",
            Value::Number(Number::Float(_)) => "float",
            Value::Number(_) => "integer",
            Value::Object(_) => "object",
            Value::Regex(_) => "expression",
            Value::Text(_) => "text",
            Value::Unit => "something",
        }
    }

    /// What it is where a text holds it; `None` when it cannot be in one.
    #[must_use]
    pub fn render(&self) -> Option<String> {
        match self {
            Value::Bool(value) => Some(value.to_string()),
            Value::Date(date) => date::write(*date, "%Y-%m-%dT%H:%M:%S.%6fZ").ok(),
            Value::Null => Some("null".to_owned()),
            Value::Number(number) => Some(number.to_string()),
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// What people are told of it, in one line that is not too long.
    #[must_use]
    pub fn show(&self) -> String {
        match self {
            Value::Text(text) => quote(text),
            Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Value::List(values) => format!("a list of {}", values.len()),
            Value::Object(members) => format!("an object of {}", members.len()),
            Value::Redirect(to) => format!("a redirect to {}", quote(to)),
            Value::Regex(regex) => format!("/{}/", cut(regex.as_str())),
            Value::Unit => "something".to_owned(),
            other => format!("{} {}", other.kind(), other.render().unwrap_or_default()),
        }
    }

    /// How many parts it has; `None` when it has none.
    #[must_use]
    pub fn length(&self) -> Option<usize> {
        match self {
            Value::List(values) => Some(values.len()),
            Value::Text(text) => Some(text.len()),
            Value::Object(members) => Some(members.len()),
            Value::Bytes(bytes) => Some(bytes.len()),
            _ => None,
        }
    }

    /// Says whether it is of a kind; `None` when the kind is not one of such values.
    #[must_use]
    pub fn is(&self, sort: Sort) -> Option<bool> {
        let text = |check: fn(&str) -> bool| match self {
            Value::Text(text) => Some(check(text)),
            _ => None,
        };
        match sort {
            Sort::Boolean => Some(matches!(self, Value::Bool(_))),
            Sort::Collection => Some(matches!(self, Value::Bytes(_) | Value::List(_) | Value::Object(_))),
            Sort::Date => Some(matches!(self, Value::Date(_))),
            Sort::Empty => self.length().map(|length| length == 0),
            Sort::Float => Some(matches!(self, Value::Number(Number::Float(_)))),
            Sort::Integer => Some(matches!(self, Value::Number(Number::Integer(_) | Number::Big(_)))),
            Sort::Ipv4 => text(|text| text.parse().is_ok_and(|address: IpAddr| address.is_ipv4())),
            Sort::Ipv6 => text(|text| text.parse().is_ok_and(|address: IpAddr| address.is_ipv6())),
            Sort::IsoDate => text(date::is_iso),
            Sort::List => Some(matches!(self, Value::Bytes(_) | Value::List(_))),
            Sort::Number => Some(matches!(self, Value::Number(_))),
            Sort::Object => Some(matches!(self, Value::Object(_))),
            Sort::Text => Some(matches!(self, Value::Text(_))),
            Sort::Uuid => text(is_uuid),
        }
    }
}

/// A UUID as 32 digits, with hyphens, in braces, or as a URN.
fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix("urn:uuid:").unwrap_or_else(|| {
        let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
        inner.filter(|inner| inner.len() == 36).unwrap_or(text)
    });
    let bytes = text.as_bytes();
    let is_hyphen = |at: usize| bytes.len() == 36 && matches!(at, 8 | 13 | 18 | 23);
    matches!(bytes.len(), 32 | 36)
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if is_hyphen(at) { *byte == b'-' } else { byte.is_ascii_hexdigit() })
}

/// Signs of a text that people are shown.
const SHOWN: usize = 120;
/// Stands for the rest of a text that is cut short.
pub(super) const CUT: &str = "…";

fn cut(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str(CUT);
    }
    shown
}

/// A text between quotes, in one line that is not too long.
#[must_use]
pub fn quote(text: &str) -> String {
    format!("\"{}\"", cut(text).replace("\\'", "'"))
}
