//! Ledgers for tests: events that come out of a seed, appended to any store.

#![allow(clippy::unwrap_used, dead_code, reason = "each test uses a part of this")]

use chimera::key::signing::SigningKey;
use chimera::ledger::append::Append;
use chimera::ledger::entry::{Draft, Run, Transition, nonce};
use chimera::ledger::memory::{Files, Memory};
use chimera::ledger::secret::Scanner;
use chimera::ledger::store::Store;
use jiff::Timestamp;
use serde_json::json;

/// Whose ledger the tests write.
pub(crate) const ORIGIN: &str = "github.com/acme/site/production";

/// When the first event of every test happens.
pub(crate) const START: i64 = 1_795_000_000_000;

/// A sequence of numbers that a seed decides (splitmix64).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit as u64) as usize
    }
}

pub(crate) fn time(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(START + milliseconds).unwrap()
}

/// An event whose nonce comes from this number.
pub(crate) fn draft(number: u64) -> Draft {
    let mut random = [0; 16];
    random[..8].copy_from_slice(&number.to_be_bytes());
    let topics = ["deploy.initiated", "chimera.simulate.start", "deploy.certified", "chimera.deploy.complete"];
    let payload = json!({"commit": format!("{number:040x}"), "environment": "production", "note": "größer ✓"});
    Draft {
        topic: topics[(number % 4) as usize].to_owned(),
        actor: "octocat".to_owned(),
        run: (!number.is_multiple_of(3)).then_some(Run { id: number, attempt: 1 }),
        deploy_key: Some(format!("dk_{}", number / 4)),
        state: number.is_multiple_of(2).then(|| Transition { from: "IDLE".to_owned(), to: "SIMULATING".to_owned() }),
        payload: payload.as_object().unwrap().clone(),
        nonce: nonce(&random),
    }
}

/// Appends events in one batch.
pub(crate) fn append(store: &dyn Store, key: Option<&SigningKey>, at: i64, drafts: &[Draft]) {
    let view = store.view().unwrap();
    let plan = Append { origin: ORIGIN, now: time(at), key, scanner: &Scanner::default() }
        .plan(view.as_deref(), drafts)
        .unwrap();
    drop(view);
    store.commit(&plan.batch.unwrap()).unwrap();
}

/// A ledger of this many entries, in batches whose sizes the dice decide.
pub(crate) fn ledger(size: u64, key: Option<&SigningKey>, dice: &mut Dice) -> Files {
    let store = Memory::default();
    let mut written = 0;
    while written < size {
        let batch = (1 + dice.roll() % 9).min(size - written);
        let drafts: Vec<Draft> = (written..written + batch).map(draft).collect();
        append(&store, key, written as i64 * 1000, &drafts);
        written += batch;
    }
    store.files()
}
