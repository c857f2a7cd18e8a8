//! The bodies of the fuzz targets (`tests/fuzz`) on noise and on damaged texts, for as long as a test may take.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use support::corpus;
use support::generate::blueprint::blueprint;
use support::generate::{Content, Random, Site, break_text};
use support::law::{self, LAWS};

const INPUTS_PER_LAW: u64 = 4000;

/// Texts that parsers care about.
const FRAGMENTS: [&str; 59] = [
    "- ",
    "? ",
    ": ",
    "a: ",
    "\n  ",
    "&a ",
    "*a",
    "<<: ",
    "|\n",
    ">-\n",
    "!!str ",
    "---\n",
    "\n",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "\0",
    "\u{7f}",
    "\"",
    "\"\"\"",
    "'",
    "'''",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\\",
    "\\u",
    "\\x4",
    "\\e",
    ":",
    "/",
    "/*",
    "*",
    "!",
    "a",
    "b = ",
    "1",
    "0x",
    "1e9",
    "1979-05-27",
    "T07:32",
    "true",
    "null",
    "é",
    "😀",
    "-",
    "H(1-5)",
    "https://",
];

/// Texts that smoke files care about.
const SMOKE_FRAGMENTS: [&str; 30] = [
    "GET http://a/{{x}}\n",
    "HTTP 200\n",
    "[Asserts]\n",
    "[Options]\nrepeat: 2\n",
    "jsonpath \"$..a[?@ > 1]\" ",
    "header \"a\" split \",\" nth 1 == \"b\"\n",
    "body regex /(.)/ not exists\n",
    "bytes toHex startsWith \"7b\"\n",
    "[Captures]\nx: body toDate \"%Y-%m\"\n",
    "{{",
    "```\n",
    "`",
    "\n",
    "\r\n",
    " ",
    "\"",
    "#",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "a: ",
    "1",
    "-",
    "/",
    ",",
    "é",
    "\0",
    ";",
];

fn noise(random: &mut Random, fragments: &[&str]) -> Vec<u8> {
    match random.below(3) {
        0 => (0..random.below(200)).map(|_| u8::try_from(random.below(256)).unwrap()).collect(),
        _ => (0..random.below(60)).flat_map(|_| random.pick(fragments).bytes()).collect(),
    }
}

/// The files of a random site, each damaged.
fn damaged_files(seed: u64, index: u64) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed, !index);
    let files = Site::generate(seed, index).files.into_values();
    let texts = files.filter_map(|content| if let Content::File(text) = content { Some(text) } else { None });
    texts.map(|text| break_text(&mut random, &text)).collect()
}

fn check(law: fn(&[u8]), input: &[u8]) {
    if std::panic::catch_unwind(|| law(input)).is_err() {
        panic!("the law does not hold of {:?} (bytes {input:?})", String::from_utf8_lossy(input));
    }
}

#[test]
fn every_law_holds_of_noise() {
    for (number, (name, law)) in LAWS.iter().enumerate() {
        let fragments = if *name == "smoke" { &SMOKE_FRAGMENTS[..] } else { &FRAGMENTS };
        for index in 0..INPUTS_PER_LAW {
            check(*law, &noise(&mut Random::new(u64::try_from(number).unwrap(), index), fragments));
        }
    }
}

#[test]
fn every_law_holds_of_damaged_files() {
    for index in 0..INPUTS_PER_LAW / 12 {
        let files = damaged_files(17, index);
        for (file, (_, law)) in files.iter().flat_map(|file| LAWS.iter().map(move |law| (file, law))) {
            check(*law, file);
        }
    }
}

#[test]
fn every_law_holds_of_damaged_blueprints() {
    for index in 0..INPUTS_PER_LAW / 4 {
        let mut random = Random::new(23, index);
        let text = blueprint(&mut random);
        check(law::law_of_yaml, text.as_bytes());
        let broken = break_text(&mut random, text.as_bytes());
        check(law::law_of_yaml, &broken);
        // Nine tenths are the Blueprint.
        check(law::law_of_blueprints, &[&[230, 242], text.as_bytes()].concat());
        check(law::law_of_blueprints, &[&[255, 255], &broken[..]].concat());
    }
}

/// The workflows among the fixtures of rules, whole and damaged.
#[test]
fn the_law_of_workflows_holds_of_damaged_workflows() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rules");
    let folders = support::case::folders(&root).into_iter().flat_map(|folder| support::case::folders(&folder));
    let texts: Vec<String> = folders
        .filter_map(|folder| std::fs::read_to_string(folder.join(".github/workflows/publish.yml")).ok())
        .collect();
    assert!(texts.len() > 50);
    for (number, text) in texts.iter().enumerate() {
        check(law::law_of_workflow, text.as_bytes());
        for index in 0..20 {
            let mut random = Random::new(29 + u64::try_from(number).unwrap(), index);
            check(law::law_of_workflow, &break_text(&mut random, text.as_bytes()));
        }
    }
}

#[test]
fn every_law_holds_of_the_own_corpus() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/oracle/netlify");
    for run in corpus::runs(&root) {
        for content in Site::read(&run.dir).files.into_values() {
            let Content::File(text) = content else { continue };
            LAWS.iter().for_each(|(_, law)| check(*law, &text));
        }
    }
}

/// No stack is long enough for carelessness, and no patience for a square.
#[test]
fn every_law_holds_of_deep_and_long_inputs() {
    let deep = |open: &str, middle: &str, close: &str| {
        [900, 1000, 1023, 1100, 20_000].map(|depth| format!("{}{middle}{}", open.repeat(depth), close.repeat(depth)))
    };
    let shapes = [
        ("a = ", deep("[", "1", "]")),
        ("a = ", deep("{a=", "1", "}")),
        ("", deep("a.", "a = 1", "")),
        ("[build.environment]\n", deep("a.", "a = 1", "")),
        ("", deep("[a.", "", "")),
        ("", deep("[", "", "]")),
        ("", deep("{\"a\":", "1", "}")),
        ("/*\n", deep("*(", "", ")")),
        ("", deep("/a /b\n", "", "")),
        ("", deep("/a/*\n  X: 1\n", "", "")),
        ("", deep("[[redirects]]\nfrom = \"/a\"\nto = \"/b\"\n", "", "")),
        ("[[headers]]\nfor = \"/\"\n[headers.values]\nx = ", deep("[", "", "]")),
        ("", deep("[[plugins]]\npackage = \"a\"\n", "", "")),
        ("context = ", deep("{context = {a = ", "1", "}}")),
        ("\na = \"\"\"", deep("\\q\n", "", "")),
        ("", deep("\na = \"\\q", "", "")),
        ("", deep("1,", "2", "")),
        ("", deep("- ", "a", "")),
        ("", deep("? ", "a", "")),
        ("", deep("&a ", "", "")),
        ("", deep("a: b\n", "", "")),
        ("", deep("- a: \"b\n", "", "")),
        ("", deep("- |\n\n", "", "")),
        ("", deep("- 'a\n", "", "")),
        ("a:\n", deep("\n  #\n", "", "")),
        ("a:\n\n", deep("\n", "#", "\n #")),
        ("- &a [a, a]\n", deep("- *a\n", "", "")),
        ("services:\n", deep("- type: web\n", "", "")),
        ("", deep("{a: ", "", "")),
        ("POST http://a\n", deep("[", "1", "]")),
        ("GET http://a\n", deep("A: b\n", "", "")),
        ("GET http://a\nHTTP 200\n[Asserts]\n", deep("status == 200\n", "", "")),
    ];
    for (start, texts) in &shapes {
        for text in texts {
            let text = format!("{start}{text}");
            LAWS.iter().for_each(|(_, law)| law(text.as_bytes()));
            law::law_of_site(&[("netlify.toml", text.as_bytes()), ("_redirects", text.as_bytes())]);
            law::law_of_site(&[("_headers", text.as_bytes())]);
        }
    }
}
