//! What the ledger says about the past, and the lock that lies in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::{CliError, ledger};
use crate::ledger::entry::Entry;
use crate::ledger::reader::Reader;
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

/// All entries of a ledger; none when there is no ledger yet.
pub(crate) fn entries(book: &Book) -> Result<Vec<Entry>, CliError> {
    let Some(view) = book.store().view().map_err(ledger::store_error)? else { return Ok(Vec::new()) };
    let reader = Reader::open(&*view).map_err(ledger::store_error)?;
    reader.entries(0..reader.size()).map_err(ledger::store_error)
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
    fn entries(&self) -> Result<Vec<Entry>, Fault> {
        entries(self.book).map_err(|error| Fault::new(FaultKind::Refused, format!("the ledger: {}", error.message)))
    }

    /// Deploys of a target that ended well, with their commits, oldest first.
    pub(crate) fn good(&self, target: &Target) -> Result<Vec<(String, String)>, Fault> {
        let uri = event::uri(target);
        let (mut commits, mut live, mut good) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for entry in self.entries()? {
            let key = entry.deploy_key.clone().unwrap_or_default();
            if let Some(commit) = text(&entry, "commit").filter(|_| entry.topic == "deploy.initiated") {
                commits.insert(key.clone(), commit.to_owned());
            }
            if text(&entry, "target") != Some(&uri) {
                continue;
            }
            let is = |name: &str, words: &[&str]| text(&entry, name).is_some_and(|word| words.contains(&word));
            match entry.topic.as_str() {
                "chimera.deploy.complete" if is("result", &["live"]) => {
                    live.extend(text(&entry, "deploy_id").map(|id| (key, id.to_owned())));
                }
                "chimera.verify.complete" if is("verdict", &["pass", "warn"]) => {
                    let commit = commits.get(&key).cloned().unwrap_or_default();
                    good.extend(live.get(&key).map(|id| (id.clone(), commit)));
                }
                "chimera.rollback.complete" if is("result", &["rolled_back"]) => {
                    // What came back is the newest good one now.
                    if let Some(at) = good.iter().rposition(|(id, _)| text(&entry, "live") == Some(id)) {
                        let back = good.remove(at);
                        good.push(back);
                    }
                }
                _ => {}
            }
        }
        Ok(good)
    }

    /// The newest deploy of a target that runs of this ledger made live, or brought back, and the run that published it.
    pub(crate) fn published(&self, target: &Target) -> Result<Option<(String, String)>, Fault> {
        let uri = event::uri(target);
        let (mut keys, mut newest) = (BTreeMap::new(), None);
        for entry in self.entries()?.iter().filter(|entry| text(entry, "target") == Some(&uri)) {
            let is_good = |words: &[&str]| text(entry, "result").is_some_and(|word| words.contains(&word));
            let live = match entry.topic.as_str() {
                "chimera.deploy.complete" if is_good(&["live"]) => text(entry, "deploy_id"),
                "chimera.rollback.complete" if is_good(&["rolled_back"]) => text(entry, "live"),
                _ => None,
            };
            let Some(id) = live else { continue };
            let key = entry.deploy_key.clone().unwrap_or_default();
            let first = keys.entry(id.to_owned()).or_insert(key).clone();
            newest = Some((id.to_owned(), first));
        }
        Ok(newest)
    }

    /// When the certificate of a run expires.
    pub(crate) fn not_after(&self, deploy_key: &str) -> Result<Option<String>, Fault> {
        let is_it =
            |entry: &&Entry| entry.topic == "deploy.certified" && entry.deploy_key.as_deref() == Some(deploy_key);
        Ok(self.entries()?.iter().rfind(is_it).and_then(|entry| text(entry, "not_after").map(str::to_owned)))
    }
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
                && seconds(entry) + DAY > self.now
        };
        Ok(u32::try_from(self.entries()?.iter().filter(is_recent).count()).unwrap_or(u32::MAX))
    }

    fn is_used(&self, certificate: &str) -> Result<bool, Fault> {
        Ok(self.entries()?.iter().any(|entry| {
            entry.topic == "chimera.deploy.start"
                && text(entry, "step") == Some("publish")
                && text(entry, "certificate") == Some(certificate)
                && entry.deploy_key.as_deref() != Some(&self.deploy_key)
        }))
    }

    fn is_superseded(&self, _: &str) -> Result<bool, Fault> {
        Ok(false)
    }

    fn is_ours(&self, deploy: &str) -> Result<bool, Fault> {
        let is_it = |entry: &Entry| {
            let is_published = entry.topic == "chimera.deploy.complete" && text(entry, "result") == Some("live");
            let is_returned = entry.topic == "chimera.rollback.complete";
            (is_published && text(entry, "deploy_id") == Some(deploy))
                || (is_returned && text(entry, "live") == Some(deploy))
        };
        Ok(self.is_anything_ours || self.entries()?.iter().any(is_it))
    }

    fn may_return(&self, _: &str) -> bool {
        self.may_return
    }

    fn migration_since(&self, _: &str) -> Migration {
        Migration::Compatible
    }
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
    fn events(&self) -> Result<(Vec<LeaseEvent>, u64), Fault> {
        let failed = |error: CliError| Fault::new(FaultKind::Refused, format!("the lock: {}", error.message));
        let entries = entries(self.scribe.book).map_err(failed)?;
        let count = entries.len() as u64;
        let event = |entry: &Entry| {
            let number = |name: &str| entry.payload.get(name).and_then(Value::as_u64);
            let (holder, at) = (text(entry, "holder")?.to_owned(), seconds(entry));
            match entry.topic.as_str() {
                "chimera.lock.acquired" => Some(LeaseEvent::Taken {
                    holder,
                    fence: number("fence")?,
                    at,
                    until: at + number("ttl_ms")? / 1_000,
                }),
                "chimera.lock.released" => Some(LeaseEvent::Released { holder }),
                _ => None,
            }
        };
        Ok((entries.iter().filter_map(event).collect(), count))
    }

    fn standing(&self) -> Result<(Option<Lease>, u64), Fault> {
        let (events, count) = self.events()?;
        Ok((standing(&events), count))
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
            return Ok(Taken::Busy(other.holder));
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
