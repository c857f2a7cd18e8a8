//! Lock files: which packages they hold, which programs those bring, and what they were made for.
//!
//! Each reader takes only the parts that decide something, and says so when it does not understand a file.

pub mod bun;
pub mod compare;
pub mod member;
pub mod npm;
pub mod pnpm;
pub mod yarn;

use std::collections::{BTreeMap, BTreeSet};

use super::path;
use super::snapshot::Snapshot;

/// What a lock file says.
#[derive(Debug)]
pub enum Lock {
    /// `package-lock.json` or `npm-shrinkwrap.json`.
    Npm(npm::NpmLock),
    /// `yarn.lock` of Yarn 1 or later.
    Yarn(yarn::YarnLock),
    /// `pnpm-lock.yaml`.
    Pnpm(pnpm::PnpmLock),
    /// `bun.lock`.
    Bun(bun::BunLock),
    /// `bun.lockb`, which is binary, or a file of a shape that is not followed.
    Opaque,
    /// The file is there, and its tool cannot read it; the text says why.
    Broken(String),
}

/// A lock file and where it lies.
#[derive(Debug)]
pub struct LockFile {
    /// Repository path.
    pub path: String,
    /// What it says.
    pub lock: Lock,
    /// Whether its text holds the markers of an unresolved merge.
    pub has_conflict: bool,
}

/// The lock files by the tool that reads them.
pub const NAMES: [(&str, &[&str]); 4] = [
    ("npm", &["npm-shrinkwrap.json", "package-lock.json"]),
    ("yarn", &["yarn.lock"]),
    ("pnpm", &["pnpm-lock.yaml"]),
    ("bun", &["bun.lock", "bun.lockb"]),
];

/// Reads the lock file of a tool in a folder.
#[must_use]
pub fn read(snapshot: &Snapshot, dir: &str, tool: &str) -> Option<LockFile> {
    let names = NAMES.iter().find(|(name, _)| *name == tool).map(|(_, names)| *names)?;
    let name = names.iter().find(|name| snapshot.holds(dir, name))?;
    read_file(snapshot, path::child(dir, name))
}

fn read_file(snapshot: &Snapshot, path: String) -> Option<LockFile> {
    let name = path::name(&path);
    if name == "bun.lockb" {
        return Some(LockFile { path, lock: Lock::Opaque, has_conflict: false });
    }
    let text = match snapshot.text(&path) {
        Ok(text) => text,
        Err(error) => return Some(LockFile { lock: Lock::Broken(error.to_string()), path, has_conflict: false }),
    };
    let lock = match name {
        "yarn.lock" => Lock::Yarn(yarn::read(&text)),
        "pnpm-lock.yaml" => pnpm::read(&text).map_or_else(Lock::Broken, Lock::Pnpm),
        "bun.lock" => bun::read(&text).map_or_else(Lock::Broken, Lock::Bun),
        _ => match npm::read(&text) {
            Ok(Some(lock)) => Lock::Npm(lock),
            Ok(None) => Lock::Opaque,
            Err(reason) => Lock::Broken(reason),
        },
    };
    Some(LockFile { path, lock, has_conflict: has_conflict(&text) })
}

/// Whether a text holds the three markers of an unresolved merge, in order, each at the start of a line.
#[must_use]
pub fn has_conflict(text: &str) -> bool {
    conflict(text).is_some()
}

/// Where the first marker of an unresolved merge stands.
#[must_use]
pub fn conflict(text: &str) -> Option<usize> {
    if !text.contains("<<<<<<< ") {
        return None;
    }
    let (mut offset, mut start, mut is_split) = (0, None, false);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        if content.starts_with("<<<<<<< ") {
            (start, is_split) = (Some(offset), false);
        } else if content == "=======" {
            is_split = start.is_some();
        } else if content.starts_with(">>>>>>> ") && is_split {
            return start;
        }
        offset += line.len();
    }
    None
}

/// The packages of a lock file and the programs that they bring.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Every package.
    pub packages: BTreeSet<String>,
    /// Packages that stay when development dependencies are left out; none when the file does not tell.
    pub production: Option<BTreeSet<String>>,
    /// The programs that each package brings; none when the file does not tell.
    pub programs: Option<BTreeMap<String, BTreeSet<String>>>,
}

impl Lock {
    /// What it holds; nothing for a file that cannot be read.
    #[must_use]
    pub fn contents(&self) -> Contents {
        match self {
            Lock::Npm(lock) => lock.contents(),
            Lock::Yarn(lock) => lock.contents(),
            Lock::Pnpm(lock) => lock.contents(),
            Lock::Bun(lock) => lock.contents(),
            Lock::Opaque | Lock::Broken(_) => Contents::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_markers_must_come_in_order() {
        let text = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> feature\n";
        assert_eq!(conflict(text), Some(2));
        assert_eq!(conflict(&text.replace('\n', "\r\n")), Some(3));
        assert_eq!(conflict("<<<<<<< HEAD\n>>>>>>> feature\n=======\n"), None);
        assert_eq!(conflict(" <<<<<<< HEAD\n=======\n>>>>>>> x"), None);
        assert_eq!(conflict("======="), None);
    }
}
