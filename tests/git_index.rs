//! Our reader of git's index against `git ls-files`, and against bytes that are no index.

#![cfg(feature = "edge")]
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use chimera::project::git_index;
use proptest::prelude::*;

fn git(root: &Path, args: &[&str]) -> Vec<u8> {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-C"]).arg(root).args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What git lists, without the names of objects.
fn by_git(root: &Path) -> String {
    let listed = git(root, &["ls-files", "-s", "-z"]);
    let mut out = String::new();
    for record in listed.split(|byte| *byte == 0).filter(|record| !record.is_empty()) {
        let tab = record.iter().position(|byte| *byte == b'\t').unwrap();
        let (head, path) = (std::str::from_utf8(&record[..tab]).unwrap(), String::from_utf8_lossy(&record[tab + 1..]));
        writeln!(out, "{} {} {path:?}", &head[..6], &head[tab - 1..]).unwrap();
    }
    out
}

/// The same by our reader, if it answers.
fn by_us(root: &Path) -> Option<String> {
    let bytes = std::fs::read(root.join(".git/index")).unwrap();
    let mut out = String::new();
    git_index::read(&bytes, |listed| {
        let path = String::from_utf8_lossy(listed.path);
        writeln!(out, "{:06o} {} {path:?}", listed.mode, listed.stage).unwrap();
    })?;
    Some(out)
}

fn write(root: &Path, path: &str, text: &str) {
    let place = root.join(path);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(place, text).unwrap();
}

/// A repository with every kind of entry: links, submodules, executables, long names, sides of a merge, `git add -N`.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main"]);
    for at in 0..300 {
        write(root, &format!("sites/s{}/src/file-{at}.js", at % 7), "a");
    }
    write(root, "a", "1");
    write(root, "a.b/c", "1");
    write(root, "a-b", "1");
    write(root, "grün/ß.md", "1");
    git(root, &["add", "-A"]);
    git(root, &["update-index", "--chmod=+x", "a-b"]);
    let blob = String::from_utf8(git(root, &["hash-object", "-w", "a"])).unwrap();
    let blob = blob.trim();
    let mut given = vec![format!("120000,{blob},link"), format!("160000,{},module", "1".repeat(40))];
    given.push(format!("100644,{blob},long/{}", "x".repeat(5000)));
    for entry in &given {
        git(root, &["update-index", "--add", "--cacheinfo", entry]);
    }
    let stages = (1..4).fold(String::new(), |text, stage| text + &format!("100644 {blob} {stage}\tmerged\n"));
    write(root, ".git/stages", &stages);
    let feed = std::fs::File::open(root.join(".git/stages")).unwrap();
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["update-index", "--index-info"]).stdin(feed);
    assert!(command.status().unwrap().success());
    write(root, "later", "1");
    git(root, &["add", "-N", "later"]);
    folder
}

/// What is read in parts, if all of them answer.
fn in_parts(bytes: &[u8], most: u32) -> Option<Vec<(u32, u8, Vec<u8>)>> {
    let index = git_index::Index::open(bytes)?;
    let mut found = Vec::new();
    for part in index.parts(most)? {
        index.read_part(&part, |listed| found.push((listed.mode, listed.stage, listed.path.to_vec())))?;
    }
    Some(found)
}

fn whole(bytes: &[u8]) -> Option<Vec<(u32, u8, Vec<u8>)>> {
    let mut found = Vec::new();
    git_index::read(bytes, |listed| found.push((listed.mode, listed.stage, listed.path.to_vec())))?;
    Some(found)
}

#[test]
fn an_index_that_is_read_in_parts_says_the_same() {
    let folder = repository();
    for version in ["2", "3", "4"] {
        git(folder.path(), &["update-index", "--force-write-index", "--index-version", version]);
        let bytes = std::fs::read(folder.path().join(".git/index")).unwrap();
        let (once, parts) = (whole(&bytes).unwrap(), git_index::Index::open(&bytes).unwrap().parts(5));
        if version == "4" {
            assert_eq!(parts, None);
            continue;
        }
        assert_eq!(parts.unwrap().len(), 5);
        for most in [0, 1, 2, 3, 5, 299, 5000] {
            assert_eq!(in_parts(&bytes, most).unwrap(), once, "version {version}, {most} parts");
        }
    }
}

#[test]
fn every_version_of_the_index_is_listed_as_git_lists_it() {
    let folder = repository();
    for version in ["2", "3", "4"] {
        git(folder.path(), &["update-index", "--force-write-index", "--index-version", version]);
        let ours = by_us(folder.path()).unwrap();
        assert_eq!(ours, by_git(folder.path()), "version {version}");
        assert!(ours.contains("160000 0 \"module\"") && ours.contains("100644 3 \"merged\"") && ours.contains("later"));
    }
}

#[test]
fn an_index_that_is_split_or_sparse_is_left_to_git() {
    let folder = repository();
    let root = folder.path();
    git(root, &["rm", "-q", "--cached", "merged"]);
    git(root, &["update-index", "--split-index"]);
    write(root, "new", "1");
    git(root, &["add", "new"]);
    assert_eq!(by_us(root), None);
    let listed = chimera::project::collect::collect(root, chimera::project::collect::Scope::Tracked).unwrap();
    assert!(listed.entries().iter().any(|entry| &*entry.path == "new"));
    assert_eq!(listed.entries().len(), by_git(root).lines().count());
}

#[test]
fn a_large_index_is_collected_whole_wherever_its_parts_meet() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q"]);
    let mut lines = String::new();
    for at in 0..12_001 {
        // Every path has the three sides of a merge, so that parts meet between the sides of one.
        (1..4).for_each(|side| writeln!(lines, "100644 {} {side}\tsites/f{at:05}", "1".repeat(40)).unwrap());
    }
    write(root, ".git/lines", &lines);
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["update-index", "--index-info"]);
    assert!(command.stdin(std::fs::File::open(root.join(".git/lines")).unwrap()).status().unwrap().success());
    let listed = chimera::project::collect::collect(root, chimera::project::collect::Scope::Tracked).unwrap();
    let paths: Vec<String> = listed.entries().iter().map(|entry| entry.path.to_string()).collect();
    assert_eq!(paths, (0..12_001).map(|at| format!("sites/f{at:05}")).collect::<Vec<_>>());
    assert_eq!(listed.oddities.len(), 12_001, "each is said once");
}

#[test]
fn an_index_of_other_object_names_is_left_to_git() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "-q", "--object-format=sha256"]);
    write(root, "netlify.toml", "");
    git(root, &["add", "-A"]);
    let listed = chimera::project::collect::collect(root, chimera::project::collect::Scope::Tracked).unwrap();
    assert_eq!(listed.entries().iter().map(|entry| &*entry.path).collect::<Vec<_>>(), ["netlify.toml"]);
}

#[test]
fn a_truncated_index_is_not_half_read() {
    let folder = repository();
    let bytes = std::fs::read(folder.path().join(".git/index")).unwrap();
    for length in (0..bytes.len()).step_by(97) {
        assert_eq!(git_index::read(&bytes[..length], |_| ()), None, "{length} of {} bytes", bytes.len());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(
        version in 2u8..5,
        count in 0u8..9,
        bytes in proptest::collection::vec(prop_oneof![Just(0u8), Just(0xff), any::<u8>()], 0..700),
    ) {
        let mut index = b"DIRC\0\0\0".to_vec();
        index.extend([version, 0, 0, 0, count]);
        index.extend(bytes);
        let mut entries = 0;
        let _ = git_index::read(&index, |_| entries += 1);
        prop_assert!(entries <= u32::from(count));
        for most in [2, 3, 9].into_iter().filter(|_| version < 4) {
            prop_assert_eq!(in_parts(&index, most).is_some(), whole(&index).is_some());
            prop_assert!(in_parts(&index, most).is_none_or(|found| Some(found) == whole(&index)));
        }
    }
}
