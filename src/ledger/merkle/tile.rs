//! Trees cut into tiles of 256 hashes, so that a proof reads a few of them (C2SP tlog-tiles).
//!
//! Row 0 holds leaf hashes; each hash of row `r + 1` is the root of one full tile of row `r`.

use std::ops::Range;

use crate::digest::{Algorithm, Digest};

use super::{empty_root, parent, root, split};

/// How many hashes a full tile holds.
pub const TILE: usize = 1 << HEIGHT;

/// How many levels of the tree one row of tiles spans.
pub const HEIGHT: u32 = 8;

/// The root over the leaves of `range`, from the hashes that `read` gives as (row, index in that row).
///
/// The range must be one that stands in a proof: a node of a tree, so its start fits its width.
///
/// # Errors
/// Those of `read`.
pub fn node<H: Algorithm, E>(
    range: Range<u64>,
    read: &mut impl FnMut(u8, u64) -> Result<Digest, E>,
) -> Result<Digest, E> {
    let width = range.end - range.start;
    if width == 0 {
        return Ok(empty_root::<H>());
    }
    if !width.is_power_of_two() {
        let middle = range.start + (1 << split(width));
        let left = node::<H, E>(range.start..middle, read)?;
        return Ok(parent::<H>(&left, &node::<H, E>(middle..range.end, read)?));
    }
    let level = width.ilog2();
    let (row, above) = (level / HEIGHT, level % HEIGHT);
    let first = range.start >> (row * HEIGHT);
    let hashes = (first..first + (1 << above)).map(|index| read(row as u8, index)).collect::<Result<Vec<_>, E>>()?;
    Ok(root::<H>(&hashes))
}
