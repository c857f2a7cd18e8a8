//! The same value in many spellings of TOML.

use super::random::Random;
use super::value::{Table, Value};

/// Writes a document.
pub(crate) fn write(random: &mut Random, table: &Table) -> String {
    let newline = if random.chance(10) { "\r\n" } else { "\n" };
    let taste = [(0, 30), (20, 60), (100, 0)][random.below(3)];
    let mut writer = Writer { random, out: String::new(), newline, inline: taste.0, indent: taste.1 };
    if writer.random.chance(3) {
        writer.out.push('\u{feff}');
    }
    writer.section(&mut Vec::new(), table);
    if writer.random.chance(10) {
        let end = writer.out.trim_end().len();
        writer.out.truncate(end);
    }
    writer.out
}

struct Writer<'a> {
    random: &'a mut Random,
    out: String,
    newline: &'static str,
    /// Percentage of tables that are written as one value.
    inline: usize,
    /// Percentage of lines that are indented.
    indent: usize,
}

impl Writer<'_> {
    fn section(&mut self, path: &mut Vec<String>, table: &Table) {
        let (mut sections, values): (Vec<_>, Vec<_>) =
            table.iter().partition(|(_, value)| is_sectional(value) && !self.random.chance(self.inline));
        for (key, value) in values {
            self.assignment(std::slice::from_ref(key), value);
        }
        if self.random.chance(30) {
            self.random.shuffle(&mut sections);
        }
        for (key, value) in sections {
            path.push(key.clone());
            match value {
                Value::Table(table) => {
                    self.header(path, false);
                    self.section(path, table);
                }
                Value::List(items) => {
                    for item in items {
                        self.header(path, true);
                        if let Value::Table(table) = item {
                            self.section(path, table);
                        }
                    }
                }
                _ => {}
            }
            path.pop();
        }
    }

    fn header(&mut self, path: &[String], is_item: bool) {
        if self.random.chance(50) {
            self.out.push_str(self.newline);
        }
        self.indentation();
        let (open, close) = if is_item { ("[[", "]]") } else { ("[", "]") };
        let path = self.path(path);
        let space = if self.random.chance(5) { " " } else { "" };
        self.out.push_str(&format!("{open}{space}{path}{space}{close}"));
        self.line_end();
    }

    fn assignment(&mut self, path: &[String], value: &Value) {
        if let Value::Table(table) = value
            && !table.is_empty()
            && self.random.chance(15)
        {
            for (key, value) in table {
                let mut path = path.to_vec();
                path.push(key.clone());
                self.assignment(&path, value);
            }
            return;
        }
        self.indentation();
        let path = self.path(path);
        let equals = self.random.text(&[" = ", " = ", " = ", "=", "  =\t"]);
        self.out.push_str(&path);
        self.out.push_str(&equals);
        self.value(value, 0);
        self.line_end();
    }

    fn indentation(&mut self) {
        if self.random.chance(self.indent) {
            let blank = self.random.pick(&["  ", "  ", "\t", "    "]);
            self.out.push_str(blank);
        }
    }

    fn line_end(&mut self) {
        if self.random.chance(6) {
            let comment = self.random.pick(&[" # why", "# = [x]", " #", " # \u{e9}\"'"]);
            self.out.push_str(comment);
        }
        self.out.push_str(self.newline);
    }

    fn path(&mut self, path: &[String]) -> String {
        let parts: Vec<String> = path.iter().map(|key| self.key(key)).collect();
        parts.join(if self.random.chance(4) { " . " } else { "." })
    }

    fn key(&mut self, key: &str) -> String {
        let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if is_bare && !self.random.chance(3) {
            return key.to_owned();
        }
        if is_literal(key) && self.random.chance(30) { format!("'{key}'") } else { self.basic(key) }
    }

    fn value(&mut self, value: &Value, depth: usize) {
        let written = match value {
            Value::Null => self.random.text(&["nan", "nan", "inf", "-inf", "+nan"]),
            Value::Boolean(flag) => flag.to_string(),
            Value::Integer(number) => self.integer(*number),
            Value::Float(number) => float(*number),
            Value::Date(date) => (*date).to_owned(),
            Value::Text(text) => self.text(text),
            Value::List(items) => return self.list(items, depth),
            Value::Table(table) => return self.inline_table(table, depth),
        };
        self.out.push_str(&written);
    }

    fn integer(&mut self, number: i64) -> String {
        match self.random.below(20) {
            0 if number >= 0 => format!("0x{number:X}"),
            1 if number >= 0 => format!("0o{number:o}"),
            2 if number >= 0 => format!("0b{number:b}"),
            3 if number >= 0 => format!("+{number}"),
            4 => format!("{number}.0"),
            5 if number > 999 => format!("{}_{:03}", number / 1000, number % 1000),
            _ => number.to_string(),
        }
    }

    fn text(&mut self, text: &str) -> String {
        let is_block = !text.contains(['\r', '\u{1}', '\u{7f}']);
        match self.random.below(12) {
            0 | 1 if is_literal(text) => format!("'{text}'"),
            2 if is_block && !text.contains("'''") && !text.ends_with('\'') => {
                format!("'''{}{text}'''", self.first_newline(text))
            }
            3 if is_block && !text.contains(['\\', '"']) => {
                let text = text.replace(' ', if self.random.chance(20) { " \\\n  " } else { " " });
                format!("\"\"\"{}{text}\"\"\"", self.first_newline(&text))
            }
            _ => self.basic(text),
        }
    }

    fn first_newline(&mut self, text: &str) -> &'static str {
        if text.starts_with('\n') || self.random.chance(50) { self.newline } else { "" }
    }

    fn basic(&mut self, text: &str) -> String {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' if self.random.chance(50) => out.push_str("\\t"),
                c if c.is_control() && c != '\t' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c if u32::from(c) < 256 && self.random.chance(1) && self.random.chance(10) => {
                    out.push_str(&format!("\\x{:02x}", u32::from(c)))
                }
                c if self.random.chance(1) => out.push_str(&format!("\\U{:08X}", u32::from(c))),
                c => out.push(c),
            }
        }
        out.push('"');
        out
    }

    /// White space inside a list or an inline table.
    fn gap(&mut self) {
        let gap = self.random.below(20);
        let newline = self.newline;
        self.out.push_str(match gap {
            0 | 1 => newline,
            2..=14 => " ",
            _ => "",
        });
        if gap == 0 {
            self.out.push_str("# c");
            self.out.push_str(newline);
        }
    }

    fn list(&mut self, items: &[Value], depth: usize) {
        self.out.push('[');
        for (index, item) in items.iter().enumerate() {
            self.gap();
            self.value(item, depth + 1);
            if index + 1 < items.len() || self.random.chance(10) {
                self.out.push(',');
            }
        }
        self.gap();
        self.out.push(']');
    }

    fn inline_table(&mut self, table: &Table, depth: usize) {
        self.out.push('{');
        for (index, (key, value)) in table.iter().enumerate() {
            self.gap();
            let key = self.key(key);
            self.out.push_str(&format!("{key} = "));
            self.value(value, depth + 1);
            if index + 1 < table.len() || self.random.chance(4) {
                self.out.push(',');
            }
        }
        self.gap();
        self.out.push('}');
    }
}

fn is_sectional(value: &Value) -> bool {
    match value {
        Value::Table(_) => true,
        Value::List(items) => !items.is_empty() && items.iter().all(|item| matches!(item, Value::Table(_))),
        _ => false,
    }
}

fn is_literal(text: &str) -> bool {
    !text.contains('\'') && !text.chars().any(|c| c.is_control() && c != '\t')
}

fn float(number: f64) -> String {
    let text = format!("{number:?}");
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}
