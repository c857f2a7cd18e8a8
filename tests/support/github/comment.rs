//! Reviews and comments; a line outside the diff refuses the whole review.

use serde_json::{Value, json};

use super::answer::{Answer, forbidden, json_of, refusal};
use super::pull::{diff, find};
use super::route::{ROOT, like, parameter, text_of};
use super::{Comment, Pull, World, example};

pub(super) fn shown_comment(comment: &Comment) -> Value {
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

pub(super) fn list_comments(world: &World, number: &str, query: &str) -> Answer {
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
pub(super) fn is_in_diff(world: &World, pull: &Pull, path: &str, start: u64, end: u64) -> bool {
    let text = diff(world, pull, &["--", path]);
    let hunks = text.lines().filter_map(|line| line.strip_prefix("@@ ")?.split('+').nth(1)?.split(' ').next());
    let is_in = |hunk: &str| {
        let (first, length) = hunk.split_once(',').unwrap_or((hunk, "1"));
        let (first, length): (u64, u64) = (first.parse().unwrap(), length.parse().unwrap());
        start >= first && end < first + length && start <= end
    };
    hunks.into_iter().any(is_in)
}

pub(super) fn add_comment(world: &mut World, pull: u64, commit: &Value, comment: &Value) {
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

pub(super) fn review(world: &mut World, number: &str, body: &Value) -> Answer {
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

pub(super) fn comment_on_file(world: &mut World, number: &str, body: &Value) -> Answer {
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

pub(super) fn delete_comment(world: &mut World, id: &str) -> Answer {
    if !world.rights.pulls {
        return forbidden("pull_requests=write");
    }
    let known = world.comments.len();
    world.comments.retain(|comment| comment.id.to_string() != id);
    if world.comments.len() == known { refusal(404, "Not Found") } else { Answer { status: 204, ..Answer::default() } }
}

pub(super) fn comment_on_issue(world: &mut World, number: &str, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("issues=write; pull_requests=write");
    }
    world.issue_comments.push((number.parse().unwrap(), text_of(&body["body"])));
    json_of(201, &like("post", "/issues/{issue_number}/comments", "201", json!({"body": body["body"]})))
}

/// Their numbers are their places, from 1.
pub(super) fn list_issue_comments(world: &World, number: &str) -> Answer {
    let of_issue = world.issue_comments.iter().enumerate().filter(|(_, (issue, _))| issue.to_string() == number);
    let shown = of_issue.map(|(at, (_, body))| {
        let user = json!({"login": "github-actions[bot]", "type": "Bot"});
        let ours = json!({"id": at + 1, "body": body, "user": user});
        example::with(example::of("get", &format!("{ROOT}/issues/{{issue_number}}/comments"), "200"), ours)
    });
    json_of(200, &Value::Array(shown.collect()))
}

pub(super) fn edit_issue_comment(world: &mut World, id: &str, body: &Value) -> Answer {
    if !world.rights.pulls {
        return forbidden("issues=write; pull_requests=write");
    }
    let at = id.parse::<usize>().unwrap_or(0).wrapping_sub(1);
    let Some(known) = world.issue_comments.get_mut(at) else { return refusal(404, "Not Found") };
    known.1 = text_of(&body["body"]);
    json_of(200, &like("patch", "/issues/comments/{comment_id}", "200", json!({"body": body["body"]})))
}
