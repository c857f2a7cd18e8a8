//! Where malformed events wait: they are kept, shown, and drive nothing until somebody releases them.

use serde::{Deserialize, Serialize};

use super::topic;
use crate::ledger::entry::Draft;

/// An event in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// When it came.
    pub at: String,
    /// What is wrong with it.
    pub wrong: Vec<String>,
    /// The event.
    pub event: Draft,
}

/// What happens to an event that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It fits its topic and may be recorded and delivered.
    Admitted(Draft),
    /// It does not.
    Held(Held),
}

/// Decides whether an event may drive anything; `at` is the time now.
#[must_use]
pub fn admit(event: Draft, at: &str) -> Admission {
    match topic::check(&event.topic, &event.payload) {
        Ok(_) => Admission::Admitted(event),
        Err(wrong) => {
            let wrong = wrong.iter().map(ToString::to_string).collect();
            Admission::Held(Held { at: at.to_owned(), wrong, event })
        }
    }
}
