//! Keyed hashes: what stands for the value of a variable where values must not stand.

use sha3::{Digest as _, Sha3_256};
use zeroize::Zeroizing;

use crate::digest::{Digest, hex};

/// Bytes of a block of SHA3-256 (FIPS 202).
const BLOCK: usize = 136;

/// Length of the least key: 128 bits, if they are random.
pub const MIN_BYTES: usize = 16;

/// The key of a repository; its bytes are wiped when it is dropped and never shown.
pub struct Key(Zeroizing<[u8; BLOCK]>);

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Key({})", self.id())
    }
}

impl Key {
    /// Takes the bytes of a key; `None` when there are too few.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Key> {
        (bytes.len() >= MIN_BYTES).then(|| Key::of(bytes))
    }

    /// A key for one purpose, made out of a secret that serves others too.
    #[must_use]
    pub fn derived(secret: &[u8], purpose: &str) -> Option<Key> {
        Key::new(secret).map(|key| Key::of(key.mac(&[purpose.as_bytes()]).as_bytes()))
    }

    fn of(bytes: &[u8]) -> Key {
        let mut block = Zeroizing::new([0; BLOCK]);
        let hashed = Digest::sha3(bytes);
        let used = if bytes.len() > BLOCK { hashed.as_bytes().as_slice() } else { bytes };
        block[..used.len()].copy_from_slice(used);
        Key(block)
    }

    /// A name for the key that does not tell it.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&self.mac(&[b"chimera-drift-keyid"]).as_bytes()[..8])
    }

    /// HMAC-SHA3-256 (RFC 2104, FIPS 202) of the parts as one text.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> Digest {
        let pad = |byte: u8| Zeroizing::new(self.0.map(|own| own ^ byte));
        let mut inner = Sha3_256::new();
        inner.update(pad(0x36).as_slice());
        parts.iter().for_each(|part| inner.update(part));
        let mut outer = Sha3_256::new();
        outer.update(pad(0x5c).as_slice());
        outer.update(inner.finalize());
        Digest(outer.finalize().into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The examples of NIST for HMAC with SHA3-256: a short key, one of a block, a longer one.
    #[test]
    fn the_published_vectors_come_out() {
        let key = |length: u8| Key::new(&(0..length).collect::<Vec<u8>>()).unwrap();
        let short = key(32).mac(&[b"Sample message for ", b"keylen<blocklen"]);
        assert_eq!(short.to_string(), "4fe8e202c4f058e8dddc23d8c34e467343e23555e24fc2f025d598f558f67205");
        let block = key(136).mac(&[b"Sample message for keylen=blocklen"]);
        assert_eq!(block.to_string(), "68b94e2e538a9be4103bebb5aa016d47961d4d1aa906061313b557f8af2c3faa");
        let long = key(168).mac(&[b"Sample message for keylen>blocklen"]);
        assert_eq!(long.to_string(), "9bcf2c238e235c3ce88404e813bd2f3a97185ac6f238c63d6229a00b07974258");
    }

    #[test]
    fn a_key_is_neither_short_nor_shown() {
        assert!(Key::new(b"0123456789abcde").is_none());
        let key = Key::new(b"canary-canary-canary").unwrap();
        assert!(!format!("{key:?}").contains("canary"));
        assert_ne!(key.id(), Key::derived(b"canary-canary-canary", "x").unwrap().id());
    }
}
