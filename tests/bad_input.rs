//! Bad input: each ends with a clear finding or error, never with a panic or half an answer that looks whole.

#![allow(clippy::unwrap_used)]

#[cfg(unix)]
use std::process::Command;

#[path = "support/program.rs"]
mod program;

use program::*;

#[test]
fn a_path_that_does_not_exist_or_is_a_file_is_exit_code_3() {
    let folder = repository(&STATIC_SITE);
    for path in ["nowhere", "netlify.toml"] {
        let (code, text) = simulate(folder.path(), &[path]);
        assert_eq!(code, COULD_NOT_LOOK);
        assert!(text.contains(path), "{text}");
    }
}

#[test]
fn an_empty_repository_and_an_empty_folder_are_said_to_be_empty() {
    for folder in [repository(&[]), folder(&[])] {
        let (code, text) = simulate(folder.path(), &["."]);
        assert_eq!(code, CLEAN, "{text}");
        assert!(text.contains("holds no files"), "{text}");
    }
}

#[test]
fn outside_git_every_file_that_no_ignore_file_excludes_counts() {
    let folder = folder(&[
        ("netlify.toml", b"[build]\nbase = \"site\"\n"),
        (".gitignore", b"site/\n"),
        ("site/index.html", b"x"),
    ]);
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("no git repository"), "{text}");
}

#[test]
fn untracked_files_are_not_there_and_a_forgotten_configuration_is_named() {
    let folder = repository(&[("index.html", b"x")]);
    std::fs::write(folder.path().join("netlify.toml"), "[build]\nbase = \"nowhere\"\n").unwrap();
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("not tracked by git"), "{text}");
}

#[test]
fn a_tracked_file_that_is_gone_from_the_work_tree_is_read_from_the_index() {
    let folder = repository(&[("netlify.toml", b"[build]\nbase = \"nowhere\"\n")]);
    std::fs::remove_file(folder.path().join("netlify.toml")).unwrap();
    assert_eq!(simulate(folder.path(), &[]).0, FINDINGS);
}

#[test]
fn something_else_in_the_place_of_a_tracked_file_ends_the_run() {
    let folder = repository(&STATIC_SITE);
    std::fs::remove_file(folder.path().join("netlify.toml")).unwrap();
    std::fs::create_dir(folder.path().join("netlify.toml")).unwrap();
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, COULD_NOT_LOOK, "{text}");
    assert!(text.contains("cannot be read") && !text.contains("PASS"), "{text}");
}

#[test]
fn a_directory_named_like_the_configuration_fails_as_it_does_on_the_platform() {
    let folder = folder(&[("netlify.toml/keep", b"")]);
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("stage config"), "{text}");
}

#[test]
fn odd_bytes_in_the_configuration_are_judged_not_feared() {
    let deep = [b"a = ".to_vec(), vec![b'['; 200_000]].concat();
    let dotted = [b"a".to_vec(), b".a".repeat(100_000), b" = 1".to_vec()].concat();
    let failing: [(&str, &[u8]); 6] = [
        ("NUL", b"[build]\npublish = \"a\0b\"\n"),
        ("lone carriage return", b"[build]\rpublish = \"a\"\n"),
        ("unfinished", b"[build\n"),
        ("deep lists", &deep),
        ("deep keys", &dotted),
        ("wrong type", b"[build]\nbase = 1\n"),
    ];
    for (name, bytes) in failing {
        let folder = repository(&[("netlify.toml", bytes), ("index.html", b"x")]);
        let (code, text) = simulate(folder.path(), &[]);
        assert_eq!(code, FINDINGS, "{name}: {text}");
    }
    let fine: [(&str, &[u8]); 3] = [
        ("CRLF", b"[build]\r\npublish = \".\"\r\n"),
        ("not UTF-8", b"# caf\xe9\n[build]\npublish = \".\"\n"),
        ("byte order mark", b"\xef\xbb\xbf[build]\npublish = \".\"\n"),
    ];
    for (name, bytes) in fine {
        let folder = repository(&[("netlify.toml", bytes), ("index.html", b"x")]);
        let (code, text) = simulate(folder.path(), &[]);
        assert_eq!(code, CLEAN, "{name}: {text}");
    }
}

#[test]
fn a_redirects_file_of_50_megabytes_is_read_to_its_end() {
    let line = b"/old/path/that/is/quite/long /new/path/that/is/quite/long 301\n";
    let mut rules = line.repeat(50_000_000 / line.len());
    rules.extend_from_slice(b"/broken\n");
    let folder = folder(&[STATIC_SITE[0], STATIC_SITE[1], ("_redirects", &rules)]);
    let output = chimeractl(folder.path(), &["plan", ".", "--format", "oracle"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = format!("Could not parse redirect line {}:", 50_000_000 / line.len() + 1);
    assert_eq!(document["redirectErrors"], serde_json::json!([expected]));
}

#[test]
fn odd_bytes_in_side_files_and_manifests_are_judged_not_feared() {
    let deep = br#"{"a":"#.repeat(100_000);
    let built = b"[build]\npublish = \".\"\ncommand = \"npm run build\"\n";
    let cases: [(&str, &str, &[u8], i32, &str); 9] = [
        ("byte order mark", "_headers", b"\xef\xbb\xbf/*\r\n  X-Frame-Options: DENY\r\n", CLEAN, "0 warnings"),
        ("byte order mark", "_redirects", b"\xef\xbb\xbf/a /b 301\r\n", CLEAN, "0 warnings"),
        ("NUL", "_redirects", b"/a\0 /b 301\n/c\n", CLEAN, "_redirects:2:1"),
        ("not UTF-8", "_redirects", b"/\xff /b 301\n/c\n", CLEAN, "_redirects:2:1"),
        ("not UTF-8", "_headers", b"/*\n  X-Name: \xe9\n  oops\n/b\n  : x\n", CLEAN, "_headers:5:3"),
        (
            "byte order mark",
            "package.json",
            b"\xef\xbb\xbf{\"scripts\": {\"build\": \"exit 1\"}}",
            FINDINGS,
            "build.command",
        ),
        (
            "not UTF-8",
            "package.json",
            b"{\"name\": \"\xe9\", \"scripts\": {\"build\": \"exit 1\"}}",
            FINDINGS,
            "build.command",
        ),
        ("NUL", "package.json", b"{\"name\": \"a\0b\"}", FINDINGS, "PRJ016"),
        ("deep nesting", "package.json", &deep, FINDINGS, "PRJ016"),
    ];
    for (name, path, bytes, expected, said) in cases {
        let folder = repository(&[("netlify.toml", built), ("index.html", b"x"), (path, bytes)]);
        let settings = if path == "package.json" { "{}" } else { "{\"command\": \"\"}" };
        let built = folder.path().join("netlify.toml");
        if path != "package.json" {
            std::fs::write(built, STATIC_SITE[1].1).unwrap();
        }
        let (code, text) = simulate(folder.path(), &["--site-settings", settings]);
        assert_eq!(code, expected, "{path}, {name}: {text}");
        assert!(text.contains(said), "{path}, {name}: {text}");
    }
}

#[test]
fn very_deep_folders_are_walked() {
    let path = format!("{}netlify.toml", "d/".repeat(600));
    let folder = folder(&[STATIC_SITE[0], (&path, b"[build]\nbase = 1\n")]);
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, FINDINGS, "{text}");
}

#[test]
fn a_damaged_index_is_not_taken_for_a_short_one() {
    let folder = repository(&STATIC_SITE);
    let index = folder.path().join(".git/index");
    let bytes = std::fs::read(&index).unwrap();
    for length in [0, 7, 40, bytes.len() / 2] {
        std::fs::write(&index, &bytes[..length]).unwrap();
        let (code, text) = simulate(folder.path(), &[]);
        assert_eq!(code, COULD_NOT_LOOK, "{length} bytes: {text}");
        assert!(!text.contains("PASS"), "{text}");
    }
}

#[test]
fn content_that_neither_disk_nor_git_has_ends_the_run() {
    let folder = repository(&[("netlify.toml", b"[build]\nbase = \"nowhere\"\n")]);
    std::fs::remove_file(folder.path().join("netlify.toml")).unwrap();
    std::fs::remove_dir_all(folder.path().join(".git/objects")).unwrap();
    std::fs::create_dir(folder.path().join(".git/objects")).unwrap();
    let (code, text) = simulate(folder.path(), &[]);
    assert_eq!(code, COULD_NOT_LOOK, "{text}");
    assert!(text.contains("netlify.toml\" cannot be read"), "{text}");
}

#[test]
fn something_that_only_looks_like_a_repository_is_exit_code_3() {
    let folder = folder(&[STATIC_SITE[0], STATIC_SITE[1], (".git", b"gitdir: /nowhere\n")]);
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, COULD_NOT_LOOK, "{text}");
    assert!(text.contains("git cannot list"), "{text}");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf_8_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder(&STATIC_SITE);
    std::fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.html")), "x").unwrap();
    git(folder.path(), &["init", "-q"]);
    for arguments in [&["."][..], &[]] {
        git(folder.path(), &["add", "-A"]);
        let (code, text) = simulate(folder.path(), arguments);
        assert_eq!(code, CLEAN, "{text}");
        assert!(text.contains("is not UTF-8"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn folders_that_link_to_themselves_end_nowhere() {
    let folder = folder(&[STATIC_SITE[0], ("netlify.toml", b"[build]\npublish = \"loop/x\"\n"), ("a/keep", b"")]);
    for (target, name) in [(".", "here"), ("../a", "a/b"), ("loop", "loop")] {
        std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
    }
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("UNKNOWN") && text.contains("\"loop/x\""), "{text}");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let folder = folder(&[STATIC_SITE[0]]);
    let made = Command::new("mkfifo").arg(folder.path().join("netlify.toml")).status().unwrap();
    assert!(made.success());
    let (code, text) = simulate(folder.path(), &["."]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("no netlify.toml"), "{text}");
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_lead_out_are_named() {
    let looping = folder(&[STATIC_SITE[0]]);
    std::os::unix::fs::symlink("netlify.toml", looping.path().join("netlify.toml")).unwrap();
    let (code, text) = simulate(looping.path(), &["."]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("leads back to itself"), "{text}");

    let leaving = folder(&[STATIC_SITE[0]]);
    std::os::unix::fs::symlink("/etc/hostname", leaving.path().join("netlify.toml")).unwrap();
    let (code, text) = simulate(leaving.path(), &["."]);
    assert_eq!(code, CLEAN, "{text}");
    assert!(text.contains("UNKNOWN") && text.contains("leads out of the repository"), "{text}");
    assert_eq!(simulate(leaving.path(), &[".", "--strict"]).0, FINDINGS);
}
