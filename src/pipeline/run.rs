//! Where one run stands, and what it knows.

use serde::{Deserialize, Serialize};

use crate::pipeline::action::Action;
use crate::pipeline::order::{Order, Target};
use crate::pipeline::state::{Check, Containment, End, Return, State, Step};

/// What a run has learned on its way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Which of the targets is in use.
    pub leg: usize,
    /// How often fixes were applied.
    pub heals: u32,
    /// Fingerprints of findings that were seen.
    pub fingerprints: Vec<String>,
    /// The certificate.
    pub certificate: Option<String>,
    /// The number of the lock that is held.
    pub fence: Option<u64>,
    /// What was live before.
    pub expected_live: Option<String>,
    /// The deploy to return to, if it could be restored when it was looked at.
    pub last_good: Option<String>,
    /// Our deploy.
    pub ours: Option<String>,
    /// Its own address.
    pub address: Option<String>,
    /// Publication was asked for.
    pub is_published: bool,
    /// The return was asked for.
    pub is_returned: bool,
    /// Something may have been created on the platform under our mark.
    pub is_prepared: bool,
    /// Verifications that did not find out.
    pub doubts: u32,
    /// What the platform builds of a rejected commit.
    pub pending: Option<String>,
    /// Why the commit was rejected.
    pub rejection: Option<String>,
    /// Why the return is wanted.
    pub cause: Option<String>,
    /// Nothing can be recorded any more.
    pub is_journal_lost: bool,
    /// What could not be done and a person should know.
    pub remarks: Vec<String>,
    /// What is still to be tidied up after the end.
    pub cleanup: Vec<Action>,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What it was asked to do.
    pub order: Order,
    /// Where it stands.
    pub state: State,
    /// What it knows.
    pub facts: Facts,
}

impl Run {
    /// A run at its beginning.
    #[must_use]
    pub fn new(order: Order) -> Run {
        Run { order, state: State::Idle, facts: Facts::default() }
    }

    /// The target in use.
    ///
    /// # Panics
    /// When the order has no target, which [`crate::pipeline::plan`] and the command line exclude.
    #[must_use]
    pub fn target(&self) -> &Target {
        self.order.targets.get(self.facts.leg).or(self.order.targets.first()).expect("internal: an order has a target")
    }

    /// What is to be done now; nothing when it is over.
    #[must_use]
    pub fn due(&self) -> Option<Action> {
        let facts = &self.facts;
        let ours = || facts.ours.clone().unwrap_or_default();
        let last_good = || facts.last_good.clone().unwrap_or_default();
        Some(match &self.state {
            State::Idle => return None,
            State::Ended(_) => return facts.cleanup.first().cloned(),
            State::Simulating => Action::Simulate,
            State::Healing => Action::Heal,
            State::Certifying => Action::Certify,
            State::Containing(Containment::Look) => Action::Look,
            State::Containing(Containment::Lock) | State::Deploying(Step::Lock) | State::Returning(Return::Lock) => {
                Action::Lock
            }
            State::Containing(Containment::Cancel) => Action::Cancel { deploy: facts.pending.clone() },
            State::Containing(Containment::StopAutodeploy) => {
                Action::Pin { deploy: facts.expected_live.clone().unwrap_or_default() }
            }
            State::Deploying(Step::Preflight) => Action::Survey,
            State::Deploying(Step::Prepare) => Action::Prepare,
            State::Deploying(Step::Preview) => Action::Preview { deploy: ours(), address: facts.address.clone() },
            State::Deploying(Step::PublishIntent) => Action::LookAgain,
            State::Deploying(Step::Publish) => Action::Publish { deploy: ours() },
            State::Deploying(Step::Confirm) => Action::Confirm { deploy: ours(), before: facts.expected_live.clone() },
            State::Deploying(Step::Pin) => Action::Pin { deploy: ours() },
            State::Deploying(Step::Reconcile)
            | State::Verifying(Check::Identity)
            | State::Returning(Return::Reconcile) => Action::ReadLive,
            State::Verifying(check) => Action::Verify { check: *check, deploy: ours() },
            State::Returning(Return::Decide) => Action::Situate,
            State::Returning(Return::Issue) => Action::Return { to: last_good() },
            State::Returning(Return::Confirm) => Action::ConfirmReturn { to: last_good() },
            State::Returning(Return::Verify) => Action::VerifyReturn { to: last_good() },
            State::Returning(Return::Pin) => Action::Pin { deploy: last_good() },
        })
    }

    /// How it ended, if it did.
    #[must_use]
    pub fn end(&self) -> Option<&End> {
        self.state.end()
    }

    /// Says whether nothing is left to do.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.end().is_some() && self.facts.cleanup.is_empty()
    }
}
