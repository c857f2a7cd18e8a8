//! The lock of an environment: a lease with a number that grows with every owner.
//!
//! Whoever was asleep while the lease ran out has an old number, and is refused before it can publish anything.

use serde::{Deserialize, Serialize};

use crate::pipeline::platform::Fault;
use crate::pipeline::world::Millis;

/// What happened to the lock, as the ledger tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lock", rename_all = "kebab-case")]
pub enum LeaseEvent {
    /// It was taken, or taken for longer by who had it.
    Taken {
        /// The run that has it.
        holder: String,
        /// The number of this ownership.
        fence: u64,
        /// When it runs out, in seconds since 1970.
        until: u64,
    },
    /// It was given back.
    Released {
        /// The number of the ownership that ended.
        fence: u64,
    },
}

/// Who has the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The run.
    pub holder: String,
    /// The number of its ownership.
    pub fence: u64,
    /// When it runs out, in seconds since 1970.
    pub until: u64,
}

impl Lease {
    /// Says whether it ran out.
    #[must_use]
    pub fn is_over(&self, now: u64) -> bool {
        self.until <= now
    }
}

/// Who took the lock last and did not give it back.
#[must_use]
pub fn standing<'a>(events: impl IntoIterator<Item = &'a LeaseEvent>) -> Option<Lease> {
    let mut lease: Option<Lease> = None;
    for event in events {
        match event {
            LeaseEvent::Taken { holder, fence, until } => {
                // An old owner that wakes up does not get it back.
                if lease.as_ref().is_none_or(|now| now.fence <= *fence) {
                    lease = Some(Lease { holder: holder.clone(), fence: *fence, until: *until });
                }
            }
            LeaseEvent::Released { fence } => {
                if lease.as_ref().is_some_and(|now| now.fence == *fence) {
                    lease = None;
                }
            }
        }
    }
    lease
}

/// What came of asking for the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is ours, under this number.
    Ours(u64),
    /// Somebody else has it.
    Busy(String),
}

/// The lock of one environment.
pub trait Lock {
    /// Takes it if it is free or ran out; does not wait.
    ///
    /// # Errors
    /// When nobody can tell whose it is.
    fn take(&mut self, holder: &str, span: Millis) -> Result<Taken, Fault>;

    /// Keeps it for longer; says whether it was still ours.
    ///
    /// # Errors
    /// When nobody can tell whose it is.
    fn renew(&mut self, fence: u64, span: Millis) -> Result<bool, Fault>;

    /// Gives it back; if it is not ours any more, nothing happens.
    ///
    /// # Errors
    /// When it could not be done.
    fn release(&mut self, fence: u64) -> Result<(), Fault>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(holder: &str, fence: u64, until: u64) -> LeaseEvent {
        LeaseEvent::Taken { holder: holder.to_owned(), fence, until }
    }

    #[test]
    fn the_last_owner_has_it_until_it_gives_it_back() {
        let mut events = vec![taken("a", 1, 100)];
        assert_eq!(standing(&events).map(|lease| lease.holder), Some("a".to_owned()));
        events.push(LeaseEvent::Released { fence: 1 });
        assert_eq!(standing(&events), None);
    }

    #[test]
    fn an_owner_that_was_asleep_neither_gets_it_back_nor_gives_it_away() {
        let events = [taken("a", 1, 100), taken("b", 2, 300), taken("a", 1, 400), LeaseEvent::Released { fence: 1 }];
        assert_eq!(standing(&events).map(|lease| (lease.holder, lease.until)), Some(("b".to_owned(), 300)));
    }

    #[test]
    fn a_lease_runs_out_at_its_second() {
        let lease = Lease { holder: "a".to_owned(), fence: 1, until: 100 };
        assert!(!lease.is_over(99));
        assert!(lease.is_over(100));
    }
}
