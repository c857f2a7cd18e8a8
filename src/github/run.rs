//! Who stands behind a run of a workflow: who caused it, who started it, who approved it, and what they may do.

use serde::Deserialize;

use super::client::{Client, segment};
use super::error::GitHubError;

const WHAT: &str = "read runs of workflows";

/// A run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WorkflowRun {
    /// Which attempt it is.
    #[serde(default = "one")]
    pub run_attempt: u32,
    /// The commit that it was started for.
    pub head_sha: String,
    /// The branch or tag that it was started for.
    pub head_branch: Option<String>,
    /// What started it.
    pub event: String,
    /// How far it is: `queued`, `in_progress`, `completed` and others.
    pub status: Option<String>,
    /// When it was created.
    pub created_at: String,
    /// Who caused it; a run that is started again keeps its actor.
    pub actor: Option<User>,
    /// Who started this attempt.
    pub triggering_actor: Option<User>,
}

/// Somebody on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The name.
    pub login: String,
}

/// What a reviewer said about the environments of a run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Approval {
    /// `approved`, `rejected` or `pending`.
    pub state: String,
    /// Who said it.
    pub user: User,
    /// About which environments.
    pub environments: Vec<Environment>,
}

/// An environment of a repository on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Environment {
    /// The name.
    pub name: String,
}

#[derive(Deserialize)]
struct Permission {
    permission: String,
    role_name: String,
}

#[derive(Deserialize)]
struct Commit {
    author: Option<User>,
}

fn one() -> u32 {
    1
}

impl Client {
    /// A run of this repository.
    ///
    /// # Errors
    /// When GitHub does not show it.
    pub fn workflow_run(&self, id: u64) -> Result<WorkflowRun, GitHubError> {
        self.get(WHAT, self.route(&format!("actions/runs/{id}")))
    }

    /// What reviewers of environments said about a run.
    ///
    /// # Errors
    /// When GitHub does not show it.
    pub fn approvals(&self, id: u64) -> Result<Vec<Approval>, GitHubError> {
        self.get(WHAT, self.route(&format!("actions/runs/{id}/approvals")))
    }

    /// What somebody may do with this repository: the names of the role and of the permission that it amounts to. Nothing for
    /// those who have none.
    ///
    /// # Errors
    /// When GitHub does not tell.
    pub fn permission(&self, login: &str) -> Result<Option<(String, String)>, GitHubError> {
        let route = self.route(&format!("collaborators/{}/permission", segment(login)));
        match self.get::<Permission>("read the permissions of people", route) {
            Ok(found) => Ok(Some((found.role_name, found.permission))),
            Err(GitHubError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Who wrote a commit, if the address in it belongs to somebody on GitHub.
    ///
    /// # Errors
    /// When GitHub does not show it.
    pub fn author_of(&self, commit: &str) -> Result<Option<String>, GitHubError> {
        let route = self.route(&format!("commits/{}", segment(commit)));
        let found: Commit = self.get("read the commit", route)?;
        Ok(found.author.map(|user| user.login))
    }
}
