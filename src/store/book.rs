//! The ledger of one environment, with all that is kept beside it: what was seen of it, and events in quarantine.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::event::quarantine::{Admission, Held, admit};
use crate::key::signing::SigningKey;
use crate::ledger::append::AppendError;
use crate::ledger::entry::{Draft, time_text};
use crate::ledger::note::{Checkpoint, Note};
use crate::ledger::reader::Reader;
use crate::ledger::secret::{Scanner, Secret};
use crate::ledger::store::{Store, StoreError};
use crate::store::files::FileStore;
use crate::store::git::GitStore;
use crate::store::index::Index;
use crate::store::place::{self, Place};
use crate::store::retry::{self, Appended, Patience};

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The environment or the place cannot be.
    #[error("{0}")]
    Usage(String),
    /// There is no repository to keep it in.
    #[error("{0}")]
    NoRepository(String),
    /// Something beside the ledger cannot be read or written.
    #[error("\"{}\" cannot be {what}: {error}", .path.display())]
    Disk {
        /// What was to be done.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The ledger is not the one that was seen before.
    #[error("{0}")]
    Inconsistent(String),
    /// The events cannot be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The ledger cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The ledger of one environment.
pub struct Book {
    /// Name of the ledger.
    pub origin: String,
    /// Name of its environment.
    pub environment: String,
    store: Box<dyn Store>,
    patience: Patience,
    /// Folder below the git directory; none for a folder that nobody writes to.
    beside: Option<PathBuf>,
}

/// What became of published events.
#[derive(Debug)]
pub struct Published {
    /// What was appended.
    pub appended: Appended,
    /// Malformed events, which wait in quarantine under these names.
    pub held: Vec<(String, Held)>,
}

impl Book {
    /// Opens the ledger of an environment of the repository at `root`; it need not exist yet.
    ///
    /// # Errors
    /// When it can lie nowhere.
    pub fn open(root: &Path, environment: &str, kept: &Place) -> Result<Book, BookError> {
        if !place::is_environment(environment) {
            let accepted = "letters, digits, \"-\", \"_\" and \".\" are accepted";
            return Err(BookError::Usage(format!("\"{environment}\" cannot name an environment: {accepted}")));
        }
        let origin = format!("{}/{environment}", place::repository_name(root));
        let environment = environment.to_owned();
        let below = |folder: &str| place::git_directory(root).map(|git| git.join("chimera").join(folder));
        let beside = || below("").map_err(BookError::NoRepository);
        let (store, patience, beside): (Box<dyn Store>, Patience, Option<PathBuf>) = match kept {
            Place::Files => {
                let beside = beside()?;
                (Box::new(FileStore::new(beside.join("ledger").join(&environment))), Patience::NEAR, Some(beside))
            }
            Place::Git(remote) => {
                let store = GitStore::new(root.to_owned(), &environment, remote.clone());
                let patience = if remote.is_some() { Patience::FAR } else { Patience::NEAR };
                (Box::new(store), patience, Some(beside()?))
            }
            Place::Postgres(address) => (postgres(address, &origin)?, Patience::NEAR, Some(beside()?)),
            Place::Folder(path) => (Box::new(FileStore::read_only(path.clone())), Patience::NEAR, None),
        };
        let mut book = Book { origin, environment, store, patience, beside };
        if let Some(found) = book.found_origin()? {
            book.origin = found;
        }
        Ok(book)
    }

    /// The name that the ledger gives itself: a repository may have got its remote later.
    fn found_origin(&self) -> Result<Option<String>, BookError> {
        let view = self.store.view()?;
        // A ledger that cannot be read is the business of those who read it.
        Ok(view.and_then(|view| Reader::open(&*view).map(|reader| reader.genesis().origin.clone()).ok()))
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    fn file(&self, folder: &str, name: &str) -> Option<PathBuf> {
        self.beside.as_ref().map(|beside| beside.join(folder).join(name))
    }

    /// The checkpoint that was seen last from here.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn seen(&self) -> Result<Option<Checkpoint>, BookError> {
        let Some(path) = self.file("seen", &self.environment) else { return Ok(None) };
        match fs::read(&path) {
            Ok(bytes) => {
                let note = Note::parse(&bytes).map_err(|error| {
                    let path = path.display();
                    BookError::Inconsistent(format!("\"{path}\", the checkpoint that was seen last: {error}"))
                })?;
                Ok(Some(note.checkpoint))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(BookError::Disk { what: "read", path, error }),
        }
    }

    /// Remembers a checkpoint, so that the next run notices when the ledger does not continue it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remember(&self, checkpoint: &Checkpoint) -> Result<(), BookError> {
        match self.file("seen", &self.environment) {
            Some(path) => write(&path, &checkpoint.unsigned().to_bytes()),
            None => Ok(()),
        }
    }

    /// Checks that the ledger continues what was seen last; reads a few tiles.
    ///
    /// # Errors
    /// When it does not, or cannot be read.
    pub fn check_continues(&self) -> Result<(), BookError> {
        let Some(seen) = self.seen()? else { return Ok(()) };
        let found = match self.store.view()? {
            Some(view) => Reader::open(&*view)?.root_at(seen.size)?,
            None => None,
        };
        if found == Some(seen.root) {
            return Ok(());
        }
        let (origin, size) = (&self.origin, seen.size);
        Err(BookError::Inconsistent(format!(
            "the ledger of \"{origin}\" does not continue the one of {size} entries that was seen here before"
        )))
    }

    /// Publishes events: those that fit their topics are appended, the others go to quarantine and drive nothing.
    ///
    /// # Errors
    /// When the ledger is not the one that was seen before, or the events cannot be appended.
    pub fn publish(
        &self,
        events: Vec<Draft>,
        key: Option<&SigningKey>,
        scanner: &Scanner,
    ) -> Result<Published, BookError> {
        self.check_continues()?;
        let at = time_text(retry::now());
        let (mut admitted, mut held) = (Vec::new(), Vec::new());
        for event in events {
            match admit(event, &at) {
                Admission::Admitted(event) => admitted.push(event),
                Admission::Held(event) => held.push((self.hold(&event, scanner)?, event)),
            }
        }
        let appended = retry::append(&*self.store, &self.origin, key, scanner, &admitted, self.patience)?;
        if let Some(checkpoint) = &appended.checkpoint {
            self.remember(checkpoint)?;
        }
        Ok(Published { appended, held })
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> Index {
        Index::new(self.file("index", &self.environment))
    }

    fn quarantine(&self) -> Result<PathBuf, BookError> {
        let folder = self.file("quarantine", &self.environment);
        folder.ok_or_else(|| BookError::Usage("a ledger that is only read has no quarantine".to_owned()))
    }

    /// Puts an event into quarantine; returns its name there.
    fn hold(&self, held: &Held, scanner: &Scanner) -> Result<String, BookError> {
        if let Some(Secret(what)) = scanner.find(&held.event) {
            return Err(AppendError::Secret { topic: held.event.topic.clone(), what }.into());
        }
        let text = serde_json::to_string_pretty(held).map_err(|error| BookError::Usage(error.to_string()))?;
        let name = crate::digest::hex(&crate::digest::Digest::sha3(held.event.nonce.as_bytes()).as_bytes()[..6]);
        write(&self.quarantine()?.join(format!("{name}.json")), text.as_bytes())?;
        Ok(name)
    }

    /// The events in quarantine, oldest first.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn held(&self) -> Result<Vec<(String, Held)>, BookError> {
        let folder = self.quarantine()?;
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(BookError::Disk { what: "listed", path: folder, error }),
        };
        let mut held = Vec::new();
        for path in entries.flatten().map(|entry| entry.path()) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".json")) else { continue };
            let bytes = fs::read(&path).map_err(|error| BookError::Disk { what: "read", path: path.clone(), error })?;
            let read = serde_json::from_slice(&bytes).map_err(std::io::Error::other);
            let event = read.map_err(|error| BookError::Disk { what: "understood", path: path.clone(), error })?;
            held.push((name.to_owned(), event));
        }
        held.sort_by(|(a, x): &(String, Held), (b, y)| (&x.at, a).cmp(&(&y.at, b)));
        Ok(held)
    }

    /// Takes an event out of quarantine for good.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn drop_held(&self, name: &str) -> Result<(), BookError> {
        let path = self.quarantine()?.join(format!("{name}.json"));
        fs::remove_file(&path).map_err(|error| BookError::Disk { what: "removed", path, error })
    }
}

#[cfg(feature = "postgres")]
fn postgres(address: &str, origin: &str) -> Result<Box<dyn Store>, BookError> {
    use crate::store::postgres::{PostgresStore, parse_address};
    let config = parse_address(address).map_err(BookError::Usage)?;
    Ok(Box::new(PostgresStore::connect(&config, origin)?))
}

#[cfg(not(feature = "postgres"))]
fn postgres(_: &str, _: &str) -> Result<Box<dyn Store>, BookError> {
    let message = "this build of chimeractl has no PostgreSQL: build it with --features postgres";
    Err(BookError::Usage(message.to_owned()))
}

/// Writes a file whole or not at all.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), BookError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = fs::create_dir_all(folder)
        .and_then(|()| fs::File::create(&temporary))
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        BookError::Disk { what: "written", path: path.to_owned(), error }
    })
}
