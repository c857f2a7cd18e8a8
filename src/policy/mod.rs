//! Who may do what, where and when: the tables `[roles.*]` and `[environments.*]` of `.chimera/config.toml`.
//!
//! Deny by default: an environment that the file does not name allows nothing, but for `dev`, which allows everything. A ruling
//! says for every rule what it saw.

pub mod environment;
pub mod freeze;
pub mod role;
pub mod ruling;

use std::collections::BTreeMap;

use environment::Environment;
use role::Role;

/// The environment that needs no policy.
pub const DEV: &str = "dev";

/// What the file says about roles and environments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Roles by name.
    pub roles: BTreeMap<String, Role>,
    /// Environments by name.
    pub environments: BTreeMap<String, Environment>,
    /// Where it was read, if not in the checkout; decisions say so.
    pub place: Option<String>,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// Bring something to an environment.
    Deploy,
    /// Bring back what was there before.
    Rollback,
    /// Let somebody else deploy.
    Approve,
    /// Let a run that was cut off go on and publish.
    Resume,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 4] = [Action::Deploy, Action::Rollback, Action::Approve, Action::Resume];

    /// The name in the file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Action::Deploy => "deploy",
            Action::Rollback => "rollback",
            Action::Approve => "approve",
            Action::Resume => "resume",
        }
    }

    /// The action of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Action> {
        Action::ALL.into_iter().find(|action| action.name() == name)
    }
}
