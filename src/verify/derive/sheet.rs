//! What a style sheet makes a browser load: `url()` and `@import`.

use super::markup::{Reference, Role};

/// References of one sheet that are looked at.
const MOST: usize = 10_000;

/// Reads a style sheet.
#[must_use]
pub fn read(text: &str) -> Vec<Reference> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MOST {
        let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| b"/@uU\"'".contains(byte))) else {
            break;
        };
        at += next;
        let rest = &bytes[at..];
        at += match rest[0] {
            b'/' if rest.starts_with(b"/*") => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            b'"' | b'\'' => string(rest).1,
            b'@' if starts(rest, b"@import") => import(&rest[7..], &mut found) + 7,
            b'u' | b'U' if starts(rest, b"url(") && !is_within_word(bytes, at) => {
                let (url, length) = url(&rest[4..]);
                add(url, Role::Other, &mut found);
                4 + length
            }
            _ => 1,
        };
    }
    found
}

fn is_within_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || matches!(bytes[at - 1], b'-' | b'_'))
}

fn starts(bytes: &[u8], word: &[u8]) -> bool {
    bytes.get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
}

fn add(url: &[u8], role: Role, found: &mut Vec<Reference>) {
    let url = String::from_utf8_lossy(url);
    let url = url.trim();
    // What is escaped is read by no rule of ours.
    if !url.is_empty() && !url.contains('\\') {
        found.push(Reference { url: url.to_owned(), role, integrity: None });
    }
}

/// What stands behind `@import`, and how long it is.
fn import(rest: &[u8], found: &mut Vec<Reference>) -> usize {
    let space = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = &rest[space..];
    let (target, length) = match rest.first() {
        Some(b'"' | b'\'') => string(rest),
        _ if starts(rest, b"url(") => {
            let (target, length) = url(&rest[4..]);
            (target, length + 4)
        }
        _ => return space,
    };
    add(target, Role::Style, found);
    space + length
}

/// A string with its quotes: what stands in it, and how long it is. It ends with its line at the latest.
fn string(rest: &[u8]) -> (&[u8], usize) {
    let quote = rest[0];
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return (&[], at),
            byte if *byte == quote => return (&rest[1..at], at + 1),
            _ => {}
        }
        at += 1;
    }
    (&[], rest.len())
}

/// What stands behind `url(`, and how long it is with its bracket.
fn url(rest: &[u8]) -> (&[u8], usize) {
    let space = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let inner = &rest[space..];
    if let Some(b'"' | b'\'') = inner.first() {
        let (target, length) = string(inner);
        return (target, space + length);
    }
    match inner.iter().position(|byte| b")\n\"'(".contains(byte)) {
        Some(end) if inner[end] == b')' => (&inner[..end], space + end + 1),
        Some(end) => (&[], space + end),
        None => (&[], rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn urls(text: &str) -> Vec<(String, Role)> {
        read(text).into_iter().map(|reference| (reference.url, reference.role)).collect()
    }

    #[test]
    fn addresses_and_imports_are_found() {
        let text = "@import 'a.css' print; @import url(b.css); /* url(no.png) */ p { background: URL( \"c.png\" ), url(d.png) }\
            q::before { content: \"url(no.png)\" } @font-face { src: url('e.woff2') format('woff2') } x { src: myurl(no) }";
        let other = |url: &str| (url.to_owned(), Role::Other);
        let style = |url: &str| (url.to_owned(), Role::Style);
        assert_eq!(urls(text), [style("a.css"), style("b.css"), other("c.png"), other("d.png"), other("e.woff2")]);
    }

    #[test]
    fn what_is_not_finished_is_nothing() {
        for text in ["url(", "url('a", "@import", "@import 'a", "/* url(a)", "url(a", "url(a\nb)", "\"url(a)"] {
            assert!(urls(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_large_sheet_without_ends_is_read_in_time() {
        for text in ["url(".repeat(500_000), "@import ".repeat(200_000), "/*".repeat(500_000), "\"\\".repeat(500_000)] {
            let _ = read(&text);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn any_tangle_of_a_sheet_is_read(parts in prop::collection::vec(prop::sample::select(vec![
            "url(", ")", "'", "\"", "\\", "@import", " ", "\n", "/*", "*/", "é", "a.png", "u", "@",
        ]), 0..40)) {
            for reference in read(&parts.concat()) {
                prop_assert!(!reference.url.trim().is_empty());
            }
        }
    }
}
