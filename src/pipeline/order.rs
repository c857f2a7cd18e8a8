//! What a run was asked to do; it never changes.

use serde::{Deserialize, Serialize};

use crate::pipeline::limit::Limits;

/// How strongly a platform waits for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// Only we deploy.
    Strict,
    /// The platform builds by itself and publishes nothing by itself.
    Hold,
    /// The platform publishes what is pushed; we watch.
    Observe,
}

/// How the bytes get to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The certified publish directory is uploaded as a draft.
    Upload,
    /// A build hook makes the platform build a branch.
    Hook,
}

/// Where to deploy.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The platform's name, such as `netlify`.
    pub platform: String,
    /// Its name for the site.
    pub site: String,
    /// How strongly it waits for us.
    pub gate: Gate,
    /// How the bytes get there.
    pub way: Way,
    /// A deploy has an address of its own before it is published.
    pub has_preview: bool,
}

/// What happens when a verification does not find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// The deploy stays, and a person has to look.
    Keep,
    /// The last good deploy comes back.
    Return,
}

/// What happens to a rejected commit that the platform deploys by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contain {
    /// The platform's own deploys are stopped until a certified commit comes.
    StopAutodeploy,
    /// It is said, and nothing more.
    Report,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Wish {
    /// A commit is brought to the site.
    Deploy,
    /// An earlier deploy comes back.
    Return {
        /// The platform's name for it.
        to: String,
        /// Why, in the words of whoever asked.
        reason: String,
    },
}

/// Everything that a run was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Name of the run.
    pub deploy_key: String,
    /// Environment, such as `production`.
    pub environment: String,
    /// The commit.
    pub commit: String,
    /// What is wanted.
    pub wish: Wish,
    /// Where to deploy; all but the first are used when the ones before cannot be reached.
    pub targets: Vec<Target>,
    /// Whether fixes may be applied.
    pub is_healing: bool,
    /// Whether a deploy may go on without a good one to return to.
    pub accepts_no_last_good: bool,
    /// What happens when a verification does not find out.
    pub doubt: Doubt,
    /// What happens to rejected commits.
    pub contain: Contain,
    /// How long things may take.
    pub limits: Limits,
}

impl Order {
    /// The mark that our deploys bear on the platform.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("chimera {}", self.deploy_key)
    }
}
