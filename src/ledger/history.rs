//! The keys that may sign a ledger, as the ledger itself tells it.

use crate::key::KeyId;
use crate::key::public::VerifyingKey;
use crate::ledger::entry::Entry;
use crate::ledger::genesis::{Genesis, GenesisError, parse_key};

/// Topic of the event that brings a key in; its payload has "keyid" and "public".
pub const ADDED: &str = "key.added";

/// Topic of the event that takes a key out; its payload has "keyid".
pub const REVOKED: &str = "key.revoked";

/// The keys at one place of the ledger.
#[derive(Debug, Clone, Default)]
pub struct History {
    active: Vec<VerifyingKey>,
    /// Those before the events about keys that stand at the very end: whoever added or revoked a key signed with them.
    before: Vec<VerifyingKey>,
    is_signed: bool,
}

impl History {
    /// The keys of the first page.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn new(genesis: &Genesis) -> Result<History, GenesisError> {
        let active = genesis.public_keys()?;
        Ok(History { is_signed: !active.is_empty(), before: active.clone(), active })
    }

    /// Takes the next entry.
    pub fn apply(&mut self, entry: &Entry) {
        let text = |name: &str| entry.payload.get(name).and_then(|value| value.as_str());
        match entry.topic.as_str() {
            ADDED => {
                let added = text("public").and_then(parse_key);
                self.active.extend(added.filter(|key| text("keyid").and_then(KeyId::parse) == Some(key.id())));
                self.is_signed |= !self.active.is_empty();
            }
            REVOKED => {
                let revoked = text("keyid").and_then(KeyId::parse);
                self.active.retain(|key| Some(key.id()) != revoked);
            }
            _ => self.before.clone_from(&self.active),
        }
    }

    /// Whether checkpoints must be signed: some key was named once.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.is_signed
    }

    /// The keys that may have signed a checkpoint at this place.
    pub fn keys(&self) -> impl Iterator<Item = &VerifyingKey> {
        self.active.iter().chain(&self.before)
    }

    /// The keys that may sign the next entry.
    #[must_use]
    pub fn active(&self) -> &[VerifyingKey] {
        &self.active
    }
}
