//! What our GitHub does when it is asked.

use serde_json::Value;

use super::answer::{Answer, refusal};
use super::check::{create_check_run, list_check_runs, update_check_run};
use super::comment::{
    comment_on_file, comment_on_issue, delete_comment, edit_issue_comment, list_comments, list_issue_comments, review,
};
use super::data::{
    create_commit, create_reference, create_tree, delete_reference, show_blob, show_commit, show_reference, show_tree,
    update_reference,
};
use super::http::Message;
use super::pull::{edit_pull, list_pulls, open_pull, show_pull};
use super::run::{list_approvals, show_author, show_permission, show_run};
use super::{World, example};

pub(super) const ROOT: &str = "/repos/{owner}/{repo}";

pub(super) fn like(method: &str, path: &str, status: &str, ours: Value) -> Value {
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
        ("GET", ["actions", "runs", id]) => show_run(world, id),
        ("GET", ["actions", "runs", id, "approvals"]) => list_approvals(world, id),
        ("GET", ["collaborators", login, "permission"]) => show_permission(world, login),
        ("GET", ["commits", sha]) => show_author(world, sha),
        ("GET", ["pulls"]) => list_pulls(world, query),
        ("POST", ["pulls"]) => open_pull(world, &body),
        ("GET", ["pulls", number]) => show_pull(world, number, request),
        ("PATCH", ["pulls", number]) => edit_pull(world, number, &body),
        ("GET", ["pulls", number, "comments"]) => list_comments(world, number, query),
        ("POST", ["pulls", number, "comments"]) => comment_on_file(world, number, &body),
        ("DELETE", ["pulls", "comments", id]) => delete_comment(world, id),
        ("POST", ["pulls", number, "reviews"]) => review(world, number, &body),
        ("GET", ["issues", number, "comments"]) => list_issue_comments(world, number),
        ("PATCH", ["issues", "comments", id]) => edit_issue_comment(world, id, &body),
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

fn decode(text: &str) -> String {
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

pub(super) fn parameter(query: &str, name: &str) -> String {
    let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    decode(found.unwrap_or_default())
}

pub(super) fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
