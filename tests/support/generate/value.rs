//! Values that can be written as TOML and as JSON.

use serde_json::{Map, Value as Json};

use super::random::Random;

#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// `nan` in TOML, which the engine turns into null.
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    /// A date or a time, as written.
    Date(&'static str),
    Text(String),
    List(Vec<Value>),
    Table(Table),
}

/// Keys in the order in which they are written.
pub(crate) type Table = Vec<(String, Value)>;

pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// Sets a key, in place if it is there: neither TOML nor JSON says what two of them mean.
pub(crate) fn put(table: &mut Table, key: impl Into<String>, value: Value) {
    let key = key.into();
    match table.iter_mut().find(|(existing, _)| *existing == key) {
        Some((_, existing)) => *existing = value,
        None => table.push((key, value)),
    }
}

const KEYS: [&str; 19] = [
    "a",
    "b",
    "x-y",
    "A_B",
    "1",
    "10",
    "2",
    "",
    "a.b",
    "é",
    "two words",
    "package",
    "path",
    "constructor",
    "toString",
    "__proto__",
    "directory",
    "null",
    "length",
];

pub(crate) fn key(random: &mut Random) -> String {
    let common = if random.chance(80) { 6 } else { KEYS.len() };
    random.text(&KEYS[..common])
}

const TEXTS: [&str; 26] = [
    "a",
    "",
    " ",
    "dist",
    "/",
    "npm run build",
    "\u{a0}\u{feff}",
    "true",
    "null",
    "undefined",
    "1",
    "1024",
    "./a",
    "@a/b",
    "\u{2028}",
    "é😀",
    "a\nb",
    "a\r\nb",
    "say \"hi\"",
    "it's",
    "C:\\dir",
    "'''",
    "\"\"\"",
    "#",
    "a\tb",
    "\u{1}",
];

pub(crate) fn any_text(random: &mut Random) -> String {
    random.text(&TEXTS)
}

const NUMBERS: [f64; 12] =
    [0.5, 1.5, -0.0, 301.0, 1e21, 1e-7, 0.1, 2.5e-3, 1.797_693_134_862_315_7e308, 9_007_199_254_740_992.0, -1.0, 200.9];

const INTEGERS: [i64; 14] =
    [0, 1, -1, 2, 7, 64, 200, 301, 404, 1024, 4096, 9_007_199_254_740_991, 9_007_199_254_740_993, -42];

const DATES: [&str; 8] = [
    "1979-05-27",
    "2021-02-30",
    "07:32",
    "07:32:00.999999",
    "1979-05-27T07:32:00Z",
    "1979-05-27 07:32:00.5+01:30",
    "1979-05-27T07:32",
    "0000-01-01",
];

/// Any value at all, not too deep.
pub(crate) fn any(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 10 } else { 14 }) {
        0 => Value::Null,
        1 | 2 => Value::Boolean(random.chance(50)),
        3 | 4 => Value::Integer(INTEGERS[random.below(INTEGERS.len())]),
        5 => Value::Float(NUMBERS[random.below(NUMBERS.len())]),
        6 => Value::Date(DATES[random.below(DATES.len())]),
        7..=9 => text(any_text(random)),
        10 | 11 => Value::List((0..random.below(4)).map(|_| any(random, depth - 1)).collect()),
        _ => Value::Table(any_table(random, depth - 1)),
    }
}

pub(crate) fn any_table(random: &mut Random, depth: usize) -> Table {
    let mut table = Table::new();
    for _ in 0..random.below(4) {
        let key = key(random);
        let value = any(random, depth);
        put(&mut table, key, value);
    }
    table
}

/// The value as the options of a run hold it.
pub(crate) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(flag) => Json::from(*flag),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Date(date) => Json::from(*date),
        Value::Text(text) => Json::from(text.as_str()),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Table(table) => Json::Object(to_map(table)),
    }
}

pub(crate) fn to_map(table: &Table) -> Map<String, Json> {
    table.iter().map(|(key, value)| (key.clone(), to_json(value))).collect()
}
