//! The keys that are trusted, each within its bounds.

use jiff::Timestamp;

use super::KeyId;
use super::public::PublicKey;

/// A set of public keys.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    keys: Vec<PublicKey>,
}

/// Whether some key of a ring signed the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// This one did, and is trusted for it at that time.
    By(KeyId),
    /// One did that is not trusted for it: why.
    Untrusted(String),
    /// None did.
    ByNone,
}

impl KeyRing {
    /// A ring of these keys.
    #[must_use]
    pub fn new(keys: Vec<PublicKey>) -> KeyRing {
        KeyRing { keys }
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }

    /// The key of this name.
    #[must_use]
    pub fn find(&self, id: KeyId) -> Option<&PublicKey> {
        self.keys.iter().find(|public| public.key.id() == id)
    }

    /// Says which key signed the bytes for this approval, and whether it is trusted for that at this time.
    #[must_use]
    pub fn verify(&self, approval: &str, at: Timestamp, bytes: &[u8], signature: &[u8]) -> Signed {
        let mut refused = Signed::ByNone;
        for public in self.keys.iter().filter(|public| public.key.verify(bytes, signature)) {
            let id = public.key.id();
            match public.distrust(at) {
                Some(reason) => refused = Signed::Untrusted(reason),
                None if public.may_sign(approval) => return Signed::By(id),
                None => refused = Signed::Untrusted(format!("key {id} may not sign \"{approval}\"")),
            }
        }
        refused
    }
}
