//! Verifies a whole ledger: every entry, every hash, every file, every signature.

mod problem;
mod scan;

use jiff::Timestamp;

pub use problem::{Notice, Problem};

use crate::key::KeyId;
use crate::key::public::VerifyingKey;
use crate::ledger::history::History;
use crate::ledger::note::Checkpoint;
use crate::ledger::part::{self, Part};
use crate::ledger::reader::Reader;
use crate::ledger::store::{StoreError, View};

/// Problems that are listed; a ledger that is broken has more, and they say no more.
const MAX_PROBLEMS: usize = 50;

/// What a ledger is measured against.
#[derive(Debug, Clone)]
pub struct Trust<'a> {
    /// Whose ledger it should be; any if none is named.
    pub origin: Option<&'a str>,
    /// The time now.
    pub now: Timestamp,
    /// Keys that are trusted from elsewhere. When there are some, one of them must be among the first keys of the ledger.
    pub keys: &'a [VerifyingKey],
    /// Checkpoints of this ledger that were seen before or elsewhere.
    pub known: &'a [Checkpoint],
}

/// Who vouches for the newest checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signature {
    /// This key.
    By(KeyId),
    /// Nobody: whoever can write the ledger can rewrite it, unless its checkpoints are known elsewhere.
    None,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Verification {
    /// The newest checkpoint, when it can be read.
    pub checkpoint: Option<Checkpoint>,
    /// Who vouches for it.
    pub signature: Signature,
    /// What is wrong; nothing in an honest ledger.
    pub problems: Vec<Problem>,
    /// What is worth a word and not wrong.
    pub notices: Vec<Notice>,
}

impl Verification {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// Verifies all of a ledger.
///
/// # Errors
/// When the store cannot be read. A ledger that is damaged is no error but has problems.
pub fn verify(view: &dyn View, trust: &Trust<'_>) -> Result<Verification, StoreError> {
    let mut found =
        Verification { checkpoint: None, signature: Signature::None, problems: Vec::new(), notices: Vec::new() };
    let reader = match Reader::open(view) {
        Ok(reader) => reader,
        Err(StoreError::Damaged(what)) => {
            found.report(Problem::Unreadable(what));
            return Ok(found);
        }
        Err(error) => return Err(error),
    };
    found.checkpoint = Some(reader.note().checkpoint.clone());
    check_origin(&reader, trust, &mut found);
    if reader.size() == 0 {
        found.report(Problem::Empty);
        return Ok(found);
    }
    check_files(&reader, &mut found)?;
    // A size that somebody made up must not keep us busy for years.
    if found.problems.iter().any(|problem| matches!(problem, Problem::TooLarge { .. })) {
        return Ok(found);
    }
    match History::new(reader.genesis()) {
        Ok(history) => {
            let history = scan::scan(&reader, trust, history, &mut found)?;
            check_signature(&reader, trust, &history, &mut found);
        }
        Err(error) => found.report(Problem::Unreadable(error.to_string())),
    }
    Ok(found)
}

fn check_origin(reader: &Reader<'_>, trust: &Trust<'_>, found: &mut Verification) {
    let origin = &reader.genesis().origin;
    if let Some(wanted) = trust.origin.filter(|wanted| wanted != origin) {
        found.report(Problem::Origin { found: origin.clone(), wanted: wanted.to_owned() });
    }
}

/// Every file that belongs to the ledger is there, and no other.
fn check_files(reader: &Reader<'_>, found: &mut Verification) -> Result<(), StoreError> {
    let size = reader.size();
    let mut belonging = 0;
    for path in reader.view().paths()? {
        match Part::parse(&path) {
            Some(part) if part.belongs(size) => belonging += 1,
            Some(_) if reader.view().may_hold_leftovers() => found.notices.push(Notice::Leftover(path)),
            _ => found.report(Problem::Unexpected(path)),
        }
    }
    let wanted = part::count(size);
    if belonging < wanted {
        let missing = wanted - belonging;
        found.report(if missing > belonging.max(4) {
            Problem::TooLarge { size, files: belonging }
        } else {
            Problem::Missing { files: missing }
        });
    }
    Ok(())
}

fn check_signature(reader: &Reader<'_>, trust: &Trust<'_>, history: &History, found: &mut Verification) {
    let note = reader.note();
    let signed = |key: &&VerifyingKey| note.is_signed_by(key);
    if history.is_signed() {
        match history.keys().find(signed) {
            Some(key) => found.signature = Signature::By(key.id()),
            None => found.report(Problem::Unsigned),
        }
        let first = reader.genesis().public_keys().unwrap_or_default();
        if !trust.keys.is_empty() && !first.is_empty() && !first.iter().any(|key| trust.keys.contains(key)) {
            found.report(Problem::ForeignKeys);
        }
    } else if let Some(key) = trust.keys.iter().find(signed) {
        found.signature = Signature::By(key.id());
    } else if note.is_signed() {
        found.notices.push(Notice::UnknownSigner);
    }
}
