#![allow(clippy::unwrap_used)]

use super::*;

fn sample() -> Snapshot {
    Snapshot::in_memory(
        ["a-b/x", "a.txt", "a/b/c.txt", "a/b/d.txt", "a/e.txt", "z"].map(|path| (path, path.as_bytes())),
    )
}

#[test]
fn children_lists_each_name_once() {
    assert_eq!(sample().children(""), [("a", true), ("a-b", true), ("a.txt", false), ("z", false)]);
    assert_eq!(sample().children("a"), [("b", true), ("e.txt", false)]);
    assert!(sample().children("nope").is_empty());
}

#[test]
fn folders_exist_through_their_files() {
    let snapshot = sample();
    assert!(snapshot.is_dir("a/b") && snapshot.is_dir("") && snapshot.is_file("a/b/c.txt"));
    assert!(!snapshot.exists("a/bb") && !snapshot.is_dir("a.txt"));
    assert_eq!(snapshot.text("z").unwrap(), "z");
    assert_eq!(snapshot.read("a"), Err(ReadError::Directory));
}

#[test]
fn links_are_followed_loops_and_exits_are_named() {
    let link = |path: &str, to: &str| Entry::with_body(path, Mode::Symlink, to.as_bytes());
    let entries = vec![
        Entry::with_body("real/file", Mode::File, "x".as_bytes()),
        link("dir", "real"),
        link("loop", "loop"),
        link("out", "../secret"),
        link("abs", "/etc/passwd"),
        Entry::lazy("sub", Mode::Submodule),
    ];
    let snapshot = Snapshot::new(entries, Origin::Folder, Vec::new(), Arc::new(InMemory));
    assert_eq!(snapshot.target("dir/file"), Target::File("real/file".into()));
    assert_eq!(snapshot.target("dir"), Target::Directory("real".into()));
    assert_eq!(snapshot.target("loop"), Target::Loop);
    assert_eq!(snapshot.target("out"), Target::Outside);
    assert_eq!(snapshot.target("abs/x"), Target::Outside);
    assert_eq!(snapshot.target("sub/inside"), Target::Submodule("sub".into()));
}

#[test]
fn paths_clash_when_they_differ_only_in_case_and_each_is_named_behind_the_first() {
    // Every set of these paths, against a search of every pair.
    let paths = ["A/B", "A/b", "a/B", "a/b", "a/c", "x", "é", "É"];
    for chosen in 0..1_u32 << paths.len() {
        let files = (0..).zip(paths).filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, path)| (path, "".as_bytes()));
        let snapshot = Snapshot::in_memory(files);
        let same = |one: &&Entry, other: &Entry| one.path.eq_ignore_ascii_case(&other.path);
        let first = |other: &&Entry| snapshot.entries().iter().find(|one| same(one, other)).unwrap();
        let slow: Vec<_> = snapshot.entries().iter().map(|other| (&*first(&other).path, &*other.path)).collect();
        let slow: Vec<_> = slow.into_iter().filter(|(first, other)| first != other).collect();
        let fast: Vec<_> = snapshot.clashes().map(|(first, other)| (&*first.path, &*other.path)).collect();
        assert_eq!(fast, slow);
    }
}
