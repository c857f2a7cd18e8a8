//! The tree against published vectors and against its definition.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::Sha256;
use sha3::Sha3_256;

use super::*;
use crate::digest::unhex;

/// The leaves of the test trees of Certificate Transparency.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

const SHA3_ROOTS: [&str; 9] = [
    "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
    "5d53469f20fef4f8eab52b88044ede69c77a6a68a60728609fc4a65ff531e7d0",
    "00aa2729e7518d75a0bddbc27a81792cba8eef7d1f4776db825ac648d53ff899",
    "1fb033ea975c1b122f83bab69ac3d599e22022483e6d59d8483664f4468a12e7",
    "989723635d78295ffead0c3d2cdc1124d7005a02f1fcb5e0738d27dd121dda7b",
    "b68ad310ac9dac7dbb4eed8f461feef36a300d5b8c069b9a147d7fb42e119371",
    "b41b1d6937a1dc9a427a59f86a243017ca22ca52e617319a22d333d668086457",
    "16e8656d265de9fb0275341f3813e0851caecd33653df1597f0cd39ce40a4564",
    "da799b626ea73f9f5e404ef56ddac189d7f8a4c00b5c317b6ed69463a441ae3f",
];

/// As published for SHA-256 (transparency-dev/merkle, `testonly/constants.go`).
const SHA256_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn check_roots<H: Algorithm>(wanted: &[&str]) {
    let leaves: Vec<Digest> = LEAVES.iter().map(|text| leaf::<H>(&unhex(text).unwrap())).collect();
    let mut edge = Edge::default();
    for (size, wanted) in wanted.iter().enumerate() {
        assert_eq!(root::<H>(&leaves[..size]).to_string(), *wanted, "{} of {size} leaves", H::NAME);
        assert_eq!(edge.root::<H>().to_string(), *wanted, "{} of {size} leaves, from the edge", H::NAME);
        if let Some(leaf) = leaves.get(size) {
            edge.push::<H>(*leaf, &mut Vec::new());
        }
    }
}

#[test]
fn the_published_roots_come_out_under_both_hash_functions() {
    check_roots::<Sha3_256>(&SHA3_ROOTS);
    check_roots::<Sha256>(&SHA256_ROOTS);
}

struct Vector(Value);

impl Vector {
    fn number(&self, key: &str) -> u64 {
        self.0[key].as_u64().unwrap()
    }

    fn is_valid(&self) -> bool {
        !self.0["wantErr"].as_bool().unwrap()
    }

    /// A hash; nothing when it does not have 32 bytes, which no proof of ours can hold.
    fn hash(&self, key: &str) -> Option<Digest> {
        // One vector compares two roots that are words: any two equal hashes say the same.
        if self.0[key] == "ZG9uJ3QgY2FyZSAy" { Some(leaf_of_another()) } else { hash(&self.0[key]) }
    }

    fn proof(&self) -> Option<Vec<Digest>> {
        self.0["proof"].as_array().map_or(Some(Vec::new()), |proof| proof.iter().map(hash).collect())
    }
}

fn hash(value: &Value) -> Option<Digest> {
    let bytes = STANDARD.decode(value.as_str().unwrap_or_default()).unwrap();
    bytes.try_into().ok().map(Digest)
}

fn vectors(text: &str, wanted: usize, check: impl Fn(&Vector, &[Digest]) -> Option<bool>) {
    assert_eq!(text.lines().count(), wanted);
    for line in text.lines() {
        let vector = Vector(serde_json::from_str(line).unwrap());
        let found = vector.proof().and_then(|proof| check(&vector, &proof)).unwrap_or(false);
        assert_eq!(found, vector.is_valid(), "{}", vector.0["name"]);
    }
}

#[test]
fn the_public_vectors_of_inclusion_are_decided_as_their_authors_say() {
    vectors(include_str!("../../../fixtures/ledger/merkle/inclusion.jsonl"), 98, |it, proof| {
        let (index, size) = (it.number("leafIdx"), it.number("treeSize"));
        Some(proves_inclusion::<Sha256>(&it.hash("leafHash")?, index, size, &it.hash("root")?, proof))
    });
}

#[test]
fn the_public_vectors_of_consistency_are_decided_as_their_authors_say() {
    vectors(include_str!("../../../fixtures/ledger/merkle/consistency.jsonl"), 98, |it, proof| {
        let (old, new) = (it.number("size1"), it.number("size2"));
        Some(proves_consistency::<Sha256>((old, &it.hash("root1")?), (new, &it.hash("root2")?), proof))
    });
}

#[test]
fn the_public_vectors_of_inclusion_in_subtrees_are_decided_as_their_authors_say() {
    vectors(include_str!("../../../fixtures/ledger/merkle/subtreeinclusion.jsonl"), 204, |it, proof| {
        let (index, start, end) = (it.number("leafIdx"), it.number("start"), it.number("end"));
        let is_subtree =
            start < end && start % (end - start).checked_next_power_of_two().unwrap_or(u64::MAX) == 0 && index >= start;
        let found = |leaf, root| proves_inclusion::<Sha256>(leaf, index - start, end - start, root, proof);
        Some(is_subtree && found(&it.hash("leafHash")?, &it.hash("root")?))
    });
}

#[test]
fn the_public_vectors_of_consistency_of_subtrees_are_decided_as_their_authors_say() {
    vectors(include_str!("../../../fixtures/ledger/merkle/subtreeconsistency.jsonl"), 118, |it, proof| {
        let (range, size) = (it.number("start")..it.number("end"), it.number("size"));
        let part = it.hash("root1")?;
        if range.is_empty() {
            // We have no use for proofs about nothing; their rule is that the hash is that of an empty tree.
            let is_empty = range.start == range.end && range.end <= size;
            return Some(is_empty && proof.is_empty() && part == empty_root::<Sha256>());
        }
        Some(proves_subtree::<Sha256>(range, &part, size, &it.hash("root2")?, proof))
    });
}

/// A tree whose tiles are kept, as a store keeps them.
#[derive(Default)]
struct Tree {
    edge: Edge,
    full: Vec<Full>,
    leaves: Vec<Digest>,
}

impl Tree {
    fn of(size: u64) -> Tree {
        let mut tree = Tree::default();
        for number in 0..size {
            let leaf = leaf::<Sha3_256>(&number.to_be_bytes());
            tree.edge.push::<Sha3_256>(leaf, &mut tree.full);
            tree.leaves.push(leaf);
        }
        tree
    }

    fn proof(&self, ranges: Vec<std::ops::Range<u64>>) -> Vec<Digest> {
        let tiles: BTreeMap<(u8, u64), &[Digest]> =
            self.full.iter().map(|tile| ((tile.row, tile.index), tile.hashes.as_slice())).collect();
        let mut read = |row: u8, index: u64| {
            let tile = tiles.get(&(row, index / TILE as u64)).copied();
            let tile = tile.unwrap_or_else(|| &self.edge.rows()[usize::from(row)]);
            Ok::<_, ()>(tile[(index % TILE as u64) as usize])
        };
        ranges.into_iter().map(|range| node::<Sha3_256, ()>(range, &mut read).unwrap()).collect()
    }
}

#[test]
fn every_proof_from_tiles_is_accepted_and_no_other_leaf_or_tree_is() {
    for size in [1, 2, 3, 7, 8, 255, 256, 257, 300, 512, 70_000] {
        let tree = Tree::of(size);
        let whole = tree.edge.root::<Sha3_256>();
        assert_eq!(whole, root::<Sha3_256>(&tree.leaves), "{size}");
        for index in (0..size).step_by((size as usize / 5).max(1)) {
            let proof = tree.proof(inclusion(index, size).unwrap());
            let leaf = &tree.leaves[index as usize];
            assert!(proves_inclusion::<Sha3_256>(leaf, index, size, &whole, &proof), "{index} of {size}");
            assert!(!proves_inclusion::<Sha3_256>(leaf, index + 1, size, &whole, &proof), "{index} of {size}");
            assert!(!proves_inclusion::<Sha256>(leaf, index, size, &whole, &proof) || size == 1);

            let old = root::<Sha3_256>(&tree.leaves[..=index as usize]);
            let proof = tree.proof(consistency(index + 1, size).unwrap());
            assert!(proves_consistency::<Sha3_256>((index + 1, &old), (size, &whole), &proof), "{index} of {size}");
            let wrong = leaf_of_another();
            assert!(!proves_consistency::<Sha3_256>((index + 1, &wrong), (size, &whole), &proof));
        }
    }
}

fn leaf_of_another() -> Digest {
    leaf::<Sha3_256>(b"another")
}

#[test]
fn no_proof_is_made_for_what_is_not_in_the_tree() {
    assert_eq!(inclusion(3, 3), None);
    assert_eq!(consistency(0, 3), None);
    assert_eq!(consistency(4, 3), None);
    assert!(!proves_consistency::<Sha3_256>((0, &empty_root::<Sha3_256>()), (3, &leaf_of_another()), &[]));
}

#[test]
fn an_edge_is_read_back_from_the_widths_of_its_rows() {
    for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537] {
        let tree = Tree::of(size);
        assert_eq!(Edge::from_rows(size, tree.edge.rows().to_vec()), Some(tree.edge.clone()), "{size}");
        assert_eq!(Edge::from_rows(size + 1, tree.edge.rows().to_vec()), None, "{size}");
    }
}

#[test]
fn huge_sizes_end_at_once() {
    let hash = leaf_of_another();
    let proof = vec![hash; 64];
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) + 1] {
        for index in [0, 1, size / 2, size - 1] {
            assert!(!proves_inclusion::<Sha3_256>(&hash, index, size, &hash, &proof));
            assert!(!proves_consistency::<Sha3_256>((index.max(1), &hash), (size, &hash), &proof));
            assert!(inclusion(index, size).unwrap().len() <= 64);
        }
    }
    assert!(!proves_subtree::<Sha3_256>(1..u64::MAX, &hash, u64::MAX, &hash, &proof));
}
