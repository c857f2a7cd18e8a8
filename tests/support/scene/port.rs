//! Everybody whom a run asks, as the test tells them.

use std::cell::RefCell;
use std::rc::Rc;

use chimera::pipeline::guard::{Control, Migration};
use chimera::pipeline::input::{Certified, Healed, Simulated};
use chimera::pipeline::journal::{Journal, JournalError, Record};
use chimera::pipeline::lease::{LeaseEvent, Lock, Taken, standing};
use chimera::pipeline::order::Target;
use chimera::pipeline::platform::{Artifact, Fault, Piece};
use chimera::pipeline::port::{History, Subject, Verifier, Workshop};
use chimera::pipeline::verdict::Verdict;
use chimera::pipeline::world::{Millis, World};

use super::world::Clock;
use crate::netlify::State;

pub(crate) type Judge = Box<dyn Fn(&Subject, &State) -> Verdict>;

/// Simulates and certifies as it is told.
pub(crate) struct Shop {
    pub(crate) clock: Rc<Clock>,
    pub(crate) simulated: Vec<Simulated>,
    pub(crate) hangs: bool,
    pub(crate) certified: Certified,
    pub(crate) expires_at: Millis,
}

impl Workshop for Shop {
    fn simulate(&mut self, until: Millis) -> Result<Simulated, Fault> {
        if self.hangs {
            self.clock.now.set(until);
            return Ok(Simulated::TimedOut);
        }
        Ok(if self.simulated.is_empty() { Simulated::Clean } else { self.simulated.remove(0) })
    }
    fn heal(&mut self, _: Millis) -> Result<Healed, Fault> {
        Ok(Healed::Applied)
    }
    fn certify(&mut self, _: Millis) -> Result<Certified, Fault> {
        Ok(self.certified.clone())
    }
    fn is_certificate_valid(&self) -> bool {
        self.clock.now() < self.expires_at
    }
}

/// The publish directory.
pub(crate) struct Directory {
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) is_changed: bool,
}

impl Artifact for Directory {
    fn pieces(&self) -> Result<Vec<Piece>, Fault> {
        let piece = |(path, bytes): &(String, Vec<u8>)| Piece {
            path: path.clone(),
            sha1: crate::netlify::sha1_of(bytes),
            size: bytes.len() as u64,
        };
        Ok(self.files.iter().map(piece).collect())
    }
    fn read(&self, piece: &Piece) -> Result<Vec<u8>, Fault> {
        Ok(self.files.iter().find(|(path, _)| *path == piece.path).map(|(_, bytes)| bytes.clone()).unwrap_or_default())
    }
    fn is_as_certified(&self) -> Result<bool, Fault> {
        Ok(!self.is_changed)
    }
}

pub(super) struct Looker {
    pub(super) clock: Rc<Clock>,
    pub(super) state: Rc<RefCell<State>>,
    pub(super) judge: Judge,
    pub(super) control: Control,
}

impl Verifier for Looker {
    fn verify(&self, subject: &Subject, until: Millis) -> Verdict {
        self.clock.pause((until - self.clock.now()).min(5_000));
        (self.judge)(subject, &self.state.borrow())
    }
    fn control(&self, _: &Subject, _: Millis) -> Control {
        self.control
    }
}

/// What the ledger knows.
#[derive(Clone)]
pub(crate) struct Past {
    pub(crate) last_good: Option<String>,
    pub(crate) recent_returns: u32,
    pub(crate) is_used: bool,
    pub(crate) may_return: bool,
    pub(crate) migration: Migration,
}

impl History for Past {
    fn last_good(&self, _: &Target) -> Result<Option<String>, Fault> {
        Ok(self.last_good.clone())
    }
    fn recent_returns(&self, _: &Target) -> Result<u32, Fault> {
        Ok(self.recent_returns)
    }
    fn is_used(&self, _: &str) -> Result<bool, Fault> {
        Ok(self.is_used)
    }
    fn is_superseded(&self, _: &str) -> Result<bool, Fault> {
        Ok(false)
    }
    fn is_ours(&self, _: &str) -> Result<bool, Fault> {
        Ok(true)
    }
    fn may_return(&self, _: &str) -> bool {
        self.may_return
    }
    fn migration_since(&self, _: &str) -> Migration {
        self.migration
    }
}

/// Records, until it cannot.
#[derive(Default)]
pub(crate) struct Book {
    pub(crate) records: Vec<Record>,
    pub(crate) fails_at: Option<usize>,
}

pub(super) struct Writer {
    pub(super) clock: Rc<Clock>,
    pub(super) book: Rc<RefCell<Book>>,
}

impl Journal for Writer {
    fn append(&mut self, records: &[Record]) -> Result<(), JournalError> {
        let (happens, _) = self.clock.cross();
        if !happens {
            return Err(JournalError("dead".to_owned()));
        }
        let mut book = self.book.borrow_mut();
        if book.fails_at.is_some_and(|at| book.records.len() >= at) {
            return Err(JournalError("full".to_owned()));
        }
        book.records.extend(records.iter().cloned());
        Ok(())
    }
}

/// The lock of the environment.
pub(crate) struct Latch {
    pub(crate) clock: Rc<Clock>,
    pub(crate) events: Rc<RefCell<Vec<LeaseEvent>>>,
}

impl Lock for Latch {
    fn take(&mut self, holder: &str, span: Millis) -> Result<Taken, Fault> {
        let mut events = self.events.borrow_mut();
        let lease = standing(events.iter());
        if let Some(lease) = lease.filter(|lease| !lease.is_over(self.clock.unix()) && lease.holder != holder) {
            return Ok(Taken::Busy(lease.holder));
        }
        if !self.clock.cross().0 {
            return Ok(Taken::Ours(0));
        }
        let fence = events.len() as u64 + 1;
        let at = self.clock.unix();
        events.push(LeaseEvent::Taken { holder: holder.to_owned(), fence, at, until: at + span / 1_000 });
        Ok(Taken::Ours(fence))
    }
    fn renew(&mut self, fence: u64, _: Millis) -> Result<bool, Fault> {
        Ok(standing(self.events.borrow().iter()).is_some_and(|lease| lease.fence == fence))
    }
    fn release(&mut self, fence: u64) -> Result<(), Fault> {
        if self.clock.cross().0 {
            let mut events = self.events.borrow_mut();
            let ours = standing(events.iter()).filter(|lease| lease.fence == fence).map(|lease| lease.holder);
            events.extend(ours.map(|holder| LeaseEvent::Released { holder }));
        }
        Ok(())
    }
}
