//! Where a run can stand.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", content = "step", rename_all = "kebab-case")]
pub enum State {
    /// Nothing was done yet.
    Idle,
    /// The commit is built virtually.
    Simulating,
    /// Fixes are applied to a copy.
    Healing,
    /// The three approvals are asked for.
    Certifying,
    /// A commit was rejected; it is kept from the site.
    Containing(Containment),
    /// The commit goes to the platform.
    Deploying(Step),
    /// What is live is looked at.
    Verifying(Check),
    /// The last good deploy comes back.
    Returning(Return),
    /// It is over.
    Ended(End),
}

/// Steps of keeping a rejected commit from the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Containment {
    /// Where is it?
    Look,
    /// The lock is taken.
    Lock,
    /// Its build is cancelled.
    Cancel,
    /// The platform's own deploys are stopped.
    StopAutodeploy,
}

/// Steps of deploying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The lock is taken.
    Lock,
    /// The platform is looked at.
    Preflight,
    /// The bytes are brought there; nobody sees them yet.
    Prepare,
    /// The deploy is verified at its own address.
    Preview,
    /// Last look before anything changes.
    PublishIntent,
    /// It is made the live deploy.
    Publish,
    /// The platform names it as the live one.
    Confirm,
    /// It is locked, so that no push replaces it.
    Pin,
    /// The answer was lost: what is live?
    Reconcile,
}

/// Looks at what is live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// What must work at once.
    Critical,
    /// Everything.
    Full,
    /// For a while.
    Bake,
    /// For a second while, since the first did not tell.
    Extended,
    /// Is it still ours?
    Identity,
}

/// Steps back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Return {
    /// The lock is taken, when a person asked for the return.
    Lock,
    /// Do all guards agree?
    Decide,
    /// It is asked for.
    Issue,
    /// The answer was lost: what is live?
    Reconcile,
    /// The platform names the last good deploy as the live one.
    Confirm,
    /// It is verified.
    Verify,
    /// It is locked, so that no push replaces it.
    Pin,
}

/// How a run can end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "end", content = "reason", rename_all = "kebab-case")]
pub enum End {
    /// Not certified; nothing of it is on the site.
    Rejected(String),
    /// Live and verified.
    Success,
    /// Live; nobody could find out whether it is good.
    SuccessUnproven,
    /// Live, but only on the second platform.
    SuccessDegraded,
    /// The last good deploy is live and verified.
    RolledBack,
    /// The last good deploy could not be brought back, or is bad as well.
    RollbackFailed(String),
    /// A guard refused the return.
    Hold(Hold),
    /// Nothing was changed.
    Aborted(String),
}

/// Why a return is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// What is live is not ours.
    NotOurs,
    /// There is no good deploy to return to.
    NoLastGood,
    /// The last good deploy fails the same check: the deploy is not to blame.
    External,
    /// The last good deploy cannot live with the database as it is now.
    Schema,
    /// Too many returns lately.
    Breaker,
    /// Nobody allowed it.
    NotAuthorised,
}

impl Hold {
    /// The name in ledgers and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Hold::NotOurs => "not_ours",
            Hold::NoLastGood => "no_lkg",
            Hold::External => "external",
            Hold::Schema => "schema",
            Hold::Breaker => "breaker",
            Hold::NotAuthorised => "not_authorised",
        }
    }
}

impl End {
    /// The exit code.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            End::Success => 0,
            End::Rejected(_) => 10,
            End::SuccessUnproven => 20,
            End::SuccessDegraded => 21,
            End::RolledBack => 30,
            End::RollbackFailed(_) => 31,
            End::Hold(_) => 32,
            End::Aborted(_) => 40,
        }
    }

    /// Why it ended so, where there is more to say than the name.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            End::Rejected(reason) | End::RollbackFailed(reason) | End::Aborted(reason) => Some(reason),
            End::Hold(hold) => Some(hold.name()),
            End::Success | End::SuccessUnproven | End::SuccessDegraded | End::RolledBack => None,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            End::Rejected(_) => "REJECTED",
            End::Success => "SUCCESS",
            End::SuccessUnproven => "SUCCESS_UNPROVEN",
            End::SuccessDegraded => "SUCCESS_DEGRADED",
            End::RolledBack => "ROLLED_BACK",
            End::RollbackFailed(_) => "ROLLBACK_FAILED",
            End::Hold(_) => "HOLD",
            End::Aborted(_) => "ABORTED",
        })
    }
}

impl State {
    /// Says whether nothing of ours can be live yet: a run may simply stop here.
    #[must_use]
    pub fn is_before_publication(&self) -> bool {
        match self {
            State::Idle | State::Simulating | State::Healing | State::Certifying | State::Containing(_) => true,
            State::Deploying(step) => !matches!(step, Step::Publish | Step::Confirm | Step::Pin | Step::Reconcile),
            State::Verifying(_) | State::Returning(_) | State::Ended(_) => false,
        }
    }

    /// How it ended, if it did.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        match self {
            State::Ended(end) => Some(end),
            _ => None,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Idle => formatter.write_str("IDLE"),
            State::Simulating => formatter.write_str("SIMULATING"),
            State::Healing => formatter.write_str("HEALING"),
            State::Certifying => formatter.write_str("CERTIFYING"),
            State::Containing(step) => write!(formatter, "CONTAINING.{}", capitals(step)),
            State::Deploying(step) => write!(formatter, "DEPLOYING.{}", capitals(step)),
            State::Verifying(step) => write!(formatter, "VERIFYING.{}", capitals(step)),
            State::Returning(step) => write!(formatter, "ROLLBACK.{}", capitals(step)),
            State::Ended(end) => end.fmt(formatter),
        }
    }
}

/// `PublishIntent` as `PUBLISH_INTENT`.
fn capitals(step: &impl fmt::Debug) -> String {
    let name = format!("{step:?}");
    let mut out = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}
