//! Who may use whom: the `use crate::` lines of every module against one table.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

/// `(module, what it may use)`; a module may always use itself. Data flows from the top of this list to its end.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("project", &["text"]),
    ("sim", &["text"]),
    ("platform", &["text", "project", "sim"]),
    ("rule", &["text", "project", "sim", "platform"]),
    ("config", &["text", "project", "platform", "rule", "policy", "certificate"]),
    ("verdict", &["text", "project", "sim", "platform", "rule", "config"]),
    ("heal", &["text", "project", "sim", "rule", "verdict", "digest"]),
    ("report", &["text", "project", "sim", "rule", "verdict", "heal", "certificate", "key", "event", "drift"]),
    ("pull", &["text", "project", "rule", "verdict", "heal", "report"]),
    ("github", &["text", "project", "pull", "patience"]),
    ("init", &["text"]),
    ("digest", &[]),
    ("key", &["digest"]),
    ("ledger", &["text", "digest", "key"]),
    ("event", &["text", "digest", "ledger"]),
    ("store", &["digest", "key", "ledger", "event", "project"]),
    ("certificate", &["text", "digest", "key", "ledger"]),
    ("policy", &["certificate"]),
    ("pipeline", &["text", "digest"]),
    ("verify", &["text", "digest", "platform", "pipeline"]),
    ("drift", &["text", "digest", "project", "sim", "platform", "rule", "verify"]),
    ("patience", &[]),
    ("remote", &["pipeline", "patience", "verify", "drift", "digest"]),
    ("smoke", &["text", "verify"]),
    ("cli", &[ANYTHING]),
];

/// Stands for every module.
const ANYTHING: &str = "*";

/// Files of the pure core may name none of these: they are the world.
const WORLD: [&str; 9] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::net::Tcp",
    "std::net::Udp",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::io::std",
    "println!",
];

/// The places where the world comes in.
const EDGE: [&str; 7] = ["cli", "github", "project/collect.rs", "remote/http.rs", "remote/prober", "store", "main.rs"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// Every source file as (path below `src`, text without its unit tests).
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(path).unwrap();
        (name, text.split("#[cfg(test)]").next().unwrap_or_default().to_owned())
    };
    paths.iter().map(read).collect()
}

fn module_of(file: &str) -> &str {
    file.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

fn used_modules(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split("crate::").skip(1).map(move |rest| rest.split(|c| !is_word(c)).next().unwrap_or_default())
}

#[test]
fn modules_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    for (file, text) in files() {
        let module = module_of(&file);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else { continue };
        for used in used_modules(&text).filter(|used| MAY_USE.iter().any(|(name, _)| name == used)) {
            if used != module && !allowed.contains(&ANYTHING) && !allowed.contains(&used) {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the table: {wrong:#?}");
}

#[test]
fn every_module_stands_in_the_table() {
    for (file, _) in files() {
        let module = module_of(&file);
        let is_known = ["lib", "main"].contains(&module) || MAY_USE.iter().any(|(name, _)| *name == module);
        assert!(is_known, "{file}: add the module \"{module}\" to the table");
    }
}

#[test]
fn the_core_does_not_touch_the_world() {
    let mut wrong = Vec::new();
    for (file, text) in files() {
        if !EDGE.iter().any(|edge| file.starts_with(edge)) {
            wrong.extend(WORLD.iter().filter(|word| text.contains(**word)).map(|word| format!("{file} names {word}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn platforms_know_no_rules_and_rules_know_no_edge() {
    for (file, text) in files() {
        if file.starts_with("platform") || file.starts_with("sim") {
            assert!(used_modules(&text).all(|used| used != "rule"), "{file} uses rule");
        }
    }
}
