//! The Merkle tree of RFC 6962, over any hash function.
//!
//! A leaf is hashed with the prefix 0, a node with the prefix 1; a list splits at the largest power of two below its
//! length (RFC 6962, section 2.1).

mod edge;
mod proof;
mod tile;

use crate::digest::{Algorithm, Digest};

pub use edge::{Edge, Full};
pub use proof::{consistency, inclusion, proves_consistency, proves_inclusion, proves_subtree};
pub use tile::{HEIGHT, TILE, node};

/// The root of a tree without leaves.
#[must_use]
pub fn empty_root<H: Algorithm>() -> Digest {
    Digest::of::<H>(&[])
}

/// The hash of a leaf.
#[must_use]
pub fn leaf<H: Algorithm>(bytes: &[u8]) -> Digest {
    Digest::of_parts::<H>(&[&[0], bytes])
}

/// The hash of a node above two others.
#[must_use]
pub fn parent<H: Algorithm>(left: &Digest, right: &Digest) -> Digest {
    Digest::of_parts::<H>(&[&[1], left.as_bytes(), right.as_bytes()])
}

/// The root over leaf hashes.
#[must_use]
pub fn root<H: Algorithm>(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root::<H>(),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(1 << split(leaves.len() as u64));
            parent::<H>(&root::<H>(left), &root::<H>(right))
        }
    }
}

/// The exponent of the largest power of two below `size`, which is at least 2.
fn split(size: u64) -> u32 {
    (size - 1).ilog2()
}

#[cfg(test)]
mod tests;
