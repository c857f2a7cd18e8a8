//! What a ledger shows about a certificate: its place, and which deploys used it.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::certificate::bundle::Bundle;
use crate::certificate::verify::{Inclusion, Use};
use crate::cli::{CliError, ledger};
use crate::digest::Digest;
use crate::event::payload::{DeployCertified, DeployStart, Payload, RollbackTriggered};
use crate::key::KeyId;
use crate::key::ring::KeyRing;
use crate::ledger::entry::Entry;
use crate::ledger::note::Note;
use crate::ledger::reader::Reader;
use crate::ledger::store::StoreError;
use crate::store::book::{Book, BookError};
use crate::store::place::Place;
use crate::text::canonical;

/// A larger file is no proof.
const MAX_BYTES: usize = 1 << 20;

/// What was found.
#[derive(Default)]
pub(super) struct Evidence {
    /// The place of the certificate.
    pub(super) inclusion: Option<Inclusion>,
    /// The deploys that were published.
    pub(super) uses: Vec<Use>,
}

/// Who of the trusted keys signed the checkpoint; a revoked key signs nothing more.
fn signer(note: &Note, keys: &KeyRing) -> Option<KeyId> {
    let sound = keys.keys().iter().filter(|public| public.revoked.is_none());
    sound.map(|public| public.key).find(|key| note.is_signed_by(key)).map(|key| key.id())
}

/// Reads a ledger.
pub(super) fn of_ledger(root: &Path, place: &Place, bundle: &Bundle, keys: &KeyRing) -> Result<Evidence, CliError> {
    let environment = crate::report::certificate::extension_text(bundle, "environment").unwrap_or_default();
    let book = Book::open(root, &environment, place).map_err(ledger::error)?;
    let failed = |error: StoreError| ledger::error(BookError::Store(error));
    let Some(view) = book.store().view().map_err(failed)? else { return Ok(Evidence::default()) };
    let reader = Reader::open(&*view).map_err(failed)?;
    let lines = reader.lines(0..reader.size()).map_err(failed)?;
    let entries: Vec<Option<Entry>> = lines.iter().map(|line| Entry::parse(line).ok()).collect();
    let digest = bundle.links[2].digest().to_string();
    let is_own = |entry: &&Option<Entry>| {
        entry.as_ref().is_some_and(|entry| {
            entry.topic == DeployCertified::TOPIC.name
                && entry.payload.get("digest").and_then(Value::as_str) == Some(&digest)
        })
    };
    let mut evidence = Evidence { inclusion: None, uses: uses(entries.iter().flatten()) };
    if let Some(at) = entries.iter().position(|entry| is_own(&entry)) {
        let index = at as u64;
        evidence.inclusion = Some(Inclusion {
            origin: reader.genesis().origin.clone(),
            bytes: lines[at].clone(),
            index,
            size: reader.size(),
            root: reader.root(),
            proof: reader.inclusion(index).map_err(failed)?.unwrap_or_default(),
            signer: signer(reader.note(), keys),
        });
    }
    Ok(evidence)
}

/// Publishing uses a certificate; preparing does not.
fn uses<'a>(entries: impl Iterator<Item = &'a Entry> + Clone) -> Vec<Use> {
    let text = |entry: &Entry, key: &str| entry.payload.get(key).and_then(Value::as_str).map(str::to_owned);
    let is_rolled_back = |deploy_key: &Option<String>| {
        entries.clone().any(|entry| entry.topic == RollbackTriggered::TOPIC.name && entry.deploy_key == *deploy_key)
    };
    let published = entries.clone().filter(|entry| entry.topic == DeployStart::TOPIC.name);
    let published = published.filter(|entry| text(entry, "step").as_deref() == Some("publish"));
    let of = |entry: &Entry| Use {
        certificate: text(entry, "certificate"),
        deploy_key: entry.deploy_key.clone().unwrap_or_default(),
        is_rolled_back: is_rolled_back(&entry.deploy_key),
    };
    published.map(of).collect()
}

/// Reads a proof that `chimeractl ledger prove` has written.
pub(super) fn of_proof(path: &Path, keys: &KeyRing) -> Result<Inclusion, CliError> {
    let name = path.display();
    let bytes =
        std::fs::read(path).map_err(|error| CliError::unreadable(format!("\"{name}\" cannot be read: {error}")))?;
    let wrong = |what: &str| CliError::usage(format!("\"{name}\" is no proof of \"chimeractl ledger prove\": {what}"));
    if bytes.len() > MAX_BYTES {
        return Err(wrong("it is too large"));
    }
    let value = canonical::parse(&bytes).map_err(|error| wrong(&error.to_string()))?;
    let text =
        |key: &str| value.get(key).and_then(Value::as_str).ok_or_else(|| wrong(&format!("\"{key}\" is missing")));
    let note = Note::parse(text("checkpoint")?.as_bytes()).map_err(|error| wrong(&error.to_string()))?;
    let hash = |one: &Value| Some(Digest(STANDARD.decode(one.as_str()?).ok()?.try_into().ok()?));
    let proof = value.get("proof").and_then(Value::as_array).and_then(|list| list.iter().map(hash).collect());
    Ok(Inclusion {
        origin: note.checkpoint.origin.clone(),
        bytes: text("entry")?.as_bytes().to_vec(),
        index: value.get("index").and_then(Value::as_u64).ok_or_else(|| wrong("\"index\" is missing"))?,
        size: note.checkpoint.size,
        root: note.checkpoint.root,
        proof: proof.ok_or_else(|| wrong("\"proof\" is no list of hashes"))?,
        signer: signer(&note, keys),
    })
}
