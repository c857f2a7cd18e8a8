//! What must hold however a run ends, and wherever it was cut off.

use crate::pipeline::journal::{Body, Record, replay};
use crate::pipeline::run::Run;
use crate::pipeline::state::End;

/// What can be seen from outside after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    /// What was live before the run.
    pub before: Option<String>,
    /// What is live now.
    pub live: Option<String>,
    /// Deploys under the run's mark on the platform.
    pub made: Vec<String>,
    /// Somebody else published meanwhile.
    pub is_disturbed: bool,
    /// The lock is free.
    pub is_unlocked: bool,
}

/// Names what does not hold after a run has ended.
#[must_use]
pub fn violations(run: &Run, records: &[Record], outside: &Outside) -> Vec<String> {
    let mut found = Vec::new();
    let mut claim = |holds: bool, what: &str| {
        if !holds {
            found.push(what.to_owned());
        }
    };
    let is_ours_live = outside.live.as_ref().is_some_and(|live| outside.made.contains(live));
    claim(outside.made.len() <= 1, "more than one deploy was made");
    let is_known = outside.live == outside.before || is_ours_live || outside.live == run.facts.last_good;
    claim(is_known || outside.is_disturbed, "something is live that was neither live before nor ours");
    let may_be_live = match run.end() {
        Some(End::Success | End::SuccessUnproven | End::SuccessDegraded) => is_ours_live,
        Some(End::Rejected(_) | End::Aborted(_) | End::RolledBack) => !is_ours_live,
        Some(End::Hold(_) | End::RollbackFailed(_)) => true,
        None => false,
    };
    claim(may_be_live || outside.is_disturbed, "what is live does not fit how the run ended");
    claim(outside.is_unlocked, "the lock is still held");
    if !run.facts.is_journal_lost {
        let replayed = replay(records);
        claim(replayed.as_ref().is_some_and(|replayed| replayed.terminal == 1), "the records do not end once");
        claim(replayed.is_some_and(|replayed| replayed.run.end() == run.end()), "the records tell another end");
    }
    claim(are_intents_first(records), "an effect was recorded without its intent");
    found
}

/// Every outcome of an effect comes after its intent, and no two intents follow each other without one.
fn are_intents_first(records: &[Record]) -> bool {
    let mut run: Option<Run> = None;
    let mut intent = None;
    for record in records {
        match (&record.body, &mut run) {
            (Body::Begun { order }, None) => run = Some(Run::new((**order).clone())),
            (Body::Intent { action }, Some(now)) => {
                if now.due().as_ref() != Some(action) {
                    return false;
                }
                intent = Some(action.clone());
            }
            (Body::Outcome { input }, Some(now)) => {
                use crate::pipeline::input::Input;
                let is_result = matches!(input, Input::Accepted | Input::Prepared(_));
                if is_result && now.due().is_some_and(|due| due.is_effect() && intent.as_ref() != Some(&due)) {
                    return false;
                }
                run = Some(crate::pipeline::transition::transition(now.clone(), input).0);
                intent = None;
            }
            _ => {}
        }
    }
    true
}
