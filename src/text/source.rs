//! Texts and the line numbers of their bytes.

use std::sync::{Arc, OnceLock};

use super::json;
use super::json_error::JsonError;
use super::span::{FileId, Position, Span};
use super::tree::Node;

/// One text that values can come from: a file of the repository, or an input such as the site settings.
#[derive(Debug)]
pub struct Source {
    /// Repository path (`docs/netlify.toml`) or the name of an input (`site settings`).
    pub name: String,
    /// Whether the text is a file of the repository.
    pub is_file: bool,
    /// The text; bytes that are not UTF-8 have become U+FFFD.
    pub text: String,
    lines: OnceLock<Vec<u32>>,
    manifest: OnceLock<Result<Arc<Node>, JsonError>>,
}

impl Source {
    /// Wraps a text.
    #[must_use]
    pub fn new(name: impl Into<String>, is_file: bool, text: impl Into<String>) -> Source {
        Source { name: name.into(), is_file, text: text.into(), lines: OnceLock::new(), manifest: OnceLock::new() }
    }

    /// The text as the JSON of a manifest, parsed once; `file` is the number of this text.
    ///
    /// # Errors
    /// When it is no JSON, as [`json::parse_manifest`].
    pub fn manifest(&self, file: FileId) -> Result<Arc<Node>, JsonError> {
        self.manifest.get_or_init(|| json::parse_manifest(&self.text, file).map(Arc::new)).clone()
    }

    fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// Line and column of a byte offset; offsets past the end give the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts[line - 1] as usize;
        let end = (offset as usize).min(self.text.len());
        let before = String::from_utf8_lossy(&self.text.as_bytes()[start.min(end)..end]);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: count(line), column: count(before.chars().count() + 1) }
    }

    /// The text of a 1-based line without its line break; `None` past the last line.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<&str> {
        let starts = self.line_starts();
        let index = (line as usize).checked_sub(1)?;
        let start = *starts.get(index)? as usize;
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        Some(self.text[start..end].trim_end_matches(['\n', '\r']))
    }

    /// The byte range of a 1-based line without its line break.
    #[must_use]
    pub fn line_range(&self, line: u32) -> Option<std::ops::Range<usize>> {
        let text = self.line(line)?;
        let start = self.line_starts()[line as usize - 1] as usize;
        Some(start..start + text.len())
    }
}

/// First number of a text that came late.
const LATE: u32 = 1 << 30;
/// Texts that may come late.
const MAX_LATE: usize = 1024;
/// Texts on one shelf.
const SHELF: usize = 8;

/// Texts that came late, in the order of their coming; grows behind a shared reference.
#[derive(Debug, Default)]
struct Shelf {
    slots: [OnceLock<Source>; SHELF],
    next: OnceLock<Box<Shelf>>,
}

impl Shelf {
    fn get(&self, at: usize) -> Option<&Source> {
        let mut shelf = self;
        for _ in 0..at / SHELF {
            shelf = shelf.next.get()?;
        }
        shelf.slots[at % SHELF].get()
    }

    fn add(&self, mut source: Source) -> Option<usize> {
        let mut shelf = self;
        for at in 0..MAX_LATE {
            if at > 0 && at % SHELF == 0 {
                shelf = shelf.next.get_or_init(Box::default);
            }
            match shelf.slots[at % SHELF].set(source) {
                Ok(()) => return Some(at),
                Err(back) => source = back,
            }
        }
        None
    }
}

/// All texts of one simulation; a [`FileId`] names one of them.
#[derive(Debug, Default)]
pub struct Sources {
    early: Vec<Source>,
    late: OnceLock<Box<Shelf>>,
}

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, source: Source) -> FileId {
        self.early.push(source);
        number(self.early.len() - 1)
    }

    /// Adds a text to sources that are already shared; `None` when there is no more room.
    pub fn add_late(&self, source: Source) -> Option<FileId> {
        let at = self.late.get_or_init(Box::default).add(source)?;
        Some(FileId(LATE | number(at).0))
    }

    /// The text of that number.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        if file.0 < LATE {
            return self.early.get(file.0 as usize);
        }
        self.late.get()?.get((file.0 - LATE) as usize)
    }

    /// The text whose name is `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FileId> {
        self.iter().find(|(_, source)| source.name == name).map(|(file, _)| file)
    }

    /// All texts with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        let early = self.early.iter().enumerate().map(|(at, source)| (number(at), source));
        let shelves = std::iter::successors(self.late.get(), |shelf| shelf.next.get());
        let late = shelves.flat_map(|shelf| &shelf.slots).map_while(OnceLock::get).enumerate();
        early.chain(late.map(|(at, source)| (FileId(LATE | number(at).0), source)))
    }

    /// What a span covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.get(span.file)?.text.get(span.range())
    }
}

fn number(at: usize) -> FileId {
    FileId(u32::try_from(at).unwrap_or(u32::MAX))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn named(name: &str) -> Source {
        Source::new(name, true, name)
    }

    #[test]
    fn texts_that_come_late_keep_their_numbers_when_others_are_added() {
        let mut sources = Sources::default();
        let first = sources.add(named("a"));
        let late = sources.add_late(named("b")).unwrap();
        let second = sources.add(named("c"));
        let names: Vec<&str> =
            [first, late, second].iter().map(|file| sources.get(*file).unwrap().name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!((sources.find("b"), sources.find("c"), sources.find("d")), (Some(late), Some(second), None));
        assert_eq!(sources.iter().map(|(file, _)| file).collect::<Vec<_>>(), [first, second, late]);
        assert_eq!(sources.slice(Span::new(late, 0, 1)), Some("b"));
        assert!(sources.get(FileId::NONE).is_none());
    }

    #[test]
    fn there_is_an_end_to_late_texts() {
        let sources = Sources::default();
        let added = (0..MAX_LATE + 1).filter(|_| sources.add_late(named("x")).is_some()).count();
        assert_eq!(added, MAX_LATE);
    }
}
