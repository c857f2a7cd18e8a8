//! What every store must keep: one event after another, each once, in a ledger that holds.

#![allow(clippy::unwrap_used)]

use chimera::ledger::note::Checkpoint;
use chimera::ledger::reader::Reader;
use chimera::ledger::secret::Scanner;
use chimera::ledger::store::Store;
use chimera::ledger::verify::{Trust, verify};
use chimera::store::retry::{self, Patience};

use crate::chronicle::{ORIGIN, draft};

/// Appends the event of this number, whoever appends meanwhile.
pub(crate) fn append(store: &dyn Store, number: u64) {
    retry::append(store, ORIGIN, None, &Scanner::default(), &[draft(number)], Patience::NEAR).unwrap();
}

/// The ledger is whole and holds exactly these events, each once.
pub(crate) fn check(store: &dyn Store, wanted: impl Iterator<Item = u64>) -> Checkpoint {
    let view = store.view().unwrap().expect("a ledger");
    let trust = Trust { origin: None, now: retry::now(), keys: &[], known: &[] };
    let found = verify(&*view, &trust).unwrap();
    assert!(found.holds(), "{found:?}");
    let reader = Reader::open(&*view).unwrap();
    let mut nonces: Vec<String> = reader.entries(0..reader.size()).unwrap().into_iter().map(|it| it.nonce).collect();
    let mut wanted: Vec<String> = wanted.map(|number| draft(number).nonce).collect();
    nonces.sort();
    wanted.sort();
    assert_eq!(nonces, wanted);
    found.checkpoint.unwrap()
}
