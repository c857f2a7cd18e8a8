//! What every store of ledgers promises: whole states to read, and appending by compare-and-swap.

use std::any::Any;

use crate::digest::Digest;
use crate::ledger::entry::Sealed;
use crate::ledger::merkle::{Full, TILE};
use crate::ledger::note::Note;
use crate::ledger::part::{self, BUNDLE, Part, Tile};

/// Why a store could not do its work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else appended first; nothing was written.
    #[error("somebody else appended meanwhile")]
    Conflict,
    /// The world did not let us; nothing of the batch counts.
    #[error("{0}")]
    Failed(String),
    /// What is stored cannot be a ledger.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
}

/// One state of a ledger, which does not change while it is looked at.
pub trait View {
    /// Names the state, for [`Batch::expected`].
    fn revision(&self) -> String;

    /// Reads parts, in the order asked for; `None` for one that is not there.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn read(&self, parts: &[Part]) -> Result<Vec<Option<Vec<u8>>>, StoreError>;

    /// The paths of all files, those included that are no part of a ledger.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn paths(&self) -> Result<Vec<String>, StoreError>;

    /// Whether an append that was cut off may have left bytes behind that nobody reads and the next append removes.
    fn may_hold_leftovers(&self) -> bool {
        false
    }
}

/// A place where one ledger is kept.
pub trait Store {
    /// The newest state; `None` when there is no ledger yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn view(&self) -> Result<Option<Box<dyn View + '_>>, StoreError>;

    /// Waits for its turn, where writers can queue: until the result is dropped, whoever queues too is not faster. Stores
    /// without a queue let the fastest win.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn queue(&self) -> Result<Option<Box<dyn Any>>, StoreError> {
        Ok(None)
    }

    /// Writes a batch whole or not at all, if the ledger still is in the state that the batch expects.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it is not; otherwise what went wrong. After an error the batch may have been written
    /// only if the store could not learn the outcome; whoever tries again finds its events by their nonces.
    fn commit(&self, batch: &Batch) -> Result<(), StoreError>;
}

/// All that one append writes.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The state that it continues; `None` for a new ledger.
    pub expected: Option<String>,
    /// The first page, for a new ledger.
    pub genesis: Option<Vec<u8>>,
    /// Number of the first entry.
    pub first: u64,
    /// The entries.
    pub entries: Vec<Sealed>,
    /// Tiles that became full.
    pub full: Vec<Full>,
    /// The unfinished tiles of the new tree, lowest row first.
    pub rows: Vec<Vec<Digest>>,
    /// The checkpoint of the new state.
    pub note: Note,
}

/// What a batch adds to one bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Number of the bundle.
    pub bundle: u64,
    /// How many entries it held before.
    pub held: usize,
    /// Lines to add.
    pub bytes: Vec<u8>,
}

impl Batch {
    /// Size of the ledger afterwards.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// What is added to which bundle.
    #[must_use]
    pub fn additions(&self) -> Vec<Addition> {
        let mut additions: Vec<Addition> = Vec::new();
        for (number, sealed) in (self.first..).zip(&self.entries) {
            let (bundle, held) = (number / BUNDLE, (number % BUNDLE) as usize);
            if additions.last().is_none_or(|last| last.bundle != bundle) {
                additions.push(Addition { bundle, held, bytes: Vec::new() });
            }
            if let Some(last) = additions.last_mut() {
                last.bytes.extend_from_slice(&sealed.bytes);
                last.bytes.push(b'\n');
            }
        }
        additions
    }

    /// The tiles to write.
    #[must_use]
    pub fn tiles(&self) -> Vec<(Tile, Vec<u8>)> {
        let full = self
            .full
            .iter()
            .map(|tile| (Tile { row: tile.row, index: tile.index, width: TILE as u16 }, tile_bytes(&tile.hashes)));
        let unfinished = part::partial(self.size()).map(|tile| (tile, tile_bytes(&self.rows[usize::from(tile.row)])));
        full.chain(unfinished).collect()
    }

    /// The unfinished tiles that the batch replaces.
    #[must_use]
    pub fn replaced(&self) -> Vec<Tile> {
        let size = self.size();
        part::partial(self.first).filter(|tile| !Part::Tile(*tile).belongs(size)).collect()
    }
}

/// The hashes of a tile, one after the other.
fn tile_bytes(hashes: &[Digest]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// Reads a tile; `None` when it does not have this width.
#[must_use]
pub fn parse_tile(bytes: &[u8], width: usize) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    (rest.is_empty() && hashes.len() == width).then(|| hashes.iter().map(|hash| Digest(*hash)).collect())
}

/// The end of the first `lines` lines of a text; `None` when it has fewer.
#[must_use]
pub fn end_of_lines(bytes: &[u8], lines: usize) -> Option<usize> {
    match lines {
        0 => Some(0),
        _ => memchr::memchr_iter(b'\n', bytes).nth(lines - 1).map(|at| at + 1),
    }
}
