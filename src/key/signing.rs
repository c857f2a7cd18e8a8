//! The private half of a key pair.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use zeroize::Zeroizing;

use super::public::VerifyingKey;
use super::{KeyError, KeyId};

/// A private Ed25519 key; its bytes are wiped when it is dropped and never shown.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningKey({})", self.id())
    }
}

impl SigningKey {
    /// The key that grows from this seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> SigningKey {
        SigningKey(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// Reads a PKCS#8 PEM or the base64 of a 32-byte seed.
    ///
    /// # Errors
    /// When it is neither; the text is never repeated.
    pub fn parse(text: &str) -> Result<SigningKey, KeyError> {
        let text = text.trim();
        if text.starts_with("-----BEGIN") {
            return ed25519_dalek::SigningKey::from_pkcs8_pem(text).map(SigningKey).map_err(|_| KeyError::Private);
        }
        let mut seed = Zeroizing::new([0_u8; 33]);
        let length = STANDARD.decode_slice(text, seed.as_mut_slice()).map_err(|_| KeyError::Form)?;
        let seed = seed.get(..length).and_then(|seed| <&[u8; 32]>::try_from(seed).ok());
        seed.map(SigningKey::from_seed).ok_or(KeyError::Form)
    }

    /// The key as PKCS#8 PEM: version 1 of the format, the seed alone, which every tool reads.
    #[must_use]
    pub fn to_pem(&self) -> Zeroizing<String> {
        let pair = KeypairBytes { secret_key: self.0.to_bytes(), public_key: None };
        pair.to_pkcs8_pem(LineEnding::LF).expect("internal: 32 bytes always fit into PKCS#8")
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        VerifyingKey::of(self.0.verifying_key())
    }

    /// The name of the pair.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.public().id()
    }

    /// Signs the bytes (RFC 8032, Ed25519).
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}
