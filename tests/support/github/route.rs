//! What our GitHub does when it is asked.

use serde_json::{Value, json};

use super::answer::{Answer, forbidden, json_of, refusal, text};
use super::http::Message;
use super::{CheckRun, Comment, Pull, World, example, git};

const ROOT: &str = "/repos/{owner}/{repo}";

fn like(method: &str, path: &str, status: &str, ours: Value) -> Value {
    example::with(example::of(method, &format!("{ROOT}{path}"), status), ours)
}

/// Serves one request; `rest` is the address below the repository.
pub(crate) fn answer(world: &mut World, method: &str, rest: &str, request: &Message) -> Answer {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let decoded: Vec<String> = path.split('/').map(decode).collect();
    let parts: Vec<&str> = decoded.iter().map(String::as_str).collect();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    match (method, parts.as_slice()) {
        ("GET", ["commits", head, "check-runs"]) => list_check_runs(world, head, &parameter(query, "check_name")),
        ("POST", ["check-runs"]) => create_check_run(world, &body),
        ("PATCH", ["check-runs", id]) => update_check_run(world, id, &body),
        ("GET", ["pulls"]) => list_pulls(world, query),
        ("POST", ["pulls"]) => open_pull(world, &body),
        ("GET", ["pulls", number]) => show_pull(world, number, request),
        ("PATCH", ["pulls", number]) => edit_pull(world, number, &body),
        ("GET", ["pulls", number, "comments"]) => list_comments(world, number, query),
        ("POST", ["pulls", number, "comments"]) => comment_on_file(world, number, &body),
        ("DELETE", ["pulls", "comments", id]) => delete_comment(world, id),
        ("POST", ["pulls", number, "reviews"]) => review(world, number, &body),
        ("POST", ["issues", number, "comments"]) => comment_on_issue(world, number, &body),
        ("GET", ["git", "trees", commit]) => show_tree(world, commit),
        ("GET", ["git", "blobs", sha]) => show_blob(world, sha),
        ("GET", ["git", "commits", sha]) => show_commit(world, sha),
        ("GET", ["git", "ref", name]) => show_reference(world, name),
        ("POST", ["git", "trees"]) => create_tree(world, &body),
        ("POST", ["git", "commits"]) => create_commit(world, &body),
        ("POST", ["git", "refs"]) => create_reference(world, &body),
        ("PATCH", ["git", "refs", name]) => update_reference(world, name, &body),
        ("DELETE", ["git", "refs", name]) => delete_reference(world, name),
        _ => refusal(404, "Not Found"),
    }
}

pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let code = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn parameter(query: &str, name: &str) -> String {
    let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    decode(found.unwrap_or_default())
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

// Check runs.

fn shown_run(run: &CheckRun, world: &World) -> Value {
    let page = format!("https://github.com/{}/runs/{}", world.name, run.id);
    json!({
        "id": run.id, "name": run.name, "head_sha": run.head, "external_id": run.external_id, "status": "completed",
        "conclusion": run.conclusion, "html_url": page, "pull_requests": [],
        "output": {"title": run.title, "summary": run.summary, "text": run.text,
            "annotations_count": run.annotations.len()},
    })
}

fn list_check_runs(world: &World, head: &str, name: &str) -> Answer {
    let of_head = world.check_runs.iter().filter(|run| run.head == head && run.name == name);
    let example = example::of("get", &format!("{ROOT}/commits/{{ref}}/check-runs"), "200")["check_runs"][0].clone();
    let runs: Vec<Value> = of_head.map(|run| example::with(example.clone(), shown_run(run, world))).collect();
    json_of(200, &json!({"total_count": runs.len(), "check_runs": runs}))
}

fn write_run(run: &mut CheckRun, body: &Value) {
    for (member, target) in [
        (&body["name"], &mut run.name),
        (&body["external_id"], &mut run.external_id),
        (&body["conclusion"], &mut run.conclusion),
        (&body["output"]["title"], &mut run.title),
        (&body["output"]["summary"], &mut run.summary),
        (&body["output"]["text"], &mut run.text),
    ] {
        if let Some(text) = member.as_str() {
            *target = text.to_owned();
        }
    }
    run.annotations.extend(body["output"]["annotations"].as_array().into_iter().flatten().cloned());
}

fn create_check_run(world: &mut World, body: &Value) -> Answer {
    if !world.rights.checks {
        return forbidden("checks=write");
    }
    let head = text_of(&body["head_sha"]);
    if git::attempt(&world.folder, &["cat-file", "-e", &head], b"").is_err() {
        return refusal(422, "No commit found for SHA");
    }
    let mut run = CheckRun {
        id: world.new_id(),
        head,
        name: String::new(),
        external_id: String::new(),
        conclusion: String::new(),
        title: String::new(),
        summary: String::new(),
        text: String::new(),
        annotations: Vec::new(),
    };
    write_run(&mut run, body);
    let shown = like("post", "/check-runs", "201", shown_run(&run, world));
    world.check_runs.push(run);
    json_of(201, &shown)
}

fn update_check_run(world: &mut World, id: &str, body: &Value) -> Answer {
    if !world.rights.checks {
        return forbidden("checks=write");
    }
    let Some(at) = world.check_runs.iter().position(|run| run.id.to_string() == id) else {
        return refusal(404, "Not Found");
    };
    write_run(&mut world.check_runs[at], body);
    let shown = shown_run(&world.check_runs[at], world);
    json_of(200, &like("patch", "/check-runs/{check_run_id}", "200", shown))
}

// Pull requests.

fn head_of(world: &World, pull: &Pull) -> String {
    git::attempt(&world.folder, &["rev-parse", &pull.branch], b"").unwrap_or_default()
}

fn shown_pull(world: &World, pull: &Pull) -> Value {
    json!({
        "number": pull.number, "title": pull.title, "body": pull.body, "requested_teams": [],
        "state": if pull.is_open { "open" } else { "closed" },
        "html_url": format!("https://github.com/{}/pull/{}", world.name, pull.number),
        "head": {"ref": pull.branch, "sha": head_of(world, pull), "repo": {"full_name": pull.repository}},
        "base": {"ref": pull.base},
    })
}

fn list_pulls(world: &World, query: &str) -> Answer {
    let (head, state) = (parameter(query, "head"), parameter(query, "state"));
    let is_wanted = |pull: &&Pull| {
        let owner = pull.repository.split('/').next().unwrap_or_default();
        (head.is_empty() || head == format!("{owner}:{}", pull.branch)) && (state != "open" || pull.is_open)
    };
    let pulls = world.pulls.iter().filter(is_wanted).map(|pull| like("get", "/pulls", "200", shown_pull(world, pull)));
    json_of(200, &Value::Array(pulls.collect()))
}

fn open_pull(world: &mut World, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("pull_requests=write");
    }
    if !world.rights.may_open_pulls {
        let mut answer = refusal(403, "GitHub Actions is not permitted to create or approve pull requests.");
        answer.is_fault = true;
        return answer;
    }
    let pull = Pull {
        number: world.pulls.len() as u64 + 7,
        branch: text_of(&body["head"]),
        base: text_of(&body["base"]),
        repository: world.name.clone(),
        title: text_of(&body["title"]),
        body: text_of(&body["body"]),
        is_open: true,
    };
    let shown = like("post", "/pulls", "201", shown_pull(world, &pull));
    world.pulls.push(pull);
    json_of(201, &shown)
}

fn edit_pull(world: &mut World, number: &str, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("pull_requests=write");
    }
    let Some(at) = world.pulls.iter().position(|pull| pull.number.to_string() == number) else {
        return refusal(404, "Not Found");
    };
    let pull = &mut world.pulls[at];
    pull.title = body["title"].as_str().unwrap_or(&pull.title).to_owned();
    pull.body = body["body"].as_str().unwrap_or(&pull.body).to_owned();
    pull.is_open = body["state"].as_str().map_or(pull.is_open, |state| state == "open");
    let shown = shown_pull(world, &world.pulls[at]);
    json_of(200, &like("patch", "/pulls/{pull_number}", "200", shown))
}

fn find<'a>(world: &'a World, number: &str) -> Option<&'a Pull> {
    world.pulls.iter().find(|pull| pull.number.to_string() == number)
}

fn diff(world: &World, pull: &Pull, path: &[&str]) -> String {
    let range = format!("{}...{}", pull.base, pull.branch);
    let arguments = [&["-c", "core.quotePath=true", "diff", &range], path].concat();
    git::attempt(&world.folder, &arguments, b"").map(|text| text + "\n").unwrap_or_default()
}

fn show_pull(world: &World, number: &str, request: &Message) -> Answer {
    let Some(pull) = find(world, number) else { return refusal(404, "Not Found") };
    if request.header("accept").is_some_and(|kind| kind.contains("diff")) {
        let mut answer = text("application/vnd.github.diff; charset=utf-8", &diff(world, pull, &[]));
        // The description knows of JSON only.
        answer.is_fault = true;
        return answer;
    }
    json_of(200, &like("get", "/pulls/{pull_number}", "200", shown_pull(world, pull)))
}

// Comments.

fn shown_comment(comment: &Comment) -> Value {
    let mut shown = json!({
        "id": comment.id, "path": comment.path, "body": comment.body, "commit_id": comment.commit,
        "start_line": comment.start_line, "line": comment.line, "side": "RIGHT",
        "user": {"login": comment.user, "type": if comment.user.ends_with("[bot]") { "Bot" } else { "User" }},
    });
    for member in ["line", "start_line"] {
        // The description knows no null here, although GitHub answers it.
        if shown[member].is_null() {
            shown.as_object_mut().unwrap().remove(member);
        }
    }
    if let Some(other) = comment.reply_to {
        shown["in_reply_to_id"] = json!(other);
    }
    shown
}

fn list_comments(world: &World, number: &str, query: &str) -> Answer {
    let page: usize = parameter(query, "page").parse().unwrap_or(1);
    let size: usize = parameter(query, "per_page").parse().unwrap_or(30);
    let of_pull: Vec<&Comment> = world.comments.iter().filter(|comment| comment.pull.to_string() == number).collect();
    let mut example = example::of("get", &format!("{ROOT}/pulls/{{pull_number}}/comments"), "200");
    for member in ["in_reply_to_id", "line", "start_line"] {
        example.as_object_mut().unwrap().remove(member);
    }
    let shown = of_pull.iter().skip((page - 1) * size).take(size);
    let list: Vec<Value> = shown.map(|comment| example::with(example.clone(), shown_comment(comment))).collect();
    let mut answer = json_of(200, &Value::Array(list));
    if of_pull.len() > page * size {
        let address = format!("/repos/{}/pulls/{number}/comments?per_page={size}&page={}", world.name, page + 1);
        answer.headers.push(("link", format!("<https://api.github.com{address}>; rel=\"next\"")));
    }
    answer
}

/// Whether a comment can stand at these lines: all of them in one hunk of the diff.
fn is_in_diff(world: &World, pull: &Pull, path: &str, start: u64, end: u64) -> bool {
    let text = diff(world, pull, &["--", path]);
    let hunks = text.lines().filter_map(|line| line.strip_prefix("@@ ")?.split('+').nth(1)?.split(' ').next());
    let is_in = |hunk: &str| {
        let (first, length) = hunk.split_once(',').unwrap_or((hunk, "1"));
        let (first, length): (u64, u64) = (first.parse().unwrap(), length.parse().unwrap());
        start >= first && end < first + length && start <= end
    };
    hunks.into_iter().any(is_in)
}

fn add_comment(world: &mut World, pull: u64, commit: &Value, comment: &Value) {
    let comment = Comment {
        id: world.new_id(),
        pull,
        path: text_of(&comment["path"]),
        commit: text_of(commit),
        start_line: comment["start_line"].as_u64(),
        line: comment["line"].as_u64(),
        body: text_of(&comment["body"]),
        user: "github-actions[bot]",
        reply_to: None,
    };
    world.comments.push(comment);
}

fn review(world: &mut World, number: &str, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("pull_requests=write");
    }
    let Some(pull) = find(world, number).cloned() else { return refusal(404, "Not Found") };
    let comments: Vec<Value> = body["comments"].as_array().cloned().unwrap_or_default();
    for comment in &comments {
        let end = comment["line"].as_u64().unwrap_or(0);
        let start = comment["start_line"].as_u64().unwrap_or(end);
        if start == end && comment.get("start_line").is_some() {
            return refusal(422, "Validation Failed: start_line must precede the end line");
        }
        if !is_in_diff(world, &pull, &text_of(&comment["path"]), start, end) {
            return refusal(422, "Unprocessable Entity: line must be part of the diff");
        }
    }
    comments.iter().for_each(|comment| add_comment(world, pull.number, &body["commit_id"], comment));
    world.reviews.push(text_of(&body["body"]));
    let ours = json!({"id": world.new_id(), "body": body["body"], "state": "COMMENTED", "commit_id": body["commit_id"],
        "html_url": format!("https://github.com/{}/pull/{number}#pullrequestreview-1", world.name)});
    json_of(200, &like("post", "/pulls/{pull_number}/reviews", "200", ours))
}

fn comment_on_file(world: &mut World, number: &str, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("pull_requests=write");
    }
    let Some(pull) = find(world, number).cloned() else { return refusal(404, "Not Found") };
    let path = text_of(&body["path"]);
    if body["subject_type"] != "file" || diff(world, &pull, &["--", &path]).trim().is_empty() {
        return refusal(422, "Validation Failed: path is not part of the pull request");
    }
    add_comment(world, pull.number, &body["commit_id"], body);
    let shown = shown_comment(world.comments.last().unwrap());
    let mut example = example::of("post", &format!("{ROOT}/pulls/{{pull_number}}/comments"), "201");
    for member in ["in_reply_to_id", "line", "start_line"] {
        example.as_object_mut().unwrap().remove(member);
    }
    json_of(201, &example::with(example, shown))
}

fn delete_comment(world: &mut World, id: &str) -> Answer {
    if !world.rights.pulls {
        return forbidden("pull_requests=write");
    }
    let known = world.comments.len();
    world.comments.retain(|comment| comment.id.to_string() != id);
    if world.comments.len() == known { refusal(404, "Not Found") } else { Answer { status: 204, ..Answer::default() } }
}

fn comment_on_issue(world: &mut World, number: &str, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("issues=write; pull_requests=write");
    }
    world.issue_comments.push((number.parse().unwrap(), text_of(&body["body"])));
    json_of(201, &like("post", "/issues/{issue_number}/comments", "201", json!({"body": body["body"]})))
}

// Git data.

fn show_tree(world: &World, commit: &str) -> Answer {
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

fn show_blob(world: &World, sha: &str) -> Answer {
    use base64::Engine as _;
    let output = std::process::Command::new("git");
    let mut command = output;
    let output = command.current_dir(&world.folder).args(["cat-file", "blob", sha]).output().unwrap();
    if !output.status.success() {
        return refusal(404, "Not Found");
    }
    let content = base64::engine::general_purpose::STANDARD.encode(&output.stdout);
    // GitHub breaks the lines.
    let content: String =
        content.as_bytes().chunks(60).map(|line| format!("{}\n", str::from_utf8(line).unwrap())).collect();
    let ours = json!({"sha": sha, "content": content, "encoding": "base64", "size": output.stdout.len()});
    json_of(200, &like("get", "/git/blobs/{file_sha}", "200", ours))
}

fn show_commit(world: &World, sha: &str) -> Answer {
    let format = ["log", "-1", "--format=%H%x00%T%x00%P%x00%B", sha];
    let Ok(text) = git::attempt(&world.folder, &format, b"") else { return refusal(404, "Not Found") };
    let parts: Vec<&str> = text.split('\0').collect();
    let parents: Vec<Value> = parts[2].split_whitespace().map(|parent| shown_parent(world, parent)).collect();
    let ours = json!({"sha": parts[0], "tree": {"sha": parts[1]}, "parents": parents, "message": parts[3].trim_end()});
    json_of(200, &like("get", "/git/commits/{commit_sha}", "200", ours))
}

fn shown_parent(world: &World, sha: &str) -> Value {
    let at = format!("https://api.github.com/repos/{}/git/commits/{sha}", world.name);
    json!({"sha": sha, "url": at, "html_url": at})
}

fn shown_reference(world: &World, name: &str) -> Option<Value> {
    let sha = git::attempt(&world.folder, &["rev-parse", "--verify", &format!("refs/{name}")], b"").ok()?;
    Some(json!({"ref": format!("refs/{name}"), "object": {"type": "commit", "sha": sha}}))
}

fn show_reference(world: &World, name: &str) -> Answer {
    match shown_reference(world, name) {
        Some(shown) => json_of(200, &like("get", "/git/ref/{ref}", "200", shown)),
        None => refusal(404, "Not Found"),
    }
}

fn create_tree(world: &World, body: &Value) -> Answer {
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

fn create_commit(world: &World, body: &Value) -> Answer {
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

fn create_reference(world: &World, body: &Value) -> Answer {
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

fn update_reference(world: &World, name: &str, body: &Value) -> Answer {
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

fn delete_reference(world: &World, name: &str) -> Answer {
    if !world.rights.contents {
        return forbidden("contents=write");
    }
    match git::attempt(&world.folder, &["update-ref", "-d", &format!("refs/{name}")], b"") {
        Ok(_) => Answer { status: 204, ..Answer::default() },
        Err(_) => refusal(422, "Reference does not exist"),
    }
}
