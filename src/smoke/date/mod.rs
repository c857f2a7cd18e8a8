//! Dates by a format, of which the usual signs are known (those of the crate `chrono` 0.4, which Hurl uses).

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{cookie, is_iso, read};
pub use write::write;

/// Why a date cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateError {
    /// The text is no such date.
    Text,
    /// The format has a sign that is none.
    Format(String),
    /// The format has a sign that is not known here.
    Unsupported(String),
}

/// A part of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    Literal(char),
    Blank(char),
    /// A sign behind `%`, such as `Y` or `.3f`.
    Sign(&'static str),
}

/// Signs that are known, and those that stand for several.
const SIGNS: [&str; 34] = [
    "Y", "C", "y", "m", "b", "B", "h", "d", "e", "a", "A", "u", "w", "j", "H", "k", "I", "l", "M", "S", "f", ".f",
    ".3f", ".6f", ".9f", "3f", "6f", "9f", "p", "P", "Z", "z", ":z", "s",
];
const SEVERAL: [(&str, &str); 5] =
    [("D", "%m/%d/%y"), ("F", "%Y-%m-%d"), ("T", "%H:%M:%S"), ("R", "%H:%M"), ("X", "%H:%M:%S")];
/// Signs of `chrono` that are not known here.
const OTHERS: [&str; 15] = ["q", "x", "v", "r", "c", "+", "G", "g", "U", "V", "W", "::z", ":::z", "#z", "-d"];

fn items(format: &str) -> Result<Vec<Item>, DateError> {
    let mut items = Vec::new();
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '%' {
            items.push(if c.is_whitespace() { Item::Blank(c) } else { Item::Literal(c) });
            continue;
        }
        if let Some((sign, parts)) = SEVERAL.iter().find(|(sign, _)| rest.starts_with(sign)) {
            items.extend(self::items(parts)?);
            rest = &rest[sign.len()..];
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            items.push(Item::Sign(sign));
            rest = &rest[sign.len()..];
        } else if let Some((item, after)) = escaped(rest) {
            items.push(item);
            rest = after;
        } else {
            let sign: String = rest.chars().take(1).collect();
            let is_other = OTHERS.iter().any(|other| rest.starts_with(other)) || rest.starts_with(['-', '_', '0']);
            return Err(if is_other { DateError::Unsupported(sign) } else { DateError::Format(sign) });
        }
    }
    Ok(items)
}

fn escaped(rest: &str) -> Option<(Item, &str)> {
    let item = match rest.chars().next()? {
        '%' => Item::Literal('%'),
        'n' => Item::Blank('\n'),
        't' => Item::Blank('\t'),
        _ => return None,
    };
    Some((item, &rest[1..]))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
