//! The policy that is asked: that of the checkout, or for a pull request that of the branch it is to be merged into, so that
//! nobody changes the rules and uses them in one go.

use std::path::Path;

use crate::cli::CliError;
use crate::cli::input::Repository;
use crate::config;
use crate::policy::Policy;
use crate::project::collect;

use super::{identity, subject};

/// A policy and its text.
pub(super) struct Asked {
    /// What it says.
    pub(super) policy: Policy,
    /// The file; empty when there is none.
    pub(super) bytes: Vec<u8>,
    /// The branch that it was taken from, if not from the checkout.
    pub(super) branch: Option<String>,
}

/// Reads the policy for a run that was started by this event.
pub(super) fn read(root: &Path, repository: &Repository, event: Option<&str>) -> Result<Asked, CliError> {
    let is_pull_request = event.is_some_and(|event| event.starts_with("pull_request"));
    let Some(branch) = identity::variable("GITHUB_BASE_REF").filter(|_| is_pull_request) else {
        let policy = repository.configuration.policy.clone();
        return Ok(Asked { policy, bytes: subject::policy(&repository.snapshot)?, branch: None });
    };
    // A branch that was not fetched has no policy to show, and what is not allowed is denied.
    let bytes = of_branch(root, &branch)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let wrong = |error| CliError::usage(format!("on branch \"{branch}\": {error}"));
    let policy = config::parse(&text).map_err(wrong)?.policy;
    Ok(Asked { policy, bytes, branch: Some(branch) })
}

fn of_branch(root: &Path, branch: &str) -> Result<Option<Vec<u8>>, CliError> {
    let object = format!("refs/remotes/origin/{branch}:./{}", config::PATH);
    let output = collect::git(root).args(["cat-file", "blob", &object]).output();
    let output = output.map_err(|error| CliError::unreadable(format!("git cannot be asked: {error}")))?;
    Ok(output.status.success().then_some(output.stdout))
}
