//! Writes a tree as YAML in one of many styles, sometimes with faults.

use serde_json::Value;

use super::random::Random;

/// How one file is written.
struct Style {
    width: usize,
    /// Whether lists are indented below their key.
    indents_lists: bool,
    /// In a hundred.
    flow: usize,
    quotes: usize,
    oddities: usize,
}

/// The tree as text.
pub(super) fn write(random: &mut Random, value: &Value) -> String {
    let style = Style {
        width: [2, 2, 2, 4, 1, 3][random.below(6)],
        indents_lists: random.chance(75),
        flow: [0, 0, 5, 15, 100][random.below(5)],
        quotes: [0, 10, 50][random.below(3)],
        oddities: [0, 0, 3][random.below(3)],
    };
    let mut out = String::new();
    if random.chance(5) {
        out.push_str(random.pick(&["---\n", "# a comment\n", "\n", "%YAML 1.2\n---\n", "\u{feff}"]));
    }
    node(random, &style, value, 0, &mut out);
    let out = if out.is_empty() { "\n".to_owned() } else { out };
    let mut out = out;
    if random.chance(12) {
        share(random, &mut out);
    }
    for _ in 0..[0, 0, 0, 0, 1, 1, 2][random.below(7)] {
        damage(random, &mut out);
    }
    if random.chance(8) { out.replace('\n', "\r\n") } else { out }
}

fn line(indent: usize, out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out.extend(std::iter::repeat_n(' ', indent));
}

fn is_block(random: &mut Random, style: &Style, value: &Value) -> bool {
    let has_items = match value {
        Value::Object(table) => !table.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    has_items && !random.chance(style.flow)
}

/// Writes a node that begins on a line of its own.
fn node(random: &mut Random, style: &Style, value: &Value, indent: usize, out: &mut String) {
    if !is_block(random, style, value) {
        line(indent, out);
        flow(random, style, value, out);
        out.push('\n');
        return;
    }
    match value {
        Value::Object(table) => {
            let mut keys: Vec<&String> = table.keys().collect();
            random.shuffle(&mut keys);
            for key in keys {
                line(indent, out);
                pair(random, style, key, &table[key], indent, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| {
            line(indent, out);
            dash(random, style, item, indent, out);
        }),
        _ => {}
    }
}

fn dash(random: &mut Random, style: &Style, item: &Value, indent: usize, out: &mut String) {
    out.push('-');
    let Value::Object(table) = item else {
        out.push(' ');
        flow(random, style, item, out);
        comment(random, out);
        return;
    };
    if !is_block(random, style, item) {
        out.push(' ');
        flow(random, style, item, out);
        comment(random, out);
        return;
    }
    out.push(' ');
    let mut keys: Vec<&String> = table.keys().collect();
    random.shuffle(&mut keys);
    for (number, key) in keys.into_iter().enumerate() {
        if number > 0 {
            line(indent + 2, out);
        }
        pair(random, style, key, &table[key], indent + 2, out);
    }
}

fn pair(random: &mut Random, style: &Style, key: &str, value: &Value, indent: usize, out: &mut String) {
    scalar_text(random, style, key, out);
    out.push(':');
    if !is_block(random, style, value) {
        out.push(' ');
        flow(random, style, value, out);
        comment(random, out);
        return;
    }
    comment(random, out);
    let is_list = value.is_array();
    let below = if is_list && !style.indents_lists { indent } else { indent + style.width };
    node(random, style, value, below, out);
}

fn comment(random: &mut Random, out: &mut String) {
    if random.chance(4) {
        out.push_str(random.pick(&[" # why", "  #x", " # a: b"]));
    }
    out.push('\n');
}

fn flow(random: &mut Random, style: &Style, value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str(random.pick(&["", "null", "~"])),
        Value::Bool(true) => out.push_str(random.pick(&["true", "true", "True"])),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => scalar_text(random, style, text, out),
        Value::Array(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                flow(random, style, item, out);
            }
            out.push(']');
        }
        Value::Object(table) => {
            out.push('{');
            for (number, (key, item)) in table.iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                scalar_text(random, style, key, out);
                out.push_str(": ");
                flow(random, style, item, out);
            }
            out.push('}');
        }
    }
}

fn scalar_text(random: &mut Random, style: &Style, text: &str, out: &mut String) {
    if random.chance(style.oddities) {
        out.push_str(random.pick(&[
            "010",
            "0x1F",
            "on",
            "3.10",
            "1e3",
            ".nan",
            "2024-01-31",
            "1_000",
            "<<",
            "=",
            "12:30",
        ]));
        return;
    }
    let is_safe = !text.is_empty()
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_/.+".contains(letter))
        && text.starts_with(|first: char| first.is_ascii_alphabetic() || "/.".contains(first))
        && !["true", "on", "null", "."].contains(&text);
    match random.below(100) {
        percent if is_safe && percent >= style.quotes => out.push_str(text),
        percent if percent % 2 == 0 && !text.contains('\n') => {
            out.push('\'');
            out.push_str(&text.replace('\'', "''"));
            out.push('\'');
        }
        _ => out.push_str(&Value::String(text.to_owned()).to_string()),
    }
}

/// Gives a value an anchor and uses it elsewhere.
fn share(random: &mut Random, text: &mut String) {
    let colons: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
    if colons.len() < 2 {
        return;
    }
    let first = random.below(colons.len() - 1);
    let second = first + 1 + random.below(colons.len() - first - 1);
    let (first, second) = (colons[first], colons[second]);
    let end = text[second..].find('\n').map_or(text.len(), |end| second + end);
    text.replace_range(second..end, "*x");
    text.insert_str(first, if random.chance(90) { "&x " } else { "&y " });
    if random.chance(30) {
        let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
        text.insert_str(line, "<<: {branch: main}\n");
    }
}

const JUNK: [&str; 30] = [
    "\t", " ", "  ", "\n", ":", ": ", "- ", "-", "#", " #", "\"", "'", "[", "]", "{", "}", ",", "&a ", "*a", "!",
    "!!str ", "|", "|\n", ">-\n", "? ", "%", "@", "---\n", "é", "\\",
];

fn damage(random: &mut Random, text: &mut String) {
    let boundary = |mut at: usize, text: &str| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let at = boundary(random.below(text.len() + 1), text);
    match random.below(10) {
        0..=3 => text.insert_str(at, random.pick(&JUNK)),
        4 | 5 => {
            let end = boundary((at + 1 + random.below(3)).min(text.len()), text).max(at);
            text.replace_range(at..end, "");
        }
        _ => {
            let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
            let (one, other) = (random.below(lines.len()), random.below(lines.len()));
            match random.below(5) {
                0 => lines.insert(other, lines[one].clone()),
                1 => drop(lines.remove(one)),
                2 => lines[one].insert(0, ' '),
                3 => lines[one] = lines[one].trim_start().to_owned(),
                _ => lines[one] = lines[one].replacen("  ", "\t", 1),
            }
            *text = lines.join("\n");
        }
    }
}
