//! A ledger as files in a folder.
//!
//! An append writes entries and tiles first and the checkpoint last, by renaming: whatever is cut off before that leaves the
//! old state, and bytes that nobody reads. One lock per ledger, which the system frees when its holder dies.

use std::any::Any;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::ledger::memory::revision_of;
use crate::ledger::part::Part;
use crate::ledger::store::{Batch, Store, StoreError, View, end_of_lines};
use crate::store::disk::{Disk, LocalDisk};

/// A folder that holds one ledger.
#[derive(Debug, Clone)]
pub struct FileStore<D = LocalDisk> {
    root: PathBuf,
    is_locking: bool,
    disk: D,
}

/// A state in a folder; while it is looked at, nobody appends.
#[derive(Debug)]
struct FileView {
    root: PathBuf,
    revision: String,
    is_locking: bool,
    _lock: Option<File>,
}

fn failed(what: &str, path: &Path, error: &io::Error) -> StoreError {
    let hint = if error.kind() == ErrorKind::StorageFull { "; nothing of the append counts" } else { "" };
    StoreError::Failed(format!("\"{}\" cannot be {what}: {error}{hint}", path.display()))
}

impl FileStore {
    /// The ledger in this folder, which need not exist.
    #[must_use]
    pub fn new(root: PathBuf) -> FileStore {
        FileStore::on(root, LocalDisk)
    }

    /// The ledger in this folder, such as an export, which nobody appends to.
    #[must_use]
    pub fn read_only(root: PathBuf) -> FileStore {
        FileStore { root, is_locking: false, disk: LocalDisk }
    }
}

impl<D: Disk> FileStore<D> {
    /// The ledger in this folder, changed through this disk.
    #[must_use]
    pub fn on(root: PathBuf, disk: D) -> FileStore<D> {
        FileStore { root, is_locking: true, disk }
    }

    /// A path beside the folder: what lies in it is the ledger and nothing else.
    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.root.clone().into_os_string();
        name.push(end);
        PathBuf::from(name)
    }

    fn lock_file(&self) -> io::Result<File> {
        lock_file(&self.beside(".lock"))
    }

    fn place(&self, part: Part) -> PathBuf {
        self.root.join(part.path())
    }

    /// Writes a file whole: beside its place first, then into it.
    fn replace(&self, part: Part, bytes: &[u8]) -> Result<(), StoreError> {
        let (place, temporary) = (self.place(part), self.beside(".tmp"));
        let folder = place.parent().unwrap_or(&self.root);
        let written = self
            .disk
            .make_folder(folder)
            .and_then(|()| self.disk.write(&temporary, 0, bytes))
            .and_then(|()| self.disk.sync(&temporary))
            .and_then(|()| self.disk.rename(&temporary, &place));
        written.map_err(|error| failed("written", &place, &error))
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), StoreError> {
        self.disk.sync(folder).map_err(|error| failed("written", folder, &error))
    }

    /// Writes all of a batch but its checkpoint.
    fn prepare(&self, batch: &Batch) -> Result<(), StoreError> {
        if let Some(genesis) = &batch.genesis {
            self.replace(Part::Genesis, genesis)?;
        }
        for addition in batch.additions() {
            let place = self.place(Part::Bundle(addition.bundle));
            let held = if addition.held == 0 { Vec::new() } else { read(&place)?.unwrap_or_default() };
            let end = end_of_lines(&held, addition.held).ok_or_else(|| {
                StoreError::Damaged(format!("\"{}\" has fewer than {} entries", place.display(), addition.held))
            })?;
            let folder = place.parent().unwrap_or(&self.root);
            let written = self
                .disk
                .make_folder(folder)
                .and_then(|()| self.disk.write(&place, end as u64, &addition.bytes))
                .and_then(|()| self.disk.sync(&place))
                .and_then(|()| self.disk.sync(folder));
            written.map_err(|error| failed("written", &place, &error))?;
        }
        for (tile, bytes) in batch.tiles() {
            self.replace(Part::Tile(tile), &bytes)?;
            self.sync_folder(self.place(Part::Tile(tile)).parent().unwrap_or(&self.root))?;
        }
        Ok(())
    }

    /// Removes what the batch made superfluous; whatever stays is only in the way.
    fn clean(&self, batch: &Batch) {
        for tile in batch.replaced() {
            let _ = self.disk.remove(&self.place(Part::Tile(tile)));
        }
        for (tile, _) in batch.tiles().iter().filter(|(tile, _)| !tile.is_full()) {
            let place = self.place(Part::Tile(*tile));
            for other in others_beside(&place) {
                let _ = self.disk.remove(&other);
            }
        }
    }
}

/// Opens a file that is there to be locked.
pub(super) fn lock_file(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

/// Waits until the file is locked; the lock goes with the result.
pub(super) fn wait_for(path: &Path) -> Result<Option<Box<dyn Any>>, StoreError> {
    let file = lock_file(path).map_err(|error| failed("locked", path, &error))?;
    fs4::FileExt::lock(&file).map_err(|error| failed("locked", path, &error))?;
    Ok(Some(Box::new(file)))
}

/// Unfinished tiles of other widths: of an append that was cut off.
fn others_beside(place: &Path) -> Vec<PathBuf> {
    let entries = place.parent().and_then(|folder| fs::read_dir(folder).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    paths.filter(|path| path != place).collect()
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

impl<D: Disk> Store for FileStore<D> {
    fn view(&self) -> Result<Option<Box<dyn View + '_>>, StoreError> {
        let place = self.place(Part::Checkpoint);
        if !self.is_locking && !self.root.is_dir() {
            return Err(StoreError::Failed(format!("\"{}\" is not a folder", self.root.display())));
        }
        if !self.root.exists() {
            return Ok(None);
        }
        let lock = if self.is_locking { Some(self.shared_lock()?) } else { None };
        let Some(note) = read(&place)? else { return Ok(None) };
        let (root, is_locking) = (self.root.clone(), self.is_locking);
        Ok(Some(Box::new(FileView { root, revision: revision_of(&note), is_locking, _lock: lock.flatten() })))
    }

    fn queue(&self) -> Result<Option<Box<dyn Any>>, StoreError> {
        wait_for(&self.beside(".queue"))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let lock = self.lock_file().map_err(|error| failed("locked", &self.root, &error))?;
        fs4::FileExt::lock(&lock).map_err(|error| failed("locked", &self.root, &error))?;
        let now = read(&self.place(Part::Checkpoint))?.map(|note| revision_of(&note));
        if now != batch.expected {
            return Err(StoreError::Conflict);
        }
        self.prepare(batch)?;
        self.replace(Part::Checkpoint, &batch.note.to_bytes())?;
        self.sync_folder(&self.root)?;
        self.clean(batch);
        Ok(())
    }
}

impl<D: Disk> FileStore<D> {
    /// A lock to read under; none where nobody can write anyway.
    fn shared_lock(&self) -> Result<Option<File>, StoreError> {
        let lock = match self.lock_file() {
            Ok(lock) => lock,
            Err(error) if matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
                return Ok(None);
            }
            Err(error) => return Err(failed("locked", &self.root, &error)),
        };
        fs4::FileExt::lock_shared(&lock).map_err(|error| failed("locked", &self.root, &error))?;
        Ok(Some(lock))
    }
}

impl View for FileView {
    fn revision(&self) -> String {
        self.revision.clone()
    }

    fn read(&self, parts: &[Part]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        parts.iter().map(|part| read(&self.root.join(part.path()))).collect()
    }

    fn paths(&self) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        list(&self.root, "", &mut found).map_err(|error| failed("listed", &self.root, &error))?;
        Ok(found)
    }

    fn may_hold_leftovers(&self) -> bool {
        self.is_locking
    }
}

/// The paths of all files; a checkout's own `.git` is no part of the ledger.
fn list(root: &Path, below: &str, found: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            if path != ".git" {
                list(root, &path, found)?;
            }
        } else if path != ".git" {
            found.push(path);
        }
    }
    Ok(())
}
