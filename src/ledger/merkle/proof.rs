//! Proofs that a part of a tree is in the tree, made and checked.
//!
//! All of them are one kind: the subtree over the leaves `start..end` belongs to the tree over `0..size`. A leaf is the
//! subtree `i..i + 1` (inclusion, RFC 6962 section 2.1.1), an older tree is the subtree `0..m` (consistency, section 2.1.2);
//! the general form is that of draft-ietf-plants-merkle-tree-certs.

use std::ops::Range;

use crate::digest::{Algorithm, Digest};

use super::{parent, split};

/// A proof that would be longer than this is no proof: no tree of 2⁶⁴ leaves is higher.
const MAX_LENGTH: usize = 65;

/// The ranges of leaves whose roots prove that leaf `index` is in the tree of `size` leaves, from the leaf to the root.
///
/// Nothing when the leaf is not in the tree.
#[must_use]
pub fn inclusion(index: u64, size: u64) -> Option<Vec<Range<u64>>> {
    (index < size).then(|| subtree(index..index + 1, size))
}

/// The ranges of leaves whose roots prove that the tree of `old` leaves is the beginning of that of `size` leaves.
///
/// Nothing when the older tree is empty or larger.
#[must_use]
pub fn consistency(old: u64, size: u64) -> Option<Vec<Range<u64>>> {
    (0 < old && old <= size).then(|| subtree(0..old, size))
}

/// Whether `proof` shows that the leaf with this hash is number `index` of the tree.
#[must_use]
pub fn proves_inclusion<H: Algorithm>(leaf: &Digest, index: u64, size: u64, root: &Digest, proof: &[Digest]) -> bool {
    index < size && proves_subtree::<H>(index..index + 1, leaf, size, root, proof)
}

/// Whether `proof` shows that the older tree is the beginning of the newer one; each is (size, root).
///
/// That an empty tree is the beginning of any other needs no proof, so none is accepted.
#[must_use]
pub fn proves_consistency<H: Algorithm>(old: (u64, &Digest), new: (u64, &Digest), proof: &[Digest]) -> bool {
    old.0 > 0 && proves_subtree::<H>(0..old.0, old.1, new.0, new.1, proof)
}

/// Whether `proof` shows that the subtree over `range` with this hash is part of the tree.
///
/// The subtree must be one that the tree could hold: not empty, and starting at a multiple of the power of two that it
/// fits into.
#[must_use]
pub fn proves_subtree<H: Algorithm>(
    range: Range<u64>,
    hash: &Digest,
    size: u64,
    root: &Digest,
    proof: &[Digest],
) -> bool {
    let is_possible = range.start < range.end && range.end <= size && proof.len() <= MAX_LENGTH;
    let width = || (range.end - range.start).checked_next_power_of_two();
    if !is_possible || width().is_none_or(|width| !range.start.is_multiple_of(width)) {
        return false;
    }
    let mut rest = proof;
    let found = rebuild::<H>(range, size, Some(hash), &mut rest);
    rest.is_empty() && found.is_some_and(|(part, whole)| part == *hash && whole == *root)
}

/// The ranges that prove a subtree: those beside the path to it, deepest first.
fn subtree(range: Range<u64>, size: u64) -> Vec<Range<u64>> {
    let mut beside = Vec::new();
    let (mut low, mut high, mut is_known) = (0, size, true);
    let Range { mut start, end } = range;
    while (start, end) != (low, high) {
        let middle = low + (1 << split(high - low));
        if end <= middle {
            beside.push(middle..high);
            high = middle;
        } else {
            beside.push(low..middle);
            low = middle;
            if start < middle {
                // The subtree lies on both sides; what is left of it on the right has a root that nobody knows yet.
                (start, is_known) = (middle, false);
            }
        }
    }
    if !is_known {
        beside.push(low..high);
    }
    beside.reverse();
    beside
}

/// Computes (root of the subtree, root of the whole) from a proof that is taken from its end.
fn rebuild<H: Algorithm>(
    range: Range<u64>,
    size: u64,
    known: Option<&Digest>,
    proof: &mut &[Digest],
) -> Option<(Digest, Digest)> {
    let Range { start, end } = range;
    if (start, end) == (0, size) {
        let hash = match known {
            Some(hash) => *hash,
            None => take_last(proof)?,
        };
        return Some((hash, hash));
    }
    let middle = 1 << split(size);
    let beside = take_last(proof)?;
    if end <= middle {
        let (part, whole) = rebuild::<H>(start..end, middle, known, proof)?;
        Some((part, parent::<H>(&whole, &beside)))
    } else if start >= middle {
        let (part, whole) = rebuild::<H>(start - middle..end - middle, size - middle, known, proof)?;
        Some((part, parent::<H>(&beside, &whole)))
    } else {
        let (part, whole) = rebuild::<H>(0..end - middle, size - middle, None, proof)?;
        Some((parent::<H>(&beside, &part), parent::<H>(&beside, &whole)))
    }
}

fn take_last(proof: &mut &[Digest]) -> Option<Digest> {
    let (last, rest) = proof.split_last()?;
    *proof = rest;
    Some(*last)
}
