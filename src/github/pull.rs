//! Pull requests: which one is about a commit, where it stands, what it changes.

use http::Method;
use serde::Deserialize;
use serde_json::json;

use crate::pull::event::{ForkRun, PullRequest};

use super::client::{Client, DIFF, segment};
use super::error::GitHubError;

const WHAT: &str = "read pull requests";

#[derive(Deserialize)]
struct Pull {
    number: u64,
    html_url: Option<String>,
    head: Head,
    base: Base,
}

#[derive(Deserialize)]
struct Head {
    sha: String,
    #[serde(rename = "ref")]
    branch: String,
    repo: Option<Repository>,
}

#[derive(Deserialize)]
struct Base {
    #[serde(rename = "ref")]
    branch: String,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

impl Client {
    /// The open pull request that a fork's commit is the head of.
    ///
    /// # Errors
    /// When GitHub does not list them.
    pub fn find_pull_request(&self, run: &ForkRun) -> Result<Option<PullRequest>, GitHubError> {
        let owner = run.repository.split('/').next().unwrap_or_default();
        let head = segment(&format!("{owner}:{}", run.branch));
        let found: Vec<Pull> = self.get(WHAT, self.route(&format!("pulls?state=open&head={head}&per_page=100")))?;
        let is_same = |pull: &Pull| {
            let repository = pull.head.repo.as_ref().map(|repository| repository.full_name.as_str());
            pull.head.sha == run.head && repository == Some(&run.repository)
        };
        Ok(found.into_iter().find(is_same).map(|pull| PullRequest {
            number: pull.number,
            head: pull.head.sha,
            branch: pull.head.branch,
            repository: pull.head.repo.map(|repository| repository.full_name),
            base: pull.base.branch,
            is_fork: true,
        }))
    }

    /// Number and page of the open pull request of a branch of this repository.
    ///
    /// # Errors
    /// When GitHub does not list them.
    pub fn pull_request_of(&self, branch: &str) -> Result<Option<(u64, String)>, GitHubError> {
        let owner = self.repository().split('/').next().unwrap_or_default();
        let head = segment(&format!("{owner}:{branch}"));
        let found: Vec<Pull> = self.get(WHAT, self.route(&format!("pulls?state=open&head={head}&per_page=1")))?;
        Ok(found.into_iter().next().map(|pull| (pull.number, pull.html_url.unwrap_or_default())))
    }

    /// Opens a pull request; its page.
    ///
    /// # Errors
    /// When GitHub does not let us; a repository can forbid it to workflows.
    pub fn open_pull_request(&self, branch: &str, base: &str, title: &str, body: &str) -> Result<String, GitHubError> {
        let body = json!({"head": branch, "base": base, "title": title, "body": body});
        let pull: Pull = self.write("open pull requests", Method::POST, self.route("pulls"), &body)?;
        Ok(pull.html_url.unwrap_or_default())
    }

    /// Gives a pull request another title and text.
    ///
    /// # Errors
    /// When GitHub does not let us.
    pub fn edit_pull_request(&self, number: u64, title: &str, body: &str) -> Result<(), GitHubError> {
        let route = self.route(&format!("pulls/{number}"));
        let body = json!({"title": title, "body": body});
        self.write::<Pull>("edit pull requests", Method::PATCH, route, &body).map(|_| ())
    }

    /// Closes a pull request.
    ///
    /// # Errors
    /// When GitHub does not let us.
    pub fn close_pull_request(&self, number: u64) -> Result<(), GitHubError> {
        let route = self.route(&format!("pulls/{number}"));
        self.write::<Pull>("close pull requests", Method::PATCH, route, &json!({"state": "closed"})).map(|_| ())
    }

    /// The commit that a pull request stands at now.
    ///
    /// # Errors
    /// When GitHub does not say.
    pub fn head_of(&self, number: u64) -> Result<String, GitHubError> {
        let pull: Pull = self.get(WHAT, self.route(&format!("pulls/{number}")))?;
        Ok(pull.head.sha)
    }

    /// What a pull request changes, as a unified diff.
    ///
    /// # Errors
    /// When GitHub does not say, as for a diff that is too large (406).
    pub fn diff_of(&self, number: u64) -> Result<String, GitHubError> {
        self.get_text(WHAT, self.route(&format!("pulls/{number}")), DIFF)
    }
}
