//! How the repository is checked out (`actions/checkout/action.yml`).

use crate::platform::pages::workflow::{Step, Text};

/// The action.
pub const CHECKOUT: &str = "actions/checkout";

/// One checkout of this repository into the folder that steps begin in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// Place among the steps that were read.
    pub step: usize,
    /// Whether submodules are fetched; none when only a run would tell.
    pub with_submodules: Option<bool>,
    /// Whether the files of Git LFS are fetched; none when only a run would tell.
    pub with_lfs: Option<bool>,
    /// Whether it leaves a token behind with which a later `git push` works.
    pub keeps_token: bool,
}

/// What a step of this action checks out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Checked {
    /// This repository, as it is.
    Here(Checkout),
    /// Something into a folder of its own.
    Beside(String),
    /// Something else, or only a part.
    Other,
}

/// Reads a step that uses the action.
pub(super) fn read(index: usize, step: &Step) -> Checked {
    let has = |name: &str| step.input(name).is_some_and(|text| !text.value.trim().is_empty());
    let folder = step.input("path").filter(|text| !matches!(text.value.trim(), "" | "." | "./"));
    if let Some(folder) = folder {
        return folder.plain().map_or(Checked::Other, |path| Checked::Beside(path.to_owned()));
    }
    let is_this = step.input("repository").is_none_or(|text| text.value.contains("github.repository"));
    let is_whole = !["sparse-checkout", "filter"].iter().any(|name| has(name));
    let is_this_commit = step.input("ref").is_none_or(|text| {
        let value = text.value.trim();
        value.is_empty() || value.contains("github.sha") || value.contains("github.ref")
    });
    if !is_this || !is_whole || !is_this_commit {
        return Checked::Other;
    }
    let flag = |name: &str, yes: &[&str]| match step.input(name).map(Text::plain) {
        None => Some(false),
        Some(Some(text)) => Some(yes.contains(&text.trim().to_lowercase().as_str())),
        Some(None) => None,
    };
    Checked::Here(Checkout {
        step: index,
        with_submodules: flag("submodules", &["true", "recursive"]),
        with_lfs: flag("lfs", &["true"]),
        keeps_token: step.input("persist-credentials").is_none_or(|text| text.value != "false"),
    })
}
