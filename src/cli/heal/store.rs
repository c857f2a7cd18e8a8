//! Writes healed files: each one whole or not at all, and none that somebody else is working on.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::CliError;
use crate::heal::HealedFile;
use crate::project::collect;

/// Paths that git is asked about at a time.
const PATHS_AT_A_TIME: usize = 500;

/// A healed file that lies beside its place, ready to take it.
struct Prepared<'a> {
    file: &'a HealedFile,
    place: PathBuf,
    /// Where it lies under its old name.
    old: Option<PathBuf>,
    temporary: PathBuf,
}

/// Writes all files, or none if one of them cannot be written.
///
/// Every new content is on the disk before the first file changes its place; from then on a power cut leaves either the
/// old or the new content of each.
pub(super) fn write(root: &Path, files: &[HealedFile], must_be_committed: bool) -> Result<(), CliError> {
    if must_be_committed {
        check_committed(root, files)?;
    }
    let mut prepared: Vec<Prepared<'_>> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        match prepare(root, file, number) {
            Ok(ready) => prepared.push(ready),
            Err(error) => {
                discard(&prepared);
                return Err(error);
            }
        }
    }
    for (done, ready) in prepared.iter().enumerate() {
        let moved = check_unchanged(ready.file, root).and_then(|()| {
            fs::rename(&ready.temporary, &ready.place).map_err(|error| cannot("written", &ready.place, &error))?;
            let Some(old) = &ready.old else { return Ok(()) };
            fs::remove_file(old).map_err(|error| cannot("removed", old, &error))
        });
        if let Err(mut error) = moved {
            discard(&prepared[done..]);
            let written: Vec<&str> = prepared[..done].iter().map(|ready| ready.file.path.as_str()).collect();
            if !written.is_empty() {
                error.message.push_str(&format!(" (already written: {})", written.join(", ")));
            }
            return Err(error);
        }
        sync_folder(&ready.place);
        ready.old.iter().for_each(|old| sync_folder(old));
    }
    Ok(())
}

/// Where the file lies until it is written.
fn old_path(file: &HealedFile) -> &str {
    file.from.as_deref().unwrap_or(&file.path)
}

fn cannot(what: &str, place: &Path, error: &std::io::Error) -> CliError {
    CliError::unreadable(format!("\"{}\" cannot be {what}: {error}", place.display()))
}

fn discard(prepared: &[Prepared<'_>]) {
    for ready in prepared {
        let _ = fs::remove_file(&ready.temporary);
    }
}

/// Refuses files that differ from the last commit: what was written over them could not be taken back.
fn check_committed(root: &Path, files: &[HealedFile]) -> Result<(), CliError> {
    let edited: Vec<String> =
        files.iter().filter(|file| file.before.is_some()).map(|file| format!(":(literal){}", old_path(file))).collect();
    for paths in edited.chunks(PATHS_AT_A_TIME) {
        let mut command = collect::git(root);
        command.args(["status", "--porcelain=v1", "-z", "--untracked-files=no", "--no-renames", "--"]).args(paths);
        let output = command.output().map_err(|error| CliError::unreadable(format!("git cannot be asked: {error}")))?;
        if !output.status.success() {
            let reason = String::from_utf8_lossy(&output.stderr);
            return Err(CliError::unreadable(format!("git cannot tell what is committed: {}", reason.trim())));
        }
        let list = String::from_utf8_lossy(&output.stdout);
        let dirty: Vec<&str> = list.split('\0').filter_map(|record| record.get(3..)).collect();
        if !dirty.is_empty() {
            let message = format!("uncommitted changes in {}; nothing was written", dirty.join(", "));
            return Err(CliError::usage(message).hint("commit or stash them first, or give --allow-dirty"));
        }
    }
    Ok(())
}

/// Writes the new content beside its place.
fn prepare<'a>(root: &Path, file: &'a HealedFile, number: usize) -> Result<Prepared<'a>, CliError> {
    let place = root.join(&file.path);
    let folder = place.parent().unwrap_or(root);
    check_inside(root, folder, &place)?;
    let old = file.from.as_ref().map(|from| root.join(from));
    if let Some(old) = &old {
        check_inside(root, old.parent().unwrap_or(root), old)?;
    }
    check_unchanged(file, root)?;
    fs::create_dir_all(folder).map_err(|error| cannot("made", folder, &error))?;
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.chimera-{}-{number}.tmp", std::process::id()));
    let ready = Prepared { file, place, old, temporary };
    match fill(&ready) {
        Ok(()) => Ok(ready),
        Err(error) => {
            discard(std::slice::from_ref(&ready));
            Err(cannot("written", &ready.place, &error))
        }
    }
}

/// The folder on disk must lie in the repository, whatever links lead to it.
fn check_inside(root: &Path, folder: &Path, place: &Path) -> Result<(), CliError> {
    let top = root.canonicalize().map_err(|error| cannot("found", root, &error))?;
    let existing = folder.ancestors().find_map(|folder| folder.canonicalize().ok()).unwrap_or_default();
    if existing.starts_with(&top) {
        return Ok(());
    }
    Err(CliError::unreadable(format!("\"{}\" lies outside the repository; nothing was written", place.display())))
}

/// The file must be what was healed: not changed, not replaced, not protected.
fn check_unchanged(file: &HealedFile, root: &Path) -> Result<(), CliError> {
    let place = &root.join(old_path(file));
    if file.from.is_some() && fs::symlink_metadata(root.join(&file.path)).is_ok() {
        let message = format!("\"{}\" exists by now; \"{}\" was not renamed", file.path, old_path(file));
        return Err(CliError::unreadable(message).hint("run heal again"));
    }
    let changed = || {
        CliError::unreadable(format!("\"{}\" has changed meanwhile; it was not written", place.display()))
            .hint("run heal again")
    };
    let found = match fs::symlink_metadata(place) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound && file.before.is_none() => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(changed()),
        Err(error) => return Err(cannot("read", place, &error)),
    };
    let Some(before) = file.before.as_ref().filter(|_| found.is_file()) else { return Err(changed()) };
    if found.permissions().readonly() {
        return Err(CliError::unreadable(format!("\"{}\" is read-only; nothing was written", place.display()))
            .hint("make it writable and run again"));
    }
    let now = fs::read(place).map_err(|error| cannot("read", place, &error))?;
    if now == **before { Ok(()) } else { Err(changed()) }
}

fn fill(ready: &Prepared<'_>) -> std::io::Result<()> {
    let mut temporary = OpenOptions::new().write(true).create_new(true).open(&ready.temporary)?;
    temporary.write_all(&ready.file.after)?;
    if ready.file.before.is_some() {
        copy_rights(ready.old.as_ref().unwrap_or(&ready.place), &temporary)?;
    }
    temporary.sync_all()
}

/// Owner and permissions of the old file; the owner only where the system lets us.
#[cfg(unix)]
fn copy_rights(from: &Path, to: &File) -> std::io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let old = fs::metadata(from)?;
    let _ = std::os::unix::fs::fchown(to, Some(old.uid()), Some(old.gid()));
    to.set_permissions(old.permissions())
}

/// Permissions of the old file.
#[cfg(not(unix))]
fn copy_rights(from: &Path, to: &File) -> std::io::Result<()> {
    to.set_permissions(fs::metadata(from)?.permissions())
}

/// Makes the change of a name last; not every system can.
fn sync_folder(place: &Path) {
    if let Some(folder) = place.parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
