//! What a workflow was started by, and what there is to do about it.

use serde_json::Value;

/// A pull request, as the event tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// The commit that is proposed.
    pub head: String,
    /// The branch that it is on.
    pub branch: String,
    /// The repository of that branch, `OWNER/NAME`; nothing when it was deleted.
    pub repository: Option<String>,
    /// The branch that it is to be merged into.
    pub base: String,
    /// Whether the branch is in another repository.
    pub is_fork: bool,
}

/// A run of the checking workflow for a fork, which has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkRun {
    /// The commit that was checked.
    pub head: String,
    /// The branch that it is on.
    pub branch: String,
    /// The repository of that branch, `OWNER/NAME`.
    pub repository: String,
}

/// What there is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Look at a pull request.
    PullRequest(PullRequest),
    /// Look at what a merge queue is about to merge.
    MergeGroup {
        /// The commit that the queue has made.
        head: String,
    },
    /// Look at a branch that was pushed to.
    Push {
        /// The commit it is at.
        head: String,
        /// Its name.
        branch: String,
    },
    /// Look at a fork's commit on behalf of its pull request.
    Fork(ForkRun),
    /// Look at what is checked out; the event names nothing better.
    Checkout,
    /// There is nothing to look at, and why.
    Nothing(&'static str),
}

/// Why an event is not served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The trigger hands secrets and a writing token to a run about a stranger's files.
    #[error(
        "the event \"pull_request_target\" is refused: it gives a run about a stranger's files the secrets of this repository"
    )]
    PullRequestTarget,
    /// The file does not say what it should.
    #[error("the event \"{event}\" lacks \"{member}\"")]
    Incomplete {
        /// The event.
        event: String,
        /// What is missing.
        member: &'static str,
    },
    /// A commit that is none.
    #[error("the event \"{event}\" names \"{text}\", which is no commit")]
    NoCommit {
        /// The event.
        event: String,
        /// What stands there.
        text: String,
    },
}

/// Decides what to do about an event by its name and its payload.
///
/// # Errors
/// When the event is not served, or its payload is not what GitHub sends.
pub fn task(name: &str, payload: &Value) -> Result<Task, EventError> {
    let reader = Reader { event: name, payload };
    match name {
        "pull_request_target" => Err(EventError::PullRequestTarget),
        "pull_request" => reader.pull_request(),
        "merge_group" => match reader.optional("/action").unwrap_or("checks_requested") {
            "checks_requested" => Ok(Task::MergeGroup { head: reader.commit("/merge_group/head_sha")? }),
            _ => Ok(Task::Nothing("the merge group was given up")),
        },
        "push" => reader.push(),
        "workflow_run" => reader.workflow_run(),
        _ => Ok(Task::Checkout),
    }
}

struct Reader<'a> {
    event: &'a str,
    payload: &'a Value,
}

impl Reader<'_> {
    fn optional(&self, pointer: &str) -> Option<&str> {
        self.payload.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
    }

    fn text(&self, pointer: &'static str) -> Result<String, EventError> {
        self.optional(pointer)
            .map(str::to_owned)
            .ok_or_else(|| EventError::Incomplete { event: self.event.to_owned(), member: pointer })
    }

    fn commit(&self, pointer: &'static str) -> Result<String, EventError> {
        let text = self.text(pointer)?;
        let is_commit = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_commit { Ok(text) } else { Err(EventError::NoCommit { event: self.event.to_owned(), text }) }
    }

    fn pull_request(&self) -> Result<Task, EventError> {
        if self.optional("/action") == Some("closed") {
            return Ok(Task::Nothing("the pull request is closed"));
        }
        let missing = || EventError::Incomplete { event: self.event.to_owned(), member: "/pull_request/number" };
        let number = self.payload.pointer("/pull_request/number").and_then(Value::as_u64).ok_or_else(missing)?;
        let repository = self.optional("/pull_request/head/repo/full_name").map(str::to_owned);
        let here = self.text("/repository/full_name")?;
        // `head.repo.fork` is also true for a branch of a repository that is itself a fork.
        let is_fork = repository.as_ref() != Some(&here);
        Ok(Task::PullRequest(PullRequest {
            number,
            head: self.commit("/pull_request/head/sha")?,
            branch: self.text("/pull_request/head/ref")?,
            repository,
            base: self.text("/pull_request/base/ref")?,
            is_fork,
        }))
    }

    fn push(&self) -> Result<Task, EventError> {
        let reference = self.text("/ref")?;
        let Some(branch) = reference.strip_prefix("refs/heads/") else {
            return Ok(Task::Checkout);
        };
        if self.payload.pointer("/deleted") == Some(&Value::Bool(true)) {
            return Ok(Task::Nothing("the branch was deleted"));
        }
        Ok(Task::Push { head: self.commit("/after")?, branch: branch.to_owned() })
    }

    fn workflow_run(&self) -> Result<Task, EventError> {
        if self.optional("/workflow_run/event") != Some("pull_request") {
            return Ok(Task::Nothing("the run was not about a pull request"));
        }
        let repository = self.text("/workflow_run/head_repository/full_name")?;
        if repository == self.text("/repository/full_name")? {
            return Ok(Task::Nothing("the run was about a branch of this repository, which it could serve itself"));
        }
        Ok(Task::Fork(ForkRun {
            head: self.commit("/workflow_run/head_sha")?,
            branch: self.text("/workflow_run/head_branch")?,
            repository,
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use serde_json::json;

    const HEAD: &str = "4f2c0e14f2c0e14f2c0e14f2c0e14f2c0e14f2c0";

    fn pull_request(repository: Value) -> Value {
        json!({
            "action": "synchronize",
            "repository": {"full_name": "octo/site"},
            "pull_request": {
                "number": 7,
                "head": {"sha": HEAD, "ref": "topic", "repo": repository},
                "base": {"ref": "main"},
            },
        })
    }

    #[test]
    fn a_branch_of_another_repository_is_a_fork_and_so_is_one_of_a_deleted_repository() {
        for (repository, is_fork) in [
            (json!({"full_name": "octo/site", "fork": true}), false),
            (json!({"full_name": "else/site"}), true),
            (Value::Null, true),
        ] {
            let Task::PullRequest(found) = task("pull_request", &pull_request(repository)).unwrap() else { panic!() };
            assert_eq!((found.is_fork, found.number, found.head.as_str()), (is_fork, 7, HEAD));
        }
    }

    #[test]
    fn pull_request_target_is_refused_whatever_it_holds() {
        let refused = task("pull_request_target", &pull_request(Value::Null)).unwrap_err();
        assert!(refused.to_string().contains("secrets"), "{refused}");
    }

    #[test]
    fn what_is_no_commit_goes_into_no_address() {
        let mut payload = pull_request(Value::Null);
        payload["pull_request"]["head"]["sha"] = json!("../../../x");
        assert!(matches!(task("pull_request", &payload), Err(EventError::NoCommit { .. })));
        payload["pull_request"]["head"]["sha"] = json!(7);
        assert!(matches!(task("pull_request", &payload), Err(EventError::Incomplete { .. })));
    }

    #[test]
    fn a_companion_serves_only_forks() {
        let run = |repository: &str, event: &str| {
            let run = json!({"event": event, "head_sha": HEAD, "head_branch": "topic",
                "head_repository": {"full_name": repository}});
            task("workflow_run", &json!({"repository": {"full_name": "octo/site"}, "workflow_run": run})).unwrap()
        };
        assert!(matches!(run("else/site", "pull_request"), Task::Fork(_)));
        assert!(matches!(run("octo/site", "pull_request"), Task::Nothing(_)));
        assert!(matches!(run("else/site", "push"), Task::Nothing(_)));
    }

    #[test]
    fn a_merge_group_has_its_own_commit_and_other_events_take_the_checkout() {
        let payload = json!({"action": "checks_requested", "merge_group": {"head_sha": HEAD}});
        assert_eq!(task("merge_group", &payload).unwrap(), Task::MergeGroup { head: HEAD.to_owned() });
        assert_eq!(task("workflow_dispatch", &json!({})).unwrap(), Task::Checkout);
    }
}
