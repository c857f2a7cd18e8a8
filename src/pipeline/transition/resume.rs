//! What a run that was cut off does next, from its last record and from what the platform says.

use crate::pipeline::input::Reality;
use crate::pipeline::journal::Topic;
use crate::pipeline::run::Facts;
use crate::pipeline::state::{Check, End, Hold, Return, State, Step};
use crate::pipeline::transition::Change;

pub(super) fn resumed(change: &mut Change, reality: &Reality) {
    change.note(Topic::Recovered).note(Topic::LockAcquired);
    let facts = &mut change.run.facts;
    facts.fence = Some(reality.fence);
    if facts.ours.is_none() {
        facts.ours.clone_from(&reality.ours);
    }
    match change.run.state.clone() {
        State::Returning(Return::Lock | Return::Decide) => change.back(Return::Decide),
        State::Returning(_) => returning(change, reality),
        State::Verifying(_) => {
            if is(&reality.live, &change.run.facts.ours) {
                change.run.facts.doubts = 0;
                change.go(State::Verifying(Check::Critical));
            } else {
                change.hold(Hold::NotOurs);
            }
        }
        State::Deploying(Step::Publish | Step::Confirm | Step::Pin | Step::Reconcile) => publishing(change, reality),
        State::Containing(_) => {
            let reason = change.run.facts.rejection.clone().unwrap_or_default();
            change.end(End::Rejected(reason));
        }
        State::Deploying(_) => {
            let facts = &mut change.run.facts;
            facts.is_prepared |= reality.ours.is_some();
            // A platform that publishes what it builds may have been faster.
            if is(&reality.live, &facts.ours) {
                facts.is_published = true;
                return change.step(Step::Confirm);
            }
            change.abort("interrupted before publication");
        }
        State::Idle | State::Simulating | State::Healing | State::Certifying | State::Ended(_) => {
            change.abort("interrupted before publication");
        }
    }
}

fn is(live: &Option<String>, wanted: &Option<String>) -> bool {
    live.is_some() && live == wanted
}

fn publishing(change: &mut Change, reality: &Reality) {
    let Facts { ours, expected_live, .. } = &change.run.facts;
    if is(&reality.live, ours) {
        change.step(Step::Confirm);
    } else if reality.live != *expected_live {
        change.hold(Hold::NotOurs);
    } else if reality.may_continue && reality.is_ready {
        change.step(Step::PublishIntent);
    } else {
        change.abort("interrupted before publication");
    }
}

fn returning(change: &mut Change, reality: &Reality) {
    let Facts { ours, last_good, .. } = &change.run.facts;
    if is(&reality.live, last_good) {
        change.back(Return::Verify);
    } else if is(&reality.live, ours) {
        change.back(Return::Issue);
    } else {
        change.hold(Hold::NotOurs);
    }
}
