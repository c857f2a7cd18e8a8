//! `chimeractl heal` as people and scripts call it.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

#[path = "support/program.rs"]
mod program;

use program::*;

/// A site that stops at its configuration; the repair is safe.
const BROKEN: &[u8] = b"[build]\n  publish = \".\" # everything\n  environment = \"A=1\" # one\n";
const HEALED: &[u8] = b"[build]\n  publish = \".\" # everything\n  environment = { A = \"1\" } # one\n";

fn heal(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = chimeractl(folder, &[&["heal"], arguments].concat());
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    (output.status.code().unwrap(), stdout(&output) + &stderr(&output))
}

fn committed(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = repository(files);
    commit(folder.path());
    folder
}

fn commit(folder: &Path) {
    git(folder, &["-c", "user.name=n", "-c", "user.email=n@example.org", "commit", "-q", "-m", "all"]);
}

fn broken() -> tempfile::TempDir {
    committed(&[("netlify.toml", BROKEN), ("index.html", b"x")])
}

fn read(folder: &Path, path: &str) -> Vec<u8> {
    std::fs::read(folder.join(path)).unwrap()
}

#[test]
fn without_write_a_diff_is_shown_and_nothing_is_touched() {
    let folder = broken();
    let (code, text) = heal(folder.path(), &[]);
    assert_eq!(code, FINDINGS, "what is on disk still fails: {text}");
    assert!(text.contains("-  environment = \"A=1\" # one\n+  environment = { A = \"1\" } # one\n"), "{text}");
    assert!(text.contains("@@ NTL004: "), "each hunk has its reason: {text}");
    assert!(text.contains("before  FAIL") && text.contains("after   PASS"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour but on a terminal");
    assert_eq!(read(folder.path(), "netlify.toml"), BROKEN);
}

#[test]
fn write_changes_the_edited_bytes_only_and_leaves_no_trace() {
    let folder = broken();
    let (code, text) = heal(folder.path(), &["--write"]);
    assert_eq!(code, CLEAN, "{text}");
    assert_eq!(read(folder.path(), "netlify.toml"), HEALED);
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    let (code, text) = heal(folder.path(), &["--write", "--allow-dirty"]);
    assert_eq!(code, CLEAN);
    assert!(text.contains("nothing to write"), "{text}");
}

#[test]
fn check_says_by_its_exit_code_whether_there_is_something_to_heal() {
    let folder = broken();
    assert_eq!(heal(folder.path(), &["--check"]).0, FINDINGS);
    assert_eq!(read(folder.path(), "netlify.toml"), BROKEN);
    heal(folder.path(), &["--write"]);
    assert_eq!(heal(folder.path(), &["--check"]).0, CLEAN);
    assert_eq!(heal(folder.path(), &["--check", "--write"]).0, USAGE);
}

#[test]
fn what_has_to_be_looked_at_is_applied_with_review_only() {
    let folder =
        committed(&[("netlify.toml", b"[build]\nbase = \"Docs\"\npublish = \".\"\n"), ("docs/index.html", b"x")]);
    let (code, text) = heal(folder.path(), &["--write"]);
    assert_eq!(code, FINDINGS, "{text}");
    assert!(text.contains("--review applies it"), "{text}");
    let (code, text) = heal(folder.path(), &["--write", "--review"]);
    assert_eq!(code, CLEAN, "{text}");
    assert_eq!(read(folder.path(), "netlify.toml"), b"[build]\nbase = \"docs\"\npublish = \".\"\n");
}

#[test]
fn git_takes_the_patch_even_of_a_folder_with_an_odd_name_below_the_top() {
    let site = "sites/caf\u{e9} \"x\"";
    let in_site = |name: &str| format!("{site}/{name}");
    let (config, page) = (in_site("netlify.toml"), in_site("index.html"));
    let no_newline = &BROKEN[..BROKEN.len() - 1];
    let folder = committed(&[(&config, no_newline), (&page, b"x")]);
    let (_, text) = heal(folder.path(), &[site, "--patch", "p.diff"]);
    assert!(text.contains("the patch is in \"p.diff\""), "{text}");
    git(folder.path(), &["apply", "--check", "p.diff"]);
    git(folder.path(), &["apply", "p.diff"]);
    assert_eq!(read(folder.path(), &config), HEALED[..HEALED.len() - 1]);
}

#[test]
fn a_file_gets_another_name_by_writing_and_by_a_patch_that_git_takes() {
    let files: [(&str, &[u8]); 3] =
        [("netlify.toml", b"[build]\npublish = \"www\"\n"), ("www/index.html", b"x"), ("www/c#.html", b"sharp\n")];
    let folder = committed(&files);
    let (code, text) = heal(folder.path(), &["--review", "--patch", "-"]);
    assert_eq!(
        (code, text.contains("rename from www/c#.html\nrename to www/c-sharp.html\n")),
        (FINDINGS, true),
        "{text}"
    );
    let patched = committed(&files);
    std::fs::write(patched.path().join("p.diff"), text).unwrap();
    git(patched.path(), &["apply", "p.diff"]);
    assert_eq!(heal(folder.path(), &["--review", "--write"]).0, CLEAN);
    for folder in [&folder, &patched] {
        assert_eq!(read(folder.path(), "www/c-sharp.html"), b"sharp\n");
        assert!(!folder.path().join("www/c#.html").exists());
    }
    let taken = committed(&files);
    std::fs::write(taken.path().join("www/c-sharp.html"), "mine").unwrap();
    let (code, text) = heal(taken.path(), &["--review", "--write"]);
    assert_eq!(code, COULD_NOT_LOOK);
    assert!(text.contains("exists by now"), "{text}");
    assert_eq!(
        (read(taken.path(), "www/c-sharp.html"), read(taken.path(), "www/c#.html")),
        (b"mine".to_vec(), b"sharp\n".to_vec())
    );
}

/// A Blueprint whose repair takes a secret away.
const LEAK: &[u8] = b"services:\n  - type: web\n    name: app\n    runtime: image\n    image:\n      url: docker.io/library/nginx:1.27\n    envVars:\n      - key: DATABASE_URL\n        value: postgres://app:k3Tq9vLw2x@db.internal.test:5432/app\n";

#[test]
fn a_secret_is_taken_out_of_the_file_and_shown_nowhere() {
    let folder = committed(&[("render.yaml", LEAK)]);
    let all = ["--review", "--severity", "medium"];
    for more in [&[][..], &["--format", "json"], &["--format", "markdown"], &["--patch", "-"], &["--patch", "p.diff"]] {
        let (_, text) = heal(folder.path(), &[&all[..], more].concat());
        assert!(!text.contains("k3Tq9vLw2x"), "{more:?}: {text}");
        assert_eq!(text.contains("is not in the patch"), more == ["--patch", "p.diff"], "{more:?}: {text}");
    }
    assert!(!String::from_utf8(read(folder.path(), "p.diff")).unwrap().contains("k3Tq9vLw2x"));
    assert_eq!(heal(folder.path(), &[&all[..], &["--write"]].concat()).0, CLEAN);
    assert!(String::from_utf8(read(folder.path(), "render.yaml")).unwrap().contains("sync: false"));
}

#[test]
fn an_exception_from_the_scan_for_secrets_is_never_made_by_itself() {
    let secret: &[u8] = &[b"const key = \"ghp".as_slice(), b"_Zk3vQ9xLr7TfWm2Yp8Hd5Bn4Jc6Gs\";\n"].concat();
    let site: &[u8] = b"[build]\npublish = \"www\"\n";
    let folder = committed(&[("netlify.toml", site), ("www/index.html", b"x"), ("www/app.js", secret)]);
    let (_, text) = heal(folder.path(), &["--review", "--severity", "low", "--write"]);
    assert!(text.contains("NTL019") && text.contains("for a person to make"), "{text}");
    assert_eq!(read(folder.path(), "netlify.toml"), site);
}

#[test]
fn a_patch_of_windows_lines_and_a_byte_order_mark_applies_as_well() {
    let windows = [b"\xef\xbb\xbf", String::from_utf8_lossy(BROKEN).replace('\n', "\r\n").as_bytes()].concat();
    let folder = committed(&[("netlify.toml", &windows), ("index.html", b"x")]);
    let (_, patch) = heal(folder.path(), &["--patch", "-"]);
    std::fs::write(folder.path().join("p.diff"), &patch).unwrap();
    git(folder.path(), &["apply", "--check", "p.diff"]);
    assert_eq!(heal(folder.path(), &["--write"]).0, CLEAN);
    let expected = [b"\xef\xbb\xbf", String::from_utf8_lossy(HEALED).replace('\n', "\r\n").as_bytes()].concat();
    assert_eq!(read(folder.path(), "netlify.toml"), expected);
}

#[test]
fn uncommitted_changes_are_not_written_over_unless_it_is_allowed() {
    let folder = repository(&[("netlify.toml", BROKEN), ("index.html", b"x")]);
    let (code, text) = heal(folder.path(), &["--write"]);
    assert_eq!(code, USAGE, "{text}");
    assert!(text.contains("netlify.toml") && text.contains("--allow-dirty"), "{text}");
    assert_eq!(read(folder.path(), "netlify.toml"), BROKEN);
    commit(folder.path());
    std::fs::write(folder.path().join("index.html"), "another").unwrap();
    assert_eq!(heal(folder.path(), &["--write"]).0, CLEAN, "other files may be dirty");
    std::fs::write(folder.path().join("netlify.toml"), [BROKEN, b"# mine\n"].concat()).unwrap();
    assert_eq!(heal(folder.path(), &["--write"]).0, USAGE);
    assert_eq!(heal(folder.path(), &["--write", "--allow-dirty"]).0, CLEAN);
    assert_eq!(read(folder.path(), "netlify.toml"), [HEALED, b"# mine\n"].concat());
}

#[test]
fn json_obeys_its_published_schema_and_proves_by_digest() {
    let folder = broken();
    let (_, text) = heal(folder.path(), &["--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    check_schema(&report);
    let file = &report["files"][0];
    let digest = |bytes: &[u8]| {
        use sha3::Digest as _;
        let digest = sha3::Sha3_256::digest(bytes);
        digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert_eq!(file["before"]["sha3_256"], digest(BROKEN));
    assert_eq!(file["after"]["sha3_256"], digest(HEALED));
    assert_eq!(report["fixes_applied"][0]["edits"][0]["path"], "netlify.toml");
    assert_eq!(
        (&report["sites"][0]["before"]["status"], &report["sites"][0]["after"]["status"]),
        (&"fail".into(), &"pass".into())
    );
    let others = committed(&[("netlify.toml", b"[build]\nbase = \"Docs\"\n"), ("docs/index.html", b"x")]);
    for arguments in [&["--format", "json"][..], &["--format", "json", "--review", "--severity", "low"]] {
        check_schema(&serde_json::from_str(&heal(others.path(), arguments).1).unwrap());
    }
}

fn check_schema(report: &Value) {
    let text = include_str!("../docs/schema/heal.schema.json");
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.add_resource("https://example.org/heal", serde_json::from_str(text).unwrap()).unwrap();
    let index = compiler.compile("https://example.org/heal", &mut schemas).unwrap();
    if let Err(error) = schemas.validate(report, index) {
        unreachable!("{error}");
    }
    let mut misspelt = report.clone();
    misspelt["refusd"] = Value::Null;
    assert!(schemas.validate(&misspelt, index).is_err(), "the schema is strict");
}

#[test]
fn the_threshold_comes_from_the_configuration_and_the_command_line_wins() {
    let site: &[u8] = b"/*    /index.html  200\n/old  /new.html    301\n";
    let files: [(&str, &[u8]); 3] =
        [("netlify.toml", b"[build]\npublish = \".\"\n"), ("_redirects", site), ("index.html", b"x")];
    let folder = committed(&files);
    assert_eq!(heal(folder.path(), &["--check"]).0, CLEAN, "a warning is not healed unasked");
    assert_eq!(heal(folder.path(), &["--check", "--severity", "medium"]).0, FINDINGS);
    let config: (&str, &[u8]) =
        (".chimera/config.toml", b"heal_on_detected_drift = true\nheal_severity = \"medium\"\n");
    let folder = committed(&[files[0], files[1], files[2], config]);
    assert_eq!(heal(folder.path(), &["--check"]).0, FINDINGS);
    assert_eq!(heal(folder.path(), &["--check", "--severity", "high"]).0, CLEAN);
    let wrong: (&str, &[u8]) = (".chimera/config.toml", b"heal_severity = \"hgh\"\n");
    let (code, text) = heal(committed(&[files[0], wrong]).path(), &[]);
    assert_eq!(code, USAGE);
    assert!(text.contains(".chimera/config.toml:1:17") && text.contains("\"high\""), "{text}");
}

#[test]
fn a_file_over_10_megabytes_is_left_alone_with_the_reason() {
    let large = [BROKEN, &b"# filler filler filler\n".repeat(440_000)].concat();
    let folder = committed(&[("netlify.toml", &large), ("index.html", b"x")]);
    let (code, text) = heal(folder.path(), &["--write"]);
    assert_eq!(code, FINDINGS);
    assert!(text.contains("larger than 10 MB"), "{text}");
    assert_eq!(read(folder.path(), "netlify.toml"), large);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_read_only_file_is_refused_and_kept() {
        let folder = broken();
        let place = folder.path().join("netlify.toml");
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o444)).unwrap();
        let (code, text) = heal(folder.path(), &["--write"]);
        assert_eq!(code, COULD_NOT_LOOK, "{text}");
        assert!(text.contains("read-only"), "{text}");
        assert_eq!(read(folder.path(), "netlify.toml"), BROKEN);
    }

    #[test]
    fn permissions_are_kept() {
        let folder = broken();
        let place = folder.path().join("netlify.toml");
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(heal(folder.path(), &["--write"]).0, CLEAN);
        assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[test]
    fn the_target_of_a_link_is_edited_and_the_link_stays() {
        let folder = folder(&[("config/site.toml", BROKEN), ("index.html", b"x")]);
        symlink("config/site.toml", folder.path().join("netlify.toml")).unwrap();
        git(folder.path(), &["init", "-q"]);
        git(folder.path(), &["add", "-A"]);
        commit(folder.path());
        let (code, text) = heal(folder.path(), &["--write"]);
        assert_eq!(code, CLEAN, "{text}");
        assert_eq!(read(folder.path(), "config/site.toml"), HEALED);
        assert!(std::fs::symlink_metadata(folder.path().join("netlify.toml")).unwrap().is_symlink());
    }

    #[test]
    fn a_folder_that_leads_out_of_the_repository_is_not_written_to() {
        let outside = folder(&[("netlify.toml", BROKEN), ("index.html", b"x")]);
        let inside = committed(&[("site/netlify.toml", BROKEN), ("site/index.html", b"x")]);
        std::fs::remove_dir_all(inside.path().join("site")).unwrap();
        symlink(outside.path(), inside.path().join("site")).unwrap();
        let (code, text) = heal(inside.path(), &["--write", "--allow-dirty"]);
        assert_eq!(code, COULD_NOT_LOOK, "{text}");
        assert_eq!(read(outside.path(), "netlify.toml"), BROKEN);
    }

    #[test]
    fn a_killed_process_leaves_the_old_or_the_new_content_of_each_file() {
        const SITES: usize = 60;
        let names: Vec<(String, String)> =
            (0..SITES).map(|number| (format!("s{number}/netlify.toml"), format!("s{number}/index.html"))).collect();
        let files: Vec<(&str, &[u8])> = names
            .iter()
            .flat_map(|(config, page)| [(config.as_str(), BROKEN), (page.as_str(), b"x".as_slice())])
            .collect();
        let folder = committed(&files);
        let counts = |folder: &Path| {
            let texts = names.iter().map(|(config, _)| read(folder, config));
            texts.fold((0, 0), |(old, new), text| match text {
                text if text == BROKEN => (old + 1, new),
                text if text == HEALED => (old, new + 1),
                text => unreachable!("half a file: {:?}", String::from_utf8_lossy(&text)),
            })
        };
        let mut was_between = false;
        for _ in 0..20 {
            let mut child = Command::new(env!("CARGO_BIN_EXE_chimeractl"))
                .args(["heal", "--write", "--allow-dirty"])
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            // Killed as soon as the first new content shows.
            while child.try_wait().unwrap().is_none() && counts(folder.path()).1 == 0 {}
            child.kill().unwrap();
            child.wait().unwrap();
            let (old, new) = counts(folder.path());
            assert_eq!(old + new, SITES);
            git(folder.path(), &["checkout", "-q", "."]);
            was_between = old > 0 && new > 0;
            if was_between {
                break;
            }
        }
        assert!(was_between, "no process was killed between two files");
        let (code, text) = heal(folder.path(), &["--write"]);
        assert_eq!(code, CLEAN, "what a killed process left is no hindrance: {text}");
        assert_eq!(counts(folder.path()), (0, SITES));
    }
}
