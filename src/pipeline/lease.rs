//! The lock of an environment: a lease with a number that grows with every owner.
//!
//! Two may ask at the same time: the ledger has an order, and the one that stands first in it is the owner. Whoever was asleep
//! while the lease ran out is refused before it can publish anything.

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
        /// When, in seconds since 1970.
        at: u64,
        /// When it runs out, in seconds since 1970.
        until: u64,
    },
    /// It was given back.
    Released {
        /// The run that had it.
        holder: String,
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

/// Who has the lock, or had it last and did not give it back.
#[must_use]
pub fn standing<'a>(events: impl IntoIterator<Item = &'a LeaseEvent>) -> Option<Lease> {
    let mut lease: Option<Lease> = None;
    for event in events {
        match event {
            LeaseEvent::Taken { holder, fence, at, until } => {
                let is_free = lease.as_ref().is_none_or(|now| now.holder == *holder || now.is_over(*at));
                if is_free {
                    let fence = lease.filter(|now| now.holder == *holder).map_or(*fence, |now| now.fence.max(*fence));
                    lease = Some(Lease { holder: holder.clone(), fence, until: *until });
                }
            }
            LeaseEvent::Released { holder } => {
                if lease.as_ref().is_some_and(|now| now.holder == *holder) {
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

    fn taken(holder: &str, fence: u64, at: u64) -> LeaseEvent {
        LeaseEvent::Taken { holder: holder.to_owned(), fence, at, until: at + 100 }
    }

    fn released(holder: &str) -> LeaseEvent {
        LeaseEvent::Released { holder: holder.to_owned() }
    }

    fn holder(events: &[LeaseEvent]) -> Option<String> {
        standing(events).map(|lease| lease.holder)
    }

    #[test]
    fn the_owner_has_it_until_it_gives_it_back() {
        assert_eq!(holder(&[taken("a", 1, 0)]).as_deref(), Some("a"));
        assert_eq!(holder(&[taken("a", 1, 0), released("a")]), None);
        assert_eq!(holder(&[taken("a", 1, 0), released("b")]).as_deref(), Some("a"));
    }

    #[test]
    fn of_two_that_ask_at_the_same_time_the_first_in_the_ledger_has_it() {
        assert_eq!(holder(&[taken("a", 1, 0), taken("b", 1, 0)]).as_deref(), Some("a"));
        assert_eq!(holder(&[taken("a", 1, 0), taken("b", 2, 99)]).as_deref(), Some("a"));
        assert_eq!(holder(&[taken("a", 1, 0), taken("b", 2, 100)]).as_deref(), Some("b"));
    }

    #[test]
    fn an_owner_that_was_asleep_neither_gets_it_back_nor_gives_it_away() {
        let events = [taken("a", 1, 0), taken("b", 2, 150), taken("a", 1, 160), released("a")];
        assert_eq!(
            standing(&events).map(|lease| (lease.holder, lease.fence, lease.until)),
            Some(("b".to_owned(), 2, 250))
        );
    }

    #[test]
    fn the_number_of_an_ownership_never_shrinks() {
        let events = [taken("a", 7, 0), taken("a", 3, 50)];
        assert_eq!(standing(&events).map(|lease| (lease.fence, lease.until)), Some((7, 150)));
    }
}
