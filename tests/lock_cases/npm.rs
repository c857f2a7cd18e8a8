//! npm: `npm ci`.

use serde_json::{Value, json};

use crate::support::manager::Manager;
use crate::{Case, Change, case, manifest, remove, set, text};

fn lock() -> Value {
    json!({
        "name": "site", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
        "packages": {
            "": {"name": "site", "version": "1.0.0", "dependencies": {"apple": "^1.2.0", "berry": "~2.0.1"},
                "devDependencies": {"cherry": "3.1.0"}},
            "node_modules/apple": {"version": "1.3.0", "integrity": "sha512-x", "dependencies": {"date": "^1.0.0"}},
            "node_modules/berry": {"version": "2.0.4", "integrity": "sha512-x"},
            "node_modules/cherry": {"version": "3.1.0", "integrity": "sha512-x", "dev": true},
            "node_modules/date": {"version": "1.1.0", "integrity": "sha512-x"}
        }
    })
}

fn with_manifest(name: &'static str, change: Change) -> Case {
    let mut manifest = manifest();
    change(&mut manifest);
    case(Manager::Npm, name, &manifest, ("package-lock.json", text(&lock())))
}

fn with_lock(name: &'static str, change: Change) -> Case {
    let mut lock = lock();
    change(&mut lock);
    case(Manager::Npm, name, &manifest(), ("package-lock.json", text(&lock)))
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = vec![
        with_manifest("as it is", |_| {}),
        with_manifest("a dependency more", |it| set(it, &["dependencies", "elder"], json!("^1.0.0"))),
        with_manifest("a development dependency more", |it| set(it, &["devDependencies", "elder"], json!("1.0.0"))),
        with_manifest("an optional dependency more", |it| set(it, &["optionalDependencies", "elder"], json!("1.0.0"))),
        with_manifest("a peer more", |it| set(it, &["peerDependencies", "elder"], json!("1.0.0"))),
        with_manifest("an optional peer more", |it| {
            set(it, &["peerDependencies", "elder"], json!("1.0.0"));
            set(it, &["peerDependenciesMeta", "elder"], json!({"optional": true}));
        }),
        with_manifest("a dependency less", |it| remove(it, &["dependencies", "berry"])),
        with_manifest("a wider range", |it| set(it, &["dependencies", "apple"], json!("^1.0.0"))),
        with_manifest("a narrower range that fits", |it| set(it, &["dependencies", "apple"], json!("^1.3.0"))),
        with_manifest("a range that does not fit", |it| set(it, &["dependencies", "apple"], json!("^2.0.0"))),
        with_manifest("a range just above", |it| set(it, &["dependencies", "apple"], json!(">1.3.0"))),
        with_manifest("two ranges", |it| set(it, &["dependencies", "apple"], json!("^0.9.0 || ^1.0.0"))),
        with_manifest("another exact version", |it| set(it, &["devDependencies", "cherry"], json!("3.1.1"))),
        with_manifest("a star", |it| set(it, &["dependencies", "berry"], json!("*"))),
        with_manifest("no range", |it| set(it, &["dependencies", "berry"], json!(""))),
        with_manifest("an x", |it| set(it, &["dependencies", "berry"], json!("2.x"))),
        with_manifest("moved to production", |it| {
            remove(it, &["devDependencies", "cherry"]);
            set(it, &["dependencies", "cherry"], json!("3.1.0"));
        }),
        with_manifest("moved to development", |it| {
            remove(it, &["dependencies", "berry"]);
            set(it, &["devDependencies", "berry"], json!("~2.0.1"));
        }),
        with_manifest("in two fields that differ", |it| set(it, &["devDependencies", "apple"], json!("^2.0.0"))),
        with_manifest("another version of the site", |it| set(it, &["version"], json!("2.0.0"))),
        with_manifest("another name of the site", |it| set(it, &["name"], json!("shop"))),
        with_manifest("a tag", |it| set(it, &["dependencies", "berry"], json!("latest")))
            .open("what a tag means, the registry knows"),
        with_lock("without a package below", |it| remove(it, &["packages", "node_modules/date"])),
        with_lock("without an optional package below", |it| {
            set(it, &["packages", "node_modules/apple", "optionalDependencies"], json!({"elder": "1"}));
        })
        .open("npm decides by what the registry says of the package's systems"),
        with_lock("a package too many", |it| {
            set(it, &["packages", "node_modules/elder"], json!({"version": "1.0.0", "integrity": "sha512-x"}));
        }),
        with_lock("stale fields of the root", |it| {
            set(it, &["packages", "", "dependencies"], json!({"apple": "^1.0.0"}));
        }),
        with_lock("a locked version that never fitted", |it| {
            set(it, &["packages", "node_modules/berry", "version"], json!("1.9.0"));
        }),
        with_lock("version 2", |it| {
            set(it, &["lockfileVersion"], json!(2));
            set(
                it,
                &["dependencies"],
                json!({"apple": {"version": "1.3.0", "requires": {"date": "^1.0.0"}},
                "berry": {"version": "2.0.4"}, "cherry": {"version": "3.1.0", "dev": true}, "date": {"version": "1.1.0"}}),
            );
        }),
        with_lock("no packages", |it| set(it, &["packages"], json!({}))),
    ];
    cases.push(case(Manager::Npm, "an empty lock", &manifest(), ("package-lock.json", String::new())));
    cases.push(case(
        Manager::Npm,
        "a lock cut short",
        &manifest(),
        ("package-lock.json", text(&lock())[..200].to_owned()),
    ));
    cases.push(case(
        Manager::Npm,
        "another manager's lock",
        &manifest(),
        ("yarn.lock", "# yarn lockfile v1\n".to_owned()),
    ));
    cases.extend(workspaces());
    cases
}

fn workspaces() -> Vec<Case> {
    let root = json!({"name": "site", "version": "1.0.0", "private": true, "workspaces": ["packages/*"]});
    let lock = json!({
        "name": "site", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
        "packages": {
            "": {"name": "site", "version": "1.0.0", "workspaces": ["packages/*"]},
            "node_modules/apple": {"version": "1.3.0", "integrity": "sha512-x"},
            "node_modules/web": {"resolved": "packages/web", "link": true},
            "packages/web": {"name": "web", "version": "1.0.0", "dependencies": {"apple": "^1.2.0"}}
        }
    });
    let web = |dependencies: Value| text(&json!({"name": "web", "version": "1.0.0", "dependencies": dependencies}));
    let made = |name, web: String| {
        case(Manager::Npm, name, &root, ("package-lock.json", text(&lock))).with("packages/web/package.json", web)
    };
    vec![
        made("a workspace", web(json!({"apple": "^1.2.0"}))),
        made("a workspace with a dependency more", web(json!({"apple": "^1.2.0", "elder": "1.0.0"}))),
        made("a workspace with a range that does not fit", web(json!({"apple": "^2.0.0"}))),
        made("a workspace with a dependency less", web(json!({}))),
        made("a workspace more", web(json!({"apple": "^1.2.0"})))
            .with("packages/api/package.json", text(&json!({"name": "api", "version": "1.0.0"}))),
    ]
}
