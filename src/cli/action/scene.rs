//! Where the step runs: the event, the commit, the connection.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::cli::CliError;
use crate::github::client::{API, Access};
use crate::github::git::Commit;
use crate::github::patience::Patience;
use crate::github::{Client, GitHubError};
use crate::project::collect;
use crate::pull::event::{self, ForkRun, PullRequest, Task};
use crate::pull::sink::Tally;

use super::setting::{Heal, Settings, Source, Variables};

/// All waits for GitHub of one run together.
const WAITS: Duration = Duration::from_secs(60);

/// What is known before a file is read.
pub(super) struct Scene {
    /// Why there is nothing to do.
    pub(super) nothing: Option<&'static str>,
    /// The commit that is spoken about.
    pub(super) head: Option<String>,
    /// The pull request.
    pub(super) pull_request: Option<PullRequest>,
    /// The branch that was pushed to.
    pub(super) pushed: Option<String>,
    /// The branch that is deployed in the end.
    pub(super) branch: Option<String>,
    /// The connection, if there is a token.
    pub(super) client: Option<Arc<Client>>,
    /// Where the files are read from.
    pub(super) source: Source,
    /// The commit that is spoken about, when something is to be built on it.
    pub(super) commit: Option<Commit>,
    /// Folder of the checkout.
    pub(super) workspace: PathBuf,
    /// What was said where.
    pub(super) tally: Tally,
}

impl Scene {
    pub(super) fn set(settings: &Settings, variables: &Variables) -> Result<Scene, CliError> {
        let mut tally = Tally::default();
        let name = variables.get("GITHUB_EVENT_NAME").unwrap_or_default();
        let payload = payload(variables)?;
        let task = match payload {
            Some(payload) => event::task(name, &payload).map_err(|error| refused(&error))?,
            None if name == "pull_request_target" => return Err(refused(&event::EventError::PullRequestTarget)),
            None => {
                tally.note("GITHUB_EVENT_PATH names no event, so that no pull request can be told; the log can");
                Task::Checkout
            }
        };
        let here = |name: &str| variables.get(name).map(str::to_owned);
        let mut scene = Scene {
            nothing: None,
            head: None,
            pull_request: None,
            pushed: None,
            branch: None,
            client: client(settings, variables, &mut tally)?,
            source: settings.source,
            commit: None,
            workspace: PathBuf::from(here("GITHUB_WORKSPACE").unwrap_or_else(|| ".".to_owned())),
            tally,
        };
        let is_of_fork = matches!(task, Task::Fork(_));
        // The commit of a pull request's job is the merge that GitHub tries: nobody would see what is said there.
        let is_merge = ["pull_request", "merge_group"].contains(&name);
        scene.apply(task, here("GITHUB_SHA").filter(|_| !is_merge))?;
        if is_of_fork && settings.source != Source::Api {
            return Err(CliError::usage("a run for a fork has nothing checked out, and must not have")
                .hint("set the input \"source\" to \"api\" in this workflow"));
        }
        if scene.nothing.is_none() && settings.source == Source::Api && scene.client.is_none() {
            return Err(CliError::unreadable("the files are to be read over the API, and there is no token")
                .hint("set the input \"token\", or \"source\" to \"checkout\""));
        }
        if scene.nothing.is_none() && matches!(settings.heal, Heal::Commit | Heal::PullRequest) {
            scene.look_at_commit()?;
        }
        Ok(scene)
    }

    /// The pull request of a fork's commit; without it, only the check run is written.
    fn find(&mut self, run: &ForkRun) -> Result<Option<PullRequest>, CliError> {
        let Some(client) = &self.client else { return Ok(None) };
        match client.find_pull_request(run) {
            Ok(Some(found)) => Ok(Some(found)),
            Ok(None) => {
                self.tally
                    .note("No open pull request has this commit as its head, so that only the check run is written.");
                Ok(None)
            }
            Err(error) if error.is_missing_right() => {
                self.tally.note(format!("The pull request of this commit cannot be looked up: {error}."));
                Ok(None)
            }
            Err(error) => Err(unreachable(&error)),
        }
    }

    /// Learns what a repair would be built on. A checkout of another tree, such as the merge that GitHub tries, is no base
    /// for a commit: then the files are read over the API.
    fn look_at_commit(&mut self) -> Result<(), CliError> {
        let is_fork = self.pull_request.as_ref().is_some_and(|found| found.is_fork);
        let (Some(client), Some(head)) = (&self.client, self.head.as_ref().filter(|_| !is_fork)) else { return Ok(()) };
        let commit = match client.commit_of(head) {
            Ok(commit) => commit,
            Err(error) if error.is_open() => return Err(unreachable(&error)),
            Err(_) => return Ok(()),
        };
        if self.source == Source::Checkout && tree_of_checkout(&self.workspace).as_deref() != Some(commit.tree()) {
            self.source = Source::Api;
        }
        self.commit = Some(commit);
        Ok(())
    }

    fn apply(&mut self, task: Task, commit: Option<String>) -> Result<(), CliError> {
        match task {
            Task::PullRequest(found) => {
                self.head = Some(found.head.clone());
                self.branch = Some(found.base.clone());
                self.pull_request = Some(found);
            }
            Task::MergeGroup { head } => self.head = Some(head),
            Task::Push { head, branch } => {
                self.head = Some(head);
                self.branch = Some(branch.clone());
                self.pushed = Some(branch);
            }
            Task::Fork(run) => {
                self.head = Some(run.head.clone());
                self.pull_request = self.find(&run)?;
                self.branch = self.pull_request.as_ref().map(|found| found.base.clone());
            }
            Task::Checkout => self.head = commit.filter(|text| is_commit(text)),
            Task::Nothing(reason) => self.nothing = Some(reason),
        }
        Ok(())
    }
}

/// The tree that is checked out; nothing when files of it have changed.
fn tree_of_checkout(workspace: &std::path::Path) -> Option<String> {
    let ask = |arguments: &[&str]| {
        let output = collect::git(workspace).args(arguments).output().ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let is_clean = ask(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    ask(&["rev-parse", "HEAD^{tree}"]).filter(|_| is_clean)
}

fn is_commit(text: &str) -> bool {
    text.len() >= 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn refused(error: &event::EventError) -> CliError {
    let hint = match error {
        event::EventError::PullRequestTarget => {
            "use \"pull_request\"; for pull requests of forks, add the companion workflow on \"workflow_run\""
        }
        _ => "GITHUB_EVENT_PATH must name the file that the runner wrote",
    };
    CliError::usage(error.to_string()).hint(hint)
}

/// A failure of GitHub, as the end of a run.
pub(super) fn unreachable(error: &GitHubError) -> CliError {
    CliError::unreadable(error.to_string()).hint("run the job again; githubstatus.com says whether GitHub is well")
}

fn payload(variables: &Variables) -> Result<Option<Value>, CliError> {
    let Some(path) = variables.get("GITHUB_EVENT_PATH") else { return Ok(None) };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(CliError::unreadable(format!("the event file cannot be read: {error}"))),
    };
    let value = serde_json::from_str(&text)
        .map_err(|error| CliError::unreadable(format!("the event file is not JSON: {error}")))?;
    Ok(Some(value))
}

fn client(settings: &Settings, variables: &Variables, tally: &mut Tally) -> Result<Option<Arc<Client>>, CliError> {
    let Some(token) = settings.token.clone() else {
        tally.note("there is no token, so that nothing can be said on GitHub; the input \"token\" takes one");
        return Ok(None);
    };
    let Some(repository) = variables.get("GITHUB_REPOSITORY") else {
        tally.note("GITHUB_REPOSITORY is not set, so that nothing can be said on GitHub");
        return Ok(None);
    };
    let access = Access {
        api: variables.get("GITHUB_API_URL").unwrap_or(API).to_owned(),
        token,
        repository: repository.to_owned(),
        patience: Patience { waits: WAITS, ..Patience::default() },
    };
    match Client::new(&access) {
        Ok(client) => Ok(Some(Arc::new(client))),
        Err(error) if error.is_open() => {
            tally.note(format!(
                "Nothing can be said on GitHub: {error}. The findings are in the log and in the summary."
            ));
            Ok(None)
        }
        Err(error) => Err(CliError::usage(error.to_string())),
    }
}
