//! Backslashes that no release of the vendor's parser takes for an escape, and what doubling them needs.

use super::outline::outline;

/// Escapes that every release of the parser and the engine's own search accept.
const PLAIN: &[u8] = b"\"\\btnfr";

/// Characters after a backslash that only make sense with a literal backslash: classes and signs of regular expressions.
const PATTERN: &str = "dDwWsSpPAzZkKGQEhHvXR.*+?()[]{}^$|0123456789";

/// The offsets of all faulty backslashes in strings with escapes.
///
/// `\e` and `\xHH`, which only the newest parser accepts and the engine's own search does not, count too.
#[must_use]
pub fn faulty(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for literal in outline(text).strings.iter().filter(|literal| literal.is_basic) {
        let mut at = literal.range.start + 1;
        while at < literal.range.end {
            if bytes[at] != b'\\' {
                at += 1;
                continue;
            }
            let length = escape_length(&bytes[at..literal.range.end], literal.is_multiline);
            if length.is_none() {
                found.push(at);
            }
            at += length.unwrap_or(1);
        }
    }
    found
}

/// How many bytes the escape takes that starts with this backslash; `None` when it is none.
fn escape_length(bytes: &[u8], is_multiline: bool) -> Option<usize> {
    let digits = |count: usize| {
        let digits = std::str::from_utf8(bytes.get(2..2 + count)?).ok()?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        char::from_u32(u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?).map(|_| 2 + count)
    };
    match bytes.get(1)? {
        byte if PLAIN.contains(byte) => Some(2),
        b'u' => digits(4),
        b'U' => digits(8),
        b' ' | b'\t' | b'\r' | b'\n' if is_multiline => {
            let blanks = bytes[1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
            (bytes.get(1 + blanks) == Some(&b'\n')).then_some(2 + blanks)
        }
        _ => None,
    }
}

/// Whether the backslash at that offset is plainly meant as one: part of a regular expression.
#[must_use]
pub fn is_pattern(text: &str, offset: usize) -> bool {
    text[offset..].chars().nth(1).is_some_and(|character| PATTERN.contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strings_with_escapes_are_looked_at() {
        assert_eq!(faulty("# \\d\na = '\\d'\nb = \"\\d\" # \\d"), [19]);
    }

    #[test]
    fn known_escapes_are_fine_and_pairs_are_read_from_the_left() {
        assert!(faulty("a = \"\\n\\\\d\\u00e9\\U0001F600\"").is_empty());
        assert_eq!(faulty("a = \"\\\\\\d\""), [7]);
        assert_eq!(faulty("a = \"\\u12\\e\\x41\""), [5, 9, 11]);
        assert_eq!(faulty("a = \"\\uD800\""), [5]);
    }

    #[test]
    fn a_backslash_may_end_a_line_of_a_long_string_only() {
        assert!(faulty("a = \"\"\"x \\  \r\n y\"\"\"").is_empty());
        assert_eq!(faulty("a = \"\"\"x \\ y\"\"\""), [9]);
    }

    #[test]
    fn patterns_are_told_from_slips() {
        assert!(is_pattern("\\d", 0) && is_pattern("\\.", 0));
        assert!(!is_pattern("\\:", 0) && !is_pattern("\\'", 0) && !is_pattern("\\", 0));
    }
}
