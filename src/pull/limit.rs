//! Texts kept within the limits of GitHub.

/// Bytes of a check run's summary or text; GitHub takes 65,535 characters of each, and our pointer and a margin fit too
/// (REST description, `checks/create`).
pub const CHECK_TEXT: usize = 60_000;
/// Bytes of a message or of the details of an annotation; GitHub takes 64 KB.
pub const ANNOTATION_TEXT: usize = 16_000;
/// Characters of the title of an annotation.
pub const ANNOTATION_TITLE: usize = 255;
/// Annotations of one request (REST description, `checks/create`).
pub const ANNOTATIONS: usize = 50;
/// Characters of the title of a check run that are shown without being cut.
pub const CHECK_TITLE: usize = 200;
/// Bytes of a comment; GitHub takes 65,536 characters.
pub const COMMENT: usize = 60_000;

/// At most `limit` bytes, cut where a line ends, with `pointer` behind it.
#[must_use]
pub fn lines(text: &str, limit: usize, pointer: &str) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let room = limit.saturating_sub(pointer.len() + 2);
    let end = memchr::memrchr(b'\n', &text.as_bytes()[..room]).map_or(0, |at| at + 1);
    format!("{}{pointer}\n", &text[..end])
}

/// At most `limit` characters of one line.
#[must_use]
pub fn characters(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_with_a_whole_line_and_a_pointer() {
        let text = "ééé\n".repeat(100);
        let short = lines(&text, 100, "more in the report");
        assert!(short.len() <= 100 && short.ends_with("ééé\nmore in the report\n"), "{short}");
        assert_eq!(lines("short", 100, "x"), "short");
        assert_eq!(characters("abcd", 3), "ab…");
    }
}
