//! The first page of a ledger: whose it is, which hash function it uses, which keys may sign it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::key::public::VerifyingKey;
use crate::text::canonical;

/// The one hash function, as genesis and checkpoints name it.
pub const HASH: &str = "sha3-256";

/// Why a text is no first page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("genesis.json: {0}")]
pub struct GenesisError(String);

/// The content of `genesis.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// Version of this form.
    pub v: u32,
    /// Name of the ledger: `github.com/OWNER/REPO/ENVIRONMENT`.
    pub origin: String,
    /// Name of the hash function.
    pub hash: String,
    /// The keys that may sign from the beginning: base64 of 32 bytes each. None: the ledger is unsigned until an event
    /// adds one.
    pub keys: Vec<String>,
}

impl Genesis {
    /// The first page of a new ledger.
    #[must_use]
    pub fn new(origin: &str, keys: &[VerifyingKey]) -> Genesis {
        let keys = keys.iter().map(key_text).collect();
        Genesis { v: 1, origin: origin.to_owned(), hash: HASH.to_owned(), keys }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it is not canonical or says something that this program does not know.
    pub fn parse(bytes: &[u8]) -> Result<Genesis, GenesisError> {
        let bytes =
            bytes.strip_suffix(b"\n").ok_or_else(|| GenesisError("the last line break is missing".to_owned()))?;
        let value = canonical::read(bytes).map_err(|error| GenesisError(error.to_string()))?;
        let genesis: Genesis = serde_json::from_value(value).map_err(|error| GenesisError(error.to_string()))?;
        if genesis.v != 1 || genesis.hash != HASH {
            let (version, hash) = (genesis.v, genesis.hash);
            return Err(GenesisError(format!(
                "version {version} with hash \"{hash}\" is unknown; 1 with \"{HASH}\" is"
            )));
        }
        check_origin(&genesis.origin)?;
        genesis.public_keys()?;
        Ok(genesis)
    }

    /// The file.
    ///
    /// # Errors
    /// When the origin has no canonical form or could not stand in a checkpoint.
    pub fn to_bytes(&self) -> Result<Vec<u8>, GenesisError> {
        check_origin(&self.origin)?;
        let value = serde_json::to_value(self).map_err(|error| GenesisError(error.to_string()))?;
        let text = canonical::write(&value).map_err(|error| GenesisError(error.to_string()))?;
        Ok((text + "\n").into_bytes())
    }

    /// The keys.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn public_keys(&self) -> Result<Vec<VerifyingKey>, GenesisError> {
        let read = |text: &String| parse_key(text).ok_or_else(|| GenesisError(format!("\"{text}\" is no public key")));
        self.keys.iter().map(read).collect()
    }
}

/// A public key as genesis and events write it.
#[must_use]
pub fn key_text(key: &VerifyingKey) -> String {
    STANDARD.encode(key.as_bytes())
}

/// Reads a public key as genesis and events write it.
#[must_use]
pub fn parse_key(text: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = STANDARD.decode(text).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

/// What the first entry links to.
#[must_use]
pub fn link(bytes: &[u8]) -> Digest {
    Digest::sha3(bytes)
}

fn check_origin(origin: &str) -> Result<(), GenesisError> {
    let is_fine = (1..=512).contains(&origin.len()) && !origin.chars().any(|c| c.is_control() || c == '+');
    if is_fine { Ok(()) } else { Err(GenesisError(format!("\"{origin}\" cannot be the name of a ledger"))) }
}
