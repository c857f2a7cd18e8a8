//! Actions that GitHub no longer serves.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::workflow::Action;

const DATA: &str = include_str!("../data/pages-retired-actions.json");

#[derive(Deserialize, Default)]
struct File {
    actions: HashMap<String, Entry>,
}

#[derive(Deserialize)]
struct Entry {
    /// The last major version that was retired.
    last: u32,
    /// The first one that works.
    next: String,
    /// Commits of retired versions.
    commits: HashMap<String, String>,
}

static TABLE: LazyLock<File> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// A version of an action that no longer works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    /// The action.
    pub name: &'static str,
    /// The version of a commit; empty for a tag, which says it itself.
    pub version: &'static str,
    /// The first major version that works.
    pub next: &'static str,
    /// Whether that one takes the same inputs and does the same.
    pub is_drop_in: bool,
    /// The fragment of the log.
    pub log: &'static str,
}

/// Says whether a version of an action was retired.
#[must_use]
pub fn retired(action: &Action) -> Option<Retired> {
    let (name, entry) = TABLE.actions.get_key_value(action.name.as_str())?;
    let by_commit = entry.commits.get(&action.reference).map(String::as_str);
    let by_tag = action.major().filter(|major| (1..=entry.last).contains(major)).map(|_| "");
    let version = by_commit.or(by_tag)?;
    let log = if name.contains("deploy-pages") {
        "No uploaded artifact was found!"
    } else if name.contains("download") {
        "This request has been automatically failed because it uses a deprecated version of actions/download-artifact"
    } else {
        "This request has been automatically failed because it uses a deprecated version of actions/upload-artifact"
    };
    Some(Retired { name, version, next: &entry.next, is_drop_in: name.contains("pages"), log })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::platform::pages::workflow::Workflow;
    use crate::text::source::Sources;

    fn next(uses: &str) -> Option<&'static str> {
        let text = format!("jobs:\n  a:\n    steps:\n      - uses: {uses}\n");
        let workflow = Workflow::read("w.yml", text, &mut Sources::default());
        retired(workflow.jobs[0].steps[0].action.as_ref().unwrap()).map(|retired| retired.next)
    }

    #[test]
    fn tags_and_commits_of_retired_versions_are_known() {
        assert_eq!(next("actions/upload-pages-artifact@v2"), Some("v3"));
        assert_eq!(next("Actions/Deploy-Pages@v3.0.1"), Some("v4"));
        assert_eq!(next("actions/upload-artifact@a8a3f3ad30e3422c9c7b888a15615d19a852ae32 # v3.1.3"), Some("v4"));
        for uses in
            ["actions/upload-artifact@v4", "actions/deploy-pages@main", "actions/upload-artifact@v3-node20", "a/b@v1"]
        {
            assert_eq!(next(uses), None, "{uses}");
        }
    }
}
