//! The index of a ledger: what it amounts to, and where each deploy stands in it. It is disposable: whoever finds it missing,
//! damaged or of another ledger builds it anew.

mod table;

use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::ledger::entry::Entry;
use crate::ledger::reader::Reader;
use crate::ledger::status::{Deploy, Status};
use crate::ledger::store::StoreError;
use crate::store::book::write;
use table::Table;

/// Version of the files; others are built anew.
const VERSION: u32 = 1;

/// Entries that are read at a time.
const AT_A_TIME: u64 = 4096;

/// Entries beyond which the table is built anew instead of being changed.
const MANY: u64 = 10_000;

/// The part that answers at once.
#[derive(Debug, Serialize, Deserialize)]
struct Summary {
    v: u32,
    origin: String,
    size: u64,
    root: String,
    status: Status,
}

/// Where an index lies.
#[derive(Debug, Clone)]
pub struct Index {
    folder: Option<PathBuf>,
}

impl Index {
    /// The index in this folder, which need not exist; without a folder, it is built each time and kept nowhere.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Index {
        Index { folder }
    }

    fn file(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(name))
    }

    fn summary(&self) -> Option<Summary> {
        let bytes = fs::read(self.file("summary.json")?).ok()?;
        serde_json::from_slice(&bytes).ok().filter(|summary: &Summary| summary.v == VERSION)
    }

    /// The sum of the ledger: from the index when it is of this state, else after reading what is new.
    ///
    /// # Errors
    /// When the ledger cannot be read. An index that cannot be written is none.
    pub fn status(&self, reader: &Reader<'_>) -> Result<Status, StoreError> {
        match self.summary().filter(|old| is_of(old, reader)) {
            Some(now) => Ok(now.status),
            None => self.renew(reader).map(|(status, _)| status),
        }
    }

    /// Brings the index up to date: reads what is new, or everything.
    fn renew(&self, reader: &Reader<'_>) -> Result<(Status, Table), StoreError> {
        let size = reader.size();
        let old = self.summary().filter(|old| old.origin == reader.genesis().origin && old.size <= size);
        if let Some(old) = old.filter(|old| size - old.size < MANY) {
            // Only an older state of this very ledger is continued.
            let is_older = reader.root_at(old.size)?.is_some_and(|found| found.to_string() == old.root);
            if let Some(table) = self.file("deploys").and_then(|path| Table::open(path, old.size)).filter(|_| is_older)
            {
                return self.build(reader, old.size, old.status, table);
            }
        }
        self.build(reader, 0, Status::default(), Table::new(self.file("deploys")))
    }

    fn build(
        &self,
        reader: &Reader<'_>,
        from: u64,
        mut status: Status,
        mut table: Table,
    ) -> Result<(Status, Table), StoreError> {
        let size = reader.size();
        let mut at = from;
        while at < size {
            for entry in reader.entries(at..at + AT_A_TIME)? {
                let is_new = entry.deploy_key.as_ref().is_some_and(|key| table.put(key, entry.seq));
                status.apply(&entry, is_new);
            }
            at += AT_A_TIME;
        }
        let (origin, root) = (reader.genesis().origin.clone(), reader.root().to_string());
        let summary = Summary { v: VERSION, origin, size, root, status };
        if let Some(path) = self.file("summary.json").filter(|_| table.save(size).is_ok()) {
            let _ = write(&path, &serde_json::to_vec(&summary).unwrap_or_default());
        }
        Ok((summary.status, table))
    }

    /// One deploy: its first and its last entry, however many deploys there are.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn deploy(&self, reader: &Reader<'_>, key: &str) -> Result<Option<Deploy>, StoreError> {
        let is_now = self.summary().is_some_and(|summary| is_of(&summary, reader));
        let path = self.file("deploys").filter(|_| is_now);
        let found = match path.and_then(|path| Table::lookup(&path, reader.size(), key)) {
            Some(found) => found,
            None => self.renew(reader)?.1.find(key),
        };
        let Some((first, last)) = found else { return Ok(None) };
        let (Some(first), Some(last)) = (one(reader, first)?, one(reader, last)?) else { return Ok(None) };
        // Two keys may have the same hash; the entries tell.
        let is_it = |entry: &Entry| entry.deploy_key.as_deref() == Some(key);
        Ok((is_it(&first) && is_it(&last)).then(|| {
            let mut deploy = Deploy::of(&first);
            deploy.take(&last);
            deploy
        }))
    }
}

/// Whether the summary is of this state.
fn is_of(summary: &Summary, reader: &Reader<'_>) -> bool {
    summary.origin == reader.genesis().origin
        && summary.size == reader.size()
        && summary.root == reader.root().to_string()
}

fn one(reader: &Reader<'_>, seq: u64) -> Result<Option<Entry>, StoreError> {
    Ok(reader.entries(seq..seq + 1)?.into_iter().next())
}
