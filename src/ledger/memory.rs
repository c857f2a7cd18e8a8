//! A ledger in memory: for dry runs, for import and for tests.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::digest::Digest;
use crate::ledger::part::Part;
use crate::ledger::store::{Batch, Store, StoreError, View, end_of_lines};

/// The files of a ledger by their paths.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A store that is gone with the process.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Files>);

/// A state of it.
#[derive(Debug, Clone)]
pub struct Snapshot(Files);

impl Memory {
    /// A store with these files in it.
    #[must_use]
    pub fn new(files: Files) -> Memory {
        Memory(Mutex::new(files))
    }

    /// A copy of its files.
    #[must_use]
    pub fn files(&self) -> Files {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Snapshot {
    /// A state that consists of these files.
    #[must_use]
    pub fn new(files: Files) -> Snapshot {
        Snapshot(files)
    }
}

/// The name of a state: the digest of its checkpoint.
#[must_use]
pub fn revision_of(checkpoint: &[u8]) -> String {
    Digest::sha3(checkpoint).to_string()
}

impl Store for Memory {
    fn view(&self) -> Result<Option<Box<dyn View + '_>>, StoreError> {
        let files = self.files();
        let exists = files.contains_key(&Part::Checkpoint.path());
        Ok(exists.then(|| Box::new(Snapshot(files)) as Box<dyn View>))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = files.get(&Part::Checkpoint.path()).map(|note| revision_of(note));
        if now != batch.expected {
            return Err(StoreError::Conflict);
        }
        if let Some(genesis) = &batch.genesis {
            files.insert(Part::Genesis.path(), genesis.clone());
        }
        for addition in batch.additions() {
            let bundle = files.entry(Part::Bundle(addition.bundle).path()).or_default();
            let end = end_of_lines(bundle, addition.held);
            bundle.truncate(end.ok_or_else(|| StoreError::Damaged("a bundle has too few entries".to_owned()))?);
            bundle.extend(addition.bytes);
        }
        for tile in batch.replaced() {
            files.remove(&Part::Tile(tile).path());
        }
        files.extend(batch.tiles().into_iter().map(|(tile, bytes)| (Part::Tile(tile).path(), bytes)));
        files.insert(Part::Checkpoint.path(), batch.note.to_bytes());
        Ok(())
    }
}

impl View for Snapshot {
    fn revision(&self) -> String {
        revision_of(self.0.get(&Part::Checkpoint.path()).map_or(&[], Vec::as_slice))
    }

    fn read(&self, parts: &[Part]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        Ok(parts.iter().map(|part| self.0.get(&part.path()).cloned()).collect())
    }

    fn paths(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.0.keys().cloned().collect())
    }
}
