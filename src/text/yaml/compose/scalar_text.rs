//! The text of plain and quoted scalars.

use super::Composer;
use crate::text::yaml::error::ErrorKind;

/// The blanks that line folding takes away.
const BLANKS: [char; 2] = [' ', '\t'];

impl Composer<'_> {
    pub(super) fn plain(&mut self, source: &str, at: usize) -> String {
        let what = match source.bytes().next() {
            Some(b'\t') => "a tab",
            Some(b',') => "\",\"",
            Some(b'%') => "\"%\"",
            Some(b'|') => "\"|\"",
            Some(b'>') => "\">\"",
            Some(b'@') => "\"@\"",
            Some(b'`') => "a backtick",
            _ => return unfolded(source),
        };
        let message = format!("a text without quotes cannot start with {what}");
        self.fault_at(at, ErrorKind::BadScalarStart, message);
        unfolded(source)
    }

    pub(super) fn single_quoted(&mut self, source: &str, at: usize) -> String {
        let inner = source.strip_prefix('\'').unwrap_or(source);
        let closed = inner.strip_suffix('\'');
        if closed.is_none() {
            self.fault_at(at + source.len(), ErrorKind::MissingCharacter, "a closing \"'\" is missing".to_owned());
        }
        unfolded(closed.unwrap_or_else(|| but_last(inner))).replace("''", "'")
    }

    pub(super) fn double_quoted(&mut self, source: &str, at: usize) -> String {
        let inner = source.strip_prefix('"').unwrap_or(source);
        let text = self.unescaped(inner, at + 1);
        if !inner.ends_with('"') {
            self.fault_at(at + source.len(), ErrorKind::MissingCharacter, "a closing '\"' is missing".to_owned());
        }
        text
    }

    /// The value of what stands between the quotes; `source` holds the closing one, which an escape may reach.
    fn unescaped(&mut self, source: &str, start: usize) -> String {
        let (mut text, mut rest) = (String::with_capacity(source.len()), source);
        let end = source.len() - but_last(source).len();
        while let Some(first) = rest.chars().next().filter(|_| rest.len() > end) {
            match first {
                '\r' if rest.starts_with("\r\n") => rest = &rest[1..],
                '\n' => {
                    let after = rest[1..].trim_start_matches([' ', '\t', '\n', '\r']);
                    let breaks = rest[1..rest.len() - after.len()].matches('\n').count();
                    if breaks == 0 {
                        text.push(' ')
                    } else {
                        text.extend(std::iter::repeat_n('\n', breaks))
                    }
                    rest = after;
                }
                '\\' => rest = self.escape(rest, start + (source.len() - rest.len()), &mut text),
                ' ' | '\t' => {
                    let after = rest.trim_start_matches(BLANKS);
                    if !after.starts_with('\n') && !after.starts_with("\r\n") {
                        text.push_str(&rest[..rest.len() - after.len()]);
                    }
                    rest = after;
                }
                other => {
                    text.push(other);
                    rest = &rest[other.len_utf8()..];
                }
            }
        }
        text
    }

    /// Reads what begins with a backslash; gives what follows it.
    fn escape<'s>(&mut self, rest: &'s str, at: usize, text: &mut String) -> &'s str {
        let Some(letter) = rest[1..].chars().next() else { return "" };
        let after = &rest[1 + letter.len_utf8()..];
        if let Some(meaning) = simple_escape(letter) {
            text.push(meaning);
            return after;
        }
        let digits = match letter {
            '\n' => return after.trim_start_matches(BLANKS),
            '\r' if after.starts_with('\n') => return after[1..].trim_start_matches(BLANKS),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                let shown = &rest[..rest.len() - after.len()];
                self.bad_escape(at, shown, text);
                return after;
            }
        };
        let code = after.get(..digits).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match code.and_then(|code| u32::from_str_radix(code, 16).ok()).filter(|code| *code <= 0x0010_ffff) {
            Some(code) => {
                // Half a surrogate pair, which JavaScript alone can hold, becomes U+FFFD.
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                &after[digits..]
            }
            None => {
                let taken = after.char_indices().nth(digits).map_or(after.len(), |(end, _)| end);
                self.bad_escape(at, &rest[..rest.len() - after.len() + taken], text);
                &after[taken..]
            }
        }
    }

    fn bad_escape(&mut self, at: usize, shown: &str, text: &mut String) {
        self.fault_at(at, ErrorKind::BadEscape, format!("\"{}\" is no escape", shown.escape_debug()));
        text.push_str(shown);
    }
}

/// What the reference keeps of a text whose closing quote is missing.
fn but_last(text: &str) -> &str {
    text.char_indices().next_back().map_or("", |(end, _)| &text[..end])
}

fn simple_escape(letter: char) -> Option<char> {
    Some(match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' | '\t' => '\t',
        'v' => '\u{b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => letter,
        _ => return None,
    })
}

/// Joins lines with spaces; an empty line becomes a line break.
fn unfolded(source: &str) -> String {
    let Some((first, mut rest)) = split_line(source) else { return source.to_owned() };
    let mut text = first.trim_end_matches(BLANKS).to_owned();
    let mut separator = ' ';
    while let Some((line, after)) = split_line(rest) {
        match line.trim_matches(BLANKS) {
            "" if separator == '\n' => text.push('\n'),
            "" => separator = '\n',
            line => {
                text.push(separator);
                text.push_str(line);
                separator = ' ';
            }
        }
        rest = after;
    }
    text.push(separator);
    text.push_str(rest.trim_start_matches(BLANKS));
    text
}

fn split_line(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.split_once('\n')?;
    Some((line.strip_suffix('\r').unwrap_or(line), rest))
}
