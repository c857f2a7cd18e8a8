//! The one function that says what comes next.
//!
//! It is total: what does not fit the state changes nothing. What each step leads to is in one file per part of the way.

mod before;
mod deploy;
mod resume;
mod rollback;
mod verify;

use crate::pipeline::action::Action;
use crate::pipeline::input::Input;
use crate::pipeline::journal::{Notice, Topic};
use crate::pipeline::run::Run;
use crate::pipeline::state::{Containment, End, Hold, Return, State, Step};

/// What a transition wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// To be recorded.
    Record(Notice),
    /// To be done, with the intent written before and the outcome after.
    Perform(Action),
}

/// A run on its way from one state to the next.
pub(crate) struct Change {
    pub(crate) run: Run,
    notices: Vec<Notice>,
}

impl Change {
    fn note(&mut self, topic: Topic) -> &mut Change {
        self.note_with(topic, None)
    }

    fn note_with(&mut self, topic: Topic, detail: Option<&str>) -> &mut Change {
        self.notices.push(Notice { topic, detail: detail.map(str::to_owned) });
        self
    }

    fn go(&mut self, state: State) {
        self.run.state = state;
    }

    fn step(&mut self, step: Step) {
        self.go(State::Deploying(step));
    }

    fn back(&mut self, step: Return) {
        self.go(State::Returning(step));
    }

    /// Ends the run and lists what is to be tidied up.
    fn end(&mut self, end: End) {
        let facts = &mut self.run.facts;
        let is_left_over = facts.is_prepared && !facts.is_published;
        let mut cleanup = Vec::new();
        if is_left_over && matches!(end, End::Aborted(_) | End::Rejected(_)) {
            cleanup.push(Action::Cancel { deploy: facts.ours.clone() });
        }
        cleanup.extend(facts.fence.map(|fence| Action::Unlock { fence }));
        facts.cleanup = cleanup;
        self.go(State::Ended(end));
    }

    fn abort(&mut self, reason: impl Into<String>) {
        self.end(End::Aborted(reason.into()));
    }

    fn hold(&mut self, hold: Hold) {
        self.note_with(Topic::VerifyComplete, Some(hold.name()));
        self.end(End::Hold(hold));
    }

    fn reject(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        self.note(Topic::Rejected);
        self.run.facts.rejection = Some(reason);
        self.go(State::Containing(Containment::Look));
    }

    fn remark(&mut self, text: impl Into<String>) {
        self.run.facts.remarks.push(text.into());
    }
}

/// Says where a run stands after this, and what is to be recorded and done.
#[must_use]
pub fn transition(run: Run, input: &Input) -> (Run, Vec<Effect>) {
    let before = run.clone();
    let mut change = Change { run, notices: Vec::new() };
    apply(&mut change, input);
    let mut effects: Vec<Effect> = change.notices.drain(..).map(Effect::Record).collect();
    if change.run != before {
        effects.extend(change.run.due().map(Effect::Perform));
    }
    (change.run, effects)
}

fn apply(change: &mut Change, input: &Input) {
    let state = change.run.state.clone();
    match (&state, input) {
        (State::Ended(_), _) => tidy(change, input),
        (_, Input::Resumed(reality)) => resume::resumed(change, reality),
        (_, Input::Interrupted | Input::OutOfTime | Input::JournalLost) => disturbed(change, input),
        (State::Idle | State::Simulating | State::Healing | State::Certifying, _) => {
            before::apply(change, &state, input)
        }
        (State::Containing(step), _) => before::contain(change, *step, input),
        (State::Deploying(step), _) => deploy::apply(change, *step, input),
        (State::Verifying(check), _) => verify::apply(change, *check, input),
        (State::Returning(step), _) => rollback::apply(change, *step, input),
    }
}

/// What is tidied up after the end changes nothing about how it ended.
fn tidy(change: &mut Change, input: &Input) {
    let Some(action) = change.run.facts.cleanup.first().cloned() else { return };
    match input {
        // Whoever takes up a run has the lock under a new number.
        Input::Locked { fence } => {
            change.run.facts.fence = Some(*fence);
            change.run.facts.cleanup.retain(|action| !matches!(action, Action::Unlock { .. }));
            return change.run.facts.cleanup.push(Action::Unlock { fence: *fence });
        }
        Input::Failed(fault) => change.remark(format!("not tidied up: {fault}")),
        Input::Accepted => {}
        _ => return,
    }
    if matches!(action, Action::Unlock { .. }) {
        change.note(Topic::LockReleased);
        change.run.facts.fence = None;
    }
    change.run.facts.cleanup.remove(0);
}

fn disturbed(change: &mut Change, input: &Input) {
    if !change.run.state.is_before_publication() {
        if *input == Input::JournalLost && !change.run.facts.is_journal_lost {
            change.run.facts.is_journal_lost = true;
            change.remark("the ledger cannot be written; what happens from here on is recorded nowhere");
        }
        return;
    }
    if let Some(reason) = change.run.facts.rejection.clone() {
        change.remark("the rejected commit was not looked for on the platform");
        return change.end(End::Rejected(reason));
    }
    change.abort(match input {
        Input::Interrupted => "interrupted",
        Input::OutOfTime => "the run took too long",
        _ => "the ledger cannot be written, and nothing is published unrecorded",
    });
}
