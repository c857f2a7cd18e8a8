//! The search for doubtful backslashes that precedes TOML parsing (`config/src/parse.ts`).

/// A backslash sequence that the engine refuses before it parses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubtfulEscape {
    /// Byte offset of the backslash.
    pub offset: usize,
    /// The character behind it.
    pub character: char,
}

/// Finds the sequence that the engine names, if it refuses the text.
///
/// Only keys of ASCII letters at the very start of a line (not the first) are looked at; within the first value that
/// has such a sequence, the last one is named.
#[must_use]
pub fn find(text: &str) -> Option<DoubtfulEscape> {
    let bytes = text.as_bytes();
    let escapes = doubtful(text);
    if escapes.is_empty() {
        return None;
    }
    let in_line: Vec<DoubtfulEscape> = escapes.iter().filter(|escape| escape.character != '\n').copied().collect();
    let last_triple = text.rfind("\"\"\"");
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'\n') {
        at += found + 1;
        let Some(value) = value_start(bytes, at) else { continue };
        let triple =
            bytes[value..].starts_with(b"\"\"\"").then(|| last_before(&in_line, value + 3, last_triple?)).flatten();
        let hit = triple.or_else(|| in_basic(bytes, value, &escapes));
        if hit.is_some() {
            return hit;
        }
    }
    None
}

/// All backslashes that no backslash precedes and that a character outside the known escapes follows.
fn doubtful(text: &str) -> Vec<DoubtfulEscape> {
    let bytes = text.as_bytes();
    let candidates =
        bytes.iter().enumerate().filter(|(at, byte)| **byte == b'\\' && (*at == 0 || bytes[at - 1] != b'\\'));
    candidates
        .filter_map(|(offset, _)| {
            let character = text[offset + 1..].chars().next()?;
            (!"\"\\btnfruU".contains(character)).then_some(DoubtfulEscape { offset, character })
        })
        .collect()
}

/// The offset of the value of `key = value` when the line at `at` starts so.
fn value_start(bytes: &[u8], at: usize) -> Option<usize> {
    let key = bytes[at..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let spaces = |from: usize| bytes[from..].iter().take_while(|byte| **byte == b' ').count();
    let equals = at + key + spaces(at + key);
    let is_assignment = key > 0 && bytes.get(equals) == Some(&b'=');
    is_assignment.then(|| equals + 1 + spaces(equals + 1))
}

/// The last sequence that starts at or after `start` and has ended by `end`.
fn last_before(escapes: &[DoubtfulEscape], start: usize, end: usize) -> Option<DoubtfulEscape> {
    let ends_by = |escape: &DoubtfulEscape| escape.offset + 1 + escape.character.len_utf8() <= end;
    let last = escapes[..escapes.partition_point(ends_by)].last()?;
    (last.offset >= start).then_some(*last)
}

fn in_basic(bytes: &[u8], value: usize, escapes: &[DoubtfulEscape]) -> Option<DoubtfulEscape> {
    if bytes.get(value) != Some(&b'"') || bytes.get(value + 1) == Some(&b'"') {
        return None;
    }
    let line_end =
        |from: usize| bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| from + at);
    let end = line_end(value);
    let continues = end < bytes.len() && bytes[end + 1..line_end(end + 1)].contains(&b'"');
    let last_quote = bytes[value..end].iter().rposition(|byte| *byte == b'"').map_or(value, |at| value + at);
    let over_the_break =
        if continues { last_before(escapes, value + 1, end + 1).filter(|it| it.character == '\n') } else { None };
    over_the_break.or_else(|| last_before(escapes, value + 1, last_quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<char> {
        find(text).map(|escape| escape.character)
    }

    #[test]
    fn only_plain_keys_at_the_start_of_a_later_line_are_looked_at() {
        assert_eq!(named("\ncommand = \"a \\q\""), Some('q'));
        assert_eq!(named("command = \"a \\q\""), None);
        assert_eq!(named("\n  command = \"a \\q\""), None);
        assert_eq!(named("\nfor_x = \"a \\q\""), None);
        assert_eq!(named("\nfor\t= \"a \\q\""), None);
    }

    #[test]
    fn the_last_sequence_of_the_first_bad_value_is_named() {
        assert_eq!(named("\na = \"\\q \\w\"\nb = \"\\z\""), Some('w'));
        assert_eq!(named("\na = \"fine\\n\"\nb = \"\\e\""), Some('e'));
    }

    #[test]
    fn a_triple_quoted_value_reaches_to_the_last_triple_quote() {
        assert_eq!(named("\na = \"\"\"x\"\"\"\nb = '\\d'\nc = \"\"\"y\"\"\""), Some('d'));
        assert_eq!(named("\na = \"\"\"x \\\n y\"\"\""), None);
    }

    #[test]
    fn escaped_backslashes_are_fine() {
        assert_eq!(named("\na = \"C:\\\\dir\""), None);
    }
}
