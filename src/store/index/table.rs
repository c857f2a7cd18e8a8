//! A hash table in a file: where the first and the last entry of each deploy stand.
//!
//! A header of 32 bytes (magic, size of the ledger, slots, slots in use) and slots of 24 bytes (hash of the key, number of the
//! first entry plus one, number of the last one plus one). A lookup reads the header and one run of slots.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::digest::Digest;

const MAGIC: &[u8; 8] = b"chimidx1";
const HEADER: usize = 32;
const SLOT: usize = 24;

/// Slots that a lookup reads at a time.
const RUN: usize = 32;

/// Fewest slots of a table.
const FEWEST: usize = 1024;

/// Slots that were changed; more than this and the file is written whole.
const FEW_CHANGES: usize = 4096;

/// A table in memory.
pub(super) struct Table {
    /// Where it lies; nowhere when it is only for now.
    path: Option<PathBuf>,
    slots: Vec<[u64; 3]>,
    used: usize,
    /// Slots that differ from the file; none when the file is not of this table.
    changed: Option<Vec<usize>>,
}

fn hash(key: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *Digest::sha3(key.as_bytes()).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn number(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..at + 8).and_then(|word| word.try_into().ok());
    word.map_or(0, u64::from_le_bytes)
}

fn slot_bytes(slot: &[u64; 3]) -> [u8; SLOT] {
    let mut bytes = [0; SLOT];
    slot.iter().zip(bytes.chunks_exact_mut(8)).for_each(|(word, place)| place.copy_from_slice(&word.to_le_bytes()));
    bytes
}

/// The header, if it is one: (size of the ledger, slots, slots in use).
fn header(bytes: &[u8]) -> Option<(u64, usize, usize)> {
    let [size, slots, used] = [number(bytes, 8), number(bytes, 16), number(bytes, 24)];
    let (slots, used) = (usize::try_from(slots).ok()?, usize::try_from(used).ok()?);
    (bytes.starts_with(MAGIC) && slots.is_power_of_two() && used < slots).then_some((size, slots, used))
}

impl Table {
    /// An empty table that will lie here.
    pub(super) fn new(path: Option<PathBuf>) -> Table {
        Table { path, slots: vec![[0; 3]; FEWEST], used: 0, changed: None }
    }

    /// The table that lies here, if it is of a ledger of this size.
    pub(super) fn open(path: PathBuf, size: u64) -> Option<Table> {
        let bytes = fs::read(&path).ok()?;
        let (found, slots, used) = header(&bytes)?;
        if found != size || bytes.len() != HEADER + slots * SLOT {
            return None;
        }
        let read = |slot: &[u8]| [number(slot, 0), number(slot, 8), number(slot, 16)];
        let slots = bytes[HEADER..].chunks_exact(SLOT).map(read).collect();
        Some(Table { path: Some(path), slots, used, changed: Some(Vec::new()) })
    }

    /// Puts an entry of a deploy down; true when it is the first one.
    pub(super) fn put(&mut self, key: &str, seq: u64) -> bool {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(key);
        let at = self.place(hash);
        let is_new = self.slots[at][1] == 0;
        let first = if is_new { seq + 1 } else { self.slots[at][1] };
        self.slots[at] = [hash, first, seq + 1];
        self.used += usize::from(is_new);
        self.changed.iter_mut().for_each(|changed| changed.push(at));
        is_new
    }

    /// The slot of a hash, or the free one that it takes.
    fn place(&self, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        while self.slots[at][1] != 0 && self.slots[at][0] != hash {
            at = (at + 1) & mask;
        }
        at
    }

    /// Where a deploy's first and last entry stand.
    pub(super) fn find(&self, key: &str) -> Option<(u64, u64)> {
        let [_, first, last] = self.slots[self.place(hash(key))];
        (first > 0).then(|| (first - 1, last - 1))
    }

    fn grow(&mut self) {
        let doubled = vec![[0; 3]; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, doubled);
        for slot in old.into_iter().filter(|slot| slot[1] != 0) {
            let at = self.place(slot[0]);
            self.slots[at] = slot;
        }
        self.changed = None;
    }

    fn header(&self, size: u64) -> Vec<u8> {
        let words = [size, self.slots.len() as u64, self.used as u64];
        MAGIC.iter().copied().chain(words.iter().flat_map(|word| word.to_le_bytes())).collect()
    }

    /// Writes the table down, as that of a ledger of this size.
    pub(super) fn save(&self, size: u64) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        match &self.changed {
            Some(changed) if changed.len() <= FEW_CHANGES => self.patch(path, changed, size),
            _ => {
                let mut bytes = self.header(size);
                self.slots.iter().for_each(|slot| bytes.extend(slot_bytes(slot)));
                let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
                path.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, path))
            }
        }
    }

    /// Changes some slots of the file, whose header is void meanwhile.
    fn patch(&self, path: &Path, changed: &[usize], size: u64) -> io::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).open(path)?;
        file.write_all(&[0; HEADER])?;
        for at in changed {
            file.seek(SeekFrom::Start((HEADER + at * SLOT) as u64))?;
            file.write_all(&slot_bytes(&self.slots[*at]))?;
        }
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&self.header(size))
    }

    /// What [`Table::find`] says, read from the file alone; `None` when that is not of a ledger of this size.
    pub(super) fn lookup(path: &Path, size: u64, key: &str) -> Option<Option<(u64, u64)>> {
        let mut file = File::open(path).ok()?;
        let mut head = [0; HEADER];
        file.read_exact(&mut head).ok()?;
        let (found, slots, _) = header(&head)?;
        if found != size {
            return None;
        }
        let hash = hash(key);
        let mut at = hash as usize & (slots - 1);
        // At most half of the slots are in use, so a free one ends the search.
        for _ in 0..=slots / RUN + 1 {
            let run = RUN.min(slots - at);
            let mut bytes = vec![0; run * SLOT];
            file.seek(SeekFrom::Start((HEADER + at * SLOT) as u64)).ok()?;
            file.read_exact(&mut bytes).ok()?;
            for slot in bytes.chunks_exact(SLOT) {
                let (first, last) = (number(slot, 8), number(slot, 16));
                if first == 0 {
                    return Some(None);
                }
                if number(slot, 0) == hash {
                    return Some(Some((first - 1, last.saturating_sub(1))));
                }
            }
            at = (at + run) & (slots - 1);
        }
        Some(None)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_deploy_is_found_after_saving_growing_and_patching() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deploys");
        let mut table = Table::new(Some(path.clone()));
        for seq in 0..6_000 {
            assert_eq!(table.put(&format!("dk_{}", seq / 2), seq), seq % 2 == 0);
        }
        table.save(6_000).unwrap();
        let mut table = Table::open(path.clone(), 6_000).unwrap();
        assert!(!table.put("dk_7", 6_000));
        assert!(table.put("dk_new", 6_001));
        table.save(6_002).unwrap();
        let at = |key: &str| Table::lookup(&path, 6_002, key).unwrap();
        assert_eq!(at("dk_7"), Some((14, 6_000)));
        assert_eq!(table.find("dk_7"), Some((14, 6_000)));
        assert_eq!(at("dk_new"), Some((6_001, 6_001)));
        assert_eq!(at("dk_2999"), Some((5_998, 5_999)));
        assert_eq!(at("dk_3000"), None);
        assert_eq!(Table::lookup(&path, 6_000, "dk_7"), None, "an older state");
    }

    #[test]
    fn whatever_is_no_table_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deploys");
        for bytes in [&b""[..], b"chimidx1", &[0xff; 4000], &[b"chimidx1".as_slice(), &[0xff; 3000]].concat()] {
            fs::write(&path, bytes).unwrap();
            assert!(Table::open(path.clone(), 0).is_none() && Table::lookup(&path, 0, "dk").is_none());
        }
    }
}
