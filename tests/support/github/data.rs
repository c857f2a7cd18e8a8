//! Git objects and branches, kept by git itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::answer::{Answer, forbidden, json_of, refusal};
use super::route::{like, text_of};
use super::{World, git};

pub(super) fn show_tree(world: &World, commit: &str) -> Answer {
    let Ok(list) = git::attempt(&world.folder, &["ls-tree", "-r", "-t", "-l", "-z", commit], b"") else {
        return refusal(404, "Not Found");
    };
    let item = |line: &str| {
        let (head, path) = line.split_once('\t').unwrap();
        let parts: Vec<&str> = head.split_whitespace().collect();
        let mut item = json!({"path": path, "mode": parts[0], "type": parts[1], "sha": parts[2],
            "url": format!("https://api.github.com/repos/{}/git/blobs/{}", world.name, parts[2])});
        if let Ok(size) = parts[3].parse::<u64>() {
            item["size"] = json!(size);
        }
        item
    };
    let tree: Vec<Value> = list.split('\0').filter(|line| !line.is_empty()).map(item).collect();
    let url = format!("https://api.github.com/repos/{}/git/trees/{commit}", world.name);
    json_of(200, &json!({"sha": commit, "url": url, "tree": tree, "truncated": false}))
}

pub(super) fn show_blob(world: &World, sha: &str) -> Answer {
    let mut command = std::process::Command::new("git");
    let output = command.current_dir(&world.folder).args(["cat-file", "blob", sha]).output().unwrap();
    if !output.status.success() {
        return refusal(404, "Not Found");
    }
    let content = STANDARD.encode(&output.stdout);
    // GitHub breaks the lines.
    let content: String =
        content.as_bytes().chunks(60).map(|line| format!("{}\n", str::from_utf8(line).unwrap())).collect();
    let ours = json!({"sha": sha, "content": content, "encoding": "base64", "size": output.stdout.len()});
    json_of(200, &like("get", "/git/blobs/{file_sha}", "200", ours))
}

pub(super) fn show_commit(world: &World, sha: &str) -> Answer {
    let format = ["log", "-1", "--format=%H%x00%T%x00%P%x00%B", sha];
    let Ok(text) = git::attempt(&world.folder, &format, b"") else { return refusal(404, "Not Found") };
    let parts: Vec<&str> = text.split('\0').collect();
    let parents: Vec<Value> = parts[2].split_whitespace().map(|parent| shown_parent(world, parent)).collect();
    let ours = json!({"sha": parts[0], "tree": {"sha": parts[1]}, "parents": parents, "message": parts[3].trim_end()});
    json_of(200, &like("get", "/git/commits/{commit_sha}", "200", ours))
}

pub(super) fn shown_parent(world: &World, sha: &str) -> Value {
    let at = format!("https://api.github.com/repos/{}/git/commits/{sha}", world.name);
    json!({"sha": sha, "url": at, "html_url": at})
}

pub(super) fn shown_reference(world: &World, name: &str) -> Option<Value> {
    let sha = git::attempt(&world.folder, &["rev-parse", "--verify", &format!("refs/{name}")], b"").ok()?;
    Some(json!({"ref": format!("refs/{name}"), "object": {"type": "commit", "sha": sha}}))
}

pub(super) fn show_reference(world: &World, name: &str) -> Answer {
    match shown_reference(world, name) {
        Some(shown) => json_of(200, &like("get", "/git/ref/{ref}", "200", shown)),
        None => refusal(404, "Not Found"),
    }
}

pub(super) fn create_tree(world: &World, body: &Value) -> Answer {
    if !world.rights.contents {
        return forbidden("contents=write");
    }
    let mut entries = Vec::new();
    for item in body["tree"].as_array().into_iter().flatten() {
        let content = text_of(&item["content"]);
        let blob = git::attempt(&world.folder, &["hash-object", "-w", "--stdin"], content.as_bytes()).unwrap();
        let blob = item["sha"].as_str().map_or(blob, str::to_owned);
        entries.push((text_of(&item["mode"]), text_of(&item["path"]), blob));
    }
    match git::tree(&world.folder, &text_of(&body["base_tree"]), &entries) {
        Ok(sha) => json_of(201, &like("post", "/git/trees", "201", json!({"sha": sha}))),
        Err(reason) => refusal(422, &reason),
    }
}

pub(super) fn create_commit(world: &World, body: &Value) -> Answer {
    if !world.rights.contents {
        return forbidden("contents=write");
    }
    let (tree, message) = (text_of(&body["tree"]), text_of(&body["message"]));
    let parents: Vec<String> = body["parents"].as_array().into_iter().flatten().map(text_of).collect();
    let mut arguments = vec!["commit-tree", tree.as_str()];
    parents.iter().for_each(|parent| arguments.extend(["-p", parent]));
    match git::attempt(&world.folder, &arguments, message.as_bytes()) {
        Ok(sha) => {
            let parents: Vec<Value> = parents.iter().map(|parent| shown_parent(world, parent)).collect();
            let ours = json!({"sha": sha, "message": message, "tree": {"sha": tree}, "parents": parents,
                "author": {"name": "github-actions[bot]"}});
            json_of(201, &like("post", "/git/commits", "201", ours))
        }
        Err(reason) => refusal(422, &reason),
    }
}

pub(super) fn create_reference(world: &World, body: &Value) -> Answer {
    if !world.rights.contents {
        return forbidden("contents=write");
    }
    let (name, sha) = (text_of(&body["ref"]), text_of(&body["sha"]));
    let none = "0000000000000000000000000000000000000000";
    match git::attempt(&world.folder, &["update-ref", &name, &sha, none], b"") {
        Ok(_) => {
            let shown = shown_reference(world, name.trim_start_matches("refs/")).unwrap();
            json_of(201, &like("post", "/git/refs", "201", shown))
        }
        Err(_) => refusal(422, "Reference already exists"),
    }
}

pub(super) fn update_reference(world: &World, name: &str, body: &Value) -> Answer {
    if !world.rights.contents {
        return forbidden("contents=write");
    }
    let sha = text_of(&body["sha"]);
    let full = format!("refs/{name}");
    let is_ahead = git::attempt(&world.folder, &["merge-base", "--is-ancestor", &full, &sha], b"").is_ok();
    if !is_ahead && body["force"] != true {
        return refusal(422, "Update is not a fast forward");
    }
    if git::attempt(&world.folder, &["update-ref", &full, &sha], b"").is_err() {
        return refusal(422, "Reference does not exist");
    }
    json_of(200, &like("patch", "/git/refs/{ref}", "200", shown_reference(world, name).unwrap()))
}

pub(super) fn delete_reference(world: &World, name: &str) -> Answer {
    if !world.rights.contents {
        return forbidden("contents=write");
    }
    match git::attempt(&world.folder, &["update-ref", "-d", &format!("refs/{name}")], b"") {
        Ok(_) => Answer { status: 204, ..Answer::default() },
        Err(_) => refusal(422, "Reference does not exist"),
    }
}
