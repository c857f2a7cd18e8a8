//! Whether the project's own scripts and configuration speak of a file.

use crate::project::path::{child, name};
use crate::project::snapshot::Snapshot;

/// Files of a folder that are looked at.
const MAX_FILES: usize = 80;

/// Longest file that is looked at, in bytes.
const MAX_LENGTH: usize = 256 * 1024;

/// Folders that usually hold scripts and configuration.
const FOLDERS: [&str; 9] = ["scripts", "script", "bin", "build", "config", "tools", "tasks", "netlify", "plugins"];

const ENDINGS: [&str; 14] =
    ["js", "cjs", "mjs", "ts", "cts", "mts", "json", "yml", "yaml", "toml", "rb", "py", "sh", "lua"];

/// Whether a configuration file of the folder itself holds one of the words; `package.json` does not count.
#[must_use]
pub(super) fn in_configuration(snapshot: &Snapshot, dir: &str, words: &[&str]) -> bool {
    let is_configuration = |path: &&str| name(path) != "package.json" && name(path) != "netlify.toml";
    files(snapshot, dir).iter().map(String::as_str).filter(is_configuration).any(|path| holds(snapshot, path, words))
}

/// Whether a script or configuration file holds one of the words, in the folder itself or in one that usually holds
/// such files. A file whose name is one of the words does not speak for itself.
#[must_use]
pub(super) fn anywhere(snapshot: &Snapshot, dir: &str, words: &[&str]) -> bool {
    let dirs = std::iter::once(dir.to_owned()).chain(FOLDERS.iter().map(|folder| child(dir, folder)));
    let mut paths = dirs.flat_map(|dir| files(snapshot, &dir)).filter(|path| !words.contains(&name(path)));
    paths.any(|path| holds(snapshot, &path, words))
}

/// The scripts and configuration files directly inside a folder.
fn files(snapshot: &Snapshot, dir: &str) -> Vec<String> {
    let is_text = |name: &str| match name.rsplit_once('.') {
        Some((_, ending)) => ENDINGS.contains(&ending) && !is_lock(name),
        None => !name.starts_with('_'),
    };
    let names = snapshot.children(dir).into_iter().filter(|(name, is_dir)| !is_dir && is_text(name));
    names.take(MAX_FILES).map(|(name, _)| child(dir, name)).collect()
}

fn is_lock(name: &str) -> bool {
    matches!(name, "package-lock.json" | "npm-shrinkwrap.json" | "pnpm-lock.yaml" | "composer.json")
}

fn holds(snapshot: &Snapshot, path: &str, words: &[&str]) -> bool {
    let Ok(bytes) = snapshot.read(path) else { return false };
    let bytes = &bytes[..bytes.len().min(MAX_LENGTH)];
    words.iter().any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
}
