//! What the ledger knows of earlier looks, and what it is told of this one.

use crate::cli::{CliError, ledger, random};
use crate::digest::Digest;
use crate::drift::live::Live;
use crate::drift::mac::Key;
use crate::drift::record::Record;
use crate::drift::{Drift, Field};
use crate::event::payload::{DriftDetected, DriftRecorded, Payload};
use crate::key::signing::SigningKey;
use crate::ledger::entry::{Draft, Entry, nonce};
use crate::ledger::reader::Reader;
use crate::store::book::Book;

/// What the ledger knows of a site.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What was noted when it was good.
    pub(super) record: Option<Record>,
    /// The entry of the record, and its time.
    pub(super) entry: Option<(u64, String)>,
    /// The deploy that runs of ours made live.
    pub(super) deploy: Option<String>,
    /// Whether a return of ours locked the site since it was recorded.
    pub(super) has_locked: bool,
}

/// Entries that are read at a time.
const PART: u64 = 1_000;

impl Memory {
    /// Reads the ledger from its end, as far as is needed; there need not be one.
    pub(super) fn read(book: &Book, target: &str) -> Result<Memory, CliError> {
        let mut memory = Memory::default();
        let Some(view) = book.store().view().map_err(ledger::store_error)? else { return Ok(memory) };
        let reader = Reader::open(&*view).map_err(ledger::store_error)?;
        let mut end = reader.size();
        while end > 0 && !(memory.entry.is_some() && memory.deploy.is_some()) {
            let start = end.saturating_sub(PART);
            let part = reader.entries(start..end).map_err(ledger::store_error)?;
            let own = part.iter().rev().filter(|entry| text(entry, "target") == Some(target));
            own.for_each(|entry| memory.recall(entry));
            end = start;
        }
        Ok(memory)
    }

    /// Takes what it does not know yet: the newest counts.
    fn recall(&mut self, entry: &Entry) {
        let said = |name: &str| text(entry, name).map(str::to_owned);
        self.has_locked |= self.entry.is_none() && entry.topic == "chimera.rollback.complete";
        match entry.topic.as_str() {
            "chimera.drift.recorded" if self.entry.is_none() => self.take_record(entry),
            "chimera.deploy.complete" if self.deploy.is_none() && text(entry, "result") == Some("live") => {
                self.deploy = said("deploy_id");
            }
            "chimera.rollback.complete" if self.deploy.is_none() && text(entry, "result") == Some("rolled_back") => {
                self.deploy = said("live");
            }
            _ => {}
        }
    }

    fn take_record(&mut self, entry: &Entry) {
        let Ok(payload) = serde_json::from_value::<DriftRecorded>(entry.payload.clone().into()) else { return };
        self.record = Some(Record::from_lines(&payload.key, payload.entries.iter().map(String::as_str)));
        self.entry = Some((entry.seq, entry.at.clone()));
    }
}

fn text<'a>(entry: &'a Entry, name: &str) -> Option<&'a str> {
    entry.payload.get(name)?.as_str()
}

/// Writes into the ledger.
pub(super) struct Scribe<'a> {
    /// The ledger.
    pub(super) book: &'a Book,
    /// The key that signs it.
    pub(super) key: Option<SigningKey>,
    /// The site.
    pub(super) target: &'a str,
}

impl Scribe<'_> {
    /// Records that drift was found; the same drift is recorded once.
    pub(super) fn detected(
        &self,
        memory: &Memory,
        live: &Live,
        drift: &Drift,
    ) -> Result<Option<(String, u64)>, CliError> {
        let fields: Vec<String> = drift.changed().map(named).collect();
        if fields.is_empty() {
            return Ok(None);
        }
        let since = memory.entry.as_ref().map_or(0, |(entry, _)| *entry);
        let what: Vec<String> = drift.changed().map(|field| format!("{field:?}")).collect();
        let name = format!("{} {since} {:?} {}", self.target, live.deploy, what.join("\n"));
        let payload = DriftDetected {
            target: self.target.to_owned(),
            expected: memory.deploy.clone(),
            found: live.deploy.clone(),
            fields: Some(fields),
        };
        self.append(&payload, Digest::sha3(name.as_bytes()))
    }

    /// Records what the platform says now.
    pub(super) fn recorded(&self, live: &Live, key: &Key) -> Result<Option<(String, u64)>, CliError> {
        let record = Record::of(live, key);
        let payload = DriftRecorded {
            target: self.target.to_owned(),
            key: record.key.clone(),
            deploy: live.deploy.clone(),
            entries: record.to_lines(),
        };
        self.append(&payload, Digest::sha3(&random::bytes::<16>()?))
    }

    fn append<P: Payload>(&self, payload: &P, name: Digest) -> Result<Option<(String, u64)>, CliError> {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&name.as_bytes()[..16]);
        let draft = Draft {
            topic: P::TOPIC.name.to_owned(),
            actor: ledger::actor(),
            run: ledger::workflow(),
            deploy_key: None,
            state: None,
            payload: payload.to_map(),
            nonce: nonce(&bytes),
        };
        let published = self.book.publish(vec![draft], self.key.as_ref(), &ledger::scanner()).map_err(ledger::error)?;
        if let Some((_, held)) = published.held.first() {
            let wrong = held.wrong.join("; ");
            return Err(CliError::unreadable(format!("the ledger did not take \"{}\": {wrong}", P::TOPIC.name)));
        }
        Ok(published.appended.entries.first().map(|sealed| (sealed.entry.topic.clone(), sealed.entry.seq)))
    }
}

/// The name of a field, on one line.
fn named(field: &Field) -> String {
    let name: String = field.name.chars().map(|letter| if letter.is_control() { '_' } else { letter }).collect();
    format!("{} {name}", field.kind.name())
}
