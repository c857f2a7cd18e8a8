//! Files of the repository as sources of values.

use crate::project::snapshot::Snapshot;
use crate::text::source::{Source, Sources};
use crate::text::span::FileId;

/// Longest file that is read: what decides a deploy is written by people.
pub const MAX_LENGTH: usize = 4 << 20;

/// Where files are read from, and where their texts go.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// The texts that spans point into.
    pub sources: &'a Sources,
}

impl<'a> Files<'a> {
    /// The text of a file, if it can be read and is not too long.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        let bytes = self.snapshot.read(path).ok().filter(|bytes| bytes.len() <= MAX_LENGTH)?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The text of a file as a source, which it becomes if it is none yet.
    #[must_use]
    pub fn open(&self, path: &str) -> Option<(FileId, &'a Source)> {
        let known = self.sources.find(path).filter(|file| self.sources.get(*file).is_some_and(|source| source.is_file));
        let file = match known {
            Some(file) => file,
            None => self.sources.add_late(Source::new(path, true, self.text(path)?))?,
        };
        Some((file, self.sources.get(file)?))
    }
}
