//! The few things that the file store does to a disk, so that tests can let each of them fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Changes to a disk, each of which may be the last thing that happens.
pub trait Disk {
    /// Makes a folder and those above it.
    ///
    /// # Errors
    /// Those of the system.
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    /// Keeps the first bytes of a file, which is made if need be, and writes these after them.
    ///
    /// # Errors
    /// Those of the system; part of the bytes may have been written.
    fn write(&self, path: &Path, keep: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(path)?;
        file.set_len(keep)?;
        file.seek(SeekFrom::Start(keep))?;
        file.write_all(bytes)
    }

    /// Waits until a file or the names in a folder are on the disk.
    ///
    /// # Errors
    /// Those of the system.
    fn sync(&self, path: &Path) -> io::Result<()> {
        // Not every system opens folders; their names then last as well as it makes them.
        if cfg!(not(unix)) && path.is_dir() {
            return Ok(());
        }
        File::open(path)?.sync_all()
    }

    /// Puts a file in the place of another.
    ///
    /// # Errors
    /// Those of the system.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// Those of the system.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// The disk of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {}
