//! What a verification says.

use serde::{Deserialize, Serialize};

/// How good what was looked at is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// All blocking checks hold.
    Pass,
    /// They hold, and something is worth a look.
    Warn,
    /// It could not be found out.
    Inconclusive,
    /// A blocking check fails.
    Fail,
}

/// A grade and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How good it is.
    pub grade: Grade,
    /// The reason in a few words, such as `tls` or `runner_network`.
    pub reason: String,
    /// What was seen, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

impl Verdict {
    /// A verdict without evidence.
    #[must_use]
    pub fn new(grade: Grade, reason: &str) -> Verdict {
        Verdict { grade, reason: reason.to_owned(), evidence: Vec::new() }
    }

    /// Says whether a deploy may go on.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.grade <= Grade::Warn
    }
}
