//! Ledgers in PostgreSQL, for fleets: many writers, one server.
//!
//! Rows are only added, never changed (`schema.sql`), so a state is named by its size and reading it needs no transaction.
//! There is no TLS in this program: the server is on this machine, or a tunnel leads to it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Config, IsolationLevel, NoTls, Transaction};

use crate::ledger::entry::Sealed;
use crate::ledger::part::{self, BUNDLE, Part, Tile};
use crate::ledger::store::{Batch, Store, StoreError, View};

/// What makes the tables, to be run once by the owner of the database.
pub const SCHEMA: &str = include_str!("postgres/schema.sql");

/// A ledger in a database.
pub struct PostgresStore {
    origin: String,
    client: Mutex<Client>,
}

/// A state of it.
struct PostgresView<'a> {
    store: &'a PostgresStore,
    size: i64,
    revision: String,
}

/// Errors of the server name tables and rules; the address, which may hold a password, is never part of them.
fn failed(what: &str, error: &postgres::Error) -> StoreError {
    let reason = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    let hint = match error.code() {
        Some(code) if *code == SqlState::UNDEFINED_TABLE => "; `chimeractl ledger schema` prints what makes the tables",
        Some(code) if *code == SqlState::UNIQUE_VIOLATION => "; the same event stands in the ledger already",
        _ => "",
    };
    StoreError::Failed(format!("PostgreSQL cannot {what}: {reason}{hint}"))
}

/// Reads the address of a server.
///
/// # Errors
/// When it is none, or would send the password over a network in clear text.
pub fn parse_address(address: &str) -> Result<Config, String> {
    // The reason would repeat the address.
    let wrong = |_| "the address of the PostgreSQL server cannot be read; postgres://USER@HOST/DATABASE is accepted";
    let mut config: Config = address.parse().map_err(wrong)?;
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => ["localhost", "127.0.0.1", "::1"].contains(&name.as_str()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    let is_near = config.get_hosts().iter().all(is_here) && config.get_hostaddrs().iter().all(|it| it.is_loopback());
    if !is_near && config.get_ssl_mode() != SslMode::Disable {
        return Err(
            "this program speaks no TLS: use a tunnel to the PostgreSQL server, or say sslmode=disable where the \
                    network itself is trusted"
                .to_owned(),
        );
    }
    config.ssl_mode(SslMode::Disable).application_name("chimeractl");
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(10));
    }
    Ok(config)
}

impl PostgresStore {
    /// Connects to the ledger of this name.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub fn connect(config: &Config, origin: &str) -> Result<PostgresStore, StoreError> {
        let client = config.connect(NoTls).map_err(|error| failed("be reached", &error))?;
        Ok(PostgresStore { origin: origin.to_owned(), client: Mutex::new(client) })
    }

    fn client(&self) -> MutexGuard<'_, Client> {
        self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rows(&self, query: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<postgres::Row>, StoreError> {
        self.client().query(query, values).map_err(|error| failed("read the ledger", &error))
    }

    /// One value of one row, if there is such a row.
    fn bytes(&self, query: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.rows(query, values)?.first().map(|row| row.get(0)))
    }
}

const NEWEST: &str = "select size, root from ledger_checkpoint where origin = $1 order by size desc limit 1";

/// The newest state, as (size, name of the state).
fn state(rows: &[postgres::Row]) -> Option<(i64, String)> {
    let row = rows.first()?;
    let (size, root): (i64, Vec<u8>) = (row.get(0), row.get(1));
    Some((size, format!("{size}:{}", crate::digest::hex(&root))))
}

impl Store for PostgresStore {
    fn view(&self) -> Result<Option<Box<dyn View + '_>>, StoreError> {
        let found = state(&self.rows(NEWEST, &[&self.origin])?);
        Ok(found.map(|(size, revision)| Box::new(PostgresView { store: self, size, revision }) as Box<dyn View>))
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut client = self.client();
        let failed = |error: postgres::Error| failed("append", &error);
        let work = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start();
        let mut work = work.map_err(failed)?;
        let lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
        work.execute(lock, &[&self.origin]).map_err(failed)?;
        let now = state(&work.query(NEWEST, &[&self.origin]).map_err(failed)?).map(|(_, revision)| revision);
        if now != batch.expected {
            return Err(StoreError::Conflict);
        }
        insert(&mut work, &self.origin, batch).map_err(failed)?;
        work.commit().map_err(failed)
    }
}

fn insert(work: &mut Transaction<'_>, origin: &str, batch: &Batch) -> Result<(), postgres::Error> {
    if let Some(page) = &batch.genesis {
        work.execute("insert into ledger_genesis values ($1, $2)", &[&origin, page])?;
    }
    let entry = work.prepare(
        "insert into ledger_entry values ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10::text::timestamptz)",
    )?;
    for (seq, sealed) in (batch.first as i64..).zip(&batch.entries) {
        let Sealed { entry: it, bytes, leaf } = sealed;
        let prev = crate::digest::unhex(&it.prev).unwrap_or_default();
        let (key, body) = (it.deploy_key.clone().unwrap_or_default(), String::from_utf8_lossy(bytes));
        let leaf = leaf.as_bytes().as_slice();
        let values: [&(dyn ToSql + Sync); 10] =
            [&origin, &seq, &leaf, &prev, &it.topic, &key, &it.nonce, &body, bytes, &it.at];
        work.execute(&entry, &values)?;
    }
    let tile = work.prepare("insert into ledger_tile values ($1, $2, $3, $4, $5)")?;
    for (Tile { row, index, width }, hashes) in batch.tiles() {
        // An unfinished tile of a row that this batch did not reach is there already.
        if is_new(batch, row) {
            work.execute(&tile, &[&origin, &i16::from(row), &(index as i64), &(width as i16), &hashes])?;
        }
    }
    let (checkpoint, note) = (&batch.note.checkpoint, batch.note.to_bytes());
    let root = checkpoint.root.as_bytes().as_slice();
    let size = checkpoint.size as i64;
    work.execute("insert into ledger_checkpoint values ($1, $2, $3, $4)", &[&origin, &size, &root, &note])?;
    let news = format!("{origin} {size}");
    work.execute("select pg_notify('genesis', $1)", &[&news])?;
    Ok(())
}

/// Whether a batch changed this row of tiles.
fn is_new(batch: &Batch, row: u8) -> bool {
    let hashes = |size: u64| size.checked_shr(u32::from(row) * crate::ledger::merkle::HEIGHT).unwrap_or(0);
    hashes(batch.first) != hashes(batch.size())
}

impl View for PostgresView<'_> {
    fn revision(&self) -> String {
        self.revision.clone()
    }

    fn read(&self, parts: &[Part]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        parts.iter().map(|part| self.part(*part)).collect()
    }

    fn paths(&self) -> Result<Vec<String>, StoreError> {
        let origin = &self.store.origin;
        let size = self.size as u64;
        let mut paths = vec![Part::Checkpoint.path(), Part::Genesis.path()];
        let last = self.store.rows("select max(seq) from ledger_entry where origin = $1", &[origin])?;
        let entries = last.first().and_then(|row| row.get::<_, Option<i64>>(0)).map_or(0, |last| last as u64 + 1);
        paths.extend((0..entries.min(size).div_ceil(BUNDLE)).map(|index| Part::Bundle(index).path()));
        if entries > size {
            paths.push(format!("entries {size} to {}", entries - 1));
        }
        // Unfinished tiles of earlier states are history here, and none of this state's business.
        let tiles = "select tile_row, tile_index, width from ledger_tile where origin = $1";
        for row in self.store.rows(tiles, &[origin])? {
            let (tile_row, index, width): (i16, i64, i16) = (row.get(0), row.get(1), row.get(2));
            let part = Part::Tile(Tile { row: tile_row as u8, index: index as u64, width: width as u16 });
            paths.extend(part.belongs(size).then(|| part.path()));
        }
        Ok(paths)
    }
}

impl PostgresView<'_> {
    fn part(&self, wanted: Part) -> Result<Option<Vec<u8>>, StoreError> {
        let origin = &self.store.origin;
        match wanted {
            Part::Genesis => self.store.bytes("select page from ledger_genesis where origin = $1", &[origin]),
            Part::Checkpoint => {
                let query = "select note from ledger_checkpoint where origin = $1 and size = $2";
                self.store.bytes(query, &[origin, &self.size])
            }
            Part::Tile(Tile { row, index, width }) => {
                let query = "select hashes from ledger_tile \
                             where origin = $1 and tile_row = $2 and tile_index = $3 and width = $4";
                self.store.bytes(query, &[origin, &i16::from(row), &(index as i64), &(width as i16)])
            }
            Part::Bundle(index) => {
                let first = (index * part::BUNDLE) as i64;
                let end = self.size.min(first + part::BUNDLE as i64);
                let query = "select raw from ledger_entry where origin = $1 and seq >= $2 and seq < $3 order by seq";
                let rows = self.store.rows(query, &[origin, &first, &end])?;
                let lines = rows.iter().flat_map(|row| [row.get::<_, &[u8]>(0), b"\n"].concat());
                Ok((!rows.is_empty()).then(|| lines.collect()))
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_sent_over_a_network_in_clear_text() {
        for near in ["postgres://u@localhost/db", "host=/run/postgresql dbname=db", "postgres://u:p@127.0.0.1:5433/db"]
        {
            assert!(parse_address(near).is_ok(), "{near}");
        }
        let far = "postgres://u:hunter2@db.example.org/db";
        assert!(parse_address(far).unwrap_err().contains("TLS"));
        assert!(parse_address(&format!("{far}?sslmode=disable")).is_ok());
        assert!(!parse_address("postgres://u:hunter2@[/db").unwrap_err().contains("hunter2"));
    }
}
