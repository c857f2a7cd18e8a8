//! Headers, as lines of `_headers` and as tables.

use super::random::Random;
use super::value::{self, Table, Value, put, text};
use super::{blank, lines};

const PIECES: [&str; 44] = [
    "a", "b", "*", ".js", ":id", "*.js", "", "x*", "*.", "*(", "*)", "*[", "*]", "*+", "*?", "*|", "*\\", "*^", "*$",
    "*{1}", "*{2,1}", "*[a-z]", "*[z-a]", "*(?:a)", "*(?<n>a)", "*\\d", "*\\1", "*(?=a)", "*[]", "*\\k<n>", "*\\u{41}",
    "é", "😀*", ":", ":a*", "(a)", "[", ".netlify", "A", "%20", "..", "a b", "#", "*\\p{L}",
];

fn path(random: &mut Random) -> String {
    let common = if random.chance(75) { 8 } else { PIECES.len() };
    let parts: Vec<&str> = (0..random.below(4)).map(|_| random.pick(&PIECES[..common])).collect();
    let end = random.pick(&["", "", "/*", "/"]);
    format!("/{}{end}", parts.join("/"))
}

const NAMES: [&str; 18] = [
    "X-A",
    "x-a",
    "Cache-Control",
    "cache-control",
    "X-Frame-Options",
    "Link",
    "X-B",
    "link",
    "a b",
    "toString",
    "__proto__",
    "constructor",
    "undefined",
    "é",
    "É",
    "#x",
    "1",
    "10",
];

const VALUES: [&str; 16] = [
    "a",
    "DENY",
    "max-age=0",
    "a, b",
    "a ,  b,c",
    "</a>; rel=preload",
    "https://x.y/z:1",
    ",",
    ":",
    "\"x\"",
    "#v",
    "",
    " ",
    "é",
    "a\u{a0},\u{2028}b",
    "\n max-age=0,\n no-cache",
];

fn name(random: &mut Random) -> String {
    let common = if random.chance(80) { 8 } else { NAMES.len() };
    random.text(&NAMES[..common])
}

fn content(random: &mut Random) -> String {
    let common = if random.chance(80) { 7 } else { VALUES.len() };
    random.text(&VALUES[..common])
}

fn line(random: &mut Random) -> String {
    let indent = if random.chance(70) { random.text(&["  ", "\t", "    "]) } else { String::new() };
    match random.below(30) {
        0 => random.text(&["# comment", "#", "  # X-A: b"]),
        1 => String::new(),
        2 => random.text(&["no colon", ": x", "X-A:", ":", "X-A", "  :  "]),
        3..=11 => path(random),
        _ => {
            let colon = random.text(&[": ", ": ", ": ", ":", " : ", "::"]);
            let end = if random.chance(8) { blank(random) } else { "" };
            format!("{indent}{}{colon}{}{end}", name(random), content(random).replace('\n', " "))
        }
    }
}

/// The text of a `_headers`.
pub(crate) fn file(random: &mut Random) -> String {
    let text = lines(random, line);
    if random.chance(85) { format!("{}\n{text}", path(random)) } else { text }
}

/// The value of `headers` in a configuration.
pub(crate) fn list(random: &mut Random, wrong: usize) -> Value {
    let mut items: Vec<Value> = Vec::new();
    for _ in 0..random.below(4) {
        let entry = entry(random, wrong);
        items.push(if random.chance(wrong) { value::any(random, 2) } else { Value::Table(entry) });
    }
    if random.chance(15)
        && let Some(first) = items.first().cloned()
    {
        items.push(first);
    }
    Value::List(items)
}

fn entry(random: &mut Random, wrong: usize) -> Table {
    let mut table = Table::new();
    let set = |random: &mut Random, table: &mut Table, key: &str, value: Value| {
        let value = if random.chance(wrong) { value::any(random, 2) } else { value };
        put(table, key, value);
    };
    if !random.chance(wrong) {
        let value = text(path(random));
        set(random, &mut table, "for", value);
    }
    if !random.chance(wrong) {
        let mut values = Table::new();
        for _ in 0..random.below(4) {
            let name = name(random);
            let name = if random.chance(5) { format!("{}{name}", blank(random)) } else { name };
            let value = match random.below(5) {
                0 => Value::List((0..random.below(3)).map(|_| text(content(random))).collect()),
                _ => text(content(random)),
            };
            set(random, &mut values, &name, value);
        }
        set(random, &mut table, "values", Value::Table(values));
    }
    table
}
