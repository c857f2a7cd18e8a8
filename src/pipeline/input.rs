//! What can happen to a run.

use serde::{Deserialize, Serialize};

use crate::pipeline::guard::Situation;
use crate::pipeline::platform::{Fault, Live};
use crate::pipeline::verdict::Verdict;

/// What a simulation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Simulated {
    /// Nothing of severity high or worse.
    Clean,
    /// Something that would fail.
    Issues {
        /// Some fix exists.
        is_fixable: bool,
        /// Digest of what was found; the same findings have the same.
        fingerprint: String,
    },
    /// It did not end in time.
    TimedOut,
}

/// What healing did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Healed {
    /// Fixes were applied to the copy.
    Applied,
    /// Nothing could be done, or the time was over.
    Stopped,
}

/// What came of asking for the three approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Certified {
    /// All three were given.
    Granted {
        /// Name of the certificate.
        certificate: String,
    },
    /// One was refused.
    Refused {
        /// Which, and why.
        reason: String,
    },
    /// The policy lets this environment go without.
    Waived,
}

/// Where a rejected commit is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// It is the live one.
    pub is_live: bool,
    /// The platform is building it: the deploy's name.
    pub pending: Option<String>,
    /// What is live.
    pub live: Option<String>,
    /// The last good deploy, if it can be restored.
    pub last_good: Option<String>,
}

/// What was found before anything is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// What is live.
    pub live: Live,
    /// The last good deploy according to the ledger.
    pub last_good: Option<String>,
    /// The platform can still bring it back.
    pub is_restorable: bool,
    /// The commit is not what should be deployed any more.
    pub is_superseded: bool,
    /// The certificate was used before.
    pub is_replayed: bool,
    /// Automatic returns within the last day.
    pub recent_returns: u32,
}

/// What the platform made of the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Prepared {
    /// A deploy that can be published.
    Ready {
        /// Its name.
        deploy: String,
        /// Its own address.
        address: Option<String>,
    },
    /// The bytes are not those that were certified; nothing was sent.
    Changed,
    /// The platform could not make a deploy of them.
    Failed {
        /// The deploy.
        deploy: String,
        /// What it says.
        reason: String,
    },
}

/// The last look before publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// What is live.
    pub live: Option<String>,
    /// The lock is still ours.
    pub is_locked_by_us: bool,
    /// The certificate may still be used.
    pub is_certificate_valid: bool,
}

/// What waiting for the live deploy came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum Confirmed {
    /// The wanted deploy is live.
    Live,
    /// The platform gave up on it; what was live before is live.
    Failed {
        /// What it says.
        reason: String,
    },
    /// Another deploy is live.
    Other {
        /// Its name.
        live: Option<String>,
    },
    /// It was not live in time.
    TimedOut,
}

/// What the platform says about a run that was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reality {
    /// What is live.
    pub live: Option<String>,
    /// The deploy that bears our mark.
    pub ours: Option<String>,
    /// That deploy can be published.
    pub is_ready: bool,
    /// The certificate may still be used, and the user wants to go on.
    pub may_continue: bool,
    /// The lock that the recovery holds.
    pub fence: u64,
}

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", content = "value", rename_all = "kebab-case")]
pub enum Input {
    /// It begins.
    Started,
    /// A simulation ended.
    Simulated(Simulated),
    /// Healing ended.
    Healed(Healed),
    /// The approvals were given or refused.
    Certified(Certified),
    /// A rejected commit was looked for.
    Found(Whereabouts),
    /// The lock is ours.
    Locked {
        /// The number that grows with every owner.
        fence: u64,
    },
    /// The lock stayed with somebody else.
    LockBusy {
        /// Who has it.
        holder: String,
    },
    /// The platform was looked at.
    Surveyed(Survey),
    /// The bytes are there, or not.
    Prepared(Prepared),
    /// A verification ended.
    Verified(Verdict),
    /// The last look was taken.
    Looked(Readiness),
    /// An effect was accepted.
    Accepted,
    /// Waiting for the live deploy ended.
    Confirmed(Confirmed),
    /// What is live was read.
    Read(Live),
    /// The guards have what they need.
    Situated(Situation),
    /// Something could not be done.
    Failed(Fault),
    /// The run shall stop.
    Interrupted,
    /// The whole run took too long.
    OutOfTime,
    /// Nothing can be recorded any more.
    JournalLost,
    /// A run that was cut off goes on.
    Resumed(Reality),
}
