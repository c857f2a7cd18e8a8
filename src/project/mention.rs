//! Whether the texts of a repository name something.

use super::snapshot::{Entry, Mode, Snapshot};

/// Bytes that are read at most; beyond, nobody knows.
const MOST_BYTES: usize = 64 << 20;

/// Longest text that is searched.
const LONGEST: usize = 2_000_000;

/// Ends of the names of files in which nothing is named.
const SILENT: [&str; 24] = [
    "png", "jpg", "jpeg", "gif", "webp", "avif", "ico", "woff", "woff2", "ttf", "otf", "eot", "mp3", "mp4", "webm",
    "mov", "pdf", "zip", "gz", "tgz", "wasm", "map", "jar", "exe",
];

/// The first file that names one of these; an error when there is too much to be read.
///
/// # Errors
/// When the texts are larger than what is read.
pub fn find<'s>(
    snapshot: &'s Snapshot,
    names: &[String],
    is_searched: impl Fn(&str) -> bool,
) -> Result<Option<&'s str>, TooMuch> {
    let mut left = MOST_BYTES;
    for entry in snapshot.entries().iter().filter(|entry| is_text(entry) && is_searched(&entry.path)) {
        let Ok(bytes) = snapshot.read(&entry.path) else { continue };
        left = left.checked_sub(bytes.len()).ok_or(TooMuch)?;
        let is_named = |name: &String| memchr::memmem::find(&bytes, name.as_bytes()).is_some();
        if bytes.len() <= LONGEST && names.iter().any(is_named) {
            return Ok(Some(&entry.path));
        }
    }
    Ok(None)
}

/// There is too much to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMuch;

fn is_text(entry: &Entry) -> bool {
    let end = entry.path.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(entry.mode, Mode::File | Mode::Executable) && !SILENT.iter().any(|silent| end.eq_ignore_ascii_case(silent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_that_names_it_is_found_and_pictures_are_passed_over() {
        let snapshot = Snapshot::in_memory([("a.png", *b"it"), ("b.md", *b"xx"), ("c.md", *b"it")]);
        let names = ["it".to_owned()];
        assert_eq!(find(&snapshot, &names, |_| true), Ok(Some("c.md")));
        assert_eq!(find(&snapshot, &names, |path| path != "c.md"), Ok(None));
    }
}
