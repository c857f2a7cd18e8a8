//! Redirects, as lines of `_redirects` and as tables.

use super::random::Random;
use super::value::{self, Table, Value, put, text};
use super::{blank, lines};

const PARTS: [&str; 24] = [
    "a",
    "b",
    "blog",
    ":splat",
    ":id",
    "*",
    "",
    "..",
    "é",
    "%20",
    "x*",
    ".netlify",
    "index.html",
    "a.b",
    "😀",
    "{x}",
    "?q=1",
    "#c",
    "A",
    "%zz",
    "\\",
    ";",
    "=",
    "\"",
];

fn path(random: &mut Random) -> String {
    let common = if random.chance(70) { 7 } else { PARTS.len() };
    let parts: Vec<&str> = (0..random.below(4)).map(|_| random.pick(&PARTS[..common])).collect();
    format!("/{}", parts.join("/"))
}

const HOSTS: [&str; 30] = [
    "example.com",
    "EXAMPLE.com:443",
    "a.b:80",
    "a.b:8080",
    "x:99999",
    "user:pw@h",
    "[::1]:80",
    "[::g]",
    "127.1",
    "0x7f.1",
    "256.1.1.1",
    "",
    "é.com",
    "ß.de",
    "a b",
    "a%41",
    "xn--a",
    "a..b",
    "*.x.com",
    ":id.x",
    "a_b",
    "１.2.3.4",
    "😀.ws",
    "a|b",
    "x:",
    "-a",
    "a\\b",
    "%EF%BC%85",
    "a,b",
    "x:0",
];

fn url(random: &mut Random) -> String {
    let scheme = random.text(&["https://", "https://", "http://", "http://", "HTTP://", "https:/", "http:"]);
    let common = if random.chance(60) { 4 } else { HOSTS.len() };
    let host = random.text(&HOSTS[..common]);
    let path = if random.chance(70) { from(random) } else { String::new() };
    format!("{scheme}{host}{path}")
}

fn from(random: &mut Random) -> String {
    match random.below(20) {
        0..=3 => format!("{}/*", path(random)),
        4 => random.text(&[
            "/.netlify",
            "/.netlify/functions/x",
            "/.netlifyx",
            "/*",
            "/",
            "*",
            "a",
            "",
            "//x",
            "/.NETLIFY",
        ]),
        _ => path(random),
    }
}

fn source(random: &mut Random) -> String {
    if random.chance(12) { url(random) } else { from(random) }
}

fn destination(random: &mut Random) -> String {
    if random.chance(30) { url(random) } else { from(random) }
}

const STATUSES: [&str; 20] = [
    "301",
    "302",
    "200",
    "404",
    "200!",
    "301!",
    "!",
    "20x",
    "x20",
    "-1",
    "+302",
    "0x1F",
    "1e3",
    "301.9",
    "99999999999999999999999",
    "299",
    "300",
    "NaN",
    "000301",
    "0",
];

fn status(random: &mut Random) -> String {
    let common = if random.chance(80) { 6 } else { STATUSES.len() };
    random.text(&STATUSES[..common])
}

const NAMES: [&str; 15] = [
    "Country",
    "country",
    "Role",
    "Language",
    "language",
    "role",
    "Cookie",
    "Sign",
    "signed",
    "id",
    "q",
    "",
    "__proto__",
    "toString",
    "1",
];

fn pair(random: &mut Random) -> String {
    let name = random.pick(&NAMES);
    match random.below(8) {
        0 => name.to_owned(),
        _ => format!("{name}={}", random.pick(&["us", "us,fr", ":id", "a=b", "", ",", "US,,DE", "KEY"])),
    }
}

fn line(random: &mut Random) -> String {
    match random.below(25) {
        0 => return random.text(&["# a comment", "#", "  # /a /b"]),
        1 => return String::new(),
        2 => return (0..random.below(6)).map(|_| format!("{}{}", random.pick(&PARTS), blank(random))).collect(),
        _ => {}
    }
    let mut parts = vec![source(random)];
    if random.chance(15) {
        parts.push(pair(random));
    }
    if random.chance(88) {
        parts.push(destination(random));
    }
    if random.chance(60) {
        parts.push(status(random));
    }
    if random.chance(30) {
        parts.extend((0..1 + random.below(2)).map(|_| pair(random)));
    }
    if random.chance(6) {
        parts.push(random.text(&["# end", "#", "#x /y"]));
    }
    if random.chance(5) {
        let index = random.below(parts.len());
        parts.remove(index);
    }
    if random.chance(3) {
        random.shuffle(&mut parts);
    }
    let start = if random.chance(10) { blank(random) } else { "" };
    let joined = parts.into_iter().reduce(|joined, part| format!("{joined}{}{part}", blank(random)));
    format!("{start}{}", joined.unwrap_or_default())
}

/// The text of a `_redirects`.
pub(crate) fn file(random: &mut Random) -> String {
    lines(random, line)
}

/// The value of `redirects` in a configuration.
pub(crate) fn list(random: &mut Random, wrong: usize) -> Value {
    let mut items: Vec<Value> = Vec::new();
    for _ in 0..random.below(4) {
        let rule = rule(random, wrong);
        items.push(if random.chance(wrong) { value::any(random, 2) } else { Value::Table(rule) });
    }
    if random.chance(15)
        && let Some(first) = items.first().cloned()
    {
        items.push(first);
    }
    Value::List(items)
}

fn rule(random: &mut Random, wrong: usize) -> Table {
    let mut table = Table::new();
    let set = |random: &mut Random, table: &mut Table, key: &str, value: Value| {
        let value = if random.chance(wrong) { value::any(random, 2) } else { value };
        put(table, key, value);
    };
    if !random.chance(wrong) {
        let (key, value) = (if random.chance(8) { "origin" } else { "from" }, text(source(random)));
        set(random, &mut table, key, value);
    }
    if !random.chance(wrong + 4) {
        let (key, value) = (if random.chance(8) { "destination" } else { "to" }, text(destination(random)));
        set(random, &mut table, key, value);
    }
    for key in random.some(&["status", "force", "query", "conditions", "signed", "headers", "rate_limit", "from"], 28) {
        let (key, value) = match key {
            "status" if random.chance(70) => (key, Value::Integer([200, 301, 302, 404, 299, 300][random.below(6)])),
            "status" => (key, text(status(random))),
            "force" => (key, Value::Boolean(random.chance(50))),
            "query" => (random.pick(&["query", "query", "params", "parameters"]), Value::Table(pairs(random))),
            "conditions" => (key, Value::Table(conditions(random, wrong))),
            "signed" => (random.pick(&["signed", "sign", "signing"]), text("KEY")),
            "headers" => (key, Value::Table(pairs(random))),
            "rate_limit" => (key, Value::Table(value::any_table(random, 1))),
            _ => (random.pick(&["origin", "destination", "scheme", "extra", "toString"]), text(from(random))),
        };
        set(random, &mut table, key, value);
    }
    if random.chance(20) {
        random.shuffle(&mut table);
    }
    table
}

fn pairs(random: &mut Random) -> Table {
    let mut table = Table::new();
    for _ in 0..random.below(3) {
        let key = random.text(&["id", "x", "X-From", "1", "path"]);
        put(&mut table, key, text(random.pick(&[":id", "a", ""])));
    }
    table
}

fn conditions(random: &mut Random, wrong: usize) -> Table {
    let mut table = Table::new();
    for _ in 0..random.below(4) {
        let key = random.text(&NAMES);
        let value = match random.below(3) {
            _ if random.chance(wrong) => value::any(random, 1),
            0 => text(random.pick(&["us", "us, fr", " a ,b", ",", ""])),
            _ => Value::List(random.some(&["us", "fr", "é"], 50).into_iter().map(text).collect()),
        };
        put(&mut table, key, value);
    }
    table
}
