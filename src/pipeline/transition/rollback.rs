//! Bringing the last good deploy back: named, once, verified.

use crate::pipeline::guard;
use crate::pipeline::input::{Confirmed, Input};
use crate::pipeline::journal::Topic;
use crate::pipeline::platform::Fault;
use crate::pipeline::state::{End, Hold, Return};
use crate::pipeline::transition::Change;
use crate::pipeline::verdict::Grade;

pub(super) fn apply(change: &mut Change, step: Return, input: &Input) {
    match (step, input) {
        (Return::Lock, Input::Locked { fence }) => {
            change.note(Topic::LockAcquired);
            change.run.facts.fence = Some(*fence);
            change.back(Return::Decide);
        }
        (Return::Lock, Input::LockBusy { holder }) => change.abort(format!("the lock stayed with \"{holder}\"")),
        (Return::Lock, Input::Failed(fault)) => change.abort(fault.message.clone()),
        (Return::Decide, Input::Situated(situation)) => match guard::decide(situation) {
            Ok(target) => {
                change.run.facts.last_good = Some(target);
                change.run.facts.ours.clone_from(&situation.ours);
                issue(change);
            }
            Err(hold) => refuse(change, hold),
        },
        // Nobody tells what is live: asking by name is all that is left, if there is a name.
        (Return::Decide, Input::Failed(fault)) => failed(change, fault),
        (Return::Issue, Input::Accepted) => change.back(Return::Confirm),
        (Return::Issue, Input::Failed(fault)) if fault.is_definite() => failed(change, fault),
        (Return::Issue, Input::Failed(fault)) => {
            change.run.facts.remarks.extend(fault.by_hand.clone());
            change.remark(fault.message.clone());
            change.back(Return::Reconcile);
        }
        (Return::Reconcile, Input::Read(live)) if live.id.is_some() && live.id == change.run.facts.last_good => {
            change.back(Return::Verify);
        }
        (Return::Reconcile, Input::Read(_)) => lose(change, "the platform did not bring the last good deploy back"),
        (Return::Reconcile | Return::Confirm | Return::Verify, Input::Failed(fault)) => failed(change, fault),
        (Return::Confirm, Input::Confirmed(Confirmed::Live)) => change.back(Return::Verify),
        (Return::Confirm, Input::Confirmed(_)) => lose(change, "the last good deploy did not become the live one"),
        (Return::Verify, Input::Verified(verdict)) => match verdict.grade {
            Grade::Fail => lose(change, &format!("the last good deploy fails as well: {}", verdict.reason)),
            Grade::Inconclusive => {
                change.remark(format!("the last good deploy could not be verified: {}", verdict.reason));
                change.back(Return::Pin);
            }
            Grade::Pass | Grade::Warn => change.back(Return::Pin),
        },
        (Return::Pin, Input::Accepted) => finish(change),
        (Return::Pin, Input::Failed(fault)) => {
            change.remark(format!("the next push replaces it, for it could not be locked: {fault}"));
            finish(change);
        }
        _ => {}
    }
}

fn issue(change: &mut Change) {
    let cause = change.run.facts.cause.clone();
    change.note_with(Topic::RollbackTriggered, cause.as_deref());
    change.run.facts.is_returned = true;
    change.back(Return::Issue);
}

fn refuse(change: &mut Change, hold: Hold) {
    change.run.facts.remarks.extend(change.run.facts.cause.clone());
    change.hold(hold);
}

fn failed(change: &mut Change, fault: &Fault) {
    change.run.facts.remarks.extend(fault.by_hand.clone());
    lose(change, &fault.message);
}

fn lose(change: &mut Change, reason: &str) {
    change.note_with(Topic::RollbackComplete, Some("failed"));
    change.end(End::RollbackFailed(reason.to_owned()));
}

fn finish(change: &mut Change) {
    change.note(Topic::RollbackComplete);
    change.end(match change.run.facts.rejection.clone() {
        Some(reason) => End::Rejected(reason),
        None => End::RolledBack,
    });
}
