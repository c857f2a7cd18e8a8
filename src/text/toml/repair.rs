//! Repairs of documents that do not parse, where the text shows plainly what was meant.
//!
//! A repair is proposed only when the document then parses, or fails on a later line.

use crate::text::edit::{self, Edit};
use crate::text::span::FileId;

use super::error::{Reason, TomlError};
use super::outline::outline;
use super::parse_document;

/// Edits that belong together, with what they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What it does, as an order.
    pub title: String,
    /// The edits.
    pub edits: Vec<Edit>,
}

impl Repair {
    /// Makes a repair.
    #[must_use]
    pub fn new(title: impl Into<String>, edits: Vec<Edit>) -> Repair {
        Repair { title: title.into(), edits }
    }

    /// Makes a repair of one edit.
    #[must_use]
    pub fn one(title: impl Into<String>, range: std::ops::Range<usize>, text: impl Into<String>) -> Repair {
        Repair::new(title, vec![Edit { range, text: text.into() }])
    }

    /// Whether the text, once repaired, parses or fails on a later line only.
    #[must_use]
    pub fn helps(&self, text: &str, error: &TomlError) -> bool {
        let Ok(repaired) = edit::apply(text, &self.edits) else { return false };
        match parse_document(&repaired, FileId::NONE) {
            Ok(_) => true,
            Err(next) => next.line > error.line,
        }
    }
}

/// The repair of a syntax error, if one is plain.
#[must_use]
pub fn propose(text: &str, error: &TomlError) -> Option<Repair> {
    let place = Place::of(text, error);
    let candidates: Vec<Option<Repair>> = match error.reason {
        Reason::LineBreakInString | Reason::UnclosedString(_) => vec![place.closed_string()],
        Reason::LineEnd(_) => {
            vec![place.without_tail(), place.divided(), place.other_quotes(), place.quoted_value(), place.aside()]
        }
        Reason::ItemEnd { found: Some(_), .. } => vec![place.comma()],
        Reason::UnclosedListHeader => vec![place.closed_header()],
        Reason::KeyCharacter(_) | Reason::UnclosedKey(_) => {
            vec![place.closed_header(), place.comment(), place.equals_sign(), place.quoted_key()]
        }
        Reason::InvalidValue(_)
        | Reason::LeadingZero
        | Reason::Underscore
        | Reason::NumberCharacter(_)
        | Reason::UnfinishedNumber
        | Reason::IntegerTooLarge
        | Reason::MalformedDate
        | Reason::MalformedTime
        | Reason::ImpossibleDate(_)
        | Reason::MalformedOffset(_) => vec![place.truth_value(), place.quoted_value()],
        _ => return None,
    };
    candidates.into_iter().flatten().find(|repair| repair.helps(text, error))
}

/// The line of an error.
struct Place<'t> {
    text: &'t str,
    /// Where the error is.
    offset: usize,
    /// First byte of its line.
    start: usize,
    /// One past the last byte of its line that is neither blank nor part of the line break.
    end: usize,
}

impl<'t> Place<'t> {
    fn of(text: &'t str, error: &TomlError) -> Place<'t> {
        // Some errors are reported at the blank or the line break around the value.
        let offset = error.offset.min(text.len());
        let start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = start + text[start..end].trim_end().len();
        Place { text, offset, start, end }
    }

    fn line(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// The value of `key = value`, without a comment behind it.
    fn value(&self) -> Option<(usize, &'t str)> {
        let equals = self.start + self.line().find('=')?;
        let rest = &self.text[equals + 1..self.end.max(equals + 1)];
        let start = equals + 1 + (rest.len() - rest.trim_start().len());
        let rest = rest.trim_start();
        let end = rest.find(" #").map_or(rest.len(), |at| rest[..at].trim_end().len());
        Some((start, &rest[..end])).filter(|(_, value)| !value.is_empty())
    }

    /// Closes a string at the end of its line.
    fn closed_string(&self) -> Option<Repair> {
        let literal = outline(self.text).strings.into_iter().find(|literal| {
            let reaches = literal.range.end >= self.offset.min(self.end);
            !literal.is_multiline && literal.range.start >= self.start && literal.range.start < self.end && reaches
        })?;
        let written = &self.text[literal.range.start..self.end];
        if written.contains(" #") || written.ends_with('\\') || written.ends_with("\\\"") {
            return None;
        }
        let quote = if literal.is_basic { "\"" } else { "'" };
        Some(Repair::one("close the string at the end of its line", self.end..self.end, quote))
    }

    /// Puts a bare value into quotes, or the right quotes around it.
    fn quoted_value(&self) -> Option<Repair> {
        const QUOTES: [char; 9] =
            ['"', '\'', '`', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}'];
        let (start, value) = self.value()?;
        if value.starts_with(['"', '\'', '[', '{']) {
            return None;
        }
        let inner = value.trim_matches(|c| QUOTES.contains(&c) || c == '\u{bb}');
        let is_plain = !inner.contains(['"', '\\', '\t']) && !inner.is_empty();
        let title = format!("put \"{inner}\" into double quotes");
        is_plain.then(|| Repair::one(title, start..start + value.len(), format!("\"{inner}\"")))
    }

    /// Writes `true` and `false` as TOML has them.
    fn truth_value(&self) -> Option<Repair> {
        let (start, value) = self.value()?;
        let word = match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => "true",
            "false" | "no" | "off" => "false",
            _ => return None,
        };
        Some(Repair::one(format!("write \"{word}\""), start..start + value.len(), word))
    }

    /// Removes a comma or semicolon behind the value.
    fn without_tail(&self) -> Option<Repair> {
        let tail = self.text.get(self.offset..self.end)?.trim();
        let is_mark = !tail.is_empty() && tail.bytes().all(|byte| matches!(byte, b',' | b';'));
        is_mark.then(|| Repair::one(format!("remove \"{tail}\""), self.offset..self.end, ""))
    }

    /// Makes a comment of a number or a word that stands behind a value or a header.
    fn aside(&self) -> Option<Repair> {
        let tail = self.text.get(self.offset..self.end)?;
        let is_word = tail.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        let gap = if self.text[..self.offset].ends_with([' ', '\t']) { "" } else { " " };
        let title = format!("make \"{tail}\" a comment");
        (is_word && !tail.is_empty()).then(|| Repair::one(title, self.offset..self.offset, format!("{gap}# ")))
    }

    /// Encloses a command with double quotes inside in single ones.
    fn other_quotes(&self) -> Option<Repair> {
        let (start, value) = self.value()?;
        let inner = value.strip_prefix('"')?.strip_suffix('"')?;
        let is_plain = inner.contains('"') && !inner.contains(['\'', '\\']);
        is_plain.then(|| {
            let title = "enclose the value in single quotes, because it holds double ones";
            Repair::one(title, start..start + value.len(), format!("'{inner}'"))
        })
    }

    /// Starts a new line at a second assignment.
    fn divided(&self) -> Option<Repair> {
        let rest = self.text.get(self.offset..self.end)?.trim_start_matches([',', ';', ' ']);
        let key = rest.split('=').next().filter(|key| key.len() < rest.len())?.trim();
        let is_key = !key.is_empty()
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        let is_header = rest.starts_with('[');
        if !is_key && !is_header {
            return None;
        }
        let before = self.text[self.start..self.offset].trim_end_matches([' ', '\t', ',', ';']);
        let indent = &self.line()[..self.line().len() - self.line().trim_start().len()];
        let line_break = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let title = format!("put \"{key}\" on a line of its own");
        Some(Repair::one(title, self.start + before.len()..self.end - rest.len(), format!("{line_break}{indent}")))
    }

    /// Adds the comma between two items.
    fn comma(&self) -> Option<Repair> {
        let before = self.text[..self.offset].trim_end();
        let next = self.text[self.offset..].chars().next()?;
        let starts_an_item = next.is_alphanumeric() || matches!(next, '"' | '\'' | '[' | '{');
        starts_an_item.then(|| Repair::one("add the missing comma", before.len()..before.len(), ","))
    }

    /// Adds the brackets that a header lacks.
    fn closed_header(&self) -> Option<Repair> {
        let line = self.line().trim_start();
        let name = line.trim_start_matches('[').trim_end_matches(']').trim_end();
        let opened = line.len() - line.trim_start_matches('[').len();
        let closed = line.len() - line.trim_end_matches(']').len();
        let missing = opened.checked_sub(closed).filter(|missing| *missing > 0 && opened <= 2)?;
        let is_name = !name.is_empty() && !name.contains(['#', '=', '[', ']']);
        is_name.then(|| Repair::one("close the header", self.end..self.end, "]".repeat(missing)))
    }

    /// Turns the comment of another language into one of TOML.
    fn comment(&self) -> Option<Repair> {
        let start = self.start + (self.line().len() - self.line().trim_start().len());
        let mark = ["//", "--", ";"].into_iter().find(|mark| self.text[start..self.end].starts_with(mark))?;
        Some(Repair::one(format!("start the comment with \"#\" instead of \"{mark}\""), start..start + mark.len(), "#"))
    }

    /// Writes `key = value` instead of `key: value`.
    fn equals_sign(&self) -> Option<Repair> {
        let colon = self.text.get(self.offset..self.end)?.starts_with(':');
        colon.then(|| Repair::one("write \"=\" instead of \":\"", self.offset..self.offset + 1, " ="))
    }

    /// Puts a key with other characters into quotes.
    fn quoted_key(&self) -> Option<Repair> {
        let line = self.line();
        let key = line[..line.find('=')?].trim();
        let start = self.start + line.find(key)?;
        let is_plain = !key.is_empty() && !key.contains(['"', '\'', '\\', '#', '[', ' ']);
        is_plain.then(|| {
            Repair::one(format!("put the key \"{key}\" into quotes"), start..start + key.len(), format!("\"{key}\""))
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn repaired(text: &str) -> Option<String> {
        let error = parse_document(text, FileId(0)).unwrap_err();
        let repair = propose(text, &error)?;
        Some(edit::apply(text, &repair.edits).unwrap())
    }

    #[test]
    fn a_string_is_closed_at_the_end_of_its_line() {
        let text = "[build]\ncommand = \"npm run build\npublish = \"dist\"";
        assert_eq!(repaired(text).unwrap(), "[build]\ncommand = \"npm run build\"\npublish = \"dist\"");
        assert_eq!(repaired("a = 'x  \r\nb = 1").unwrap(), "a = 'x'  \r\nb = 1");
        assert_eq!(repaired("a = \"x").unwrap(), "a = \"x\"");
        assert_eq!(repaired("a = \"x # y\nb = 1"), None);
        assert_eq!(repaired("a = \"x\\\"\nb = 1"), None);
    }

    #[test]
    fn bare_values_are_quoted() {
        assert_eq!(repaired("publish = dist # x\n").unwrap(), "publish = \"dist\" # x\n");
        assert_eq!(repaired("command = npm run build").unwrap(), "command = \"npm run build\"");
        assert_eq!(repaired("NODE_VERSION = 20.11.0").unwrap(), "NODE_VERSION = \"20.11.0\"");
        assert_eq!(repaired("publish = \u{201c}dist\u{201d}").unwrap(), "publish = \"dist\"");
        assert_eq!(repaired("publish = dist\"\n").unwrap(), "publish = \"dist\"\n");
        assert_eq!(repaired("publish = $DIR").unwrap(), "publish = \"$DIR\"");
    }

    #[test]
    fn two_assignments_on_a_line_are_divided() {
        let text = "[build] publish = \"a\"";
        assert_eq!(repaired(text).unwrap(), "[build]\npublish = \"a\"");
        assert_eq!(repaired("  a = \"x\", b = 1").unwrap(), "  a = \"x\"\n  b = 1");
    }

    #[test]
    fn a_word_behind_a_finished_value_becomes_a_comment() {
        assert_eq!(repaired("[build]1.0\na = 1").unwrap(), "[build] # 1.0\na = 1");
        assert_eq!(repaired("a = \"hugo\"0.29\r\nb = 1").unwrap(), "a = \"hugo\" # 0.29\r\nb = 1");
        assert_eq!(repaired("a = \"x\" && y"), None);
    }

    #[test]
    fn inner_quotes_are_kept() {
        assert_eq!(repaired("a = \"echo \"x\"\"").unwrap(), "a = 'echo \"x\"'");
    }

    #[test]
    fn commas_and_brackets_are_added() {
        assert_eq!(repaired("a = [\"x\"\n  \"y\"]").unwrap(), "a = [\"x\",\n  \"y\"]");
        assert_eq!(repaired("a = { b = 1 c = 2 }").unwrap(), "a = { b = 1, c = 2 }");
        assert_eq!(repaired("[[redirects]\nfrom = 1").unwrap(), "[[redirects]]\nfrom = 1");
        assert_eq!(repaired("[build\nfrom = 1").unwrap(), "[build]\nfrom = 1");
    }

    #[test]
    fn notions_of_other_languages_are_translated() {
        assert_eq!(repaired("// x\na = 1").unwrap(), "# x\na = 1");
        assert_eq!(repaired("publish: \"dist\"").unwrap(), "publish = \"dist\"");
        assert_eq!(repaired("a = True # x").unwrap(), "a = true # x");
        assert_eq!(repaired("a = 'x';\nb = 1").unwrap(), "a = 'x'\nb = 1");
        assert_eq!(repaired("@a/b = 1").unwrap(), "\"@a/b\" = 1");
    }

    #[test]
    fn what_stays_broken_is_not_proposed() {
        assert_eq!(repaired("a ="), None);
        assert_eq!(repaired("<<<<<<< HEAD\na = 1"), None);
        assert_eq!(repaired("a = [1, 2"), None);
    }
}
