//! Commits and branches over GitHub's store of git objects.
//!
//! Tree, commit and branch are three requests. The branch is moved without force, so that it moves only if it still is
//! where it was when the files were read ("Git database" in GitHub's REST guide).

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::pull::commit::Entry;

use super::client::{Client, segment};
use super::error::GitHubError;

const WHAT: &str = "write commits";

/// A commit.
#[derive(Debug, Clone, Deserialize)]
pub struct Commit {
    /// Its name.
    pub sha: String,
    /// What it says.
    pub message: String,
    tree: Object,
    author: Option<Author>,
}

#[derive(Debug, Clone, Deserialize)]
struct Author {
    #[serde(default)]
    name: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Object {
    sha: String,
}

#[derive(Deserialize)]
struct Reference {
    object: Object,
}

/// What became of a branch that was to be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It is at the new commit.
    Yes,
    /// Somebody else has moved it meanwhile, or it is gone.
    Stale,
}

impl Commit {
    /// The name of its tree.
    #[must_use]
    pub fn tree(&self) -> &str {
        &self.tree.sha
    }

    /// Whether the token of a workflow made it, so that its push starts no workflows.
    #[must_use]
    pub fn is_of_workflow(&self) -> bool {
        self.author.as_ref().is_some_and(|author| author.name == "github-actions[bot]")
    }
}

impl Client {
    /// A commit.
    ///
    /// # Errors
    /// When GitHub does not show it.
    pub fn commit_of(&self, sha: &str) -> Result<Commit, GitHubError> {
        self.get("read commits", self.route(&format!("git/commits/{}", segment(sha))))
    }

    /// The commit that a branch is at; nothing when there is no such branch.
    ///
    /// # Errors
    /// When GitHub does not say.
    pub fn branch_of(&self, branch: &str) -> Result<Option<String>, GitHubError> {
        let route = self.route(&format!("git/ref/{}", segment(&format!("heads/{branch}"))));
        match self.get::<Reference>("read branches", route) {
            Ok(found) => Ok(Some(found.object.sha)),
            Err(GitHubError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes a commit on top of another; nothing points to it yet. Author and committer are left to GitHub, which then
    /// signs it.
    ///
    /// # Errors
    /// When GitHub does not take it.
    pub fn make_commit(&self, parent: &Commit, entries: &[Entry], message: &str) -> Result<Commit, GitHubError> {
        let body = json!({"base_tree": parent.tree.sha, "tree": entries});
        let tree: Object = self.write(WHAT, Method::POST, self.route("git/trees"), &body)?;
        let body = json!({"message": message, "tree": tree.sha, "parents": [parent.sha]});
        self.write(WHAT, Method::POST, self.route("git/commits"), &body)
    }

    /// Moves a branch forward, if it has not moved.
    ///
    /// # Errors
    /// When GitHub does not let us.
    pub fn move_branch(&self, branch: &str, commit: &str, by_force: bool) -> Result<Moved, GitHubError> {
        let route = self.route(&format!("git/refs/{}", segment(&format!("heads/{branch}"))));
        let body = json!({"sha": commit, "force": by_force});
        match self.write::<Value>("push to the branch", Method::PATCH, route, &body) {
            Ok(_) => Ok(Moved::Yes),
            Err(GitHubError::Refused { status: 409 | 422, message }) if !message.contains("rule") => Ok(Moved::Stale),
            // It may have been moved without our hearing of it.
            Err(error) if error.is_open() => match self.branch_of(branch)? {
                Some(at) if at == commit => Ok(Moved::Yes),
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Makes a branch.
    ///
    /// # Errors
    /// When GitHub does not let us, or there is one of that name.
    pub fn make_branch(&self, branch: &str, commit: &str) -> Result<(), GitHubError> {
        let body = json!({"ref": format!("refs/heads/{branch}"), "sha": commit});
        self.write::<Value>("make branches", Method::POST, self.route("git/refs"), &body).map(|_| ())
    }

    /// Takes a branch away.
    ///
    /// # Errors
    /// When GitHub does not let us.
    pub fn delete_branch(&self, branch: &str) -> Result<(), GitHubError> {
        self.delete("delete branches", self.route(&format!("git/refs/{}", segment(&format!("heads/{branch}")))))
    }
}
