//! Rows about the ledger itself: others are faster, its history was put back, the disk is full.

use std::cell::Cell;

use chimera::ledger::append::Append;
use chimera::ledger::entry::{Draft, nonce};
use chimera::ledger::memory::Memory;
use chimera::ledger::reader::Reader;
use chimera::ledger::secret::Scanner;
use chimera::ledger::store::{Batch, Store, StoreError, View};
use chimera::store::retry::{self, Patience};

const ORIGIN: &str = "github.com/acme/site/production";

fn event(number: u8, reason: &str) -> Draft {
    let payload = serde_json::json!({"phase": "test", "reason": reason});
    Draft {
        topic: "deploy.rejected".to_owned(),
        actor: "nelson".to_owned(),
        run: None,
        deploy_key: Some(format!("dk_{reason}")),
        state: None,
        payload: payload.as_object().cloned().unwrap(),
        nonce: nonce(&[number; 16]),
    }
}

/// A ledger in which somebody else is faster so many times.
struct Contended {
    ledger: Memory,
    others: Cell<u8>,
    /// Whether the answer of the last commit is lost after it was done.
    is_last_answer_lost: Cell<bool>,
}

impl Store for Contended {
    fn view(&self) -> Result<Option<Box<dyn View + '_>>, StoreError> {
        self.ledger.view()
    }

    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let left = self.others.get();
        if left > 0 {
            self.others.set(left - 1);
            let view = self.ledger.view()?;
            let append = Append { origin: ORIGIN, now: retry::now(), key: None, scanner: &Scanner::default() };
            let theirs = append.plan(view.as_deref(), &[event(100 + left, "theirs")]).unwrap().batch.unwrap();
            drop(view);
            self.ledger.commit(&theirs).unwrap();
        }
        self.ledger.commit(batch)?;
        if self.is_last_answer_lost.take() { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

fn append(store: &Contended, drafts: &[Draft]) -> usize {
    let appended = retry::append(store, ORIGIN, None, &Scanner::default(), drafts, Patience::NEAR).unwrap();
    appended.entries.len() + appended.known
}

fn reasons(store: &Contended) -> Vec<String> {
    let view = store.view().unwrap().unwrap();
    let reader = Reader::open(&*view).unwrap();
    let entries = reader.entries(0..reader.size()).unwrap();
    assert_eq!(reader.edge().unwrap().size(), entries.len() as u64);
    entries.iter().map(|entry| entry.payload["reason"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn row_39_five_that_were_faster_cost_five_repetitions_and_neither_order_nor_events() {
    for is_lost in [false, true] {
        let store =
            Contended { ledger: Memory::default(), others: Cell::new(0), is_last_answer_lost: Cell::new(false) };
        assert_eq!(append(&store, &[event(1, "first")]), 1);
        store.others.set(5);
        store.is_last_answer_lost.set(is_lost);
        assert_eq!(append(&store, &[event(2, "second"), event(3, "third")]), 2);
        let theirs = ["theirs"; 5].as_slice();
        assert_eq!(reasons(&store), [&["first"], theirs, &["second", "third"]].concat(), "lost answer: {is_lost}");
    }
}
