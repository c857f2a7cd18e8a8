//! Bad input in the place of a Blueprint: each ends with a clear answer at the right place and the right exit code.

#![allow(clippy::unwrap_used)]

#[path = "support/program.rs"]
mod program;

use program::*;

const CACHE: &str =
    "services:\n  - type: keyvalue\n    name: cache\n    plan: starter\n    ipAllowList: []\n    region: ohio\n";

fn judged(files: &[(&str, &[u8])], arguments: &[&str]) -> (i32, String) {
    let folder = folder(files);
    simulate(folder.path(), &[&["--platform", "render", "."], arguments].concat())
}

fn blueprint(bytes: &[u8]) -> (i32, String) {
    judged(&[("render.yaml", bytes)], &[])
}

#[test]
fn windows_lines_and_a_byte_order_mark_change_nothing() {
    let windows = CACHE.replace('\n', "\r\n");
    let marked = format!("\u{feff}{CACHE}");
    for text in [CACHE, &windows, &marked] {
        let (code, text) = blueprint(text.as_bytes());
        assert_eq!(code, CLEAN, "{text}");
        assert!(text.contains("PASS") && text.contains("0 errors, 0 warnings"), "{text}");
    }
    let (code, text) = blueprint(marked.replace("region", "regoin").replace('\n', "\r\n").as_bytes());
    assert!(code == FINDINGS && text.contains("render.yaml:6:5"), "{text}");
}

#[test]
fn bytes_that_not_every_reader_takes_leave_the_answer_open_and_are_named() {
    let utf16: Vec<u8> = format!("\u{feff}{CACHE}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = [CACHE.as_bytes(), b"# caf\xe9\n"].concat();
    let null = CACHE.replace("cache", "ca\0che");
    let tab = CACHE.replace("    plan", "\t\n    plan");
    for (name, bytes, said) in [
        ("UTF-16", &utf16[..], "UTF-16"),
        ("Latin 1", &latin, "render.yaml:7:6"),
        ("NUL", null.as_bytes(), "render.yaml:3:13"),
        ("tab", tab.as_bytes(), "render.yaml:4:1"),
    ] {
        let (code, text) = blueprint(bytes);
        assert_eq!(code, CLEAN, "{name}: {text}");
        assert!(text.contains("UNKNOWN") && text.contains(said), "{name}: {text}");
        assert_eq!(judged(&[("render.yaml", bytes)], &["--strict"]).0, FINDINGS, "{name}");
    }
}

#[test]
fn what_is_no_blueprint_fails_at_its_place() {
    let deep = [b"services: ".to_vec(), vec![b'['; 200_000]].concat();
    let steps: String = (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    let mut bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in "bcdefghi".chars().zip("abcdefgh".chars()) {
        bomb += &format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", "));
    }
    let two = format!("{CACHE}---\n{CACHE}");
    for (name, bytes, said) in [
        ("empty", &b""[..], "the Blueprint is empty"),
        ("comments", b"# later\n", "the Blueprint is empty"),
        ("text", b"later\n", "render.yaml:1:1"),
        ("two documents", two.as_bytes(), "render.yaml:7:1"),
        ("deep brackets", &deep, "nested more than 128 deep"),
        ("deep lines", steps.as_bytes(), "render.yaml:130:130"),
        ("alias bomb", bomb.as_bytes(), "aliases of aliases"),
        ("tab as indentation", b"services:\n\t- type: web\n", "render.yaml:2:"),
    ] {
        let (code, text) = blueprint(bytes);
        assert_eq!(code, FINDINGS, "{name}: {text}");
        assert!(text.contains(said) && text.contains("stage blueprint"), "{name}: {text}");
    }
}

#[test]
fn a_blueprint_of_50_megabytes_is_read_to_its_end() {
    let line = b"# what this service is for, and who looks after it at night\n";
    let count = 50_000_000 / line.len();
    let text = [line.repeat(count), CACHE.replace("region", "regoin").into_bytes()].concat();
    let (code, text) = blueprint(&text);
    assert!(code == FINDINGS && text.contains(&format!("render.yaml:{}:5", count + 6)), "{text}");
}

#[test]
fn a_folder_of_that_name_is_no_blueprint() {
    let (code, text) = judged(&[("render.yaml/keep", b"")], &[]);
    assert!(code == FINDINGS && text.contains("is a directory"), "{text}");
}

#[test]
fn without_a_blueprint_nothing_is_known() {
    let (code, text) = judged(&[("index.html", b"x")], &[]);
    assert!(code == CLEAN && text.contains("UNKNOWN") && text.contains("there is no \"render.yaml\""), "{text}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_repository_only() {
    let link = |target: &str| {
        let folder = folder(&[("deploy/blueprint.yaml", CACHE.as_bytes())]);
        std::os::unix::fs::symlink(target, folder.path().join("render.yaml")).unwrap();
        simulate(folder.path(), &["--platform", "render", "."])
    };
    let (code, text) = link("deploy/blueprint.yaml");
    assert!(code == CLEAN && text.contains("PASS"), "{text}");
    let (code, text) = link("/etc/hostname");
    assert!(code == CLEAN && text.contains("UNKNOWN") && text.contains("leads out of the repository"), "{text}");
    let (code, text) = link("render.yaml");
    assert!(code == FINDINGS && text.contains("form a loop"), "{text}");
}

#[test]
fn something_else_in_the_place_of_a_tracked_blueprint_ends_the_run() {
    let folder = repository(&[("render.yaml", CACHE.as_bytes())]);
    std::fs::remove_file(folder.path().join("render.yaml")).unwrap();
    std::fs::create_dir(folder.path().join("render.yaml")).unwrap();
    let (code, text) = simulate(folder.path(), &["--platform", "render"]);
    assert!(code == COULD_NOT_LOOK && text.contains("cannot be read") && !text.contains("PASS"), "{text}");
}

#[test]
fn a_repository_for_two_platforms_is_simulated_for_both_in_one_run() {
    let files: [(&str, &[u8]); 3] = [STATIC_SITE[0], STATIC_SITE[1], ("render.yaml", CACHE.as_bytes())];
    let folder = repository(&files);
    let (code, text) = simulate(folder.path(), &[]);
    assert!(code == CLEAN && text.contains("on Netlify") && text.contains("on Render"), "{text}");
    let (code, text) = simulate(folder.path(), &["--platform", "render"]);
    assert!(code == CLEAN && !text.contains("on Netlify") && text.contains("on Render"), "{text}");
}

#[test]
fn the_plan_names_origins_and_draws_the_graph() {
    let text = "databases:\n  - name: store\n    plan: free\nservices:\n  - type: worker\n    name: jobs\n    runtime: image\n    image:\n      url: docker.io/library/redis:7\n    envVars:\n      - key: STORE\n        fromDatabase:\n          name: store\n          property: connectionString\n      - key: OTHER\n        fromService:\n          type: pserv\n          name: elsewhere\n          property: host\n";
    let folder = repository(&[("render.yaml", text.as_bytes())]);
    let output = chimeractl(folder.path(), &["plan", "--platform", "render", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let site = &document["sites"][0];
    let names: Vec<_> =
        site["graph"]["nodes"].as_array().unwrap().iter().map(|node| (&node["name"], &node["declared"])).collect();
    assert_eq!(
        names,
        [(&"jobs".into(), &true.into()), (&"store".into(), &true.into()), (&"elsewhere".into(), &false.into())]
    );
    let edges: Vec<_> =
        site["graph"]["edges"].as_array().unwrap().iter().map(|edge| &edge["span"]["start"]["line"]).collect();
    assert_eq!(edges, [12, 16]);
    let decisions = site["services"][0]["decisions"].as_array().unwrap();
    assert!(decisions.iter().all(|decision| decision["origin"]["kind"].is_string()), "{decisions:#?}");
    let human = stdout(&chimeractl(folder.path(), &["plan", "--platform", "render"]));
    assert!(human.contains("connectionString of store, from render.yaml:12"), "{human}");
}
