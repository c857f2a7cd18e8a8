//! Ledgers in a real PostgreSQL server, which `scripts/with-postgres` starts.

#![allow(clippy::unwrap_used)]

#[path = "support/chronicle.rs"]
mod chronicle;
#[path = "support/keeping.rs"]
mod keeping;

use std::process::Command;

use chimera::ledger::append::Append;
use chimera::ledger::reader::Reader;
use chimera::ledger::secret::Scanner;
use chimera::ledger::store::{Store, StoreError};
use chimera::ledger::verify::{Trust, verify};
use chimera::store::postgres::{PostgresStore, SCHEMA, parse_address};
use chimera::store::retry::{self, Patience};
use chronicle::{ORIGIN, draft};
use keeping::{append, check};
use postgres::{Client, NoTls};

/// A database of its own for each test; `None` where there is no server.
fn database(name: &str) -> Option<String> {
    let Ok(address) = std::env::var("CHIMERA_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "scripts/with-postgres starts the server");
        eprintln!("SKIPPED: no PostgreSQL server");
        return None;
    };
    let mut owner = Client::connect(&address, NoTls).unwrap();
    owner.batch_execute(&format!("create database {name}")).unwrap();
    let address = address.replace("dbname=postgres", &format!("dbname={name}"));
    let mut owner = Client::connect(&address, NoTls).unwrap();
    owner.batch_execute(SCHEMA).unwrap();
    owner.batch_execute(SCHEMA).unwrap();
    owner.batch_execute(&format!("create role writer_{name} login in role chimera_ledger")).unwrap();
    Some(address.replace("user=ledger_owner", &format!("user=writer_{name}")))
}

fn open(address: &str) -> PostgresStore {
    PostgresStore::connect(&parse_address(address).unwrap(), ORIGIN).unwrap()
}

fn problems(store: &dyn Store) -> Vec<&'static str> {
    let view = store.view().unwrap().unwrap();
    let trust = Trust { origin: Some(ORIGIN), now: retry::now(), keys: &[], known: &[] };
    verify(&*view, &trust).unwrap().problems.iter().map(|problem| problem.name()).collect()
}

#[test]
fn sixteen_writers_lose_and_double_nothing_though_the_server_cuts_them_off() {
    let Some(address) = database("race") else { return };
    let owner = address.replace("user=writer_race", "user=ledger_owner");
    let is_done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..16_u64)
            .map(|writer| {
                let address = &address;
                scope.spawn(move || {
                    for event in 0..4 {
                        let number = writer * 1000 + event;
                        // Whoever was cut off, at whatever step, comes again with the same event.
                        while retry::append(
                            &open(address),
                            ORIGIN,
                            None,
                            &Scanner::default(),
                            &[draft(number)],
                            Patience::NEAR,
                        )
                        .is_err()
                        {}
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            let mut owner = Client::connect(&owner, NoTls).unwrap();
            let kill = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'writer_race' order by random() limit 1";
            while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                owner.execute(kill, &[]).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(60));
            }
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    check(&open(&address), (0..16).flat_map(|writer| (0..4).map(move |event| writer * 1000 + event)));
}

#[test]
fn whoever_appends_can_change_nothing_and_the_owner_is_refused_too() {
    let Some(address) = database("rights") else { return };
    append(&open(&address), 0);
    let owner = address.replace("user=writer_rights", "user=ledger_owner");
    for (who, reason) in [(&address, "permission denied"), (&owner, "append-only")] {
        let mut client = Client::connect(who, NoTls).unwrap();
        for statement in [
            "update ledger_entry set topic = 'x'",
            "delete from ledger_checkpoint",
            "truncate ledger_tile",
            "truncate ledger_genesis cascade",
        ] {
            let error = client.batch_execute(statement).unwrap_err();
            let message = error.as_db_error().unwrap().message().to_owned();
            assert!(message.contains(reason), "{statement}: {message}");
        }
    }
    check(&open(&address), 0..1);
}

#[test]
fn what_an_administrator_changes_behind_the_triggers_is_noticed() {
    let Some(address) = database("tamper") else { return };
    let store = open(&address);
    (0..5).for_each(|number| append(&store, number));
    let mut owner = Client::connect(&address.replace("user=writer_tamper", "user=ledger_owner"), NoTls).unwrap();
    owner.batch_execute("set session_replication_role = replica").unwrap();
    for (harm, wanted) in [
        (
            "update ledger_entry set raw = convert_to(replace(convert_from(raw, 'utf8'), 'octocat', '0ctocat'), 'utf8') where seq = 2",
            "root",
        ),
        ("update ledger_tile set hashes = decode(repeat('00', 160), 'hex') where width = 5", "tile"),
        ("delete from ledger_entry where seq = 4", "bundle"),
        ("delete from ledger_checkpoint where size = 5", "unexpected-file"),
    ] {
        // The store must see the change, so it is made for good and taken back from a copy.
        owner.batch_execute("drop table if exists e, t, c; create table e as table ledger_entry; create table t as table ledger_tile; create table c as table ledger_checkpoint").unwrap();
        owner.batch_execute(harm).unwrap();
        assert!(problems(&store).contains(&wanted), "{harm}: {:?}", problems(&store));
        owner.batch_execute("delete from ledger_entry; delete from ledger_tile; delete from ledger_checkpoint; insert into ledger_entry table e; insert into ledger_tile table t; insert into ledger_checkpoint table c").unwrap();
        assert_eq!(problems(&store), [""; 0]);
    }
}

#[test]
fn a_batch_of_many_rows_of_tiles_is_read_back() {
    let Some(address) = database("tiles") else { return };
    let store = open(&address);
    let mut written = 0;
    for size in [1, 254, 1, 1, 300, 500] {
        let drafts: Vec<_> = (written..written + size).map(draft).collect();
        chronicle::append(&store, None, written as i64, &drafts);
        written += size;
    }
    check(&store, 0..written);
    let view = store.view().unwrap().unwrap();
    let reader = Reader::open(&*view).unwrap();
    assert!(reader.inclusion(300).unwrap().is_some());
    assert!(reader.root_at(257).unwrap().is_some());
}

#[test]
fn an_older_plan_and_an_event_of_long_ago_are_refused() {
    let Some(address) = database("older") else { return };
    let store = open(&address);
    let plan = |number| {
        let view = store.view().unwrap();
        let append = Append { origin: ORIGIN, now: retry::now(), key: None, scanner: &Scanner::default() };
        append.plan(view.as_deref(), &[draft(number)]).unwrap().batch.unwrap()
    };
    let (first, other) = (plan(0), plan(1));
    store.commit(&first).unwrap();
    assert_eq!(store.commit(&other), Err(StoreError::Conflict));
    let many: Vec<_> = (1..700).map(draft).collect();
    retry::append(&store, ORIGIN, None, &Scanner::default(), &many, Patience::NEAR).unwrap();
    let view = store.view().unwrap();
    let append = Append { origin: ORIGIN, now: retry::now(), key: None, scanner: &Scanner::default() };
    let again = append.plan(view.as_deref(), &[draft(0)]).unwrap().batch.unwrap();
    drop(view);
    assert!(store.commit(&again).unwrap_err().to_string().contains("stands in the ledger already"));
}

#[test]
fn the_command_works_on_a_server_and_never_shows_its_address() {
    let Some(address) = database("command") else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str], store: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
        command.current_dir(folder.path()).env("CHIMERA_LEDGER", store).env_remove("CHIMERA_SIGNING_KEY");
        let output = command.arg("ledger").args(arguments).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    };
    assert!(Command::new("git").arg("init").current_dir(folder.path()).output().unwrap().status.success());
    let store = format!("postgres:{address}");
    let append = ["append", "chimera.simulate.start", "--payload", "{\"platforms\":[]}"];
    for _ in 0..3 {
        let (exit, text) = run(&append, &store);
        assert_eq!(exit, 0, "{text}");
    }
    assert!(run(&["verify"], &store).1.contains("3 entries"));
    assert_eq!(run(&["export", "copy"], &store).0, 0);
    assert_eq!(run(&["verify"], "folder:copy").0, 0);
    for wrong in
        ["postgres://u:hunter2@localhost:1/db", "postgres://u:hunter2@db.example.org/db", "postgres://u:hunter2@["]
    {
        let (exit, text) = run(&["verify"], wrong);
        assert!([2, 3].contains(&exit) && !text.contains("hunter2"), "{exit}: {text}");
    }
}
