//! What is recorded, so that a run that was cut off can be taken up.

use serde::{Deserialize, Serialize};

use crate::pipeline::action::Action;
use crate::pipeline::input::Input;
use crate::pipeline::order::Order;
use crate::pipeline::run::Run;
use crate::pipeline::state::State;
use crate::pipeline::transition::transition;

/// What a record is about, as ledgers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Topic {
    /// A run began.
    #[serde(rename = "deploy.initiated")]
    Initiated,
    /// A virtual build begins.
    #[serde(rename = "chimera.simulate.start")]
    SimulateStart,
    /// It ended.
    #[serde(rename = "chimera.simulate.complete")]
    SimulateComplete,
    /// Fixes are going to be applied.
    #[serde(rename = "deploy.heal.intent")]
    HealIntent,
    /// They were, or not.
    #[serde(rename = "deploy.heal.complete")]
    HealComplete,
    /// The approvals were given or refused.
    #[serde(rename = "deploy.certified")]
    Certified,
    /// The commit is not to be deployed.
    #[serde(rename = "deploy.rejected")]
    Rejected,
    /// The lock was taken.
    #[serde(rename = "chimera.lock.acquired")]
    LockAcquired,
    /// The lock was given back.
    #[serde(rename = "chimera.lock.released")]
    LockReleased,
    /// Something is going to change on the platform.
    #[serde(rename = "chimera.deploy.start")]
    DeployStart,
    /// The platform is done with it.
    #[serde(rename = "chimera.deploy.complete")]
    DeployComplete,
    /// What is live is going to be looked at.
    #[serde(rename = "chimera.verify.start")]
    VerifyStart,
    /// It was.
    #[serde(rename = "chimera.verify.complete")]
    VerifyComplete,
    /// The last good deploy is going to come back.
    #[serde(rename = "chimera.rollback.triggered")]
    RollbackTriggered,
    /// It did, or not.
    #[serde(rename = "chimera.rollback.complete")]
    RollbackComplete,
    /// A run that was cut off was taken up.
    #[serde(rename = "chimera.recovered")]
    Recovered,
}

impl Topic {
    /// The name in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Topic::Initiated => "deploy.initiated",
            Topic::SimulateStart => "chimera.simulate.start",
            Topic::SimulateComplete => "chimera.simulate.complete",
            Topic::HealIntent => "deploy.heal.intent",
            Topic::HealComplete => "deploy.heal.complete",
            Topic::Certified => "deploy.certified",
            Topic::Rejected => "deploy.rejected",
            Topic::LockAcquired => "chimera.lock.acquired",
            Topic::LockReleased => "chimera.lock.released",
            Topic::DeployStart => "chimera.deploy.start",
            Topic::DeployComplete => "chimera.deploy.complete",
            Topic::VerifyStart => "chimera.verify.start",
            Topic::VerifyComplete => "chimera.verify.complete",
            Topic::RollbackTriggered => "chimera.rollback.triggered",
            Topic::RollbackComplete => "chimera.rollback.complete",
            Topic::Recovered => "chimera.recovered",
        }
    }

    /// The topic of what happens in a state, where no transition names a better one.
    #[must_use]
    pub fn of(state: &State) -> Topic {
        match state {
            State::Idle => Topic::Initiated,
            State::Simulating => Topic::SimulateStart,
            State::Healing => Topic::HealIntent,
            State::Certifying => Topic::SimulateComplete,
            State::Containing(_) => Topic::Rejected,
            State::Deploying(_) => Topic::DeployStart,
            State::Verifying(_) => Topic::VerifyStart,
            State::Returning(_) => Topic::RollbackTriggered,
            State::Ended(_) => Topic::DeployComplete,
        }
    }
}

/// Something that a transition wants to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub topic: Topic,
    /// More about it.
    pub detail: Option<String>,
}

/// What a record holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "body", rename_all = "kebab-case")]
pub enum Body {
    /// A run began.
    Begun {
        /// What it was asked to do.
        order: Box<Order>,
    },
    /// An effect is about to be asked for.
    Intent {
        /// Which.
        action: Action,
    },
    /// Something came in, and the run went on.
    Outcome {
        /// What.
        input: Input,
    },
    /// Something to be known; nothing follows from it.
    Note {
        /// More about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
    },
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The run that it belongs to.
    pub deploy_key: String,
    /// What it is about.
    pub topic: Topic,
    /// Where the run stood.
    pub from: String,
    /// Where it stands now.
    pub to: String,
    /// What it holds.
    pub body: Body,
}

/// Why something could not be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JournalError(pub String);

/// Where records go; when `append` returns, they are there to stay.
pub trait Journal {
    /// Records all of these or none, in this order.
    ///
    /// # Errors
    /// When it could not be done.
    fn append(&mut self, records: &[Record]) -> Result<(), JournalError>;
}

/// A run as its records tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Where it stood.
    pub run: Run,
    /// The effect that was asked for last, if its outcome is unknown.
    pub open: Option<Action>,
    /// How many records say that it ended: one, or none.
    pub terminal: usize,
}

/// Repeats a run from its records; nothing when they do not begin with its order.
#[must_use]
pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Option<Replayed> {
    let mut found: Option<Replayed> = None;
    for record in records {
        match (&record.body, &mut found) {
            (Body::Begun { order }, None) => {
                found = Some(Replayed { run: Run::new((**order).clone()), open: None, terminal: 0 });
            }
            (Body::Intent { action }, Some(state)) => state.open = Some(action.clone()),
            (Body::Outcome { input }, Some(state)) => {
                let was_over = state.run.end().is_some();
                state.run = transition(state.run.clone(), input).0;
                state.open = None;
                state.terminal += usize::from(!was_over && state.run.end().is_some());
            }
            (Body::Begun { .. } | Body::Note { .. }, Some(_)) | (_, None) => {}
        }
    }
    found
}
