//! The public half of a key pair, and the file that says for how long and for what it is trusted.
//!
//! A file `.chimera/keys/<keyid>.pub` is a PEM ("BEGIN PUBLIC KEY", RFC 8410) with lines above it, which tools that read PEM
//! pass over (RFC 7468 §2):
//!
//! ```text
//! keyid: 0123456789abcdef
//! not_before: 2026-01-01T00:00:00Z
//! not_after: 2027-01-01T00:00:00Z
//! -----BEGIN PUBLIC KEY-----
//! ```

use std::fmt::{self, Write as _};

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePublicKey as _, EncodePublicKey as _};
use jiff::Timestamp;

use super::{KeyError, KeyId};

/// Where public keys lie in a repository.
pub const FOLDER: &str = ".chimera/keys";

/// How the names of their files end.
pub const EXTENSION: &str = "pub";

/// A public Ed25519 key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey {
    key: ed25519_dalek::VerifyingKey,
    id: KeyId,
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerifyingKey({})", self.id)
    }
}

impl VerifyingKey {
    pub(super) fn of(key: ed25519_dalek::VerifyingKey) -> VerifyingKey {
        let spki = key.to_public_key_der().expect("internal: 32 bytes always fit into a SubjectPublicKeyInfo");
        VerifyingKey { key, id: KeyId::of_spki(spki.as_bytes()) }
    }

    /// Reads 32 bytes.
    ///
    /// # Errors
    /// When they are no point of the curve, or one of small order.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<VerifyingKey, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::Public)?;
        if key.is_weak() { Err(KeyError::Weak) } else { Ok(VerifyingKey::of(key)) }
    }

    /// Reads a PEM; what stands above it is passed over.
    ///
    /// # Errors
    /// When it holds no Ed25519 key.
    pub fn from_pem(text: &str) -> Result<VerifyingKey, KeyError> {
        let start = text.find("-----BEGIN PUBLIC KEY-----").ok_or(KeyError::Public)?;
        let text = text[start..].replace("\r\n", "\n");
        let key = ed25519_dalek::VerifyingKey::from_public_key_pem(text.trim_end()).map_err(|_| KeyError::Public)?;
        VerifyingKey::from_bytes(key.as_bytes())
    }

    /// The key as PEM.
    #[must_use]
    pub fn to_pem(&self) -> String {
        self.key.to_public_key_pem(LineEnding::LF).expect("internal: 32 bytes always fit into a PEM")
    }

    /// The SubjectPublicKeyInfo (DER).
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        let spki = self.key.to_public_key_der().expect("internal: 32 bytes always fit into a SubjectPublicKeyInfo");
        spki.into_vec()
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The name of the key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// Whether this is a signature of the key over the bytes; malleable ones and points of small order are refused.
    #[must_use]
    pub fn verify(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let signature = ed25519_dalek::Signature::from_slice(signature);
        signature.is_ok_and(|signature| self.key.verify_strict(bytes, &signature).is_ok())
    }
}

/// A public key and how far it is trusted: the content of a `.pub` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The key.
    pub key: VerifyingKey,
    /// What it signed before is not trusted.
    pub not_before: Option<Timestamp>,
    /// What it signed after is not trusted.
    pub not_after: Option<Timestamp>,
    /// Since when it is revoked, and why.
    pub revoked: Option<(Timestamp, String)>,
    /// The approvals that it may sign, by their names; all of them when none is named.
    pub approvals: Vec<String>,
}

impl PublicKey {
    /// A key that is trusted for everything, from this time on if one is given.
    #[must_use]
    pub fn new(key: VerifyingKey, not_before: Option<Timestamp>) -> PublicKey {
        PublicKey { key, not_before, not_after: None, revoked: None, approvals: Vec::new() }
    }

    /// The name of its file.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.{EXTENSION}", self.key.id())
    }

    /// Why the key is not trusted at this time, if it is not.
    #[must_use]
    pub fn distrust(&self, at: Timestamp) -> Option<String> {
        let id = self.key.id();
        if let Some((since, reason)) = self.revoked.as_ref().filter(|(since, _)| at >= *since) {
            return Some(format!("key {id} is revoked since {since} ({reason})"));
        }
        if let Some(first) = self.not_before.filter(|first| at < *first) {
            return Some(format!("key {id} is not valid before {first}"));
        }
        let last = self.not_after.filter(|last| at > *last)?;
        Some(format!("key {id} is not valid after {last}"))
    }

    /// Whether the key may sign the approval of this name.
    #[must_use]
    pub fn may_sign(&self, approval: &str) -> bool {
        self.approvals.is_empty() || self.approvals.iter().any(|name| name == approval)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is wrong, or what is wrong with the key.
    pub fn parse(text: &str) -> Result<PublicKey, KeyError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut public = PublicKey::new(VerifyingKey::from_pem(text)?, None);
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with("-----BEGIN") {
                break;
            }
            if !line.is_empty() && !line.starts_with('#') {
                public.take(line).map_err(|message| KeyError::Line { line: at + 1, message })?;
            }
        }
        Ok(public)
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        let accepted = "keyid, not_before, not_after, revoked, approvals";
        let (name, value) = line.split_once(':').ok_or_else(|| format!("expected \"NAME: VALUE\" ({accepted})"))?;
        let (name, value) = (name.trim(), value.trim());
        match name {
            "keyid" if KeyId::parse(value) == Some(self.key.id()) => {}
            "keyid" => return Err(format!("the key below is \"{}\", not \"{value}\"", self.key.id())),
            "not_before" => self.not_before = Some(time(value)?),
            "not_after" => self.not_after = Some(time(value)?),
            "revoked" => {
                let (since, reason) = value.split_once(' ').unwrap_or((value, "no reason given"));
                self.revoked = Some((time(since)?, reason.trim().to_owned()));
            }
            "approvals" => {
                self.approvals = value.split(',').map(|name| name.trim().to_owned()).collect();
            }
            _ => return Err(format!("unknown name \"{name}\" (accepted: {accepted})")),
        }
        Ok(())
    }

    /// The file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = format!("keyid: {}\n", self.key.id());
        let mut line = |name: &str, value: Option<String>| {
            value.iter().for_each(|value| {
                let _ = writeln!(out, "{name}: {value}");
            });
        };
        line("not_before", self.not_before.map(|time| time.to_string()));
        line("not_after", self.not_after.map(|time| time.to_string()));
        line("revoked", self.revoked.as_ref().map(|(since, reason)| format!("{since} {}", one_line(reason))));
        line("approvals", (!self.approvals.is_empty()).then(|| self.approvals.join(", ")));
        out + &self.key.to_pem()
    }
}

fn time(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no time; write it as 2026-01-31T09:00:00Z"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
