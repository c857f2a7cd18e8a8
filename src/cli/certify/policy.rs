//! The policy that is asked: that of the branch that guards the rest, so that nobody changes the rules and uses them in one
//! go. For a pull request that is its base, else the default branch; a repository that nobody else has is its own guard.

use std::path::Path;

use serde_json::Value;

use crate::cli::CliError;
use crate::cli::input::Repository;
use crate::config;
use crate::policy::Policy;
use crate::project::collect;

use super::{identity, subject};

/// A policy and its text.
pub(crate) struct Asked {
    /// What it says.
    pub(crate) policy: Policy,
    /// The file; empty when there is none.
    pub(crate) bytes: Vec<u8>,
    /// The branch that it was taken from, if not from the checkout.
    pub(crate) branch: Option<String>,
}

/// Reads the policy for a run that was started by this event.
pub(crate) fn read(root: &Path, repository: &Repository, event: Option<&str>) -> Result<Asked, CliError> {
    let Some(branch) = guard(root, event) else {
        let policy = repository.configuration.policy.clone();
        return Ok(Asked { policy, bytes: subject::policy(&repository.snapshot)?, branch: None });
    };
    let found = of_branch(root, &branch)?;
    let place = match &found {
        Found::File(_) => format!("on branch \"{branch}\""),
        Found::Nothing => format!("on branch \"{branch}\", which has no {}", config::PATH),
        Found::NoBranch => format!("on branch \"{branch}\", which was not fetched (git fetch origin {branch})"),
    };
    let bytes = found.into_bytes();
    let text = String::from_utf8_lossy(&bytes);
    let wrong = |error| CliError::usage(format!("on branch \"{branch}\": {error}"));
    let mut policy = config::parse(&text).map_err(wrong)?.policy;
    policy.place = Some(place);
    Ok(Asked { policy, branch: Some(branch), bytes })
}

/// The text of the policy on a branch of the remote; empty when there is none.
pub(crate) fn text_of(root: &Path, branch: &str) -> Result<Vec<u8>, CliError> {
    Ok(of_branch(root, branch)?.into_bytes())
}

/// The branch that guards this one: in a workflow as the event names it, else as the clone knows it.
fn guard(root: &Path, event: Option<&str>) -> Option<String> {
    let is_pull_request = event.is_some_and(|event| event.starts_with("pull_request"));
    let base = identity::variable("GITHUB_BASE_REF").filter(|_| is_pull_request);
    let named = || {
        let path = identity::variable("GITHUB_EVENT_PATH")?;
        let payload: Value = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        payload["repository"]["default_branch"].as_str().map(str::to_owned)
    };
    // A schedule runs on the default branch, and its event may not say which that is.
    let scheduled = || identity::variable("GITHUB_REF_NAME").filter(|_| event == Some("schedule"));
    let cloned = || collect::remote(root).1;
    // In a workflow that does not say which branch counts, none does.
    let unknown = || identity::variable("GITHUB_ACTIONS").map(|_| "HEAD".to_owned());
    base.or_else(named).or_else(scheduled).or_else(cloned).or_else(unknown)
}

enum Found {
    File(Vec<u8>),
    Nothing,
    NoBranch,
}

impl Found {
    /// A branch that has no policy to show allows nothing.
    fn into_bytes(self) -> Vec<u8> {
        if let Found::File(bytes) = self { bytes } else { Vec::new() }
    }
}

fn of_branch(root: &Path, branch: &str) -> Result<Found, CliError> {
    let reference = format!("refs/remotes/origin/{branch}");
    let ask = |arguments: &[&str]| {
        let output = collect::git(root).args(arguments).output();
        output.map_err(|error| CliError::unreadable(format!("git cannot be asked: {error}")))
    };
    let output = ask(&["cat-file", "blob", &format!("{reference}:./{}", config::PATH)])?;
    if output.status.success() {
        return Ok(Found::File(output.stdout));
    }
    let is_there = ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &reference])?.status.success();
    Ok(if is_there { Found::Nothing } else { Found::NoBranch })
}
