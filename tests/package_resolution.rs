//! Random packages of a workspace, asked for by us and by Node.js itself: agreement, or silence.
//!
//! `CHIMERA_SEED` sets the seed of the random part, which is printed.

#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::print_stdout, reason = "the seed and the figures are what this test is for")]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use chimera::project::import::resolve::{Completion, Resolved, Resolver};
use chimera::project::import::{Load, LoadKind};
use chimera::project::snapshot::Snapshot;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::{Value, json};
use support::generate::Random;
use support::peer::Reference;

const FIXED_SEEDS: [u64; 2] = [1, 2];
const REPOSITORIES: u64 = 100;
const SHOWN: usize = 8;

const SPECIFIERS: [&str; 22] = [
    "@shop/lib",
    "@shop/lib/a",
    "@shop/lib/a.js",
    "@shop/lib/b",
    "@shop/lib/x/a",
    "@shop/lib/x/b.js",
    "@shop/lib/x/y/z",
    "@shop/lib/src",
    "@shop/lib/src/a",
    "@shop/lib/src/a.js",
    "@shop/lib/src/b.js",
    "@shop/lib/src/nothing.js",
    "@shop/lib/lost",
    "@shop/lib/package.json",
    "@shop/lib/SRC/a.js",
    "#a",
    "#b",
    "#x/a",
    "#x/b.js",
    "#x/y/z",
    "#lost",
    "#lib",
];

const TARGETS: [&str; 13] = [
    "./src/a.js",
    "./src/b.js",
    "./src/index.js",
    "./index.js",
    "./src/nothing.js",
    "./src",
    "./src/a",
    "./SRC/a.js",
    "./dist/a.js",
    "./src/y/z.js",
    "../a.js",
    "src/a.js",
    "./src/../a.js",
];

const PATTERNS: [&str; 6] = ["./src/*", "./src/*.js", "./*", "./src/*/a.js", "./src/*/*.js", "./dist/*"];

const CONDITIONS: [&str; 10] =
    ["default", "import", "require", "node", "browser", "types", "source", "production", "module-sync", "development"];

/// A repository with a site and a library.
struct Repository {
    manifest: String,
    snapshot: Snapshot,
    resolver: Resolver,
}

fn main() {
    let arguments = Arguments::from_args();
    let trial = |reference| Trial::test("random packages", move || compare_all(reference));
    libtest_mimic::run(&arguments, Reference::of_packages().map(trial).into_iter().collect()).exit();
}

fn compare_all(reference: Reference) -> Result<(), Failed> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let of_clock = u64::from(since.subsec_nanos()) ^ since.as_secs();
    let seed = std::env::var("CHIMERA_SEED").map_or(of_clock, |text| text.parse().unwrap());
    println!("fixed seeds {FIXED_SEEDS:?}, fresh seed {seed} (CHIMERA_SEED={seed} repeats it)");
    let folder = tempfile::Builder::new().prefix("chimera-packages-").tempdir()?;
    let mut repositories = Vec::new();
    let mut questions = Vec::new();
    for seed in FIXED_SEEDS.into_iter().chain([seed]) {
        for index in 0..REPOSITORIES {
            let files = repository(&mut Random::new(seed, index));
            let dir = folder.path().join(format!("{seed}-{index}"));
            write(&dir, &files);
            for specifier in SPECIFIERS {
                for kind in ["import", "require"] {
                    let from = if specifier.starts_with('#') { "lib/src/index.js" } else { "site/main.js" };
                    questions.push(json!({"dir": dir, "importer": from, "specifier": specifier, "kind": kind}));
                }
            }
            repositories.push(Repository {
                manifest: files["lib/package.json"].clone(),
                snapshot: Snapshot::in_memory(files.into_iter().map(|(path, text)| (path, text.into_bytes()))),
                resolver: Resolver::new("site", Completion::Node),
            });
        }
    }
    judge(&repositories, &questions, &reference.ask_all(&questions))
}

fn judge(repositories: &[Repository], questions: &[Value], answers: &[Value]) -> Result<(), Failed> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (at, (question, answer)) in questions.iter().zip(answers).enumerate() {
        let repository = &repositories[at / (SPECIFIERS.len() * 2)];
        let ours = ours(repository, question);
        let (word, agrees) = match &ours {
            Resolved::File(file) => ("file", answer["file"] == json!(file)),
            Resolved::Missing(_) => ("missing", answer["missing"] == json!(true)),
            Resolved::Refused(_) => ("refused", answer["refused"].is_string()),
            Resolved::Package(_) | Resolved::Unknown => ("silent", true),
        };
        *counts.entry(word).or_default() += 1;
        if !agrees && wrong.len() < SHOWN {
            wrong.push(format!("{question}\nwe: {ours:?}\nNode.js: {answer}\n{}", repository.manifest));
        }
    }
    println!("{} questions: {counts:?}", questions.len());
    for word in ["file", "missing", "refused"] {
        assert!(counts.get(word).is_some_and(|count| count * 10 > questions.len()), "few answers are \"{word}\"");
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n").into()) }
}

fn ours(repository: &Repository, question: &Value) -> Resolved {
    let text = |key: &str| question[key].as_str().unwrap().to_owned();
    let load = Load {
        specifier: text("specifier"),
        start: 0,
        end: 0,
        kind: if text("kind") == "import" { LoadKind::Static } else { LoadKind::Require },
        is_type_only: false,
        is_guarded: false,
        is_immediate: true,
    };
    let importer = text("importer");
    let (dir, _) = importer.rsplit_once('/').unwrap();
    repository.resolver.resolve(&repository.snapshot, &load, dir)
}

fn write(dir: &Path, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let path = dir.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let scope = dir.join("node_modules/@shop");
    std::fs::create_dir_all(&scope).unwrap();
    std::os::unix::fs::symlink("../../lib", scope.join("lib")).unwrap();
}

fn repository(random: &mut Random) -> BTreeMap<String, String> {
    const EXPORTS: [&str; 9] = [".", "./a", "./b", "./lost", "./x/*", "./x/y/*", "./*", "./*.js", "./x/"];
    let mut fields = vec!["\"name\": \"@shop/lib\"".to_owned()];
    if random.chance(50) {
        let main = random.pick(&["src/index.js", "./src/a", "src", "./nothing.js", "."]);
        fields.push(format!("\"main\": {}", json!(main)));
    }
    if random.chance(75) {
        let exports = if random.chance(15) { value(random, 0, false) } else { map(random, &EXPORTS) };
        fields.push(format!("\"exports\": {exports}"));
    }
    fields.push(format!("\"imports\": {}", map(random, &["#a", "#b", "#lib", "#x/*", "#x/y/*", "#*"])));
    let manifest = format!("{{{}}}", fields.join(", "));
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |path: &str, text: &str| files.insert(path.to_owned(), text.to_owned());
    add("package.json", r#"{"workspaces": ["site", "lib"]}"#);
    add("site/package.json", r#"{"name": "site", "dependencies": {"@shop/lib": "workspace:*"}}"#);
    add("lib/package.json", &manifest);
    for path in ["site/main.js", "lib/src/a.js", "lib/src/b.js", "lib/src/index.js", "lib/src/y/z.js", "lib/src/b/a.js"]
    {
        add(path, "");
    }
    for path in ["lib/index.js", "lib/a.js"] {
        if random.chance(50) {
            add(path, "");
        }
    }
    files
}

fn map(random: &mut Random, keys: &[&str]) -> String {
    let mut found = Vec::new();
    for key in keys {
        if random.chance(if key.ends_with('/') { 8 } else { 50 }) {
            found.push(format!("{}: {}", json!(key), value(random, 0, key.contains('*'))));
        }
    }
    random.shuffle(&mut found);
    format!("{{{}}}", found.join(", "))
}

fn value(random: &mut Random, depth: u32, is_pattern: bool) -> String {
    match random.below(12) {
        0 => "null".to_owned(),
        1..=3 if depth < 3 => {
            let mut conditions = random.some(&CONDITIONS, 30);
            random.shuffle(&mut conditions);
            let pairs: Vec<String> = conditions
                .into_iter()
                .map(|condition| format!("{}: {}", json!(condition), value(random, depth + 1, is_pattern)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
        4 if depth < 3 => format!("[{}]", value(random, depth + 1, is_pattern)),
        _ if is_pattern => json!(random.pick(&PATTERNS)).to_string(),
        5 | 6 => json!(random.pick(&TARGETS)).to_string(),
        _ => json!(random.pick(&TARGETS[..4])).to_string(),
    }
}
