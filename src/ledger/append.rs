//! Works out what an append writes: a pure step from a state and some events to a [`Batch`].

use jiff::{SignedDuration, Timestamp};
use sha3::Sha3_256;

use crate::digest::Digest;
use crate::key::public::VerifyingKey;
use crate::key::signing::SigningKey;
use crate::ledger::entry::{Draft, Entry, EntryError, Sealed};
use crate::ledger::genesis::{self, Genesis, GenesisError};
use crate::ledger::history::{ADDED, History, REVOKED};
use crate::ledger::merkle::Edge;
use crate::ledger::note::Checkpoint;
use crate::ledger::part::BUNDLE;
use crate::ledger::reader::Reader;
use crate::ledger::secret::{Scanner, Secret};
use crate::ledger::store::{Batch, StoreError, View};

/// How far the clocks of two machines may differ.
pub const MAX_SKEW: SignedDuration = SignedDuration::from_secs(120);

/// Entries at the end among which an event is looked for that may have been appended before.
const LOOK_BACK: u64 = 2 * BUNDLE;

/// Why events cannot be appended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// An event that cannot be an entry.
    #[error("the event \"{topic}\" cannot be recorded: {error}")]
    Entry {
        /// Its topic.
        topic: String,
        /// What is wrong with it.
        error: EntryError,
    },
    /// An event that holds a secret, which would stay for ever.
    #[error("the event \"{topic}\" holds {what}, which would stay in the ledger for ever; nothing was written")]
    Secret {
        /// Its topic.
        topic: String,
        /// What it holds.
        what: String,
    },
    /// The ledger is of another repository or environment.
    #[error("this is the ledger of \"{found}\", not of \"{wanted}\"")]
    Origin {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        wanted: String,
    },
    /// The clock is behind the last entry.
    #[error("the clock says {now}, but the last entry is of {last}; set the clock right")]
    Clock {
        /// What the clock says.
        now: String,
        /// Time of the last entry.
        last: String,
    },
    /// The ledger is signed and there is no key.
    #[error("the ledger is signed, so an append needs the signing key")]
    NoKey,
    /// The key is none of the ledger's.
    #[error("key {0} may not sign this ledger; a \"key.added\" event, signed by a key that may, brings it in")]
    ForeignKey(String),
    /// The checkpoint that would be continued is not signed by a key of the ledger.
    #[error("the checkpoint is not signed by any key that may sign this ledger")]
    Unsigned,
    /// The first page cannot be written.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    /// The state cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who appends, when, to which ledger.
pub struct Append<'a> {
    /// Name of the ledger.
    pub origin: &'a str,
    /// The time now.
    pub now: Timestamp,
    /// The key that signs; none for a ledger without signatures.
    pub key: Option<&'a SigningKey>,
    /// Looks for secrets in events.
    pub scanner: &'a Scanner,
}

/// What is to be written.
#[derive(Debug)]
pub struct Plan {
    /// The batch; none when every event stands in the ledger already.
    pub batch: Option<Batch>,
    /// How many of the events stood in the ledger already.
    pub known: usize,
}

/// What is continued: the end of a ledger.
struct End {
    edge: Edge,
    link: Digest,
    time: Timestamp,
    expected: Option<String>,
}

impl Append<'_> {
    /// Works out how these events continue the state; events whose (deploy key, topic, nonce) stands among the last
    /// entries are left out.
    ///
    /// # Errors
    /// When the state is damaged, the key may not sign, or an event cannot be an entry.
    pub fn plan(&self, view: Option<&dyn View>, drafts: &[Draft]) -> Result<Plan, AppendError> {
        for draft in drafts {
            if let Some(Secret(what)) = self.scanner.find(draft) {
                return Err(AppendError::Secret { topic: draft.topic.clone(), what });
            }
        }
        let (end, genesis, known) = match view {
            Some(view) => {
                let reader = Reader::open(view)?;
                let (end, recent) = self.check(&reader)?;
                (end, None, recent)
            }
            None => {
                let keys: Vec<VerifyingKey> = self.key.iter().map(|key| key.public()).collect();
                let page = Genesis::new(self.origin, &keys).to_bytes()?;
                let link = genesis::link(&page);
                (End { edge: Edge::default(), link, time: Timestamp::MIN, expected: None }, Some(page), Vec::new())
            }
        };
        let is_new = |draft: &&Draft| !known.iter().any(|line| is_same(line, draft));
        let fresh: Vec<&Draft> = drafts.iter().filter(is_new).collect();
        let known = drafts.len() - fresh.len();
        if fresh.is_empty() {
            return Ok(Plan { batch: None, known });
        }
        Ok(Plan { batch: Some(self.batch(end, genesis, &fresh)?), known })
    }

    /// Checks the state and reads its end: the last lines, and all that follows from the last one.
    fn check(&self, reader: &Reader<'_>) -> Result<(End, Vec<Vec<u8>>), AppendError> {
        let found = &reader.genesis().origin;
        if found != self.origin {
            return Err(AppendError::Origin { found: found.clone(), wanted: self.origin.to_owned() });
        }
        let edge = reader.edge()?;
        let size = reader.size();
        let recent = reader.lines(size.saturating_sub(LOOK_BACK)..size)?;
        let last = recent.last().ok_or_else(|| StoreError::Damaged("it has no entry".to_owned()))?;
        let entry = Entry::parse(last).map_err(|error| StoreError::Damaged(error.to_string()))?;
        let (link, time) = (Digest::sha3(last), entry.time().unwrap_or(Timestamp::MIN));
        self.check_keys(reader, &recent)?;
        if time > self.now.saturating_add(MAX_SKEW).unwrap_or(Timestamp::MAX) {
            return Err(AppendError::Clock { now: self.now.to_string(), last: time.to_string() });
        }
        let expected = Some(reader.view().revision());
        Ok((End { edge, link, time, expected }, recent))
    }

    /// The old checkpoint must hold, and the new one will.
    fn check_keys(&self, reader: &Reader<'_>, recent: &[Vec<u8>]) -> Result<(), AppendError> {
        let own = self.key.map(SigningKey::public);
        let first = reader.genesis().public_keys()?;
        let signed_by = |key: &VerifyingKey| reader.note().is_signed_by(key);
        // Mostly the keys of the first page decide. A key that was taken out cannot have signed the last checkpoint unless
        // the event that took it out is recent, so only a ledger whose keys changed is read from its beginning.
        let is_about_keys = |line: &Vec<u8>| [ADDED, REVOKED].iter().any(|topic| contains(line, "topic", topic));
        let is_quiet = !recent.iter().any(is_about_keys);
        if is_quiet && own.is_some_and(|own| first.contains(&own) && signed_by(&own)) {
            return Ok(());
        }
        let mut history = History::new(reader.genesis())?;
        let mut at = 0;
        while at < reader.size() {
            reader.entries(at..at + BUNDLE)?.iter().for_each(|entry| history.apply(entry));
            at += BUNDLE;
        }
        if history.is_signed() && !history.keys().any(signed_by) {
            return Err(AppendError::Unsigned);
        }
        match own {
            None if history.is_signed() => Err(AppendError::NoKey),
            Some(own) if history.is_signed() && !history.active().contains(&own) => {
                Err(AppendError::ForeignKey(own.id().to_string()))
            }
            _ => Ok(()),
        }
    }

    fn batch(&self, end: End, genesis: Option<Vec<u8>>, drafts: &[&Draft]) -> Result<Batch, AppendError> {
        let End { mut edge, mut link, time, expected } = end;
        let first = edge.size();
        let at = self.now.max(time);
        let mut full = Vec::new();
        let mut entries: Vec<Sealed> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let sealed = draft.seal(at, edge.size(), &link);
            let sealed = sealed.map_err(|error| AppendError::Entry { topic: draft.topic.clone(), error })?;
            link = sealed.link();
            edge.push::<Sha3_256>(sealed.leaf, &mut full);
            entries.push(sealed);
        }
        let checkpoint =
            Checkpoint { origin: self.origin.to_owned(), size: edge.size(), root: edge.root::<Sha3_256>() };
        let note = match self.key {
            Some(key) => checkpoint.signed(key),
            None => checkpoint.unsigned(),
        };
        Ok(Batch { expected, genesis, first, entries, full, rows: edge.rows().to_vec(), note })
    }
}

/// Whether the line is this event: the same name on the same deploy and topic.
fn is_same(line: &[u8], draft: &Draft) -> bool {
    // Few lines hold the nonce, so few are parsed.
    contains(line, "nonce", &draft.nonce)
        && Entry::parse(line).is_ok_and(|entry| {
            entry.nonce == draft.nonce && entry.topic == draft.topic && entry.deploy_key == draft.deploy_key
        })
}

/// Whether the line has such a member somewhere; the value holds nothing that JSON would escape.
fn contains(line: &[u8], name: &str, value: &str) -> bool {
    memchr::memmem::find(line, format!("\"{name}\":\"{value}\"").as_bytes()).is_some()
}
