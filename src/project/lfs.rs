//! Git LFS: which tracked files are kept elsewhere, and which of them are pointers here.

use globset::{GlobBuilder, GlobMatcher};

use super::path::{parent, strip};
use super::snapshot::{Entry, Mode, Snapshot};
use crate::text::span::Span;

/// The name of the file that configures LFS, in the root.
pub const CONFIGURATION: &str = ".lfsconfig";
/// The attribute file's name.
pub const ATTRIBUTES: &str = ".gitattributes";

/// How a pointer begins (`git-lfs/docs/spec.md`).
const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1";
/// Lines of an attribute file that are read at most.
const MAX_LINES: usize = 1000;
/// Attribute files that are read at most.
const MAX_FILES: usize = 20;

/// A line of an attribute file that hands files to LFS, or takes them from it.
#[derive(Debug)]
struct Line {
    matcher: GlobMatcher,
    /// Folder of the attribute file.
    dir: String,
    is_lfs: bool,
}

/// What the attribute files of a repository say about LFS.
#[derive(Debug, Default)]
pub struct Lfs {
    lines: Vec<Line>,
    /// The first line that hands files to LFS: the attribute file and the bytes of the line.
    pub first: Option<(String, std::ops::Range<usize>)>,
}

impl Lfs {
    /// Reads the attribute files, those of outer folders first.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Lfs {
        let mut paths: Vec<&str> = Vec::new();
        if snapshot.is_file(ATTRIBUTES) {
            paths.push(ATTRIBUTES);
        }
        let nested = snapshot.named(ATTRIBUTES).map(|entry| &*entry.path);
        paths.extend(nested.filter(|path| *path != ATTRIBUTES).take(MAX_FILES));
        let mut lfs = Lfs::default();
        for path in paths {
            lfs.read(path, &snapshot.text(path).unwrap_or_default());
        }
        lfs
    }

    fn read(&mut self, path: &str, text: &str) {
        let dir = parent(path).unwrap_or_default();
        let mut at = 0;
        for line in text.split_inclusive('\n').take(MAX_LINES) {
            let start = at;
            at += line.len();
            let mut words = line.split_whitespace();
            let Some(pattern) = words.next().filter(|pattern| !pattern.starts_with(['#', '!', '['])) else { continue };
            let mut is_lfs = None;
            for word in words {
                is_lfs = match word {
                    "filter=lfs" => Some(true),
                    "-filter" | "!filter" => Some(false),
                    word if word.starts_with("filter=") => Some(false),
                    _ => is_lfs,
                };
            }
            let Some((is_lfs, matcher)) = is_lfs.zip(matcher(pattern)) else { continue };
            if is_lfs && self.first.is_none() {
                self.first = Some((path.to_owned(), start..start + line.trim_end().len()));
            }
            self.lines.push(Line { matcher, dir: dir.to_owned(), is_lfs });
        }
    }

    /// Whether a path is handed to LFS.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        let matches = |line: &&Line| strip(path, &line.dir).is_some_and(|below| line.matcher.is_match(below));
        self.lines.iter().rev().find(matches).is_some_and(|line| line.is_lfs)
    }

    /// The tracked files below `dir` that are handed to LFS.
    pub fn files<'s>(&self, snapshot: &'s Snapshot, dir: &str) -> impl Iterator<Item = &'s Entry> {
        let is_any = self.first.is_some();
        let entries = snapshot.below(dir).iter().filter(move |_| is_any);
        entries.filter(|entry| matches!(entry.mode, Mode::File | Mode::Executable) && self.covers(&entry.path))
    }

    /// The place of the first line that hands files to LFS.
    #[must_use]
    pub fn span(&self, file: crate::text::span::FileId) -> Span {
        self.first.as_ref().map_or(Span::NONE, |(_, range)| Span::new(file, range.start, range.end))
    }
}

fn matcher(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.trim_matches('"');
    let is_anchored = pattern.trim_end_matches('/').contains('/');
    let anchored = pattern.strip_prefix('/').unwrap_or(pattern);
    let glob = if is_anchored { anchored.to_owned() } else { format!("**/{anchored}") };
    GlobBuilder::new(&glob).literal_separator(true).build().ok().map(|glob| glob.compile_matcher())
}

/// Whether a tracked file is a pointer here, not the content it stands for.
#[must_use]
pub fn is_pointer(snapshot: &Snapshot, entry: &Entry) -> bool {
    snapshot.read(&entry.path).is_ok_and(|bytes| bytes.starts_with(POINTER))
}

/// The address that `.lfsconfig` gives for the content, with its bytes in the file.
#[must_use]
pub fn configured_url(text: &str) -> Option<(&str, std::ops::Range<usize>)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let value = trimmed.strip_prefix("url").map(str::trim_start).and_then(|rest| rest.strip_prefix('='));
        if let Some(value) = value.map(|value| value.trim().trim_matches('"')) {
            let offset = line.find(value).unwrap_or_default();
            return Some((value, start + offset..start + offset + value.len()));
        }
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn lfs(files: &[(&str, &str)]) -> (Snapshot, Lfs) {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let lfs = Lfs::of(&snapshot);
        (snapshot, lfs)
    }

    #[test]
    fn the_last_line_that_matches_counts() {
        let (_, lfs) = lfs(&[
            (
                ATTRIBUTES,
                "# images\n*.png filter=lfs diff=lfs -text\n/site/video/** filter=lfs\nlogo.png -filter\n*.txt text\n",
            ),
            ("site/.gitattributes", "*.pdf filter=lfs\n"),
        ]);
        assert!(
            lfs.covers("a.png")
                && lfs.covers("x/y.png")
                && lfs.covers("site/video/a/b.mp4")
                && lfs.covers("site/a.pdf")
        );
        assert!(!lfs.covers("logo.png") && !lfs.covers("a.txt") && !lfs.covers("a.pdf") && !lfs.covers("video/a.mp4"));
        assert_eq!(lfs.first, Some((ATTRIBUTES.to_owned(), 9..40)));
    }

    #[test]
    fn pointers_are_told_from_contents() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n";
        let (snapshot, lfs) =
            lfs(&[(ATTRIBUTES, "*.png filter=lfs"), ("a.png", pointer), ("b.png", "PNG"), ("c.jpg", pointer)]);
        let found: Vec<(&str, bool)> =
            lfs.files(&snapshot, "").map(|entry| (&*entry.path, is_pointer(&snapshot, entry))).collect();
        assert_eq!(found, [("a.png", true), ("b.png", false)]);
    }

    #[test]
    fn the_address_is_read_out_of_the_configuration() {
        let text = "[lfs]\n\turl = https://x.netlify.app/.netlify/large-media\n";
        let (url, range) = configured_url(text).unwrap();
        assert_eq!((url, &text[range]), ("https://x.netlify.app/.netlify/large-media", url));
        assert!(configured_url("[lfs]\nlocksverify = true\n").is_none());
    }
}
