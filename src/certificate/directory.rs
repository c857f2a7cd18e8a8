//! The digest of a directory, `chimera-dir-v1`: a Merkle root over one line a file, so that a single file can be proven to
//! belong to it.
//!
//! Line: `<sha3_256> SP <size> SP <100644|100755> SP <path> LF`, sorted by the bytes of the path. The twin for other tools has
//! SHA-256 in the lines and in the tree.

use sha2::Sha256;
use sha3::Sha3_256;

use crate::digest::{Algorithm, Digest, DigestSet};
use crate::ledger::merkle;

/// One file of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the directory, with `/`.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Whether it may be run.
    pub is_executable: bool,
    /// Digests of its content.
    pub digests: DigestSet,
}

impl File {
    fn line(&self, digest: &Digest) -> Vec<u8> {
        let mode = if self.is_executable { "100755" } else { "100644" };
        format!("{digest} {} {mode} {}\n", self.size, self.path).into_bytes()
    }
}

/// The digests of a directory with these files, in whatever order they come.
#[must_use]
pub fn digest(mut files: Vec<File>) -> DigestSet {
    files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
    let sha3 = root::<Sha3_256>(files.iter().map(|file| file.line(&file.digests.sha3_256)));
    let sha2 = root::<Sha256>(files.iter().map(|file| file.line(&file.digests.sha256)));
    DigestSet { sha3_256: sha3, sha256: sha2 }
}

fn root<H: Algorithm>(lines: impl Iterator<Item = Vec<u8>>) -> Digest {
    let leaves: Vec<Digest> = lines.map(|line| merkle::leaf::<H>(&line)).collect();
    merkle::root::<H>(&leaves)
}
