//! Appends until it works: whoever loses the race reads the new state and tries again.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

use crate::key::signing::SigningKey;
use crate::ledger::append::{Append, AppendError};
use crate::ledger::entry::{Draft, Sealed};
use crate::ledger::note::Checkpoint;
use crate::ledger::secret::Scanner;
use crate::ledger::store::{Store, StoreError};

/// How long to try, and how long to wait in between: a random time up to a limit that doubles.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// First limit.
    pub first: Duration,
    /// Highest limit.
    pub longest: Duration,
    /// When to give up.
    pub total: Duration,
}

impl Patience {
    /// For a store on this machine.
    pub const NEAR: Patience = Patience {
        first: Duration::from_millis(2),
        longest: Duration::from_millis(200),
        total: Duration::from_secs(60),
    };

    /// For a store behind a network.
    pub const FAR: Patience = Patience {
        first: Duration::from_millis(200),
        longest: Duration::from_secs(4),
        total: Duration::from_secs(120),
    };
}

/// What an append did.
#[derive(Debug, Clone)]
pub struct Appended {
    /// The entries, without those that stood there already.
    pub entries: Vec<Sealed>,
    /// How many events stood there already.
    pub known: usize,
    /// The checkpoint afterwards; none when nothing was written.
    pub checkpoint: Option<Checkpoint>,
}

/// Appends events to a ledger.
///
/// # Errors
/// When they cannot be appended, or others were faster until the patience was over.
pub fn append(
    store: &dyn Store,
    origin: &str,
    key: Option<&SigningKey>,
    scanner: &Scanner,
    drafts: &[Draft],
    patience: Patience,
) -> Result<Appended, AppendError> {
    let started = Instant::now();
    let mut limit = patience.first;
    loop {
        let turn = store.queue()?;
        let view = store.view()?;
        let plan = Append { origin, now: now(), key, scanner }.plan(view.as_deref(), drafts)?;
        drop(view);
        let Some(batch) = plan.batch else {
            return Ok(Appended { entries: Vec::new(), known: plan.known, checkpoint: None });
        };
        match store.commit(&batch) {
            Ok(()) => {
                let checkpoint = Some(batch.note.checkpoint);
                return Ok(Appended { entries: batch.entries, known: plan.known, checkpoint });
            }
            Err(StoreError::Conflict) if started.elapsed() < patience.total => {
                drop(turn);
                thread::sleep(limit.mul_f64(random_share()));
                limit = (limit * 2).min(patience.longest);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The time by the clock of this machine.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).ok().and_then(|time| Timestamp::from_millisecond(time).ok()).unwrap_or_default()
}

/// A random number from 0 to 1.
fn random_share() -> f64 {
    // Without randomness everybody waits equally long, which is slow and not wrong.
    f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}
