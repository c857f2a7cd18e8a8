//! One line of the ledger: an event in canonical JSON, chained to the line before it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use sha3::Sha3_256;

use crate::digest::Digest;
use crate::ledger::merkle;
use crate::text::canonical::{self, CanonicalError};

/// Version of the form of an entry.
pub const VERSION: u32 = 1;

/// Largest payload in bytes, in canonical form.
pub const MAX_PAYLOAD: usize = 64 << 10;

/// Longest name (actor, topic, deploy key, state) in bytes.
const MAX_NAME: usize = 256;

/// Why something cannot be an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No canonical JSON.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Canonical JSON of another shape.
    #[error("the shape is wrong: {0}")]
    Shape(String),
    /// A version that nobody knows.
    #[error("version {0} is unknown; this program knows version {VERSION}")]
    Version(u32),
    /// The payload is too large.
    #[error("the payload has {0} bytes; at most {MAX_PAYLOAD} are accepted")]
    Payload(usize),
    /// A name is empty, too long, or holds control characters.
    #[error("\"{0}\" must have 1 to {MAX_NAME} bytes and no control characters")]
    Name(&'static str),
    /// The time has another form.
    #[error(
        "\"at\" is \"{0}\"; a time in UTC is accepted such as \"2026-11-20T10:00:00.123Z\", with 3 decimals at most"
    )]
    Time(String),
    /// The nonce is not the base64 of 16 bytes.
    #[error("\"nonce\" is not the base64 of 16 bytes")]
    Nonce,
    /// The link to the entry before is no digest.
    #[error("\"prev\" is not the SHA3-256 of the entry before")]
    Link,
}

/// The run of a workflow that made an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Its number.
    pub id: u64,
    /// Which attempt of it, from 1.
    pub attempt: u64,
}

/// A step of the state machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
}

/// What is to become an entry; its place in the ledger is not known yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Topic of the event.
    pub topic: String,
    /// Who caused it.
    pub actor: String,
    /// The workflow run that made it, if one did.
    pub run: Option<Run>,
    /// The deploy that it belongs to, if it belongs to one.
    pub deploy_key: Option<String>,
    /// The step of the state machine, if it is one.
    pub state: Option<Transition>,
    /// What the topic's schema says.
    pub payload: Map<String, Value>,
    /// Base64 of 16 random bytes: the name of this event, whatever happens on its way.
    pub nonce: String,
}

/// An entry as it stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Version of this form.
    pub v: u32,
    /// Topic of the event.
    pub topic: String,
    /// When it was appended: UTC, milliseconds at most.
    pub at: String,
    /// Its number, from 0.
    pub seq: u64,
    /// Who caused it.
    pub actor: String,
    /// The workflow run that made it, if one did.
    #[serde(deserialize_with = "present")]
    pub run: Option<Run>,
    /// The deploy that it belongs to, if it belongs to one.
    #[serde(deserialize_with = "present")]
    pub deploy_key: Option<String>,
    /// The step of the state machine, if it is one.
    #[serde(deserialize_with = "present")]
    pub state: Option<Transition>,
    /// What the topic's schema says.
    pub payload: Map<String, Value>,
    /// Base64 of 16 random bytes.
    pub nonce: String,
    /// SHA3-256 of the entry before; of `genesis.json` for the first.
    pub prev: String,
}

/// An entry and the bytes that are hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The entry.
    pub entry: Entry,
    /// Its canonical text, without a line break.
    pub bytes: Vec<u8>,
    /// Its hash as a leaf of the tree.
    pub leaf: Digest,
}

impl Sealed {
    /// What the entry after this one links to.
    #[must_use]
    pub fn link(&self) -> Digest {
        Digest::sha3(&self.bytes)
    }
}

/// A time as entries write it.
#[must_use]
pub fn time_text(at: Timestamp) -> String {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at).to_string()
}

/// The nonce made of these random bytes.
#[must_use]
pub fn nonce(random: &[u8; 16]) -> String {
    STANDARD.encode(random)
}

impl Draft {
    /// Gives the event its place.
    ///
    /// # Errors
    /// When the event cannot be an entry.
    pub fn seal(&self, at: Timestamp, seq: u64, prev: &Digest) -> Result<Sealed, EntryError> {
        let draft = self.clone();
        let entry = Entry {
            v: VERSION,
            topic: draft.topic,
            at: time_text(at),
            seq,
            actor: draft.actor,
            run: draft.run,
            deploy_key: draft.deploy_key,
            state: draft.state,
            payload: draft.payload,
            nonce: draft.nonce,
            prev: prev.to_string(),
        };
        let value = serde_json::to_value(&entry).map_err(|error| EntryError::Shape(error.to_string()))?;
        let bytes = canonical::write(&value)?.into_bytes();
        entry.check(bytes.len())?;
        let leaf = merkle::leaf::<Sha3_256>(&bytes);
        Ok(Sealed { entry, bytes, leaf })
    }
}

impl Entry {
    /// Reads one line, without its line break.
    ///
    /// # Errors
    /// When it is not canonical or not an entry.
    pub fn parse(bytes: &[u8]) -> Result<Entry, EntryError> {
        // Anything longer than this holds a payload that is too large; it need not be parsed to be refused.
        if bytes.len() > 2 * MAX_PAYLOAD {
            return Err(EntryError::Payload(bytes.len()));
        }
        let value = canonical::read(bytes)?;
        let entry: Entry = serde_json::from_value(value).map_err(|error| EntryError::Shape(error.to_string()))?;
        entry.check(bytes.len())?;
        Ok(entry)
    }

    /// When the entry was appended.
    ///
    /// # Errors
    /// When "at" has not the one form that is accepted.
    pub fn time(&self) -> Result<Timestamp, EntryError> {
        let wrong = || EntryError::Time(self.at.clone());
        let time: Timestamp = self.at.parse().map_err(|_| wrong())?;
        if time_text(time) == self.at { Ok(time) } else { Err(wrong()) }
    }

    /// Checks all that the types do not; `length` is that of the whole entry.
    fn check(&self, length: usize) -> Result<(), EntryError> {
        if self.v != VERSION {
            return Err(EntryError::Version(self.v));
        }
        name("topic", &self.topic)?;
        name("actor", &self.actor)?;
        self.deploy_key.iter().try_for_each(|key| name("deploy_key", key))?;
        self.state.iter().try_for_each(|state| name("state", &state.from).and_then(|()| name("state", &state.to)))?;
        self.time()?;
        let is_nonce = STANDARD.decode(&self.nonce).is_ok_and(|bytes| bytes.len() == 16);
        if !is_nonce {
            return Err(EntryError::Nonce);
        }
        Digest::parse(&self.prev).ok_or(EntryError::Link)?;
        let of_payload = || serde_json::to_string(&self.payload).map_or(usize::MAX, |text| text.len());
        let size = if length > MAX_PAYLOAD { of_payload() } else { length };
        if size > MAX_PAYLOAD { Err(EntryError::Payload(size)) } else { Ok(()) }
    }
}

fn name(what: &'static str, text: &str) -> Result<(), EntryError> {
    let is_fine = (1..=MAX_NAME).contains(&text.len()) && !text.chars().any(char::is_control);
    if is_fine { Ok(()) } else { Err(EntryError::Name(what)) }
}

/// Reads a member that must be written out, be it null: serde takes an absent one for null.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(reader: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(reader)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft() -> Draft {
        let payload = json!({"commit": "5d41402a", "environment": "production"});
        Draft {
            topic: "deploy.initiated".to_owned(),
            actor: "octocat".to_owned(),
            run: Some(Run { id: 7, attempt: 1 }),
            deploy_key: Some("dk_a".to_owned()),
            state: None,
            payload: payload.as_object().unwrap().clone(),
            nonce: nonce(&[7; 16]),
        }
    }

    fn sealed() -> Sealed {
        draft().seal("2026-11-20T10:00:00.123456Z".parse().unwrap(), 4, &Digest::sha3(b"before")).unwrap()
    }

    #[test]
    fn a_sealed_entry_is_read_back() {
        let sealed = sealed();
        assert_eq!(Entry::parse(&sealed.bytes).unwrap(), sealed.entry);
        assert_eq!(sealed.entry.at, "2026-11-20T10:00:00.123Z");
    }

    #[test]
    fn the_same_meaning_in_another_spelling_is_refused() {
        let text = String::from_utf8(sealed().bytes).unwrap();
        let changes = [
            ("\"seq\":4", "\"seq\":4.0"),
            ("\"seq\":4", "\"seq\": 4"),
            ("\"state\":null,", ""),
            ("\"seq\":4", "\"seq\":4,\"seq\":4"),
            ("octocat", "octoc\\u0061t"),
            ("10:00:00.123Z", "10:00:00.1230Z"),
            ("10:00:00.123Z", "10:00:00.123+00:00"),
            ("\"v\":1", "\"v\":2"),
            ("\"v\":1", "\"extra\":1,\"v\":1"),
        ];
        for (from, to) in changes {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            assert!(Entry::parse(changed.as_bytes()).is_err(), "{from} -> {to}");
        }
    }

    #[test]
    fn a_payload_of_64_kilobytes_is_taken_and_one_byte_more_is_not() {
        let of = |length: usize| {
            let mut draft = draft();
            draft.payload = json!({"a": "x".repeat(length - 8)}).as_object().unwrap().clone();
            draft.seal(Timestamp::UNIX_EPOCH, 0, &Digest::sha3(b""))
        };
        assert!(of(MAX_PAYLOAD).is_ok());
        assert_eq!(of(MAX_PAYLOAD + 1).unwrap_err(), EntryError::Payload(MAX_PAYLOAD + 1));
    }

    #[test]
    fn names_are_neither_empty_nor_endless_nor_do_they_hold_line_breaks() {
        for wrong in [String::new(), "x".repeat(257), "a\nb".to_owned()] {
            let draft = Draft { actor: wrong, ..draft() };
            let error = draft.seal(Timestamp::UNIX_EPOCH, 0, &Digest::sha3(b"")).unwrap_err();
            assert_eq!(error, EntryError::Name("actor"));
        }
    }

    #[test]
    fn a_nonce_has_sixteen_bytes() {
        for wrong in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAB=="] {
            let draft = Draft { nonce: wrong.to_owned(), ..draft() };
            assert_eq!(draft.seal(Timestamp::UNIX_EPOCH, 0, &Digest::sha3(b"")).unwrap_err(), EntryError::Nonce);
        }
    }
}
