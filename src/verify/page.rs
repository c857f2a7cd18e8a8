//! The little that probes want to know of a page.

/// Bytes of the beginning in which a page says that it is one.
const BEGINNING: usize = 1_024;
/// Letters of a beginning that are shown.
const SHOWN: usize = 80;

/// Says whether the bytes begin as a page does, comments and white space aside.
#[must_use]
pub fn is_html(bytes: &[u8]) -> bool {
    let beginning = &bytes[..bytes.len().min(BEGINNING)];
    let text = String::from_utf8_lossy(beginning).to_ascii_lowercase();
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(comment) = rest.strip_prefix("<!--") {
        let Some((_, after)) = comment.split_once("-->") else { return true };
        rest = after.trim_start();
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| rest.starts_with(start))
}

/// The text of the first title, with white space made single.
#[must_use]
pub fn title(bytes: &[u8]) -> Option<String> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'<', &bytes[at..])? + 1;
        let name = bytes.get(at..at + 5)?;
        if !name.eq_ignore_ascii_case(b"title") {
            continue;
        }
        let open = at + 5;
        // Of another element, such as "titlebar".
        if !bytes.get(open).is_some_and(|byte| *byte == b'>' || byte.is_ascii_whitespace()) {
            continue;
        }
        let start = open + memchr::memchr(b'>', &bytes[open..])? + 1;
        let end = start + memchr::memchr(b'<', &bytes[start..])?;
        return Some(tidy(&String::from_utf8_lossy(&bytes[start..end])));
    }
}

/// The text with white space made single.
#[must_use]
pub fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a body begins, for people.
#[must_use]
pub fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty body".to_owned();
    }
    let text: String =
        tidy(&String::from_utf8_lossy(&bytes[..bytes.len().min(BEGINNING)])).chars().take(SHOWN).collect();
    format!("a body that begins with \"{text}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_beginning() {
        for page in ["<!DOCTYPE html><p>", "\u{feff} <html lang=de>", "<!-- a --> <!-- b -->\n<HEAD>"] {
            assert!(is_html(page.as_bytes()), "{page}");
        }
        for other in ["", "{}", "body{}", "<svg>", "export default '<html>'", "<?xml version='1.0'?>"] {
            assert!(!is_html(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn the_title_is_found_in_any_bytes() {
        assert_eq!(title(b"<head><TITLE data-x='1'>\n A   b </title>"), Some("A b".to_owned()));
        assert_eq!(title(b"<titlebar>no</titlebar><title>yes</title>"), Some("yes".to_owned()));
        for none in [&b""[..], b"<", b"<titl", b"<title", b"<title>x", b"\xff<\xfe"] {
            assert_eq!(title(none), None);
        }
    }
}
