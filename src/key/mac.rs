//! The weaker level: a shared secret. It shows that nothing was changed, to those who hold the secret, and not by whom.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::digest::hex;

use super::KeyError;

/// The least length of a secret: 128 bits, if they are random.
pub const MIN_BYTES: usize = 16;

/// What the names of shared secrets begin with.
pub const PREFIX: &str = "hmac:";

/// A shared secret; its bytes are wiped when it is dropped and never shown.
pub struct SharedSecret(Zeroizing<Vec<u8>>);

impl fmt::Debug for SharedSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SharedSecret({})", self.id())
    }
}

impl SharedSecret {
    /// Takes the bytes of a text, without white space around it.
    ///
    /// # Errors
    /// When it is too short to be a secret.
    pub fn parse(text: &str) -> Result<SharedSecret, KeyError> {
        let bytes = Zeroizing::new(text.trim().as_bytes().to_vec());
        if bytes.len() < MIN_BYTES { Err(KeyError::Short(bytes.len())) } else { Ok(SharedSecret(bytes)) }
    }

    /// A name for the secret that does not tell it: `hmac:` and eight bytes of a MAC over a fixed text.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{PREFIX}{}", hex(&self.sign(b"chimera-hmac-keyid")[..8]))
    }

    /// HMAC-SHA256 of the bytes (RFC 2104).
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 32] {
        self.mac(bytes).finalize().into_bytes().into()
    }

    /// Whether this is the MAC of the bytes; takes the same time for every wrong one.
    #[must_use]
    pub fn verify(&self, bytes: &[u8], mac: &[u8]) -> bool {
        self.mac(bytes).verify_slice(mac).is_ok()
    }

    fn mac(&self, bytes: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("internal: HMAC takes keys of every length");
        mac.update(bytes);
        mac
    }
}
