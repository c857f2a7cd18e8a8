//! Rule 6: the certificate has its place in a ledger whose checkpoint a trusted key signed.

use jiff::Timestamp;
use serde_json::Value;
use sha3::Sha3_256;

use crate::certificate::bundle::Bundle;
use crate::digest::Digest;
use crate::key::KeyId;
use crate::ledger::entry::Entry;
use crate::ledger::merkle;

use super::{Expectation, Outcome, Refusal};

/// The topic of entries about certificates.
const TOPIC: &str = "deploy.certified";

/// A place in a ledger, with the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inclusion {
    /// The ledger.
    pub origin: String,
    /// The bytes of the entry.
    pub bytes: Vec<u8>,
    /// Its number.
    pub index: u64,
    /// How many entries the checkpoint covers.
    pub size: u64,
    /// The root that the checkpoint signs.
    pub root: Digest,
    /// The hashes beside the path.
    pub proof: Vec<Digest>,
    /// Which trusted key signed the checkpoint.
    pub signer: Option<KeyId>,
}

impl Inclusion {
    /// Whether the proof leads to a root that a trusted key signed.
    fn is_proven(&self) -> bool {
        let leaf = merkle::leaf::<Sha3_256>(&self.bytes);
        self.signer.is_some()
            && merkle::proves_inclusion::<Sha3_256>(&leaf, self.index, self.size, &self.root, &self.proof)
    }

    /// When the entry was appended, if it is about this certificate and proven.
    pub(super) fn appended(&self, bundle: &Bundle) -> Option<Timestamp> {
        let entry = Entry::parse(&self.bytes).ok().filter(|entry| is_about(entry, bundle) && self.is_proven())?;
        entry.time().ok()
    }
}

fn is_about(entry: &Entry, bundle: &Bundle) -> bool {
    let text = |key: &str| entry.payload.get(key).and_then(Value::as_str);
    let digest = bundle.links[2].digest().to_string();
    entry.topic == TOPIC && text("digest") == Some(&digest) && text("certificate") == Some(&bundle.id())
}

pub(super) fn check(bundle: &Bundle, expected: &Expectation<'_>) -> Outcome {
    let Some(inclusion) = &expected.ledger else { return Ok((false, "no ledger is given".to_owned())) };
    let Inclusion { origin, bytes, index, size, .. } = inclusion;
    let refuse = |evidence: String| Err((Refusal::Invalid, evidence));
    let entry = match Entry::parse(bytes) {
        Ok(entry) => entry,
        Err(error) => return refuse(format!("entry {index} of \"{origin}\" is none: {error}")),
    };
    if !is_about(&entry, bundle) {
        return refuse(format!("entry {index} of \"{origin}\" is not about this certificate"));
    }
    let Some(signer) = inclusion.signer else {
        return refuse(format!("no trusted key signed the checkpoint of \"{origin}\" at {size}"));
    };
    if !inclusion.is_proven() {
        return refuse(format!("the proof of entry {index} does not lead to the root of \"{origin}\" at {size}"));
    }
    Ok((true, format!("entry {index} of {size} in \"{origin}\", signed by key {signer}, at {}", entry.at)))
}
