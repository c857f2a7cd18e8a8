//! Every table of data that ages says where it comes from, how old it is, and how it is renewed.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use serde_json::Value;

const FOLDERS: [&str; 2] = ["src/platform/data", "src/project/data"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tables() -> Vec<PathBuf> {
    let files = |folder: &str| std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    FOLDERS.iter().flat_map(|folder| files(folder).collect::<Vec<_>>()).collect()
}

/// What is said about a table: at its head, or in a file beside it where its form is somebody else's.
fn head(table: &Path) -> Value {
    let beside = table.with_extension("source.json");
    let text = std::fs::read_to_string(if beside.exists() { &beside } else { table }).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.is_empty())
}

/// Whether a table names its source, once or for each of its parts.
fn has_source(value: &Value) -> bool {
    let has_own = |part: &Value| text(part, "source").is_some();
    let parts = value.as_object().map(|members| members.values().filter(|part| part.is_object()).collect::<Vec<_>>());
    let are_told = |parts: Vec<&Value>| !parts.is_empty() && parts.into_iter().all(has_source);
    has_own(value) || parts.is_some_and(are_told)
}

fn is_day(text: &str) -> bool {
    text.parse::<jiff::civil::Date>().is_ok_and(|day| day.year() >= 2026) && text.len() == 10
}

#[test]
fn every_table_has_a_source_a_date_and_a_way_to_renew_it() {
    let tables = tables();
    assert!(tables.len() > 20);
    for table in tables {
        let (name, head) = (table.display(), head(&table));
        assert!(has_source(&head), "{name}: no \"source\"");
        assert!(text(&head, "seen").is_some_and(is_day), "{name}: no \"seen\"");
        let way = text(&head, "refresh").unwrap_or_else(|| panic!("{name}: no \"refresh\""));
        if let Some(reason) = way.strip_prefix("by hand") {
            assert!(reason.starts_with(": ") && reason.len() > 30, "{name}: why by hand?");
            continue;
        }
        let script = root().join(way.split(';').next().unwrap());
        let program = std::fs::read_to_string(&script).unwrap_or_else(|error| panic!("{name}: {way}: {error}"));
        let target = table.file_name().unwrap().to_str().unwrap().trim_end_matches(".source.json");
        assert!(program.contains(target.trim_end_matches(".json")), "{name}: \"{way}\" does not speak of it");
    }
}

#[test]
fn every_refresh_script_is_named_by_a_table() {
    let ways: Vec<String> =
        tables().iter().filter_map(|table| text(&head(table), "refresh").map(str::to_owned)).collect();
    for entry in std::fs::read_dir(root().join("scripts/refresh")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // What the scripts share, and what Python makes of it.
        if name != "npm.py" && name != "__pycache__" {
            assert!(
                ways.iter().any(|way| way.starts_with(&format!("scripts/refresh/{name}"))),
                "{name} renews nothing"
            );
        }
    }
}

fn runs(value: &Value) -> Vec<(String, String)> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn runs_of_releases_with_install_scripts_are_in_order() {
    let table = head(&root().join("src/platform/data/build-scripts.json"));
    for (name, value) in table["packages"].as_object().unwrap() {
        let runs = runs(value);
        let bounds = runs.iter().flat_map(|(first, last)| [first, last]);
        let versions: Vec<_> = bounds.map(|text| nodejs_semver::Version::parse(text).unwrap()).collect();
        assert!(!versions.is_empty() && versions.is_sorted(), "{name}: {runs:?}");
    }
}

#[test]
fn every_major_of_a_runtime_has_its_last_day() {
    let day = |value: &Value| value["end"].as_str().unwrap().parse::<jiff::civil::Date>().unwrap();
    let node = head(&root().join("src/platform/data/node-releases.json"));
    for (number, major) in node["majors"].as_object().unwrap() {
        assert!((2016..2040).contains(&day(major).year()), "{number}");
        let patches: Vec<i64> = serde_json::from_value(major["patches"].clone()).unwrap();
        assert!(patches.last().is_some_and(|last| *last >= 0) && patches.iter().all(|patch| *patch >= -1), "{number}");
    }
    let python = head(&root().join("src/platform/data/python-releases.json"));
    for (number, minor) in python["minors"].as_object().unwrap() {
        let seen = python["seen"].as_str().unwrap().parse().unwrap();
        assert!(!minor["over"].as_bool().unwrap_or_default() || day(minor) < seen, "{number} is not over yet");
    }
}
