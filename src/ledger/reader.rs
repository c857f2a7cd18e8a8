//! Reads a state of a ledger part by part: entries, hashes, proofs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;

use sha3::Sha3_256;

use crate::digest::Digest;
use crate::ledger::entry::Entry;
use crate::ledger::genesis::Genesis;
use crate::ledger::merkle::{self, Edge};
use crate::ledger::note::Note;
use crate::ledger::part::{self, BUNDLE, Part, Tile};
use crate::ledger::store::{StoreError, View, parse_tile};

/// Tiles that are kept in memory; a proof reads fewer.
const KEPT_TILES: usize = 64;

/// A state of a ledger whose first page and checkpoint were read. What they say is not yet verified.
pub struct Reader<'a> {
    view: &'a dyn View,
    genesis: Genesis,
    genesis_link: Digest,
    note: Note,
    tiles: RefCell<HashMap<(u8, u64), Vec<Digest>>>,
}

fn damaged(what: impl Into<String>) -> StoreError {
    StoreError::Damaged(what.into())
}

impl<'a> Reader<'a> {
    /// Reads the first page and the checkpoint.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn open(view: &'a dyn View) -> Result<Reader<'a>, StoreError> {
        let mut parts = view.read(&[Part::Genesis, Part::Checkpoint])?.into_iter().flatten();
        let (Some(genesis), Some(note)) = (parts.next(), parts.next()) else {
            return Err(damaged("\"genesis.json\" or \"checkpoint\" is missing"));
        };
        let note = Note::parse(&note).map_err(|error| damaged(error.to_string()))?;
        let genesis_link = Digest::sha3(&genesis);
        let genesis = Genesis::parse(&genesis).map_err(|error| damaged(error.to_string()))?;
        if genesis.origin != note.checkpoint.origin {
            let (first, second) = (genesis.origin, note.checkpoint.origin);
            return Err(damaged(format!("genesis.json is of \"{first}\", the checkpoint of \"{second}\"")));
        }
        Ok(Reader { view, genesis, genesis_link, note, tiles: RefCell::default() })
    }

    /// The state itself.
    #[must_use]
    pub fn view(&self) -> &'a dyn View {
        self.view
    }

    /// The first page.
    #[must_use]
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The checkpoint with its signatures.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// Number of entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.note.checkpoint.size
    }

    /// Root over them.
    #[must_use]
    pub fn root(&self) -> Digest {
        self.note.checkpoint.root
    }

    /// The lines of these entries, each of which is the one that the tree holds.
    ///
    /// # Errors
    /// When a bundle cannot be read, has too few lines, or holds another entry than the tree.
    pub fn lines(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, StoreError> {
        let lines = self.stored_lines(range.clone())?;
        for (number, line) in (range.start..).zip(&lines) {
            if merkle::leaf::<Sha3_256>(line) != self.hash(0, number)? {
                return Err(damaged(format!("entry {number} is not the one that the tree holds")));
            }
        }
        Ok(lines)
    }

    fn stored_lines(&self, range: Range<u64>) -> Result<Vec<Vec<u8>>, StoreError> {
        let range = range.start.min(self.size())..range.end.min(self.size());
        if range.is_empty() {
            return Ok(Vec::new());
        }
        let bundles: Vec<Part> = (range.start / BUNDLE..range.end.div_ceil(BUNDLE)).map(Part::Bundle).collect();
        let mut lines = Vec::new();
        for (part, bytes) in bundles.iter().zip(self.view.read(&bundles)?) {
            let Part::Bundle(index) = part else { continue };
            let bytes = bytes.ok_or_else(|| damaged(format!("\"{}\" is missing", part.path())))?;
            let first = index * BUNDLE;
            let wanted = (range.start.max(first) - first) as usize..(range.end.min(first + BUNDLE) - first) as usize;
            let before = lines.len();
            let found = bytes.split_inclusive(|byte| *byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
            lines.extend(found.take(wanted.end).skip(wanted.start).map(<[u8]>::to_vec));
            if lines.len() - before != wanted.len() {
                return Err(damaged(format!("\"{}\" has too few entries", part.path())));
            }
        }
        Ok(lines)
    }

    /// These entries.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<Entry>, StoreError> {
        let parse = |line: Vec<u8>| Entry::parse(&line).map_err(|error| damaged(error.to_string()));
        self.lines(range)?.into_iter().map(parse).collect()
    }

    /// What the entry of this number links to, or would link to.
    ///
    /// # Errors
    /// When the entry before it cannot be read.
    pub fn link(&self, number: u64) -> Result<Digest, StoreError> {
        match number.checked_sub(1) {
            None => Ok(self.genesis_link),
            Some(before) => {
                let lines = self.lines(before..number)?;
                lines.first().map(|line| Digest::sha3(line)).ok_or_else(|| damaged("an entry is missing"))
            }
        }
    }

    /// A hash of a row of tiles.
    ///
    /// # Errors
    /// When its tile is missing or has another width.
    pub fn hash(&self, row: u8, index: u64) -> Result<Digest, StoreError> {
        let (tile, at) = (index / BUNDLE, (index % BUNDLE) as usize);
        if let Some(hashes) = self.tiles.borrow().get(&(row, tile)) {
            return hashes.get(at).copied().ok_or_else(|| damaged("a tile is too short"));
        }
        let whole = self.size() >> (u32::from(row) * merkle::HEIGHT).min(63);
        let width = whole.saturating_sub(tile * BUNDLE).min(BUNDLE) as u16;
        let hashes = self.tile(Tile { row, index: tile, width })?;
        let found = hashes.get(at).copied().ok_or_else(|| damaged("a tile is too short"));
        let mut kept = self.tiles.borrow_mut();
        if kept.len() >= KEPT_TILES {
            kept.clear();
        }
        kept.insert((row, tile), hashes);
        found
    }

    fn tile(&self, tile: Tile) -> Result<Vec<Digest>, StoreError> {
        let part = Part::Tile(tile);
        let bytes = self.view.read(&[part])?.into_iter().next().flatten();
        let bytes = bytes.ok_or_else(|| damaged(format!("\"{}\" is missing", part.path())))?;
        let hashes = parse_tile(&bytes, usize::from(tile.width));
        hashes.ok_or_else(|| damaged(format!("\"{}\" does not hold {} hashes", part.path(), tile.width)))
    }

    /// The right edge of the tree, whose root is that of the checkpoint.
    ///
    /// # Errors
    /// When a tile cannot be read or the root is another.
    pub fn edge(&self) -> Result<Edge, StoreError> {
        let mut rows: Vec<Vec<Digest>> = vec![Vec::new(); Edge::widths(self.size()).len()];
        for tile in part::partial(self.size()) {
            rows[usize::from(tile.row)] = self.tile(tile)?;
        }
        let edge = Edge::from_rows(self.size(), rows).ok_or_else(|| damaged("the tiles do not fit the size"))?;
        if edge.root::<Sha3_256>() == self.root() {
            return Ok(edge);
        }
        Err(damaged("the tiles do not lead to the root of the checkpoint"))
    }

    fn prove(&self, ranges: Vec<Range<u64>>) -> Result<Vec<Digest>, StoreError> {
        let mut read = |row, index| self.hash(row, index);
        ranges.into_iter().map(|range| merkle::node::<Sha3_256, StoreError>(range, &mut read)).collect()
    }

    /// The proof that entry `index` is in the tree; `None` when there is no such entry.
    ///
    /// # Errors
    /// When a tile cannot be read.
    pub fn inclusion(&self, index: u64) -> Result<Option<Vec<Digest>>, StoreError> {
        merkle::inclusion(index, self.size()).map(|ranges| self.prove(ranges)).transpose()
    }

    /// The proof that the ledger of `old` entries is the beginning of this one; `None` when it cannot be.
    ///
    /// # Errors
    /// When a tile cannot be read.
    pub fn consistency(&self, old: u64) -> Result<Option<Vec<Digest>>, StoreError> {
        merkle::consistency(old, self.size()).map(|ranges| self.prove(ranges)).transpose()
    }

    /// The root that the ledger had when it held `size` entries; `None` when it never did.
    ///
    /// # Errors
    /// When a tile cannot be read.
    pub fn root_at(&self, size: u64) -> Result<Option<Digest>, StoreError> {
        if size > self.size() {
            return Ok(None);
        }
        let mut read = |row, index| self.hash(row, index);
        merkle::node::<Sha3_256, StoreError>(0..size, &mut read).map(Some)
    }
}
