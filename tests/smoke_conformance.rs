//! Smoke files against a small site: what we say of each, and what the real `hurl` says.
//!
//! `tests/data/smoke.txt` holds the files, each below a line `=== verdict: name`. Where `CHIMERA_TEST_HURL` names the program
//! (`scripts/with-hurl`), it must agree on all of them.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[path = "support/smoke/mod.rs"]
mod smoke;

use std::path::Path;
use std::process::Command;

use smoke::Verdict;

struct Case {
    name: String,
    verdict: Verdict,
    text: String,
}

fn cases() -> Vec<Case> {
    let all = include_str!("data/smoke.txt");
    let mut cases: Vec<Case> = Vec::new();
    for line in all.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix("=== ") {
            let (verdict, name) = head.trim_end().split_once(": ").unwrap();
            let verdict = Verdict::parse(verdict).unwrap();
            cases.push(Case { name: name.to_owned(), verdict, text: String::new() });
        } else if let Some(case) = cases.last_mut() {
            case.text.push_str(line);
        }
    }
    cases
}

/// A folder with the files that the cases send and expect.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("hello.txt"), "Hello, world!\nSecond line: 42\n").unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/bytes.bin"), [0xef, 0xbb, 0xbf, 0, 1, 0xff]).unwrap();
    folder
}

#[test]
fn every_file_has_the_verdict_that_is_written_above_it() {
    let (port, folder, cases) = (smoke::start(), folder(), cases());
    assert!(cases.len() >= 150, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let base = format!("http://127.0.0.1:{port}/ours{number}");
        let (verdict, told) = smoke::ours(&case.text, folder.path(), &base);
        if verdict != case.verdict {
            wrong.push(format!("{}: {verdict:?} instead of {:?}\n{told}", case.name, case.verdict));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

/// Version of the program that is the reference.
const VERSION: &str = "hurl 8.";

#[test]
fn the_real_program_agrees() {
    let Some(program) = std::env::var_os("CHIMERA_TEST_HURL") else {
        eprintln!(
            "SKIPPED: CHIMERA_TEST_HURL names no hurl: run scripts/with-hurl cargo test --test smoke_conformance"
        );
        return;
    };
    let version = Command::new(&program).arg("--version").output().unwrap().stdout;
    assert!(String::from_utf8_lossy(&version).starts_with(VERSION), "{VERSION} is the reference");
    let (port, folder, cases) = (smoke::start(), folder(), cases());
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (number, case) in cases.iter().enumerate() {
        let base = format!("http://127.0.0.1:{port}/theirs{number}");
        let (code, told) = theirs(Path::new(&program), &case.text, folder.path(), &base);
        // What cannot be said here must at least be Hurl.
        let is_same = match case.verdict {
            Verdict::Pass => code == 0,
            Verdict::Fail => code == 3 || code == 4,
            Verdict::Syntax => code == 2,
            Verdict::Unknown | Verdict::Unsupported => code != 2,
        };
        compared += usize::from(!matches!(case.verdict, Verdict::Unknown | Verdict::Unsupported));
        if !is_same {
            wrong.push(format!("{}: {:?}, and hurl ends with {code}\n{told}", case.name, case.verdict));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
    eprintln!("{compared} of {} files have the same verdict by hurl", cases.len());
}

/// Pieces that a damaged file gets.
const PIECES: [&str; 40] = [
    " ", "\n", "\t", "#", "\"", "\\", "{", "}", "{{", "}}", "[", "]", ":", ",", ";", "/", "`", "```", "-", "0", "1",
    ".", "$", "@", "*", "?", "not ", "==", "!=", "<", ">=", "true", "null", "é", "first ", "count ", "\r\n", "  ",
    "hex,", "exists",
];

/// A file with a few damages, the same every time.
fn damage(text: &str, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(limit.max(1)).unwrap()).unwrap()
    };
    let mut signs: Vec<String> = text.chars().map(String::from).collect();
    for _ in 0..=below(2) {
        let at = below(signs.len());
        match below(4) {
            0 if !signs.is_empty() => {
                signs.remove(at);
            }
            1 if !signs.is_empty() => signs[at] = PIECES[below(PIECES.len())].to_owned(),
            2 => {
                let end = (at + below(12)).min(signs.len());
                signs.drain(at..end);
            }
            _ => signs.insert(at, PIECES[below(PIECES.len())].to_owned()),
        }
    }
    signs.concat()
}

/// Files that nobody would write: Hurl and we agree whether they are files at all, and what they say.
#[test]
fn the_real_program_agrees_on_damaged_files() {
    let Some(program) = std::env::var_os("CHIMERA_TEST_HURL") else {
        eprintln!(
            "SKIPPED: CHIMERA_TEST_HURL names no hurl: run scripts/with-hurl cargo test --test smoke_conformance"
        );
        return;
    };
    let count = std::env::var("CHIMERA_DAMAGED").ok().and_then(|count| count.parse().ok()).unwrap_or(400_u64);
    let (port, folder, cases) = (smoke::start(), folder(), cases());
    // What waits is left out, and so are addresses that a damage could lead out of this machine.
    let is_quick = |case: &&Case| {
        !["slow", "delay", "retry", "repeat", "http:", "elsewhere"].iter().any(|word| case.text.contains(word))
            && matches!(case.verdict, Verdict::Pass | Verdict::Fail)
    };
    let cases: Vec<Case> = cases.into_iter().filter(|case| is_quick(&case)).collect();
    let (mut wrong, mut tally) = (Vec::new(), [0, 0, 0, 0]);
    for seed in 0..count {
        let case = &cases[usize::try_from(seed).unwrap() % cases.len()];
        let text = damage(&case.text, seed + 1);
        let base = |name: &str| format!("http://127.0.0.1:{port}/{name}{seed}");
        let (ours, told) = smoke::ours(&text, folder.path(), &base("ours"));
        let (code, said) = theirs(Path::new(&program), &text, folder.path(), &base("theirs"));
        let is_same = match ours {
            Verdict::Pass => code == 0,
            Verdict::Fail => code == 3 || code == 4,
            Verdict::Syntax => code == 2,
            Verdict::Unknown | Verdict::Unsupported => true,
        };
        tally[match ours {
            Verdict::Pass => 0,
            Verdict::Fail => 1,
            Verdict::Syntax => 2,
            Verdict::Unknown | Verdict::Unsupported => 3,
        }] += 1;
        if !is_same {
            wrong.push(format!("{seed}: {ours:?} and {code}\n{text}\n-- ours\n{told}\n-- theirs\n{said}"));
        }
    }
    eprintln!("pass, fail, syntax, no verdict: {tally:?}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n\n"));
}

fn theirs(program: &Path, text: &str, folder: &Path, base: &str) -> (i32, String) {
    let file = folder.join("case.hurl");
    std::fs::write(&file, text).unwrap();
    let output = Command::new(program)
        .args(["--no-color", "--variable", &format!("base_url={base}"), "--file-root"])
        .arg(folder)
        .arg(&file)
        .env_remove("http_proxy")
        .env("NO_PROXY", "*")
        .output()
        .unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}
