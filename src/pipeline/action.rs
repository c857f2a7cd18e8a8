//! What a run wants to be done.

use serde::{Deserialize, Serialize};

use crate::pipeline::state::Check;

/// One thing to do; exactly one is due in each state that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// Build virtually.
    Simulate,
    /// Apply fixes to a copy.
    Heal,
    /// Ask for the three approvals.
    Certify,
    /// Find a rejected commit.
    Look,
    /// Take the lock.
    Lock,
    /// Look at the platform before anything changes.
    Survey,
    /// Bring the bytes there.
    Prepare,
    /// Verify the deploy at its own address.
    Preview {
        /// The deploy.
        deploy: String,
        /// Its address.
        address: Option<String>,
    },
    /// Take the last look.
    LookAgain,
    /// Make it live.
    Publish {
        /// The deploy.
        deploy: String,
    },
    /// Wait until it is live.
    Confirm {
        /// The deploy.
        deploy: String,
        /// What was live before.
        before: Option<String>,
    },
    /// Read what is live.
    ReadLive,
    /// Verify what is live.
    Verify {
        /// How much.
        check: Check,
        /// The deploy.
        deploy: String,
    },
    /// Gather what the guards need.
    Situate,
    /// Make the last good deploy live again.
    Return {
        /// That deploy.
        to: String,
    },
    /// Wait until it is.
    ConfirmReturn {
        /// That deploy.
        to: String,
    },
    /// Verify it.
    VerifyReturn {
        /// That deploy.
        to: String,
    },
    /// Keep it live whatever is pushed.
    Pin {
        /// The live deploy.
        deploy: String,
    },
    /// Stop a deploy that is not ready.
    Cancel {
        /// The deploy; none when only its mark is known.
        deploy: Option<String>,
    },
    /// Give the lock back.
    Unlock {
        /// The number under which it was taken.
        fence: u64,
    },
}

impl Action {
    /// Says whether it changes something on the platform: then its intent is written first.
    #[must_use]
    pub fn is_effect(&self) -> bool {
        matches!(
            self,
            Action::Prepare
                | Action::Publish { .. }
                | Action::Return { .. }
                | Action::Pin { .. }
                | Action::Cancel { .. }
        )
    }

    /// Says whether it is an effect that people can see on the site.
    #[must_use]
    pub fn is_publication(&self) -> bool {
        matches!(self, Action::Publish { .. } | Action::Return { .. })
    }
}
