//! The rough shape of a text, whether it parses or not: its headers and its strings, each with its place.
//!
//! Repairs need it, because a rejected document has no tree.

use std::ops::Range;

use super::key;
use super::scan::Scanner;
use crate::text::edit::Edit;
use crate::text::span::FileId;

/// One part of a header's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name, unquoted.
    pub name: String,
    /// Its bytes, quotes included.
    pub range: Range<usize>,
}

/// A line such as `[build]` or `[[redirects]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The bytes from the first bracket to the last.
    pub range: Range<usize>,
    /// The parts of its name.
    pub parts: Vec<Part>,
    /// Whether it has two brackets on each side.
    pub is_list: bool,
    /// The bytes between it and the next header.
    pub body: Range<usize>,
}

impl Header {
    /// Whether the name has exactly these parts.
    #[must_use]
    pub fn is_named(&self, names: &[&str]) -> bool {
        self.starts_with(names) && self.parts.len() == names.len()
    }

    /// Whether the name starts with these parts.
    #[must_use]
    pub fn starts_with(&self, names: &[&str]) -> bool {
        self.parts.len() >= names.len() && self.parts.iter().zip(names).all(|(part, name)| part.name == *name)
    }
}

/// A string as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// The bytes, quotes included; a string that is never closed ends with its line or the text.
    pub range: Range<usize>,
    /// Whether backslashes are escapes in it.
    pub is_basic: bool,
    /// Whether it has three quotes on each side.
    pub is_multiline: bool,
}

/// The shape of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// All headers, in file order.
    pub headers: Vec<Header>,
    /// All strings, keys in quotes included, in file order.
    pub strings: Vec<Literal>,
}

impl Outline {
    /// The edits that rename a key everywhere: all headers that pass through it, or the one assignment. `None` when
    /// the key stands in front of a dot, because other lines may add to the same table.
    #[must_use]
    pub fn rename(&self, text: &str, key: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let position = |header: &Header| header.parts.iter().position(|part| part.range == key);
        let Some((header, at)) = self.headers.iter().find_map(|header| Some((header, position(header)?))) else {
            let is_lone = text.get(key.end..)?.trim_start_matches([' ', '\t']).starts_with('=');
            return is_lone.then(|| vec![Edit { range: key, text: new.to_owned() }]);
        };
        let names: Vec<&str> = header.parts[..=at].iter().map(|part| part.name.as_str()).collect();
        let passing = self.headers.iter().filter(|header| header.starts_with(&names));
        Some(passing.map(|header| Edit { range: header.parts[at].range.clone(), text: new.to_owned() }).collect())
    }

    /// The string that covers a byte, if one does.
    #[must_use]
    pub fn string_at(&self, offset: usize) -> Option<&Literal> {
        let at = self.strings.partition_point(|literal| literal.range.end <= offset);
        self.strings.get(at).filter(|literal| literal.range.contains(&offset))
    }
}

/// Reads the shape of a text.
#[must_use]
pub fn outline(text: &str) -> Outline {
    let mut reader = Reader { text, at: 0, depth: 0, outline: Outline::default() };
    while reader.at < text.len() {
        reader.line();
    }
    let mut next = text.len();
    for header in reader.outline.headers.iter_mut().rev() {
        header.body.end = next;
        next = header.range.start;
    }
    reader.outline
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// How many brackets of values are open.
    depth: usize,
    outline: Outline,
}

impl Reader<'_> {
    fn bytes(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Reads a line, and those that a string in triple quotes reaches into.
    fn line(&mut self) {
        while matches!(self.bytes().first(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        if self.bytes().first() == Some(&b'[') && (self.depth == 0 || self.names_a_table()) {
            self.depth = 0;
            self.header();
        }
        while let Some(byte) = self.bytes().first() {
            match byte {
                b'\n' => {
                    self.at += 1;
                    return;
                }
                b'#' => self.at += self.bytes().iter().position(|byte| *byte == b'\n').unwrap_or(self.bytes().len()),
                b'"' | b'\'' => self.string(),
                b'[' | b'{' => {
                    self.depth += 1;
                    self.at += 1;
                }
                b']' | b'}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Whether a bare word follows the brackets: no value starts so, thus an array was left open above.
    fn names_a_table(&self) -> bool {
        let rest = self.text[self.at..].trim_start_matches('[').trim_start_matches([' ', '\t']);
        let word = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').next().unwrap_or_default();
        word.starts_with(|c: char| c.is_ascii_alphabetic()) && !["true", "false", "inf", "nan"].contains(&word)
    }

    fn header(&mut self) {
        let start = self.at;
        let is_list = self.bytes().get(1) == Some(&b'[');
        let mut scanner = Scanner::new(self.text, FileId::NONE);
        scanner.at = start + if is_list { 2 } else { 1 };
        let Ok(parts) = key::key(&mut scanner, b']') else {
            self.skip_line();
            return;
        };
        if is_list && scanner.byte() == Some(b']') {
            scanner.at += 1;
        }
        let end = scanner.at;
        for part in parts.iter().filter(|part| self.text[part.start..].starts_with(['"', '\''])) {
            let is_basic = self.text.as_bytes()[part.start] == b'"';
            self.outline.strings.push(Literal { range: part.start..part.end, is_basic, is_multiline: false });
        }
        let parts = parts.into_iter().map(|part| Part { name: part.name, range: part.start..part.end }).collect();
        self.outline.headers.push(Header { range: start..end, parts, is_list, body: end..end });
        self.at = end;
    }

    /// Leaves a header that cannot be read to whoever reports it.
    fn skip_line(&mut self) {
        self.at += self.bytes().iter().position(|byte| *byte == b'\n').unwrap_or(self.bytes().len());
    }

    fn string(&mut self) {
        let bytes = self.bytes();
        let quote = bytes[0];
        let is_basic = quote == b'"';
        let is_multiline = bytes.get(1) == Some(&quote) && bytes.get(2) == Some(&quote);
        let mut length = if is_multiline { 3 } else { 1 };
        loop {
            match bytes.get(length) {
                None => break,
                Some(b'\n') if !is_multiline => break,
                Some(b'\\') if is_basic && bytes.get(length + 1).is_some_and(|byte| *byte != b'\n') => length += 2,
                Some(byte) if *byte == quote && !is_multiline => {
                    length += 1;
                    break;
                }
                Some(byte) if *byte == quote && bytes[length..].starts_with(&[quote; 3]) => {
                    let quotes = bytes[length..].iter().take(5).take_while(|byte| **byte == quote).count();
                    length += quotes;
                    break;
                }
                Some(_) => length += 1,
            }
        }
        let mut end = self.at + length.min(bytes.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.outline.strings.push(Literal { range: self.at..end, is_basic, is_multiline });
        self.at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(text: &str) -> Vec<(&str, &str)> {
        let headers = outline(text).headers;
        headers.iter().map(|header| (&text[header.range.clone()], text[header.body.clone()].trim())).collect()
    }

    fn strings(text: &str) -> Vec<&str> {
        outline(text).strings.iter().map(|literal| &text[literal.range.clone()]).collect()
    }

    #[test]
    fn headers_divide_the_text_and_brackets_of_values_do_not() {
        let text = "a = 1\n[x]\nb = [\n  [1],\n[2]\n]\n [[ y . \"z\" ]] # [no]\nc = \"\"\"\n[no]\n\"\"\"";
        assert_eq!(
            headers(text),
            [("[x]", "b = [\n  [1],\n[2]\n]"), ("[[ y . \"z\" ]]", "# [no]\nc = \"\"\"\n[no]\n\"\"\"")]
        );
        assert!(outline(text).headers[1].is_list && outline(text).headers[1].is_named(&["y", "z"]));
    }

    #[test]
    fn strings_of_all_kinds_are_found() {
        assert_eq!(strings("a = \"x\\\"#\" # \"no\"\nb = 'c\\'"), ["\"x\\\"#\"", "'c\\'"]);
        assert_eq!(strings("a = \"\"\"x\n\"y\"\"\"\n'k' = ''"), ["\"\"\"x\n\"y\"\"\"", "'k'", "''"]);
        assert_eq!(strings("a = \"\"\"x\"\"\"\"\" # \"no\""), ["\"\"\"x\"\"\"\"\""]);
    }

    #[test]
    fn an_unclosed_string_ends_with_its_line() {
        assert_eq!(strings("a = \"x\nb = \"y\""), ["\"x", "\"y\""]);
        assert_eq!(strings("a = \"\"\"x\né"), ["\"\"\"x\né"]);
        assert_eq!(strings("a = \"\\é"), ["\"\\é"]);
    }

    #[test]
    fn a_key_is_renamed_in_every_header() {
        let text = "[[redirect]]\na = 1\n[redirect.headers]\n[[redirect]]\nb.c = 1\nd = 2";
        let rename = |key: &str| {
            let at = text.find(key).unwrap_or_default();
            let edits = outline(text).rename(text, at..at + key.len(), "new")?;
            crate::text::edit::apply(text, &edits).ok()
        };
        assert_eq!(rename("redirect").as_deref(), Some("[[new]]\na = 1\n[new.headers]\n[[new]]\nb.c = 1\nd = 2"));
        assert_eq!(rename("d =").as_deref(), None);
        assert_eq!(rename("a").as_deref(), Some(&*text.replace("a = 1", "new = 1")));
        let lone = outline("x = 1").rename("x = 1", 0..1, "y").unwrap_or_default();
        assert_eq!(crate::text::edit::apply("x = 1", &lone).as_deref(), Ok("y = 1"));
        assert_eq!(outline("b.c = 1").rename("b.c = 1", 0..1, "y"), None);
    }

    #[test]
    fn a_header_ends_an_array_that_was_left_open() {
        assert_eq!(headers("a = [\n  [true],\n[b]\nc = 1"), [("[b]", "c = 1")]);
    }

    #[test]
    fn a_broken_header_is_passed_over() {
        assert_eq!(headers("[a\n[b]\n"), [("[b]", "")]);
    }
}
