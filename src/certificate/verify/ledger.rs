//! Rule 6: the certificate has its place in a ledger whose checkpoint is signed.

use jiff::Timestamp;
use sha3::Sha3_256;

use crate::certificate::bundle::Bundle;
use crate::digest::Digest;
use crate::ledger::merkle;

use super::{Expectation, Outcome, Refusal};

/// What an entry of the ledger says about a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Name of the certificate.
    pub certificate: String,
    /// Digest of the last approval's payload.
    pub payload: Digest,
}

/// A place in a ledger, with the proof; the checkpoint's signature was verified by whoever read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The ledger.
    pub origin: String,
    /// The bytes of the entry.
    pub bytes: Vec<u8>,
    /// What they say.
    pub entry: Entry,
    /// When it was appended.
    pub at: Option<Timestamp>,
    /// Its number.
    pub index: u64,
    /// How many entries the checkpoint covers.
    pub size: u64,
    /// The root that the checkpoint signs.
    pub root: Digest,
    /// The hashes beside the path.
    pub proof: Vec<Digest>,
}

pub(super) fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Outcome {
    let Some(inclusion) = &expected.ledger else { return Ok((false, "no ledger is given".to_owned())) };
    let Inclusion { origin, bytes, entry, index, size, root, proof, .. } = inclusion;
    let refuse = |evidence: String| Err((Refusal::Invalid, evidence));
    if entry.payload != Digest::sha3(&bundle.links[2].envelope.payload) || entry.certificate != bundle.id() {
        return refuse(format!("entry {index} of \"{origin}\" is about another certificate"));
    }
    let leaf = merkle::leaf::<Sha3_256>(bytes);
    if !merkle::proves_inclusion::<Sha3_256>(&leaf, *index, *size, root, proof) {
        return refuse(format!("the proof of entry {index} does not lead to the root of \"{origin}\" at {size}"));
    }
    Ok((true, format!("entry {index} of {size} in \"{origin}\"")))
}
