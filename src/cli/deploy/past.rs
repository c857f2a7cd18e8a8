//! What the ledger says about the past, and the lock that lies in it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::{CliError, ledger};
use crate::ledger::entry::Entry;
use crate::ledger::past;
use crate::ledger::reader::Reader;
use crate::ledger::store::StoreError;
use crate::pipeline::guard::Migration;
use crate::pipeline::lease::{Lease, LeaseEvent, Lock, Taken, standing};
use crate::pipeline::order::Target;
use crate::pipeline::platform::{Fault, FaultKind};
use crate::pipeline::port::History;
use crate::pipeline::world::{Millis, World};
use crate::store::book::Book;

use super::chronicle::Scribe;
use super::event;

/// A day in seconds.
const DAY: u64 = 24 * 60 * 60;
/// How far back the lock is looked for, in seconds: every lease from before has run out, and every quarrel about it has ended.
const LOCKS: u64 = 6 * 60 * 60;

fn moment(unix: u64) -> Timestamp {
    i64::try_from(unix).ok().and_then(|seconds| Timestamp::from_second(seconds).ok()).unwrap_or_default()
}

fn seconds(entry: &Entry) -> u64 {
    entry.time().ok().and_then(|time| u64::try_from(time.as_second()).ok()).unwrap_or_default()
}

fn text<'a>(entry: &'a Entry, name: &str) -> Option<&'a str> {
    entry.payload.get(name).and_then(Value::as_str)
}

/// The past of one environment.
pub(crate) struct Past<'a> {
    /// The ledger.
    pub(crate) book: &'a Book,
    /// The run that asks.
    pub(crate) deploy_key: String,
    /// The deploy to return to, as a person named it.
    pub(crate) named: Option<String>,
    /// Whatever is live counts as ours.
    pub(crate) is_anything_ours: bool,
    /// Somebody may bring an earlier deploy back.
    pub(crate) may_return: bool,
    /// Seconds since 1970.
    pub(crate) now: u64,
}

impl Past<'_> {
    fn look<T>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, StoreError>) -> Result<Option<T>, Fault> {
        ledger::look(self.book, work).map_err(fault)
    }

    /// The first and the last entry of a name; the index may have found another name's.
    fn find(&self, name: &str) -> Result<Vec<Entry>, Fault> {
        let found = self.look(|reader| {
            let Some((first, last)) = self.book.index().find(reader, name)? else { return Ok(Vec::new()) };
            Ok([reader.entries(first..first + 1)?, reader.entries(last..last + 1)?].concat())
        })?;
        let is_meant = |entry: &Entry| past::names(entry).iter().any(|own| own == name);
        Ok(found.into_iter().flatten().filter(is_meant).collect())
    }

    /// Deploys of a target that ended well, with their commits, oldest first.
    pub(crate) fn good(&self, target: &Target) -> Result<Vec<(String, String)>, Fault> {
        let mut past = self.look(|reader| self.book.index().past(reader))?.unwrap_or_default();
        let good = past.good.remove(&event::uri(target)).unwrap_or_default();
        Ok(good.into_iter().map(|good| (good.deploy, good.commit)).collect())
    }

    /// The newest deploy of a target that runs of this ledger made live, or brought back, and the run that published it.
    pub(crate) fn published(&self, target: &Target) -> Result<Option<(String, String)>, Fault> {
        let mut past = self.look(|reader| self.book.index().past(reader))?.unwrap_or_default();
        Ok(past.live.remove(&event::uri(target)).map(|live| (live.deploy, live.run)))
    }

    /// When the certificate of a run expires.
    pub(crate) fn not_after(&self, deploy_key: &str) -> Result<Option<String>, Fault> {
        let entries = self.find(&past::certified(deploy_key))?;
        Ok(entries.last().and_then(|entry| text(entry, "not_after").map(str::to_owned)))
    }
}

fn fault(error: CliError) -> Fault {
    Fault::new(FaultKind::Refused, format!("the ledger: {}", error.message))
}

impl History for Past<'_> {
    fn last_good(&self, target: &Target) -> Result<Option<String>, Fault> {
        if self.named.is_some() {
            return Ok(self.named.clone());
        }
        Ok(self.good(target)?.pop().map(|(id, _)| id))
    }

    fn recent_returns(&self, target: &Target) -> Result<u32, Fault> {
        let uri = event::uri(target);
        let is_recent = |entry: &&Entry| {
            // A run that began as a return was asked for by a person.
            entry.topic == "chimera.rollback.triggered"
                && text(entry, "target") == Some(&uri)
                && entry.state.as_ref().is_some_and(|state| !state.from.is_empty())
                && !entry.deploy_key.as_deref().unwrap_or_default().starts_with("rb_")
        };
        let entries = ledger::since(self.book, moment(self.now.saturating_sub(DAY))).map_err(fault)?;
        Ok(u32::try_from(entries.iter().filter(is_recent).count()).unwrap_or(u32::MAX))
    }

    fn is_used(&self, certificate: &str) -> Result<bool, Fault> {
        let entries = self.find(&past::used(certificate))?;
        Ok(entries.iter().any(|entry| entry.deploy_key.as_deref() != Some(&self.deploy_key)))
    }

    fn is_superseded(&self, _: &str) -> Result<bool, Fault> {
        Ok(false)
    }

    fn is_ours(&self, deploy: &str) -> Result<bool, Fault> {
        Ok(self.is_anything_ours || !self.find(&past::published(deploy))?.is_empty())
    }

    fn may_return(&self, _: &str) -> bool {
        self.may_return
    }

    fn migration_since(&self, _: &str) -> Migration {
        Migration::Compatible
    }
}

/// Who has the lock of an environment, or had it last and did not give it back.
pub(crate) fn lease(book: &Book, now: u64) -> Result<Option<Lease>, CliError> {
    let event = |entry: &Entry| {
        let number = |name: &str| entry.payload.get(name).and_then(Value::as_u64);
        let (holder, at) = (text(entry, "holder")?.to_owned(), seconds(entry));
        match entry.topic.as_str() {
            "chimera.lock.acquired" => {
                Some(LeaseEvent::Taken { holder, fence: number("fence")?, at, until: at + number("ttl_ms")? / 1_000 })
            }
            "chimera.lock.released" => Some(LeaseEvent::Released { holder }),
            _ => None,
        }
    };
    let entries = ledger::since(book, moment(now.saturating_sub(LOCKS)))?;
    Ok(standing(&entries.iter().filter_map(event).collect::<Vec<_>>()))
}

/// The lock of an environment, in its ledger.
pub(crate) struct LedgerLock<'a> {
    /// Writes events.
    pub(crate) scribe: &'a Scribe<'a>,
    /// The clock.
    pub(crate) world: &'a dyn World,
    /// The run that wants it.
    pub(crate) holder: String,
}

impl LedgerLock<'_> {
    fn standing(&self) -> Result<(Option<Lease>, u64), Fault> {
        let failed = |error: CliError| Fault::new(FaultKind::Refused, format!("the lock: {}", error.message));
        let lease = lease(self.scribe.book, self.world.unix()).map_err(failed)?;
        let count = ledger::look(self.scribe.book, |reader| Ok(reader.size())).map_err(failed)?;
        Ok((lease, count.unwrap_or_default()))
    }

    /// Whether the ledger says that a run is over.
    fn is_run_over(&self, key: &str) -> Result<bool, Fault> {
        let book = self.scribe.book;
        let is_over = ledger::look(book, |reader| {
            let is_known = book.index().find(reader, &past::recorded(key))?.is_some();
            Ok(is_known && !book.index().past(reader)?.open.contains(key))
        });
        is_over.map(|is_over| is_over == Some(true)).map_err(fault)
    }

    fn write(&self, topic: &str, payload: Value, count: u64) -> Result<(), Fault> {
        let name = format!("{count} {}", self.world.now());
        let draft = self.scribe.draft(topic, &self.holder, payload, &name);
        let failed = |error| Fault::new(FaultKind::Refused, format!("the lock cannot be recorded: {error}"));
        self.scribe.publish(vec![draft]).map_err(failed)
    }
}

impl Lock for LedgerLock<'_> {
    fn take(&mut self, holder: &str, span: Millis) -> Result<Taken, Fault> {
        self.holder = holder.to_owned();
        let (lease, count) = self.standing()?;
        if let Some(other) = lease.filter(|lease| lease.holder != holder && !lease.is_over(self.world.unix())) {
            if !self.is_run_over(&other.holder)? {
                return Ok(Taken::Busy(other.holder));
            }
            // It ended, and could not give the lock back any more.
            let payload = json!({"holder": other.holder, "fence": other.fence});
            self.write("chimera.lock.released", payload, count)?;
        }
        self.write("chimera.lock.acquired", json!({"holder": holder, "ttl_ms": span, "fence": count}), count)?;
        // Somebody may have been faster: the ledger knows who.
        match self.standing()?.0 {
            Some(lease) if lease.holder == holder => Ok(Taken::Ours(lease.fence)),
            Some(lease) => Ok(Taken::Busy(lease.holder)),
            None => Ok(Taken::Busy("nobody".to_owned())),
        }
    }

    fn renew(&mut self, fence: u64, span: Millis) -> Result<bool, Fault> {
        let (lease, count) = self.standing()?;
        let Some(lease) = lease.filter(|lease| lease.holder == self.holder && lease.fence == fence) else {
            return Ok(false);
        };
        if lease.until > self.world.unix() + span / 2_000 {
            return Ok(true);
        }
        let payload = json!({"holder": self.holder, "ttl_ms": span, "fence": fence});
        self.write("chimera.lock.acquired", payload, count)?;
        Ok(self.standing()?.0.is_some_and(|lease| lease.holder == self.holder))
    }

    fn release(&mut self, fence: u64) -> Result<(), Fault> {
        let (lease, count) = self.standing()?;
        if lease.is_none_or(|lease| lease.holder != self.holder) {
            return Ok(());
        }
        self.write("chimera.lock.released", json!({"holder": self.holder, "fence": fence}), count)
    }
}
