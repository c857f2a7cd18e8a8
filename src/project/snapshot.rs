//! The tracked tree: names and modes at once, contents only when asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::path;
use super::path_index::PathIndex;

mod lookup;
mod overlay;

use lookup::Lookup;

/// What git says a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A regular file.
    File,
    /// A regular file with the executable bit.
    Executable,
    /// A symbolic link; its content is the target.
    Symlink,
    /// A commit of another repository; the platform checks it out when it may.
    Submodule,
    /// An empty folder (only outside git, which does not track them).
    Directory,
}

/// Why the content of a path cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Nothing of that name is tracked.
    #[error("no such file")]
    Missing,
    /// The path is a folder.
    #[error("is a directory")]
    Directory,
    /// Symbolic links form a loop.
    #[error("symbolic links form a loop")]
    Loop,
    /// A symbolic link leads out of the repository.
    #[error("is a symbolic link that leads out of the repository")]
    Outside,
    /// The operating system refuses.
    #[error("{0}")]
    Refused(String),
}

/// Reads the bytes of tracked files; implemented at the edge.
pub trait Contents: Send + Sync {
    /// The bytes of the file at `path` (a link's target for [`Mode::Symlink`]).
    ///
    /// # Errors
    /// When the file is gone or cannot be read.
    fn read(&self, path: &str, mode: Mode) -> Result<Vec<u8>, ReadError>;
}

/// Where the list of files came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Git's index: what a platform will clone.
    GitIndex,
    /// A plain folder.
    Folder,
}

/// Something about the tree that a person should hear of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Oddity {
    /// A tracked name that is not UTF-8 (shown with replacement characters).
    NotUtf8(String),
    /// A file with an unresolved merge.
    Unmerged(String),
    /// A path that could not be looked at.
    Unreadable(String, String),
    /// A configuration file that lies on disk but that git does not track.
    Untracked(String),
}

/// One tracked path.
#[derive(Debug)]
pub struct Entry {
    /// Repository path.
    pub path: Box<str>,
    /// What it is.
    pub mode: Mode,
    body: OnceLock<Result<Arc<[u8]>, ReadError>>,
}

impl Entry {
    /// An entry whose content is read when asked for.
    #[must_use]
    pub fn lazy(path: impl Into<Box<str>>, mode: Mode) -> Entry {
        Entry { path: path.into(), mode, body: OnceLock::new() }
    }

    /// An entry with its content.
    #[must_use]
    pub fn with_body(path: impl Into<Box<str>>, mode: Mode, bytes: impl Into<Arc<[u8]>>) -> Entry {
        Entry { path: path.into(), mode, body: OnceLock::from(Ok(bytes.into())) }
    }
}

/// What a path leads to after following symbolic links inside the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file, at this path.
    File(String),
    /// A folder, at this path.
    Directory(String),
    /// A submodule, or something below one, whose content is not here.
    Submodule(String),
    /// Nothing.
    Missing,
    /// Links form a loop.
    Loop,
    /// A link leads out of the repository.
    Outside,
}

/// An immutable view of the files that a platform receives.
pub struct Snapshot {
    entries: Vec<Entry>,
    /// Where the list came from.
    pub origin: Origin,
    /// What is odd about the tree.
    pub oddities: Vec<Oddity>,
    contents: Arc<dyn Contents>,
    refused: Mutex<BTreeMap<String, String>>,
    index: OnceLock<PathIndex>,
    lookup: Lookup,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("entries", &self.entries.len()).field("origin", &self.origin).finish()
    }
}

pub(crate) struct InMemory;

impl Contents for InMemory {
    fn read(&self, _: &str, _: Mode) -> Result<Vec<u8>, ReadError> {
        Err(ReadError::Missing)
    }
}

const MAX_LINKS: usize = 40;

impl Snapshot {
    /// Takes a list of entries; sorts it and drops repeated paths.
    #[must_use]
    pub fn new(
        mut entries: Vec<Entry>,
        origin: Origin,
        oddities: Vec<Oddity>,
        contents: Arc<dyn Contents>,
    ) -> Snapshot {
        if !entries.is_sorted_by(|a, b| a.path < b.path) {
            entries.sort_by(|a, b| a.path.cmp(&b.path));
            entries.dedup_by(|a, b| a.path == b.path);
        }
        let lookup = Lookup::of(&entries);
        Snapshot { entries, origin, oddities, contents, refused: Mutex::default(), index: OnceLock::new(), lookup }
    }

    /// A snapshot of files held in memory.
    pub fn in_memory<P: Into<Box<str>>, B: Into<Arc<[u8]>>>(files: impl IntoIterator<Item = (P, B)>) -> Snapshot {
        let entries = files.into_iter().map(|(path, bytes)| Entry::with_body(path, Mode::File, bytes)).collect();
        Snapshot::new(entries, Origin::Folder, Vec::new(), Arc::new(InMemory))
    }

    /// All entries, sorted by path (bytewise).
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether there is nothing but configuration: such a tree is a part of a repository, not a whole one.
    #[must_use]
    pub fn holds_only_configuration(&self) -> bool {
        const ENDINGS: [&str; 9] = ["toml", "json", "yaml", "yml", "lock", "lockb", "mod", "sum", "txt"];
        const NAMES: [&str; 5] = ["_redirects", "_headers", "Pipfile", "Gemfile", "Procfile"];
        self.entries.iter().all(|entry| {
            let name = path::name(&entry.path);
            name.starts_with('.')
                || entry.mode == Mode::Directory
                || NAMES.contains(&name)
                || name.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
        })
    }

    /// The entry at exactly this path, links not followed.
    #[must_use]
    #[inline]
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        // Most questions are about files that are not there.
        let may_be = self.lookup.names.may_have(path::name(path));
        if may_be { self.index().entry(&self.entries, path).map(|at| &self.entries[at]) } else { None }
    }

    /// The entries below a folder (links not followed), the folder itself left out.
    #[must_use]
    pub fn below(&self, dir: &str) -> &[Entry] {
        if dir.is_empty() {
            return &self.entries;
        }
        let Some(first) = self.index().first_of(&self.entries, dir) else { return &[] };
        let rest = &self.entries[first..];
        // A folder that is an entry need not stand beside what is below it.
        let is_entry = rest.first().is_some_and(|entry| entry.path.len() == dir.len());
        let rest = if is_entry { &rest[rest.partition_point(|entry| before_folder(&entry.path, dir))..] } else { rest };
        &rest[..leading(rest, |entry| path::strip(&entry.path, dir).is_some())]
    }

    /// The names directly inside a folder, sorted, each with whether it is a folder.
    #[must_use]
    pub fn children(&self, dir: &str) -> Vec<(&str, bool)> {
        let mut found: Vec<(&str, bool)> = Vec::new();
        let mut rest = self.below(dir);
        while let Some(entry) = rest.first() {
            let below = path::strip(&entry.path, dir).unwrap_or_default();
            let (name, is_dir) = match below.split_once('/') {
                Some((name, _)) => (name, true),
                None => (below, entry.mode == Mode::Directory),
            };
            found.push((name, is_dir));
            let inside = entry.path.len() - below.len() + name.len() + 1;
            let skip =
                entry.path.get(..inside).map_or(1, |folder| leading(rest, |entry| entry.path.starts_with(folder)));
            rest = rest.get(skip..).unwrap_or_default();
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Makes the index of paths, which the first question makes otherwise.
    pub fn prepare(&self) {
        self.index();
    }

    #[inline]
    fn index(&self) -> &PathIndex {
        self.index.get_or_init(|| PathIndex::new(&self.entries))
    }

    fn is_plain_directory(&self, dir: &str) -> bool {
        dir.is_empty() || self.index().is_directory(&self.entries, dir)
    }

    /// What a path leads to, following links inside the repository.
    #[must_use]
    pub fn target(&self, path: &str) -> Target {
        if !self.lookup.has_links {
            return match self.entry(path) {
                Some(entry) if entry.mode != Mode::Directory => Target::File(path.to_owned()),
                _ if self.is_plain_directory(path) => Target::Directory(path.to_owned()),
                _ => Target::Missing,
            };
        }
        self.follow(path)
    }

    fn follow(&self, path: &str) -> Target {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut wanted = path.to_owned();
        'restart: loop {
            let mut at = String::new();
            let parts: Vec<&str> = wanted.split('/').filter(|part| !part.is_empty()).collect();
            for (index, part) in parts.iter().enumerate() {
                at = path::child(&at, part);
                let rest = parts[index + 1..].join("/");
                match self.entry(&at).map(|entry| entry.mode) {
                    Some(Mode::Symlink) => {
                        if seen.len() >= MAX_LINKS || !seen.insert(wanted.clone()) {
                            return Target::Loop;
                        }
                        match self.link_target(&at) {
                            Some(next) => wanted = path::child(&next, &rest),
                            None => return Target::Outside,
                        }
                        continue 'restart;
                    }
                    Some(Mode::Submodule) => return Target::Submodule(at),
                    Some(Mode::Directory) => {}
                    Some(_) if rest.is_empty() => return Target::File(at),
                    Some(_) => return Target::Missing,
                    None if !self.is_plain_directory(&at) => return Target::Missing,
                    None => {}
                }
            }
            return Target::Directory(at);
        }
    }

    /// Where a link leads, lexically; `None` for outside the repository or unreadable.
    fn link_target(&self, link: &str) -> Option<String> {
        let bytes = self.raw(self.entry(link)?).ok()?;
        let target = String::from_utf8_lossy(&bytes).into_owned();
        if target.starts_with('/') {
            None
        } else {
            path::join(path::parent(link).unwrap_or_default(), target.trim_end())
        }
    }

    /// Whether the path leads to a file.
    #[must_use]
    #[inline]
    pub fn is_file(&self, path: &str) -> bool {
        if !self.lookup.has_links {
            return self.entry(path).is_some_and(|entry| entry.mode != Mode::Directory);
        }
        matches!(self.target(path), Target::File(_))
    }

    /// Whether the folder holds a file of this name: what [`Snapshot::is_file`] says of the two put together, and faster for a
    /// name that no file has.
    #[must_use]
    #[inline]
    pub fn holds(&self, dir: &str, name: &str) -> bool {
        !self.lacks(name) && self.is_file(&path::child(dir, name))
    }

    /// Whether certainly no path ends with this name.
    #[inline]
    fn lacks(&self, name: &str) -> bool {
        let last = path::name(name);
        !(self.lookup.has_links || last.is_empty() || self.lookup.names.may_have(last))
    }

    /// Whether the path leads to a folder.
    #[must_use]
    pub fn is_dir(&self, path: &str) -> bool {
        if !self.lookup.has_links {
            return self.is_plain_directory(path) && !self.is_file(path);
        }
        matches!(self.target(path), Target::Directory(_) | Target::Submodule(_))
    }

    /// Whether the path leads to anything.
    #[must_use]
    pub fn exists(&self, path: &str) -> bool {
        self.is_file(path) || self.is_dir(path)
    }

    fn raw(&self, entry: &Entry) -> Result<Arc<[u8]>, ReadError> {
        let body = entry.body.get_or_init(|| self.contents.read(&entry.path, entry.mode).map(Arc::from));
        if let Err(ReadError::Refused(reason)) = body {
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            refused.insert(entry.path.to_string(), reason.clone());
        }
        body.clone()
    }

    /// The files that were asked for and could not be read, with the reasons: what was concluded without them is not
    /// to be trusted.
    #[must_use]
    pub fn refused(&self) -> BTreeMap<String, String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bytes of the file that a path leads to.
    ///
    /// # Errors
    /// When there is no such file, links are broken, or the system refuses.
    pub fn read(&self, path: &str) -> Result<Arc<[u8]>, ReadError> {
        if let Some(entry) = self.entry(path).filter(|entry| !self.lookup.has_links && entry.mode != Mode::Directory) {
            return self.raw(entry);
        }
        match self.target(path) {
            Target::File(at) => self.entry(&at).ok_or(ReadError::Missing).and_then(|entry| self.raw(entry)),
            Target::Directory(_) | Target::Submodule(_) => Err(ReadError::Directory),
            Target::Missing => Err(ReadError::Missing),
            Target::Loop => Err(ReadError::Loop),
            Target::Outside => Err(ReadError::Outside),
        }
    }

    /// The text of a file of this folder, if there is one and it can be read.
    #[must_use]
    pub fn text_in(&self, dir: &str, name: &str) -> Option<String> {
        if self.lacks(name) { None } else { self.text(&path::child(dir, name)).ok() }
    }

    /// The text of a file; bytes that are not UTF-8 become U+FFFD, as JavaScript engines read them.
    ///
    /// # Errors
    /// As [`Snapshot::read`].
    pub fn text(&self, path: &str) -> Result<String, ReadError> {
        self.read(path).map(|bytes| match std::str::from_utf8(&bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(&bytes).into_owned(),
        })
    }
}

/// How many entries at the front are meant, when those that are come first: looks near the front.
fn leading(entries: &[Entry], is_meant: impl Fn(&Entry) -> bool) -> usize {
    let (mut known, mut step) = (0, 1);
    while entries.get(known + step - 1).is_some_and(&is_meant) {
        known += step;
        step *= 2;
    }
    let rest = &entries[known..entries.len().min(known + step)];
    known + rest.partition_point(is_meant)
}

/// Whether `path` sorts before everything below `dir`.
fn before_folder(path: &str, dir: &str) -> bool {
    let prefix = &path.as_bytes()[..path.len().min(dir.len())];
    match prefix.cmp(dir.as_bytes()) {
        std::cmp::Ordering::Less => true,
        std::cmp::Ordering::Greater => false,
        std::cmp::Ordering::Equal => path.as_bytes().get(dir.len()).is_none_or(|byte| *byte < b'/'),
    }
}

#[cfg(test)]
mod tests;
