//! The right edge of a tree in tiles: all that is needed to append to it.

use crate::digest::{Algorithm, Digest};

use super::{HEIGHT, TILE, empty_root, parent, root};

/// The unfinished tile of every row, lowest row first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    rows: Vec<Vec<Digest>>,
}

/// A tile that became full while leaves were appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Full {
    /// Its row, 0 for leaf hashes.
    pub row: u8,
    /// Its number in the row.
    pub index: u64,
    /// Its hashes.
    pub hashes: Vec<Digest>,
}

impl Edge {
    /// How many hashes the unfinished tile of each row holds in a tree of this size, lowest row first.
    #[must_use]
    pub fn widths(size: u64) -> Vec<usize> {
        let rows = if size == 0 { 0 } else { size.ilog2() / HEIGHT + 1 };
        (0..rows).map(|row| ((size >> (row * HEIGHT)) % TILE as u64) as usize).collect()
    }

    /// The edge of a tree, from the unfinished tiles of its rows; nothing when they do not have its widths.
    #[must_use]
    pub fn from_rows(size: u64, rows: Vec<Vec<Digest>>) -> Option<Edge> {
        let fits = rows.iter().map(Vec::len).eq(Edge::widths(size));
        fits.then_some(Edge { size, rows })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The unfinished tiles, lowest row first; a row without one is empty.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Digest>] {
        &self.rows
    }

    /// Appends a leaf hash; tiles that this fills are added to `full`.
    pub fn push<H: Algorithm>(&mut self, leaf: Digest, full: &mut Vec<Full>) {
        self.size += 1;
        let mut hash = leaf;
        for row in 0.. {
            if self.rows.len() == row {
                self.rows.push(Vec::new());
            }
            self.rows[row].push(hash);
            if self.rows[row].len() < TILE {
                return;
            }
            let hashes = std::mem::take(&mut self.rows[row]);
            hash = root::<H>(&hashes);
            let index = (self.size >> ((row as u32 + 1) * HEIGHT)) - 1;
            full.push(Full { row: row as u8, index, hashes });
        }
    }

    /// The root of the tree.
    #[must_use]
    pub fn root<H: Algorithm>(&self) -> Digest {
        let mut whole = None;
        for hashes in &self.rows {
            let mut rest: &[Digest] = hashes;
            while !rest.is_empty() {
                // The smallest perfect subtree stands last.
                let (before, last) = rest.split_at(rest.len() - (1 << rest.len().trailing_zeros()));
                let left = root::<H>(last);
                whole = Some(whole.map_or(left, |right| parent::<H>(&left, &right)));
                rest = before;
            }
        }
        whole.unwrap_or_else(empty_root::<H>)
    }
}
