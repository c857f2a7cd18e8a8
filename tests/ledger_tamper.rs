//! Every way to change a ledger is noticed, and honest ledgers are left in peace.

#![allow(clippy::unwrap_used)]

#[path = "support/chronicle.rs"]
mod chronicle;

use chimera::digest::{Algorithm, Digest};
use chimera::key::signing::SigningKey;
use chimera::ledger::append::Append;
use chimera::ledger::entry::Entry;
use chimera::ledger::memory::{Files, Memory, Snapshot};
use chimera::ledger::merkle::{self, Edge};
use chimera::ledger::note::{Checkpoint, Note};
use chimera::ledger::part::{Part, Tile};
use chimera::ledger::secret::Scanner;
use chimera::ledger::store::Store as _;
use chimera::ledger::verify::{Problem, Signature, Trust, Verification, verify};
use chronicle::{Dice, ORIGIN, append, draft, ledger, time};
use sha2::Sha256;
use sha3::Sha3_256;

const LATER: i64 = 1_000_000_000;

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn check(files: &Files, known: &[Checkpoint]) -> Verification {
    let keys = [key().public()];
    let trust = Trust { origin: Some(ORIGIN), now: time(LATER), keys: &keys, known };
    verify(&Snapshot::new(files.clone()), &trust).unwrap()
}

fn checkpoint(files: &Files) -> Checkpoint {
    Note::parse(&files["checkpoint"]).unwrap().checkpoint
}

fn names(found: &Verification) -> Vec<&'static str> {
    found.problems.iter().map(Problem::name).collect()
}

fn lines(files: &Files) -> Vec<Vec<u8>> {
    let bundles = files.iter().filter(|(path, _)| path.starts_with("entries/"));
    bundles
        .flat_map(|(_, bytes)| bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()))
        .map(<[u8]>::to_vec)
        .collect()
}

/// What somebody with a key can do: builds every file anew over these lines.
fn rebuild(lines: &[Vec<u8>], genesis: &[u8], key: &SigningKey) -> Files {
    let (mut edge, mut full) = (Edge::default(), Vec::new());
    let mut files = Files::from([("genesis.json".to_owned(), genesis.to_vec())]);
    for (number, line) in lines.iter().enumerate() {
        edge.push::<Sha3_256>(merkle::leaf::<Sha3_256>(line), &mut full);
        let bundle = files.entry(Part::Bundle(number as u64 / 256).path()).or_default();
        bundle.extend_from_slice(line);
        bundle.push(b'\n');
    }
    let bytes = |hashes: &[Digest]| hashes.iter().flat_map(|hash| *hash.as_bytes()).collect::<Vec<u8>>();
    for tile in full {
        let part = Part::Tile(Tile { row: tile.row, index: tile.index, width: 256 });
        files.insert(part.path(), bytes(&tile.hashes));
    }
    for tile in chimera::ledger::part::partial(edge.size()) {
        files.insert(Part::Tile(tile).path(), bytes(&edge.rows()[usize::from(tile.row)]));
    }
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: edge.size(), root: edge.root::<Sha3_256>() };
    files.insert("checkpoint".to_owned(), checkpoint.signed(key).to_bytes());
    files
}

/// Links and numbers the lines anew, as a forger would.
fn chain(lines: &mut [Vec<u8>], genesis: &[u8]) {
    let mut link = Digest::sha3(genesis);
    for (number, line) in lines.iter_mut().enumerate() {
        let mut entry = Entry::parse(line).unwrap();
        (entry.seq, entry.prev) = (number as u64, link.to_string());
        *line = chimera::text::canonical::write(&serde_json::to_value(&entry).unwrap()).unwrap().into_bytes();
        link = Digest::sha3(line);
    }
}

#[test]
fn rebuilding_an_honest_ledger_gives_the_same_files() {
    let files = ledger(300, Some(&key()), &mut Dice(1));
    assert_eq!(rebuild(&lines(&files), &files["genesis.json"], &key()), files);
}

#[test]
fn ten_thousand_honest_ledgers_raise_no_alarm() {
    let mut dice = Dice(7);
    let mut checked = 0;
    // Each state that a growing ledger goes through is a ledger of its own, and its earlier states are known.
    for seed in 0..1_000 {
        let (store, key) = (Memory::default(), (seed % 2 == 0).then(key));
        let (mut known, mut size) = (Vec::new(), 0);
        for _ in 0..10 {
            let next = size + 1 + dice.roll() % 2;
            let drafts: Vec<_> = (size..next).map(draft).collect();
            // The clocks of machines differ by a minute or two.
            append(&store, key.as_ref(), size as i64 * 1000 + dice.below(90_000) as i64, &drafts);
            let found = check(&store.files(), &known);
            assert!(found.holds() && found.notices.is_empty(), "seed {seed}, {size}: {found:?}");
            assert_eq!(found.signature != Signature::None, key.is_some());
            known.push(checkpoint(&store.files()));
            (size, checked) = (next, checked + 1);
        }
    }
    assert_eq!(checked, 10_000);
}

#[test]
fn honest_ledgers_raise_no_alarm_where_tiles_become_full() {
    let mut dice = Dice(9);
    let store = Memory::default();
    let (mut known, mut size) = (Vec::new(), 0);
    while size < 1100 {
        let next = size + 1 + dice.roll() % 70;
        append(&store, Some(&key()), size as i64 * 1000, &(size..next).map(draft).collect::<Vec<_>>());
        if [0, 1, 2, 254, 255].contains(&(next % 256)) || dice.below(4) == 0 {
            let found = check(&store.files(), &known);
            assert!(found.holds() && found.notices.is_empty(), "{size}: {found:?}");
        }
        known.push(checkpoint(&store.files()));
        size = next;
    }
}

#[test]
fn every_single_bit_of_a_small_ledger_counts() {
    let files = ledger(3, Some(&key()), &mut Dice(3));
    let paths: Vec<String> = files.keys().cloned().collect();
    for path in paths {
        for bit in (0..files[&path].len() * 8).step_by(if path.starts_with("entries") { 7 } else { 1 }) {
            let mut changed = files.clone();
            changed.get_mut(&path).unwrap()[bit / 8] ^= 1 << (bit % 8);
            assert!(!check(&changed, &[]).holds(), "bit {bit} of {path}");
        }
    }
}

/// One random change to the files of a ledger; `None` when it changed nothing.
fn mutate(files: &Files, other: &Files, dice: &mut Dice) -> Option<(String, Files)> {
    let mut changed = files.clone();
    let paths: Vec<&String> = files.keys().collect();
    let path = paths[dice.below(paths.len())].clone();
    let kind = dice.below(10);
    let mut list = lines(files);
    let (a, b) = (dice.below(list.len()), dice.below(list.len()));
    match kind {
        0..3 => {
            let bytes = changed.get_mut(&path)?;
            let bit = dice.below(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        3 => {
            let bytes = changed.get_mut(&path)?;
            bytes.truncate(dice.below(bytes.len()));
        }
        4 => {
            changed.remove(&path);
        }
        5 => {
            changed.insert(path.clone(), other.get(&path)?.clone());
        }
        6 => list.swap(a, b),
        7 => {
            list.remove(a);
        }
        8 => list.insert(a, list[b].clone()),
        _ => list[a] = draft(9_000 + b as u64).seal(time(0), a as u64, &Digest::sha3(&list[b])).unwrap().bytes,
    }
    if kind >= 6 {
        for (number, bundle) in list.chunks(256).enumerate() {
            let text = bundle.iter().flat_map(|line| [line.as_slice(), b"\n"].concat()).collect();
            changed.insert(Part::Bundle(number as u64).path(), text);
        }
    }
    (changed != *files).then(|| (format!("change {kind} of {path}, {a}, {b}"), changed))
}

#[test]
fn ten_thousand_random_changes_are_all_noticed() {
    let mut dice = Dice(11);
    let mut noticed = 0;
    let sizes = [1, 2, 3, 5, 8, 13];
    let ledgers: Vec<(Files, Files)> = sizes
        .iter()
        .map(|size| {
            (ledger(*size, Some(&key()), &mut dice), ledger(*size, Some(&SigningKey::from_seed(&[2; 32])), &mut dice))
        })
        .collect();
    let large = (ledger(258, Some(&key()), &mut dice), ledger(260, Some(&SigningKey::from_seed(&[2; 32])), &mut dice));
    while noticed < 10_000 {
        let (files, other) = if noticed % 200 == 0 { &large } else { &ledgers[dice.below(sizes.len())] };
        if let Some((what, changed)) = mutate(files, other, &mut dice) {
            assert!(!check(&changed, &[]).holds(), "not noticed: {what}");
            noticed += 1;
        }
    }
}

#[test]
fn whoever_holds_the_key_cannot_bend_the_form() {
    let files = ledger(6, Some(&key()), &mut Dice(5));
    let (list, genesis) = (lines(&files), &files["genesis.json"]);
    let with = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut list = list.clone();
        change(&mut list);
        names(&check(&rebuild(&list, genesis, &key()), &[]))
    };
    let text = |line: &Vec<u8>| String::from_utf8(line.clone()).unwrap();
    let chained = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        with(&|list| {
            change(list);
            chain(list, genesis);
        })
    };
    assert_eq!(with(&|_| {}), [""; 0]);
    assert!(with(&|list| list.swap(1, 2)).contains(&"order"));
    assert!(with(&|list| drop(list.remove(2))).contains(&"link"));
    assert!(chained(&|list| list.insert(2, list[1].clone())).contains(&"doubled"));
    let at = |line: &Vec<u8>, to: Option<&str>| {
        let mut entry = Entry::parse(line).unwrap();
        entry.at = to.map_or(entry.at, str::to_owned);
        chimera::text::canonical::write(&serde_json::to_value(&entry).unwrap()).unwrap().into_bytes()
    };
    assert_eq!(chained(&|list| list[5] = at(&list[5], Some("2126-01-01T00:00:00Z"))), ["future"]);
    assert_eq!(chained(&|list| list[5] = at(&list[5], Some("2016-01-01T00:00:00Z"))), ["backdated"]);
    let spaced = |line: &Vec<u8>| text(line).replacen(":", ": ", 1).into_bytes();
    assert!(with(&|list| list[5] = spaced(&list[5])).contains(&"entry"));
    let swollen = |line: &Vec<u8>| text(line).replace("größer", &"x".repeat(1 << 20)).into_bytes();
    assert!(with(&|list| list[5] = swollen(&list[5])).contains(&"entry"));
}

#[test]
fn a_bundle_of_another_shard_does_not_fit() {
    let files = ledger(6, Some(&key()), &mut Dice(5));
    let store = Memory::default();
    let (staging_key, scanner) = (key(), Scanner::default());
    let staging =
        Append { origin: "github.com/acme/site/staging", now: time(0), key: Some(&staging_key), scanner: &scanner };
    for number in 0..6 {
        let view = store.view().unwrap();
        let batch = staging.plan(view.as_deref(), &[draft(number)]).unwrap().batch.unwrap();
        drop(view);
        store.commit(&batch).unwrap();
    }
    let staging = store.files();
    assert_eq!(names(&check(&staging, &[])), ["foreign-origin"]);
    let mut swapped = files.clone();
    swapped.insert(Part::Bundle(0).path(), staging[&Part::Bundle(0).path()].clone());
    assert!(names(&check(&swapped, &[])).contains(&"root"));
    // Even signed anew, entries of another shard link to another first page.
    let forged = rebuild(&lines(&staging), &files["genesis.json"], &key());
    assert_eq!(names(&check(&forged, &[])), ["link"]);
    let mut page = files.clone();
    page.insert("genesis.json".to_owned(), staging["genesis.json"].clone());
    assert_eq!(names(&check(&page, &[])), ["unreadable"]);
}

#[test]
fn what_was_seen_before_cannot_be_taken_back() {
    let files = ledger(9, Some(&key()), &mut Dice(5));
    let known = [checkpoint(&files)];
    let shorter = rebuild(&lines(&files)[..6], &files["genesis.json"], &key());
    assert!(check(&shorter, &[]).holds(), "the shorter ledger is consistent in itself");
    assert_eq!(names(&check(&shorter, &known)), ["truncated"]);

    let mut list = lines(&files);
    let at = Entry::parse(&list[4]).unwrap().time().unwrap();
    list[4] = draft(77).seal(at, 4, &Digest::sha3(b"")).unwrap().bytes;
    chain(&mut list, &files["genesis.json"]);
    let forked = rebuild(&list, &files["genesis.json"], &key());
    assert_eq!(names(&check(&forked, &known)), ["fork"]);

    let store = Memory::new(forked);
    append(&store, Some(&key()), LATER, &[draft(78)]);
    assert_eq!(names(&check(&store.files(), &known)), ["rewritten"]);
}

#[test]
fn a_hash_function_cannot_be_mixed_in() {
    let files = ledger(5, Some(&key()), &mut Dice(5));
    let list = lines(&files);
    let hashes: Vec<Digest> = list.iter().map(|line| merkle::leaf::<Sha256>(line)).collect();
    let mut mixed = files.clone();
    let bytes = hashes.iter().flat_map(|hash| *hash.as_bytes()).collect();
    mixed.insert(Part::Tile(Tile { row: 0, index: 0, width: 5 }).path(), bytes);
    let root = merkle::root::<Sha256>(&hashes);
    let note = Checkpoint { origin: ORIGIN.to_owned(), size: 5, root }.signed(&key());
    mixed.insert("checkpoint".to_owned(), note.to_bytes());
    assert_eq!(names(&check(&mixed, &[])), ["tile", "root"], "{}", Sha256::NAME);
}

#[test]
fn a_checkpoint_that_promises_more_than_there_is_is_refused_at_once() {
    let files = ledger(5, Some(&key()), &mut Dice(5));
    for (size, wanted) in [(6, "missing-file"), (1_000_000, "size-too-large"), (u64::MAX, "size-too-large")] {
        let mut changed = files.clone();
        let note = Checkpoint { size, ..checkpoint(&files) }.signed(&key());
        changed.insert("checkpoint".to_owned(), note.to_bytes());
        assert!(names(&check(&changed, &[])).contains(&wanted), "{size}");
    }
}

#[test]
fn files_that_belong_to_no_ledger_are_named() {
    let mut files = ledger(5, Some(&key()), &mut Dice(5));
    files.insert("tiles/0/000.p/4".to_owned(), vec![0; 128]);
    files.insert("readme.txt".to_owned(), Vec::new());
    assert_eq!(names(&check(&files, &[])), ["unexpected-file", "unexpected-file"]);
}

fn key_event(topic: &str, key: &SigningKey, number: u64) -> chimera::ledger::entry::Draft {
    let mut draft = draft(number);
    draft.topic = topic.to_owned();
    let public = chimera::ledger::genesis::key_text(&key.public());
    let payload = serde_json::json!({"keyid": key.id().to_string(), "public": public});
    draft.payload = payload.as_object().unwrap().clone();
    draft
}

#[test]
fn keys_change_hands_and_an_old_one_signs_no_more() {
    let (old, new) = (key(), SigningKey::from_seed(&[2; 32]));
    let store = Memory::new(ledger(4, Some(&old), &mut Dice(5)));
    append(&store, Some(&old), 5000, &[key_event("key.added", &new, 100), key_event("key.revoked", &old, 101)]);
    let found = check(&store.files(), &[]);
    assert!(found.holds(), "{found:?}");
    let refused = |key: Option<&SigningKey>| {
        let view = store.view().unwrap();
        Append { origin: ORIGIN, now: time(6000), key, scanner: &Scanner::default() }
            .plan(view.as_deref(), &[draft(5)])
            .unwrap_err()
            .to_string()
    };
    assert!(refused(Some(&old)).contains("may not sign"));
    assert!(refused(None).contains("needs the signing key"));
    append(&store, Some(&new), 6000, &[draft(5)]);
    let found = check(&store.files(), &[]);
    assert_eq!((found.holds(), found.signature), (true, Signature::By(new.id())), "{found:?}");

    // The old key is stolen and signs the rewritten tree.
    let known = [checkpoint(&store.files())];
    let mut list = lines(&store.files());
    let stolen = rebuild(&list, &store.files()["genesis.json"], &old);
    assert_eq!(names(&check(&stolen, &[])), ["unsigned"]);
    list.truncate(4);
    let stolen = rebuild(&list, &store.files()["genesis.json"], &old);
    assert_eq!(names(&check(&stolen, &known)), ["truncated"]);
}

#[test]
fn a_ledger_that_begins_with_a_strange_key_is_not_trusted() {
    let files = ledger(4, Some(&SigningKey::from_seed(&[9; 32])), &mut Dice(5));
    assert_eq!(names(&check(&files, &[])), ["foreign-keys"]);
}

#[test]
fn a_damaged_ledger_is_not_continued() {
    let files = ledger(5, Some(&key()), &mut Dice(5));
    for path in ["entries/000.jsonl", "tiles/0/000.p/5", "checkpoint", "genesis.json"] {
        let mut changed = files.clone();
        let bytes = changed.get_mut(path).unwrap();
        let middle = bytes.len() * 9 / 10;
        bytes[middle] ^= 4;
        let view = Snapshot::new(changed);
        let plan = Append { origin: ORIGIN, now: time(LATER), key: Some(&key()), scanner: &Scanner::default() }
            .plan(Some(&view), &[draft(6)]);
        assert!(plan.is_err(), "{path}");
    }
}

#[test]
fn an_event_that_stands_in_the_ledger_is_not_appended_again() {
    let store = Memory::new(ledger(9, Some(&key()), &mut Dice(5)));
    let view = store.view().unwrap();
    let plan = Append { origin: ORIGIN, now: time(LATER), key: Some(&key()), scanner: &Scanner::default() }
        .plan(view.as_deref(), &[draft(3), draft(50)]);
    let plan = plan.unwrap();
    assert_eq!((plan.known, plan.batch.unwrap().entries.len()), (1, 1));
}

#[test]
fn a_clock_that_is_far_behind_the_last_entry_is_named() {
    let store = Memory::new(ledger(9, Some(&key()), &mut Dice(5)));
    let view = store.view().unwrap();
    let plan = |at| {
        Append { origin: ORIGIN, now: time(at), key: Some(&key()), scanner: &Scanner::default() }
            .plan(view.as_deref(), &[draft(50)])
    };
    assert!(plan(-100_000).is_ok(), "two minutes are forgiven");
    assert!(plan(-200_000).unwrap_err().to_string().contains("clock"));
}
