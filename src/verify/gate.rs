//! k of n: when a check that failed has failed (VERIFICATION, 5).
//!
//! A failure counts after `confirm` attempts, each on a connection of its own. Where other checks failed and held when they were
//! asked again, the connection or the site is unreliable; then a failure that may be one of those needs as many attempts as the
//! test of error rates needs errors to tell two sites apart.

use crate::pipeline::world::Millis;
use crate::verify::check::{Attempt, Check, Label};
use crate::verify::judgement::Outcome;
use crate::verify::probe::{Kind, Weight};

/// Attempts until a failure counts, unless somebody says otherwise.
pub const CONFIRM: u32 = 3;
/// Errors that a test of rates needs against a clean control, whatever the number of samples (VERIFICATION, 6).
const SURE: u32 = 7;
/// Time before the second attempt, and before each later one.
const SECOND: Millis = 1_000;
const LATER: Millis = 2_000;
/// The part of checks that may fail once before the gate is called flaky, in hundredths.
const FLAKY: usize = 2;

/// Checks that are asked together.
pub struct Gate {
    entries: Vec<Entry>,
    confirm: u32,
    wave: u32,
    rest: Millis,
}

/// A check and what came of it.
pub struct Entry {
    /// The check.
    pub check: Check,
    /// What is known of it.
    pub label: Label,
    /// How it stands.
    pub standing: Standing,
    /// How often it was asked.
    pub attempts: u32,
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
    /// The last attempt that failed.
    pub failure: Option<Attempt>,
    /// What the last good deploy said to the same, if it was asked.
    pub reference: Option<Attempt>,
}

/// How a check stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It was not asked, or not often enough.
    Open,
    /// It holds.
    Passed,
    /// It failed, and held when it was asked again.
    Flaky,
    /// It failed as often as it takes.
    Failed,
    /// One of many samples, to which there was no answer: an error of the connection.
    Unanswered,
    /// It cannot be found out from here.
    Unknown,
}

/// What is to be asked next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// How long to wait before.
    pub wait: Millis,
    /// The places of the checks.
    pub checks: Vec<usize>,
    /// On connections of their own.
    pub is_fresh: bool,
    /// A failure may count now: the last good deploy and the control are asked the same.
    pub is_decisive: bool,
}

impl Gate {
    /// A gate of these checks.
    #[must_use]
    pub fn new(checks: Vec<Check>, confirm: u32) -> Gate {
        let entry = |check: Check| Entry {
            label: check.label(),
            check,
            standing: Standing::Open,
            attempts: 0,
            status: None,
            failure: None,
            reference: None,
        };
        Gate { entries: checks.into_iter().map(entry).collect(), confirm: confirm.max(1), wave: 0, rest: 0 }
    }

    /// What is to be asked next; nothing when everything is decided.
    #[must_use]
    pub fn due(&self) -> Option<Wave> {
        let open = self.entries.iter().enumerate().filter(|(_, entry)| entry.standing == Standing::Open);
        let checks: Vec<usize> = open.map(|(at, _)| at).collect();
        if checks.is_empty() {
            return None;
        }
        let wait = match self.wave {
            0 => 0,
            1 => SECOND,
            _ => LATER,
        };
        let (is_fresh, is_decisive) = (self.wave > 0, self.wave + 1 >= self.confirm);
        Some(Wave { wait: wait.max(self.rest), checks, is_fresh, is_decisive })
    }

    /// Takes what a wave showed.
    pub fn take(&mut self, attempts: Vec<(usize, Attempt)>) {
        self.wave += 1;
        self.rest = attempts.iter().filter_map(|(_, attempt)| attempt.retry_after).max().unwrap_or_default();
        let asked: Vec<usize> = attempts.iter().map(|(at, _)| *at).collect();
        for (at, attempt) in attempts {
            let Some(entry) = self.entries.get_mut(at) else { continue };
            entry.attempts += 1;
            entry.status = attempt.status;
            if attempt.is_passed() {
                entry.standing = if entry.attempts == 1 { Standing::Passed } else { Standing::Flaky };
            } else {
                entry.failure = Some(attempt);
            }
        }
        let is_unreliable = self.flaky() > 0;
        let confirm = self.confirm;
        for at in asked {
            let Some(entry) = self.entries.get_mut(at).filter(|entry| entry.standing == Standing::Open) else {
                continue;
            };
            entry.settle(confirm, is_unreliable);
        }
    }

    /// Takes what the last good deploy says to a check that failed here.
    pub fn refer(&mut self, at: usize, attempt: Attempt) {
        if let Some(entry) = self.entries.get_mut(at) {
            entry.reference = Some(attempt);
        }
    }

    /// All checks.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many checks failed and held when they were asked again.
    #[must_use]
    pub fn flaky(&self) -> usize {
        self.entries.iter().filter(|entry| entry.standing == Standing::Flaky).count()
    }

    /// Says whether so many did that single failures say little.
    #[must_use]
    pub fn is_flaky(&self) -> bool {
        self.flaky() * 100 > self.entries.len() * FLAKY && self.flaky() > 1
    }

    /// Says whether nothing answered but refusals to let us in.
    #[must_use]
    pub fn is_barred(&self) -> bool {
        let mut asked = self.entries.iter().filter(|entry| entry.attempts > 0).peekable();
        asked.peek().is_some() && asked.all(|entry| entry.failure.as_ref().is_some_and(Attempt::is_barred))
    }
}

impl Entry {
    fn settle(&mut self, confirm: u32, is_unreliable: bool) {
        if matches!(self.failure.as_ref().map(|attempt| &attempt.outcome), Some(Outcome::Unknown(_))) {
            self.standing = Standing::Unknown;
            return;
        }
        let is_transient = self.failure.as_ref().is_some_and(Attempt::is_transient);
        let needed = if is_transient && is_unreliable { confirm.max(SURE) } else { confirm };
        if self.attempts < needed {
            return;
        }
        let is_silent = matches!(self.failure.as_ref().map(|attempt| &attempt.outcome), Some(Outcome::Silent(_)));
        let is_sample = self.label.kind == Kind::Sample;
        self.standing = if is_sample && is_silent { Standing::Unanswered } else { Standing::Failed };
    }

    /// Says whether it holds by an answer that shows something of the site.
    #[must_use]
    pub fn is_proof(&self) -> bool {
        let is_held = matches!(self.standing, Standing::Passed | Standing::Flaky);
        is_held && self.label.weight == Weight::Blocking && self.status.is_none_or(|status| status < 400)
    }

    /// Says whether its failure is the failure of the deploy.
    #[must_use]
    pub fn is_fatal(&self) -> bool {
        self.standing == Standing::Failed && self.label.weight == Weight::Blocking
    }

    /// Says whether the last good deploy has the same fault: then going back mends nothing.
    ///
    /// The bytes of one deploy are nobody else's; there only the fault of a connection or a server can be the same.
    #[must_use]
    pub fn is_shared(&self) -> Option<bool> {
        let reference = self.reference.as_ref()?;
        let is_shared = !reference.is_passed() && (!self.check.is_bound() || reference.is_transient());
        Some(is_shared)
    }
}

#[cfg(test)]
#[path = "gate/tests.rs"]
mod tests;
