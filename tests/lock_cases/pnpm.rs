//! pnpm: `pnpm install --frozen-lockfile`.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::manager::Manager;
use crate::{Case, Change, case, remove, set, text};

const SETTINGS: &str =
    "lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\n";

fn manifest() -> Value {
    let mut manifest = crate::manifest();
    set(&mut manifest, &["packageManager"], json!("pnpm@10.34.9"));
    manifest
}

fn entries(all: &[(&str, &str)]) -> String {
    let mut text = "packages:\n".to_owned();
    for (name, version) in all {
        write!(text, "\n  {name}@{version}:\n    resolution: {{integrity: sha512-x}}\n").unwrap();
    }
    text.push_str("\nsnapshots:\n");
    for (name, version) in all {
        write!(text, "\n  {name}@{version}: {{}}\n").unwrap();
    }
    text
}

/// A field of a manifest with its packages: name, specifier, version.
type Group = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

fn importer(path: &str, groups: &[Group]) -> String {
    let mut text = format!("  {path}:\n");
    for (group, dependencies) in groups {
        writeln!(text, "    {group}:").unwrap();
        for (name, specifier, version) in *dependencies {
            writeln!(text, "      {name}:\n        specifier: {specifier}\n        version: {version}").unwrap();
        }
    }
    text
}

fn lock() -> String {
    let groups: [Group; 2] = [
        ("dependencies", &[("apple", "^1.2.0", "1.3.0"), ("berry", "~2.0.1", "2.0.4")]),
        ("devDependencies", &[("cherry", "3.1.0", "3.1.0")]),
    ];
    let packages = entries(&[("apple", "1.3.0"), ("berry", "2.0.4"), ("cherry", "3.1.0")]);
    format!("{SETTINGS}importers:\n\n{}\n{packages}", importer(".", &groups))
}

fn with_manifest(name: &'static str, change: Change) -> Case {
    let mut manifest = manifest();
    change(&mut manifest);
    case(Manager::Pnpm, name, &manifest, ("pnpm-lock.yaml", lock()))
}

fn with_lock(name: &'static str, lock: String) -> Case {
    case(Manager::Pnpm, name, &manifest(), ("pnpm-lock.yaml", lock))
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        with_manifest("as it is", |_| {}),
        with_manifest("a dependency more", |it| set(it, &["dependencies", "elder"], json!("^1.0.0"))),
        with_manifest("a development dependency more", |it| set(it, &["devDependencies", "elder"], json!("1.0.0"))),
        with_manifest("an optional dependency more", |it| set(it, &["optionalDependencies", "elder"], json!("1.0.0"))),
        with_manifest("a peer more", |it| set(it, &["peerDependencies", "elder"], json!("1.0.0"))),
        with_manifest("a dependency less", |it| remove(it, &["dependencies", "berry"])),
        with_manifest("a wider range", |it| set(it, &["dependencies", "apple"], json!("^1.0.0"))),
        with_manifest("the same range written apart", |it| set(it, &["dependencies", "apple"], json!("1.2.0 - 1.9.9"))),
        with_manifest("a range that does not fit", |it| set(it, &["dependencies", "apple"], json!("^2.0.0"))),
        with_manifest("moved to production", |it| {
            remove(it, &["devDependencies", "cherry"]);
            set(it, &["dependencies", "cherry"], json!("3.1.0"));
        }),
        with_manifest("moved to development", |it| {
            remove(it, &["dependencies", "berry"]);
            set(it, &["devDependencies", "berry"], json!("~2.0.1"));
        }),
        with_manifest("in two fields", |it| set(it, &["devDependencies", "apple"], json!("^1.2.0"))),
        with_manifest("another version of the site", |it| set(it, &["version"], json!("2.0.0"))),
        with_manifest("a peer that is a dependency too", |it| set(it, &["peerDependencies", "apple"], json!("^1.0.0"))),
        with_manifest("overrides that the lock does not know", |it| {
            set(it, &["pnpm"], json!({"overrides": {"date": "1.0.0"}}));
        })
        .open("what overrides do to a lock file is not followed"),
        with_lock("of version 6", lock().replace("'9.0'", "'6.0'").replace("  apple@", "  /apple@")),
        with_lock("of version 5", lock().replace("'9.0'", "5.4")),
        with_lock("without peers", lock().replace("autoInstallPeers: true", "autoInstallPeers: false"))
            .open("settings of pnpm that the lock file records are not compared"),
        with_lock("an empty lock", String::new()),
    ];
    cases.extend(workspaces());
    cases
}

fn workspaces() -> Vec<Case> {
    let root = json!({"name": "site", "version": "1.0.0", "private": true, "packageManager": "pnpm@10.34.9"});
    let groups: [Group; 1] = [("dependencies", &[("apple", "^1.2.0", "1.3.0")])];
    let lock = format!(
        "{SETTINGS}importers:\n\n  .: {{}}\n\n{}\n{}",
        importer("packages/web", &groups),
        entries(&[("apple", "1.3.0")])
    );
    let web = |dependencies: Value| text(&json!({"name": "web", "version": "1.0.0", "dependencies": dependencies}));
    let made = |name, web: String| {
        case(Manager::Pnpm, name, &root, ("pnpm-lock.yaml", lock.clone()))
            .with("pnpm-workspace.yaml", "packages:\n  - packages/*\n")
            .with("packages/web/package.json", web)
    };
    vec![
        made("a workspace", web(json!({"apple": "^1.2.0"}))),
        made("a workspace with a dependency more", web(json!({"apple": "^1.2.0", "elder": "1.0.0"}))),
        made("a workspace with another range", web(json!({"apple": "^1.0.0"}))),
        made("a workspace more", web(json!({"apple": "^1.2.0"}))).with(
            "packages/api/package.json",
            text(&json!({"name": "api", "version": "1.0.0", "dependencies": {"apple": "^1.2.0"}})),
        ),
        made("a workspace more that needs nothing", web(json!({"apple": "^1.2.0"})))
            .with("packages/api/package.json", text(&json!({"name": "api", "version": "1.0.0"}))),
    ]
}
