//! Goes through all entries in order and builds the tree anew.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use sha3::Sha3_256;

use super::{Notice, Problem, Trust, Verification};
use crate::digest::Digest;
use crate::ledger::append::MAX_SKEW;
use crate::ledger::entry::Entry;
use crate::ledger::history::History;
use crate::ledger::merkle::{self, Edge, Full, TILE};
use crate::ledger::part::{self, BUNDLE, Part, Tile};
use crate::ledger::reader::Reader;
use crate::ledger::store::{StoreError, end_of_lines, parse_tile};

/// Bundles that are read at a time.
const BUNDLES_AT_A_TIME: u64 = 32;

struct Scan<'a> {
    reader: &'a Reader<'a>,
    found: &'a mut Verification,
    history: History,
    /// Roots that the ledger must have had, by the size that it had then.
    wanted: BTreeMap<u64, Vec<Digest>>,
    latest: Timestamp,
    edge: Edge,
    full: Vec<Full>,
    link: Digest,
    time: Timestamp,
    seen: HashSet<Digest>,
}

/// Checks every entry and tile; returns the keys at the end.
pub(super) fn scan(
    reader: &Reader<'_>,
    trust: &Trust<'_>,
    history: History,
    found: &mut Verification,
) -> Result<History, StoreError> {
    let mut wanted: BTreeMap<u64, Vec<Digest>> = BTreeMap::new();
    for known in trust.known.iter().filter(|known| known.origin == reader.genesis().origin) {
        wanted.entry(known.size).or_default().push(known.root);
    }
    let latest = trust.now.saturating_add(MAX_SKEW).unwrap_or(Timestamp::MAX);
    let (link, edge, time) = (reader.link(0)?, Edge::default(), Timestamp::MIN);
    let (full, seen) = (Vec::new(), HashSet::new());
    let mut scan = Scan { reader, found, history, wanted, latest, edge, full, link, time, seen };
    let bundles = reader.size().div_ceil(BUNDLE);
    let mut first = 0;
    while first < bundles {
        let next = (first + BUNDLES_AT_A_TIME).min(bundles);
        let parts: Vec<Part> = (first..next).map(Part::Bundle).collect();
        for (index, bytes) in (first..next).zip(reader.view().read(&parts)?) {
            if !scan.bundle(index, &bytes.unwrap_or_default()) {
                return Ok(scan.history);
            }
        }
        scan.full_tiles()?;
        first = next;
    }
    scan.finish()?;
    Ok(scan.history)
}

impl Scan<'_> {
    /// Checks a bundle; false when it makes no sense to go on.
    fn bundle(&mut self, index: u64, bytes: &[u8]) -> bool {
        let first = index * BUNDLE;
        let wanted = (self.reader.size() - first).min(BUNDLE) as usize;
        let end = end_of_lines(bytes, wanted);
        let is_last = first + BUNDLE >= self.reader.size();
        match end {
            Some(end) if end == bytes.len() => {}
            Some(end) if is_last && self.reader.view().may_hold_leftovers() => {
                self.found.notices.push(Notice::Tail { bytes: bytes.len() - end });
            }
            _ => {
                let path = Part::Bundle(index).path();
                let found = bytes.split_inclusive(|byte| *byte == b'\n').count();
                self.found.report(Problem::Bundle { path, found, wanted });
            }
        }
        let Some(end) = end else { return false };
        let lines = bytes[..end].split_inclusive(|byte| *byte == b'\n');
        for (seq, line) in (first..).zip(lines) {
            self.line(seq, &line[..line.len() - 1]);
        }
        true
    }

    fn line(&mut self, seq: u64, line: &[u8]) {
        match Entry::parse(line) {
            Ok(entry) => self.entry(seq, &entry),
            Err(error) => self.found.report(Problem::Entry { seq, error }),
        }
        self.link = Digest::sha3(line);
        self.edge.push::<Sha3_256>(merkle::leaf::<Sha3_256>(line), &mut self.full);
        if let Some(roots) = self.wanted.remove(&(seq + 1)) {
            let root = self.edge.root::<Sha3_256>();
            for _ in roots.iter().filter(|known| **known != root) {
                let size = self.reader.size();
                let problem =
                    if seq + 1 == size { Problem::Fork { size } } else { Problem::Rewritten { known: seq + 1 } };
                self.found.report(problem);
            }
        }
    }

    fn entry(&mut self, seq: u64, entry: &Entry) {
        if entry.seq != seq {
            self.found.report(Problem::Order { seq, says: entry.seq });
        }
        if entry.prev != self.link.to_string() {
            self.found.report(Problem::Link { seq });
        }
        let time = entry.time().unwrap_or(self.time);
        if time < self.time {
            self.found.report(Problem::Backdated { seq, at: entry.at.clone() });
        } else if time > self.latest {
            self.found.report(Problem::Future { seq, at: entry.at.clone() });
        }
        self.time = self.time.max(time);
        let key = entry.deploy_key.as_deref().unwrap_or_default();
        if !self.seen.insert(Digest::sha3(format!("{}\n{}\n{key}", entry.nonce, entry.topic).as_bytes())) {
            self.found.report(Problem::Doubled { seq });
        }
        self.history.apply(entry);
    }

    /// Compares the tiles that became full.
    fn full_tiles(&mut self) -> Result<(), StoreError> {
        let tiles: Vec<Full> = std::mem::take(&mut self.full);
        let part = |tile: &Full| Part::Tile(Tile { row: tile.row, index: tile.index, width: TILE as u16 });
        let parts: Vec<Part> = tiles.iter().map(part).collect();
        let stored = self.reader.view().read(&parts)?;
        for ((tile, part), bytes) in tiles.iter().zip(&parts).zip(stored) {
            self.compare(*part, &tile.hashes, bytes);
        }
        Ok(())
    }

    fn compare(&mut self, part: Part, hashes: &[Digest], stored: Option<Vec<u8>>) {
        let stored = stored.and_then(|bytes| parse_tile(&bytes, hashes.len()));
        if stored.as_deref() != Some(hashes) {
            self.found.report(Problem::Tile(part.path()));
        }
    }

    /// Compares what is known only at the end.
    fn finish(&mut self) -> Result<(), StoreError> {
        let unfinished: Vec<Tile> = part::partial(self.edge.size()).collect();
        let parts: Vec<Part> = unfinished.iter().map(|tile| Part::Tile(*tile)).collect();
        let stored = self.reader.view().read(&parts)?;
        for (tile, bytes) in unfinished.iter().zip(stored) {
            let hashes = self.edge.rows()[usize::from(tile.row)].clone();
            self.compare(Part::Tile(*tile), &hashes, bytes);
        }
        if self.edge.root::<Sha3_256>() != self.reader.root() {
            self.found.report(Problem::Root);
        }
        let size = self.reader.size();
        for known in self.wanted.keys().filter(|known| **known > size) {
            self.found.report(Problem::Truncated { known: *known, size });
        }
        Ok(())
    }
}
