//! Pull requests and what they change.

use serde_json::{Value, json};

use super::answer::{Answer, forbidden, json_of, refusal, text};
use super::http::Message;
use super::route::{like, parameter, text_of};
use super::{Pull, World, git};

pub(super) fn head_of(world: &World, pull: &Pull) -> String {
    git::attempt(&world.folder, &["rev-parse", &pull.branch], b"").unwrap_or_default()
}

pub(super) fn shown_pull(world: &World, pull: &Pull) -> Value {
    json!({
        "number": pull.number, "title": pull.title, "body": pull.body, "requested_teams": [],
        "state": if pull.is_open { "open" } else { "closed" },
        "html_url": format!("https://github.com/{}/pull/{}", world.name, pull.number),
        "head": {"ref": pull.branch, "sha": head_of(world, pull), "repo": {"full_name": pull.repository}},
        "base": {"ref": pull.base},
    })
}

pub(super) fn list_pulls(world: &World, query: &str) -> Answer {
    let (head, state) = (parameter(query, "head"), parameter(query, "state"));
    let is_wanted = |pull: &&Pull| {
        let owner = pull.repository.split('/').next().unwrap_or_default();
        (head.is_empty() || head == format!("{owner}:{}", pull.branch)) && (state != "open" || pull.is_open)
    };
    let pulls = world.pulls.iter().filter(is_wanted).map(|pull| like("get", "/pulls", "200", shown_pull(world, pull)));
    json_of(200, &Value::Array(pulls.collect()))
}

pub(super) fn open_pull(world: &mut World, body: &Value) -> Answer {
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

pub(super) fn edit_pull(world: &mut World, number: &str, body: &Value) -> Answer {
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

pub(super) fn find<'a>(world: &'a World, number: &str) -> Option<&'a Pull> {
    world.pulls.iter().find(|pull| pull.number.to_string() == number)
}

pub(super) fn diff(world: &World, pull: &Pull, path: &[&str]) -> String {
    let range = format!("{}...{}", pull.base, pull.branch);
    let arguments = [&["-c", "core.quotePath=true", "diff", &range], path].concat();
    git::attempt(&world.folder, &arguments, b"").map(|text| text + "\n").unwrap_or_default()
}

pub(super) fn show_pull(world: &World, number: &str, request: &Message) -> Answer {
    let Some(pull) = find(world, number) else { return refusal(404, "Not Found") };
    if request.header("accept").is_some_and(|kind| kind.contains("diff")) {
        let mut answer = text("application/vnd.github.diff; charset=utf-8", &diff(world, pull, &[]));
        // The description knows of JSON only.
        answer.is_fault = true;
        return answer;
    }
    json_of(200, &like("get", "/pulls/{pull_number}", "200", shown_pull(world, pull)))
}
