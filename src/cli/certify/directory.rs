//! The publish directory: every file is hashed, several at a time.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::certificate::directory;
use crate::cli::CliError;
use crate::digest::{DigestSet, Hasher};

/// More entries are no site; links that multiply folders end here.
const MAX_ENTRIES: usize = 1_000_000;

/// A file as it was found.
struct Found {
    place: PathBuf,
    path: String,
}

/// The way through a directory.
struct Walk {
    top: PathBuf,
    found: Vec<Found>,
    entries: usize,
}

/// Hashes a directory (`chimera-dir-v1`).
///
/// What git keeps for itself is no part of it. A link to a file or folder inside counts as what it leads to; one that leads out is an
/// error, and so is a name that is not UTF-8.
pub(crate) fn hash(root: &Path) -> Result<DigestSet, CliError> {
    let files = walk(root)?.into_par_iter().map(|file| hash_file(&file)).collect::<Result<Vec<_>, _>>()?;
    Ok(directory::digest(files))
}

/// The paths of the files that [`hash`] hashes, with slashes.
pub(crate) fn list(root: &Path) -> Result<Vec<String>, CliError> {
    Ok(walk(root)?.into_iter().map(|file| file.path).collect())
}

fn walk(root: &Path) -> Result<Vec<Found>, CliError> {
    let top = root.canonicalize().map_err(|error| cannot(root, &error))?;
    if !top.is_dir() {
        return Err(CliError::usage(format!("\"{}\" is no directory", root.display())));
    }
    let mut walk = Walk { top: top.clone(), found: Vec::new(), entries: 0 };
    walk.folder(&top, "", &mut Vec::new())?;
    Ok(walk.found)
}

fn cannot(place: &Path, error: &std::io::Error) -> CliError {
    CliError::unreadable(format!("\"{}\" cannot be read: {error}", place.display()))
}

impl Walk {
    /// Looks into a folder; `above` are the folders that lead to it.
    fn folder(&mut self, folder: &Path, prefix: &str, above: &mut Vec<PathBuf>) -> Result<(), CliError> {
        if above.iter().any(|other| other == folder) {
            let message = format!("\"{prefix}\" is a link that leads back to itself");
            return Err(CliError::unreadable(message));
        }
        above.push(folder.to_owned());
        for entry in fs::read_dir(folder).map_err(|error| cannot(folder, &error))? {
            self.entry(&entry.map_err(|error| cannot(folder, &error))?, prefix, above)?;
        }
        above.pop();
        Ok(())
    }

    fn entry(&mut self, entry: &fs::DirEntry, prefix: &str, above: &mut Vec<PathBuf>) -> Result<(), CliError> {
        let mut place = entry.path();
        self.entries += 1;
        if self.entries > MAX_ENTRIES {
            return Err(CliError::unreadable(format!(
                "\"{}\" holds more than {MAX_ENTRIES} entries",
                self.top.display()
            )));
        }
        let name = entry.file_name();
        let not_utf8 = || CliError::unreadable(format!("\"{}\": the name is not UTF-8", place.display()));
        let name = name.to_str().ok_or_else(not_utf8)?;
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        let mut kind = entry.file_type().map_err(|error| cannot(&place, &error))?;
        if kind.is_symlink() {
            place = self.inside(&place)?;
            kind = fs::metadata(&place).map_err(|error| cannot(&place, &error))?.file_type();
        }
        if kind.is_dir() {
            return if name == ".git" { Ok(()) } else { self.folder(&place, &path, above) };
        }
        if !kind.is_file() {
            return Err(CliError::unreadable(format!("\"{}\" is neither a file nor a folder", place.display())));
        }
        self.found.push(Found { place, path });
        Ok(())
    }

    /// Where a link leads, if that is inside.
    fn inside(&self, link: &Path) -> Result<PathBuf, CliError> {
        let place = link.canonicalize().map_err(|error| cannot(link, &error))?;
        if place.starts_with(&self.top) {
            return Ok(place);
        }
        Err(CliError::unreadable(format!("\"{}\" is a link that leads out of the directory", link.display()))
            .hint("what is certified must be in the directory; copy the file there"))
    }
}

#[cfg(unix)]
fn is_executable(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

fn hash_file(found: &Found) -> Result<directory::File, CliError> {
    let failed = |error: std::io::Error| cannot(&found.place, &error);
    let mut file = File::open(&found.place).map_err(failed)?;
    let is_executable = is_executable(&file.metadata().map_err(failed)?);
    let mut hasher = Hasher::default();
    let mut size = 0;
    let mut buffer = vec![0; 1 << 17];
    loop {
        let length = file.read(&mut buffer).map_err(failed)?;
        if length == 0 {
            break;
        }
        hasher.update(&buffer[..length]);
        size += length as u64;
    }
    Ok(directory::File { path: found.path.clone(), size, is_executable, digests: hasher.finish() })
}
