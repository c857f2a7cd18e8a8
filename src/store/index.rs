//! The index of a ledger: what it amounts to, what a run has to know of the past, and where each deploy stands in it. It is
//! disposable: whoever finds it missing, damaged or of another ledger builds it anew.

mod table;

use std::fs;
use std::path::PathBuf;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ledger::entry::Entry;
use crate::ledger::past::{self, Past};
use crate::ledger::reader::Reader;
use crate::ledger::status::{Deploy, Status};
use crate::ledger::store::StoreError;
use crate::store::book::write;
use table::Table;

/// Version of the files; others are built anew.
const VERSION: u32 = 2;

/// Entries that are read at a time.
const AT_A_TIME: u64 = 4096;

/// Entries beyond which the table is built anew instead of being changed.
const MANY: u64 = 10_000;

/// Names of the files: two sums, and the table of names.
const STATUS: &str = "summary.json";
const PAST: &str = "past.json";
const TABLE: &str = "deploys";

/// A sum of a ledger, and of which state it is.
#[derive(Debug, Serialize, Deserialize)]
struct Summary<T> {
    v: u32,
    origin: String,
    size: u64,
    root: String,
    #[serde(rename = "status")]
    sum: T,
}

/// All that is worked out at once.
struct Built {
    status: Status,
    past: Past,
    table: Table,
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

    fn summary<T: DeserializeOwned>(&self, name: &str) -> Option<Summary<T>> {
        let bytes = fs::read(self.file(name)?).ok()?;
        serde_json::from_slice(&bytes).ok().filter(|summary: &Summary<T>| summary.v == VERSION)
    }

    /// The sum of the ledger: from the index when it is of this state, else after reading what is new.
    ///
    /// # Errors
    /// When the ledger cannot be read. An index that cannot be written is none.
    pub fn status(&self, reader: &Reader<'_>) -> Result<Status, StoreError> {
        match self.summary(STATUS).filter(|old| is_of(old, reader)) {
            Some(now) => Ok(now.sum),
            None => self.renew(reader).map(|built| built.status),
        }
    }

    /// What a run has to know of the runs before it, found like [`Index::status`].
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn past(&self, reader: &Reader<'_>) -> Result<Past, StoreError> {
        match self.summary(PAST).filter(|old| is_of(old, reader)) {
            Some(now) => Ok(now.sum),
            None => self.renew(reader).map(|built| built.past),
        }
    }

    /// The first and the last entry of a name, as [`past::names`] gives them; the key of a deploy is one, too. Two names may have
    /// the same hash, so that the entries have to be asked.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn find(&self, reader: &Reader<'_>, name: &str) -> Result<Option<(u64, u64)>, StoreError> {
        let is_now = self.summary::<Status>(STATUS).is_some_and(|summary| is_of(&summary, reader));
        let path = self.file(TABLE).filter(|_| is_now);
        match path.and_then(|path| Table::lookup(&path, reader.size(), name)) {
            Some(found) => Ok(found),
            None => Ok(self.renew(reader)?.table.find(name)),
        }
    }

    /// Brings the index up to date: reads what is new, or everything.
    fn renew(&self, reader: &Reader<'_>) -> Result<Built, StoreError> {
        let size = reader.size();
        let old = self.summary::<Status>(STATUS);
        let old = old.filter(|old| old.origin == reader.genesis().origin && old.size <= size && size - old.size < MANY);
        if let Some((old, past)) = old.zip(self.summary::<Past>(PAST)) {
            // Only an older state of this very ledger is continued.
            let is_older = past.root == old.root
                && past.size == old.size
                && reader.root_at(old.size)?.is_some_and(|found| found.to_string() == old.root);
            let table = self.file(TABLE).filter(|_| is_older).and_then(|path| Table::open(path, old.size));
            if let Some(table) = table {
                return self.build(reader, old.size, Built { status: old.sum, past: past.sum, table });
            }
        }
        let table = Table::new(self.file(TABLE));
        self.build(reader, 0, Built { status: Status::default(), past: Past::default(), table })
    }

    fn build(&self, reader: &Reader<'_>, from: u64, mut built: Built) -> Result<Built, StoreError> {
        let size = reader.size();
        let mut at = from;
        while at < size {
            for entry in reader.entries(at..at + AT_A_TIME)? {
                let is_new = entry.deploy_key.as_ref().is_some_and(|key| built.table.put(key, entry.seq));
                for name in past::names(&entry) {
                    built.table.put(&name, entry.seq);
                }
                built.status.apply(&entry, is_new);
                built.past.apply(&entry);
            }
            at += AT_A_TIME;
        }
        if built.table.save(size).is_ok() {
            // The past comes first: whoever finds the status of a state finds everything of it.
            self.write(PAST, reader, &built.past);
            self.write(STATUS, reader, &built.status);
        }
        Ok(built)
    }

    fn write<T: Serialize>(&self, name: &str, reader: &Reader<'_>, sum: &T) {
        let (origin, root) = (reader.genesis().origin.clone(), reader.root().to_string());
        let summary = Summary { v: VERSION, origin, size: reader.size(), root, sum };
        if let Some(path) = self.file(name) {
            let _ = write(&path, &serde_json::to_vec(&summary).unwrap_or_default());
        }
    }

    /// One deploy: its first and its last entry, however many deploys there are.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub fn deploy(&self, reader: &Reader<'_>, key: &str) -> Result<Option<Deploy>, StoreError> {
        let found = self.find(reader, key)?;
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
fn is_of<T>(summary: &Summary<T>, reader: &Reader<'_>) -> bool {
    summary.origin == reader.genesis().origin
        && summary.size == reader.size()
        && summary.root == reader.root().to_string()
}

fn one(reader: &Reader<'_>, seq: u64) -> Result<Option<Entry>, StoreError> {
    Ok(reader.entries(seq..seq + 1)?.into_iter().next())
}
