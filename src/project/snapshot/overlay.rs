//! Trees with other contents, held in memory.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{Entry, Mode, Snapshot};

impl Entry {
    /// The same entry; what was read of it is not read again.
    fn again(&self) -> Entry {
        Entry { path: self.path.clone(), mode: self.mode, body: self.body.clone() }
    }
}

impl Snapshot {
    /// The same tree in which some files have other contents; those that are not there are made.
    ///
    /// Everything else is shared with the original or still read from where the original reads.
    #[must_use]
    pub fn with_files(&self, files: &BTreeMap<String, Arc<[u8]>>) -> Snapshot {
        self.with_changes(files, &BTreeMap::new())
    }

    /// The same tree in which some files have other contents, and some of those other names: `moved` leads from the new
    /// path, which is one of `files`, to the old one.
    #[must_use]
    pub fn with_changes(&self, files: &BTreeMap<String, Arc<[u8]>>, moved: &BTreeMap<String, String>) -> Snapshot {
        let gone: HashSet<&str> = moved.values().map(String::as_str).collect();
        let mode = |path: &str| {
            let old = moved.get(path).and_then(|old| self.entry(old));
            old.map_or(Mode::File, |entry| written(entry.mode))
        };
        let mut entries: Vec<Entry> = Vec::with_capacity(self.entries.len() + files.len());
        let mut made = files.iter().filter(|(path, _)| self.entry(path).is_none()).peekable();
        for entry in &self.entries {
            while let Some((path, bytes)) = made.next_if(|(path, _)| ***path < *entry.path) {
                entries.push(Entry::with_body(path.as_str(), mode(path), Arc::clone(bytes)));
            }
            if gone.contains(&*entry.path) {
                continue;
            }
            entries.push(match files.get(&*entry.path) {
                Some(bytes) => Entry::with_body(entry.path.clone(), written(entry.mode), Arc::clone(bytes)),
                None => entry.again(),
            });
        }
        entries.extend(made.map(|(path, bytes)| Entry::with_body(path.as_str(), mode(path), Arc::clone(bytes))));
        Snapshot::new(entries, self.origin, self.oddities.clone(), Arc::clone(&self.contents))
    }
}

/// A file keeps its executable bit; whatever else stood there is a file now.
fn written(mode: Mode) -> Mode {
    if mode == Mode::Executable { mode } else { Mode::File }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::project::snapshot::{InMemory, Origin, ReadError};

    #[test]
    fn an_overlay_has_the_new_contents_and_leaves_the_original_alone() {
        let original = Snapshot::in_memory([("b", "old".as_bytes()), ("d/e", b"kept")]);
        let files = ["a", "b", "d/c", "z"].map(|path| (path.to_owned(), Arc::from(path.as_bytes())));
        let overlay = original.with_files(&BTreeMap::from(files));
        let paths: Vec<&str> = overlay.entries().iter().map(|entry| &*entry.path).collect();
        assert_eq!(paths, ["a", "b", "d/c", "d/e", "z"]);
        assert_eq!(overlay.text("b").unwrap(), "b");
        assert_eq!(overlay.text("d/e").unwrap(), "kept");
        assert_eq!(original.text("b").unwrap(), "old");
        assert_eq!(original.read("a"), Err(ReadError::Missing));
    }

    #[test]
    fn a_moved_file_leaves_its_old_path_and_keeps_its_rights() {
        let entries =
            vec![Entry::with_body("a", Mode::Executable, "x".as_bytes()), Entry::with_body("c", Mode::File, *b"y")];
        let original = Snapshot::new(entries, Origin::GitIndex, Vec::new(), Arc::new(InMemory));
        let files = BTreeMap::from([("d".to_owned(), Arc::from("x".as_bytes()))]);
        let overlay = original.with_changes(&files, &BTreeMap::from([("d".to_owned(), "a".to_owned())]));
        let found: Vec<(&str, Mode)> = overlay.entries().iter().map(|entry| (&*entry.path, entry.mode)).collect();
        assert_eq!(found, [("c", Mode::File), ("d", Mode::Executable)]);
    }
}
