//! Finds paths among the entries of a snapshot by their hash: platforms ask for many files that are not there.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::path;
use super::snapshot::{Entry, Mode};

/// Positions of files, and of folders by a file below them.
#[derive(Debug)]
pub(super) struct PathIndex {
    hasher: DefaultHashBuilder,
    entries: HashTable<u32>,
    /// Position of an entry in the folder, and the length of the folder's path.
    directories: HashTable<(u32, u32)>,
}

impl PathIndex {
    pub(super) fn new(entries: &[Entry]) -> PathIndex {
        let hasher = DefaultHashBuilder::default();
        let mut index =
            PathIndex { hasher, entries: HashTable::with_capacity(entries.len()), directories: HashTable::new() };
        let mut last_parent = None;
        for (at, entry) in entries.iter().enumerate() {
            let position = u32::try_from(at).unwrap_or(u32::MAX);
            let hash = index.hasher.hash_one(&*entry.path);
            let rehash = |at: &u32| index.hasher.hash_one(&*entries[*at as usize].path);
            index.entries.insert_unique(hash, position, rehash);
            if entry.mode == Mode::Directory {
                index.add_directory(entries, position, &entry.path);
            }
            let parent = path::split(&entry.path).0;
            if last_parent.replace(parent) != Some(parent) {
                index.add_directories(entries, position, parent);
            }
        }
        index
    }

    fn add_directories(&mut self, entries: &[Entry], position: u32, parent: &str) {
        for dir in path::ancestors(parent).take_while(|dir| !dir.is_empty()) {
            if !self.add_directory(entries, position, dir) {
                break;
            }
        }
    }

    /// Whether the folder was new.
    fn add_directory(&mut self, entries: &[Entry], position: u32, dir: &str) -> bool {
        let hash = self.hasher.hash_one(dir);
        if self.directories.find(hash, |known| name_of(entries, *known) == dir).is_some() {
            return false;
        }
        let length = u32::try_from(dir.len()).unwrap_or(u32::MAX);
        let hasher = &self.hasher;
        self.directories.insert_unique(hash, (position, length), |known| hasher.hash_one(name_of(entries, *known)));
        true
    }

    #[inline]
    pub(super) fn entry(&self, entries: &[Entry], path: &str) -> Option<usize> {
        let hash = self.hasher.hash_one(path);
        self.entries.find(hash, |at| *entries[*at as usize].path == *path).map(|at| *at as usize)
    }

    pub(super) fn is_directory(&self, entries: &[Entry], dir: &str) -> bool {
        self.first_of(entries, dir).is_some()
    }

    /// The place of the first entry below a folder, or of the folder itself where it is an entry.
    #[inline]
    pub(super) fn first_of(&self, entries: &[Entry], dir: &str) -> Option<usize> {
        let hash = self.hasher.hash_one(dir);
        self.directories.find(hash, |known| name_of(entries, *known) == dir).map(|(at, _)| *at as usize)
    }
}

fn name_of(entries: &[Entry], (at, length): (u32, u32)) -> &str {
    entries[at as usize].path.get(..length as usize).unwrap_or_default()
}
