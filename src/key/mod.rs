//! Keys: what signs, what verifies, and how both are written down.
//!
//! Ed25519 (RFC 8032) signs; HMAC-SHA256 is the labelled weaker level, which only holders of the secret can check. Nothing here
//! reads an environment or draws random numbers: secrets and seeds come in from the edge.

pub mod mac;
pub mod public;
pub mod ring;
pub mod signing;

use std::fmt;

use crate::digest::{Digest, hex, unhex};

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Neither of the two forms of a private key.
    #[error("the signing key is neither a PKCS#8 PEM (\"BEGIN PRIVATE KEY\") nor the base64 of a 32-byte seed")]
    Form,
    /// A PEM of another algorithm, or a damaged one.
    #[error("the PEM holds no usable Ed25519 private key; \"chimeractl key generate\" makes one")]
    Private,
    /// A public key that is damaged or of another algorithm.
    #[error("there is no Ed25519 public key in PEM form (\"BEGIN PUBLIC KEY\")")]
    Public,
    /// A key with which anything verifies.
    #[error("the public key is of small order, so that its signatures prove nothing")]
    Weak,
    /// A secret for HMAC that can be guessed.
    #[error("the HMAC secret has {0} bytes; at least {min} are needed", min = mac::MIN_BYTES)]
    Short(usize),
    /// A line above the PEM that cannot be understood.
    #[error("line {line}: {message}")]
    Line {
        /// Line, from 1.
        line: usize,
        /// What is wrong and what would be accepted.
        message: String,
    },
}

/// Names a public key: the first eight bytes of the SHA3-256 of its SubjectPublicKeyInfo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    /// The name of the key with this SubjectPublicKeyInfo (DER).
    #[must_use]
    pub fn of_spki(spki: &[u8]) -> KeyId {
        let digest = Digest::sha3(spki);
        let mut id = [0; 8];
        id.copy_from_slice(&digest.as_bytes()[..8]);
        KeyId(id)
    }

    /// Reads 16 hexadecimal digits in lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<KeyId> {
        unhex(text)?.try_into().ok().map(KeyId)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyId({self})")
    }
}

#[cfg(test)]
mod tests;
