//! Runs of workflows, who stands behind them, and what people may do.

use serde_json::{Value, json};

use super::answer::{Answer, json_of, refusal};
use super::route::like;
use super::{World, git};

/// A run of a workflow.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) id: u64,
    pub(crate) attempt: u32,
    pub(crate) head: String,
    pub(crate) branch: &'static str,
    pub(crate) event: &'static str,
    pub(crate) status: &'static str,
    pub(crate) created: String,
    pub(crate) actor: &'static str,
    pub(crate) triggering_actor: &'static str,
    /// Who said what about which environment.
    pub(crate) reviews: Vec<(&'static str, &'static str, &'static str)>,
}

fn find<'a>(world: &'a World, id: &str) -> Option<&'a Run> {
    world.runs.iter().find(|run| run.id.to_string() == id)
}

fn user(login: &str) -> Value {
    json!({"login": login, "gravatar_id": "", "site_admin": false})
}

pub(super) fn show_run(world: &World, id: &str) -> Answer {
    let Some(run) = find(world, id) else { return refusal(404, "Not Found") };
    let ours = json!({
        "id": run.id, "run_attempt": run.attempt, "head_sha": run.head, "head_branch": run.branch, "event": run.event,
        "status": run.status, "conclusion": null, "created_at": run.created, "actor": user(run.actor),
        "triggering_actor": user(run.triggering_actor),
    });
    json_of(200, &like("get", "/actions/runs/{run_id}", "200", ours))
}

pub(super) fn list_approvals(world: &World, id: &str) -> Answer {
    let Some(run) = find(world, id) else { return refusal(404, "Not Found") };
    let shown = |(login, state, environment): &(&str, &str, &str)| {
        let mut review = like("get", "/actions/runs/{run_id}/approvals", "200", json!({"state": state, "comment": ""}));
        review["environments"] = json!([{"name": environment}]);
        review["user"]["login"] = json!(login);
        review
    };
    json_of(200, &Value::Array(run.reviews.iter().map(shown).collect()))
}

pub(super) fn show_permission(world: &World, login: &str) -> Answer {
    let Some((_, role)) = world.people.iter().find(|(name, _)| *name == login) else {
        return refusal(404, "Not Found");
    };
    // What GitHub had before there were more roles.
    let permission = match *role {
        "maintain" => "write",
        "triage" => "read",
        role => role,
    };
    let ours = json!({"permission": permission, "role_name": role, "user": {"login": login, "role_name": role}});
    json_of(200, &like("get", "/collaborators/{username}/permission", "200", ours))
}

pub(super) fn show_author(world: &World, sha: &str) -> Answer {
    let Ok(name) = git::attempt(&world.folder, &["log", "-1", "--format=%an", sha], b"") else {
        return refusal(404, "Not Found");
    };
    let mut commit = like("get", "/commits/{ref}", "200", json!({"sha": sha}));
    commit["author"]["login"] = json!(name.trim());
    json_of(200, &commit)
}
