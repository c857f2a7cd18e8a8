//! Texts and the line numbers of their bytes.

use std::sync::OnceLock;

use super::span::{FileId, Position, Span};

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
}

impl Source {
    /// Wraps a text.
    #[must_use]
    pub fn new(name: impl Into<String>, is_file: bool, text: impl Into<String>) -> Source {
        Source { name: name.into(), is_file, text: text.into(), lines: OnceLock::new() }
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

/// All texts of one simulation; a [`FileId`] is an index into it.
#[derive(Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, source: Source) -> FileId {
        self.0.push(source);
        FileId(u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX))
    }

    /// The text of that number.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.0.get(file.0 as usize)
    }

    /// The text whose name is `name`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FileId> {
        let at = self.0.iter().position(|source| source.name == name)?;
        Some(FileId(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// All texts with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.0.iter().enumerate().map(|(at, source)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), source))
    }

    /// What a span covers.
    #[must_use]
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.get(span.file)?.text.get(span.range())
    }
}
