//! Every store keeps its promises: nothing lost, nothing doubled, whoever writes at the same time and wherever it stops.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

#[path = "support/chronicle.rs"]
mod chronicle;
#[path = "support/keeping.rs"]
mod keeping;

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use chimera::ledger::append::Append;
use chimera::ledger::entry::nonce;
use chimera::ledger::secret::Scanner;
use chimera::ledger::store::{Store, StoreError};
use chimera::store::disk::{Disk, LocalDisk};
use chimera::store::files::FileStore;
use chimera::store::git::GitStore;
use chimera::store::retry::{self, Patience};
use chronicle::{ORIGIN, draft, ledger};
use keeping::{append, check};

/// Writers at the same time.
const WRITERS: u64 = 16;

fn git(folder: &Path, arguments: &[&str]) {
    let git = Command::new("git").args(["-C", folder.to_str().unwrap()]).args(arguments).output().unwrap();
    assert!(git.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&git.stderr));
}

/// Sixteen writers, each with a store of its own and several events.
fn race<S: Store + Send>(events: u64, open: impl Fn(u64) -> S) {
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let store = open(writer);
            scope.spawn(move || (0..events).for_each(|event| append(&store, writer * 1000 + event)));
        }
    });
}

fn numbers(events: u64) -> impl Iterator<Item = u64> {
    (0..WRITERS).flat_map(move |writer| (0..events).map(move |event| writer * 1000 + event))
}

#[test]
fn sixteen_writers_to_files_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    race(8, |_| FileStore::new(root.clone()));
    assert_eq!(check(&FileStore::new(root), numbers(8)).size, 128);
}

#[test]
fn sixteen_writers_to_a_branch_of_a_bare_repository_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "--bare"]);
    let open = |_| GitStore::new(folder.path().to_owned(), "production", None);
    race(2, open);
    check(&open(0), numbers(2));
}

#[test]
fn sixteen_clones_that_push_to_a_bare_repository_lose_and_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let bare = folder.path().join("bare.git");
    std::fs::create_dir(&bare).unwrap();
    git(&bare, &["init", "-q", "--bare"]);
    let open = |writer: u64| {
        let clone = folder.path().join(format!("clone{writer}"));
        if !clone.exists() {
            std::fs::create_dir(&clone).unwrap();
            git(&clone, &["init", "-q"]);
            git(&clone, &["remote", "add", "origin", bare.to_str().unwrap()]);
        }
        GitStore::new(clone, "production", Some("origin".to_owned()))
    };
    race(1, open);
    check(&open(99), numbers(1));
    let log = Command::new("git").args(["log", "--format=%B", "chimera-ledger/production"]).current_dir(&bare).output();
    let log = String::from_utf8(log.unwrap().stdout).unwrap();
    assert_eq!(log.matches("[skip ci] [skip netlify] [skip render]").count(), 16, "{log}");
}

/// A disk that stops at a step, or is full after some bytes.
struct FrailDisk {
    /// Steps that still work; at the last one the process dies.
    steps: AtomicU64,
    /// Bytes that still fit.
    room: AtomicU64,
}

impl FrailDisk {
    fn new(steps: u64, room: u64) -> FrailDisk {
        FrailDisk { steps: AtomicU64::new(steps), room: AtomicU64::new(room) }
    }

    /// Dies here if it is time, after doing half of the work.
    fn step(&self, half: impl FnOnce()) {
        if self.steps.fetch_sub(1, Ordering::Relaxed) == 0 {
            half();
            std::process::abort();
        }
    }
}

impl Disk for FrailDisk {
    fn write(&self, path: &Path, keep: u64, bytes: &[u8]) -> io::Result<()> {
        self.step(|| LocalDisk.write(path, keep, &bytes[..bytes.len() / 2]).unwrap());
        let room = self.room.load(Ordering::Relaxed);
        if (bytes.len() as u64) > room {
            LocalDisk.write(path, keep, &bytes[..room as usize])?;
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.room.fetch_sub(bytes.len() as u64, Ordering::Relaxed);
        LocalDisk.write(path, keep, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.step(|| ());
        LocalDisk.sync(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| ());
        LocalDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(|| ());
        LocalDisk.remove(path)
    }
}

/// A process of its own that appends one event and dies at the step that its environment names.
#[test]
fn a_writer_that_dies() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let Some((event, steps)) = number("TEST_EVENT").zip(number("TEST_STEPS")) else { return };
    let root = PathBuf::from(std::env::var("TEST_LEDGER").unwrap());
    append(&FileStore::on(root, FrailDisk::new(steps, u64::MAX)), event);
}

/// Starts this very test in a process of its own; true when it lived.
fn lives(root: &Path, event: u64, steps: u64) -> bool {
    let mut writer = Command::new(std::env::current_exe().unwrap());
    writer.args(["--exact", "a_writer_that_dies"]).stdout(Stdio::null()).stderr(Stdio::null());
    writer.env("TEST_LEDGER", root).env("TEST_EVENT", event.to_string()).env("TEST_STEPS", steps.to_string());
    writer.status().unwrap().success()
}

/// Kills the writer of each event at one step after the other until it lives; the events go on from `first`.
fn kill_at_each_step(root: &Path, first: u64) -> u64 {
    let mut number = first;
    for steps in 0.. {
        let lived = lives(root, number, steps);
        // Whoever was killed comes again with the same event.
        append(&FileStore::new(root.to_owned()), number);
        number += 1;
        if lived {
            assert!(steps > 8, "an append has more steps than {steps}");
            return number;
        }
    }
    unreachable!()
}

#[test]
fn a_writer_of_files_can_die_at_any_step() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    let next = kill_at_each_step(&root, 0);
    check(&FileStore::new(root.clone()), 0..next);
    // Where a bundle and two rows of tiles become full, there are more steps.
    let drafts: Vec<_> = (next..255).map(draft).collect();
    retry::append(&FileStore::new(root.clone()), ORIGIN, None, &Scanner::default(), &drafts, Patience::NEAR).unwrap();
    for steps in 0..30 {
        let copy = folder.path().join(format!("copy{steps}"));
        assert!(Command::new("cp").arg("-r").args([&root, &copy]).status().unwrap().success());
        lives(&copy, 255, steps);
        append(&FileStore::new(copy.clone()), 255);
        append(&FileStore::new(copy.clone()), 256);
        check(&FileStore::new(copy), 0..257);
    }
}

#[test]
fn writers_that_die_do_not_disturb_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let root = &root;
            scope.spawn(move || {
                for event in 0..3 {
                    let number = writer * 1000 + event;
                    lives(root, number, (writer + event * 5) % 14);
                    append(&FileStore::new(root.clone()), number);
                }
            });
        }
    });
    check(&FileStore::new(root), numbers(3));
}

#[test]
fn a_disk_that_is_full_at_any_byte_loses_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("ledger");
    append(&FileStore::new(root.clone()), 0);
    let mut refused = 0;
    for (number, room) in (1..).zip((0..).step_by(53)) {
        let frail = FileStore::on(root.clone(), FrailDisk::new(u64::MAX, room));
        let result = retry::append(&frail, ORIGIN, None, &Scanner::default(), &[draft(number)], Patience::NEAR);
        match result {
            Ok(_) => break,
            Err(error) => assert!(error.to_string().contains("nothing of the append counts"), "{error}"),
        }
        check(&FileStore::new(root.clone()), 0..number);
        append(&FileStore::new(root.clone()), number);
        refused += 1;
    }
    assert!(refused > 10, "{refused}");
}

/// A git that kills whoever calls it, before or after the call of this number does its work.
fn deadly_git(folder: &Path, call: usize, is_after: bool) -> PathBuf {
    let bin = folder.join(format!("bin-{call}-{is_after}"));
    std::fs::create_dir(&bin).unwrap();
    let real = Command::new("sh").args(["-c", "command -v git"]).output().unwrap();
    let real = String::from_utf8(real.stdout).unwrap();
    let (before, after) = if is_after { ("", "kill -9 $PPID") } else { ("kill -9 $PPID; exit 1", "") };
    let script = format!(
        "#!/bin/sh\nc={count}\nn=$(cat $c 2>/dev/null || echo 0)\necho $((n+1)) > $c\nif [ $n -eq {call} ]; then\n{before}\n\
         {real} \"$@\"\n{after}\nexit 1\nfi\nexec {real} \"$@\"\n",
        count = bin.join("count").display(),
        real = real.trim(),
    );
    let path = bin.join("git");
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    bin
}

/// The program itself, with another git in its path.
fn program(repository: &Path, bin: Option<&Path>, number: u64) -> bool {
    let mut random = [0; 16];
    random[..8].copy_from_slice(&number.to_be_bytes());
    let mut program = Command::new(env!("CARGO_BIN_EXE_chimeractl"));
    program
        .args(["ledger", "--store", "git", "--repository"])
        .arg(repository)
        .args(["append", "chimera.simulate.start"]);
    program.args(["--payload", "{\"platforms\":[]}", "--nonce", &nonce(&random)]).env_remove("CHIMERA_SIGNING_KEY");
    if let Some(bin) = bin {
        let path = std::env::var("PATH").unwrap();
        program.env("PATH", format!("{}:{path}", bin.display()));
    }
    program.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn a_writer_to_a_branch_can_be_killed_at_any_call_of_git() {
    let folder = tempfile::tempdir().unwrap();
    let repository = folder.path().join("bare.git");
    std::fs::create_dir(&repository).unwrap();
    git(&repository, &["init", "-q", "--bare"]);
    assert!(program(&repository, None, 0));
    let mut number = 1;
    for is_after in [false, true] {
        for call in 0.. {
            let lived = program(&repository, Some(&deadly_git(folder.path(), call, is_after)), number);
            assert!(program(&repository, None, number), "call {call}");
            number += 1;
            if lived {
                assert!(call > 8, "an append calls git more often than {call} times");
                break;
            }
        }
    }
    check(&GitStore::new(repository, "production", None), 0..number);
}

#[test]
fn a_store_that_moved_on_refuses_an_older_plan() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q"]);
    let git = GitStore::new(folder.path().to_owned(), "production", None);
    let files = FileStore::new(folder.path().join("ledger"));
    for store in [&git as &dyn Store, &files] {
        let plan = |number| {
            let view = store.view().unwrap();
            let append = Append { origin: ORIGIN, now: retry::now(), key: None, scanner: &Scanner::default() };
            append.plan(view.as_deref(), &[draft(number)]).unwrap().batch.unwrap()
        };
        let (first, other) = (plan(0), plan(1));
        store.commit(&first).unwrap();
        assert_eq!(store.commit(&other), Err(StoreError::Conflict), "two began the ledger");
        let (second, other) = (plan(2), plan(3));
        store.commit(&second).unwrap();
        assert_eq!(store.commit(&other), Err(StoreError::Conflict), "two continued it");
        check(store, [0, 2].into_iter());
    }
}

#[test]
fn every_store_holds_the_same_files() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q"]);
    let memory = chimera::ledger::memory::Memory::default();
    let git = GitStore::new(folder.path().to_owned(), "production", None);
    let files = FileStore::new(folder.path().join("ledger"));
    let mut written = 0;
    for size in [1, 2, 250, 3, 1, 300, 1] {
        let drafts: Vec<_> = (written..written + size).map(draft).collect();
        for store in [&memory as &dyn Store, &git, &files] {
            chronicle::append(store, None, written as i64 * 1000, &drafts);
        }
        written += size;
    }
    let wanted = memory.files();
    for store in [&git as &dyn Store, &files] {
        let view = store.view().unwrap().unwrap();
        let mut paths = view.paths().unwrap();
        paths.sort();
        assert!(paths.iter().eq(wanted.keys()), "{paths:?}");
        let parts: Vec<_> = paths.iter().map(|path| chimera::ledger::part::Part::parse(path).unwrap()).collect();
        let found = view.read(&parts).unwrap();
        assert!(found.iter().zip(wanted.values()).all(|(found, wanted)| found.as_ref() == Some(wanted)));
    }
    assert_eq!(ledger(1, None, &mut chronicle::Dice(1)).len(), 4);
}
