//! What the files of a project ask for, includes followed.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::project::path::{join, parent};
use crate::project::snapshot::Snapshot;

use super::MAX_LENGTH;
use super::requirement::{Item, Requirement, read};

/// A requirements file that another one names and that is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingInclude {
    /// Repository path of the file that names it.
    pub from: String,
    /// The line.
    pub range: Range<usize>,
    /// The file as written.
    pub name: String,
    /// Its repository path.
    pub path: String,
}

/// Everything that a set of files asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared {
    /// The requirements, in the order in which they stand.
    pub requirements: Vec<Requirement>,
    /// The names that lock files hold, which are all that those tools install.
    pub locked: BTreeSet<String>,
    /// Folders and archives of the repository that are installed, as repository paths.
    pub local: Vec<String>,
    /// Whether anything else may be installed.
    pub is_open: bool,
    /// Files that are named and not there.
    pub missing: Vec<MissingInclude>,
    /// The files that were read, as repository paths.
    pub files: Vec<String>,
}

/// Most files that are followed.
const MAX_FILES: usize = 64;

/// The text of a file, if it can be read and is no longer than people write.
#[must_use]
pub fn text_of(snapshot: &Snapshot, path: &str) -> Option<String> {
    let bytes = snapshot.read(path).ok().filter(|bytes| bytes.len() <= MAX_LENGTH)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

impl Declared {
    /// Adds a requirements file and those that it includes; it must be there. Paths in it are relative to itself.
    pub fn add_file(&mut self, snapshot: &Snapshot, path: &str) {
        if self.files.iter().any(|known| known == path) {
            return;
        }
        self.files.push(path.to_owned());
        let Some(text) = text_of(snapshot, path).filter(|_| self.files.len() <= MAX_FILES) else {
            self.is_open = true;
            return;
        };
        for line in read(&text) {
            match line.item {
                Item::Distribution(requirement) => self.requirements.push(requirement),
                Item::Include(name) => self.include(snapshot, path, name, line.range),
                Item::Local(name) => match join(parent(path).unwrap_or_default(), &name) {
                    Some(local) => self.add_local(local),
                    None => self.is_open = true,
                },
                Item::Address | Item::Invalid => self.is_open = true,
                Item::Constraint(_) | Item::Option => {}
            }
        }
    }

    /// What a local project requires is not followed.
    pub fn add_local(&mut self, path: String) {
        self.local.push(path);
        self.is_open = true;
    }

    fn include(&mut self, snapshot: &Snapshot, from: &str, name: String, range: Range<usize>) {
        if name.contains("://") || name.contains('$') {
            self.is_open = true;
            return;
        }
        match join(parent(from).unwrap_or_default(), &name).filter(|_| !name.starts_with('/')) {
            Some(path) if snapshot.is_file(&path) => self.add_file(snapshot, &path),
            Some(path) if !snapshot.exists(&path) => {
                self.missing.push(MissingInclude { from: from.to_owned(), range, name, path });
            }
            _ => self.is_open = true,
        }
    }

    /// Whether a distribution is named, whatever the conditions.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        self.locked.contains(name) || self.requirements.iter().any(|requirement| requirement.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(files: &[(&str, &str)]) -> Declared {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        let mut declared = Declared::default();
        declared.add_file(&snapshot, files[0].0);
        declared
    }

    #[test]
    fn includes_are_followed_from_where_they_stand() {
        let found = declared(&[("req/prod.txt", "-r base.txt\ngunicorn\n"), ("req/base.txt", "flask\n-r prod.txt\n")]);
        assert!(found.names("flask") && found.names("gunicorn") && !found.is_open && found.missing.is_empty());
        assert_eq!(found.files.len(), 2);
    }

    #[test]
    fn a_missing_include_is_named() {
        let found = declared(&[("a/r.txt", "flask\n-r ../b.txt\n")]);
        assert_eq!((found.missing[0].path.as_str(), found.missing[0].range.clone()), ("b.txt", 6..17));
    }

    #[test]
    fn what_lies_elsewhere_is_open() {
        for line in ["-e .", "git+https://x.org/y", "-r https://x.org/r.txt", "-r ../../x.txt", "what is this"] {
            assert!(declared(&[("r.txt", line)]).is_open, "{line}");
        }
        assert!(!declared(&[("r.txt", "--index-url https://x.org\n-c c.txt\nflask\n")]).is_open);
    }
}
