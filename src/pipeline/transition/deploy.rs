//! Lock, preflight, prepare, preview, publish, confirm.

use crate::pipeline::input::{Confirmed, Input, Prepared, Readiness, Survey};
use crate::pipeline::journal::Topic;
use crate::pipeline::limit::BREAKER;
use crate::pipeline::order::Gate;
use crate::pipeline::platform::Fault;
use crate::pipeline::state::{Check, End, Hold, Return, State, Step};
use crate::pipeline::transition::Change;
use crate::pipeline::verdict::{Grade, Verdict};

pub(super) fn apply(change: &mut Change, step: Step, input: &Input) {
    match (step, input) {
        (Step::Lock, Input::Locked { fence }) => {
            change.note(Topic::LockAcquired);
            change.run.facts.fence = Some(*fence);
            change.step(Step::Preflight);
        }
        (Step::Lock, Input::LockBusy { holder }) => change.abort(format!("the lock stayed with \"{holder}\"")),
        (Step::Preflight, Input::Surveyed(survey)) => surveyed(change, survey),
        (Step::Prepare, Input::Prepared(prepared)) => made(change, prepared),
        (Step::Preview, Input::Verified(verdict)) => previewed(change, verdict),
        (Step::PublishIntent, Input::Looked(look)) => looked(change, look),
        (Step::Publish, Input::Accepted) => change.step(Step::Confirm),
        (Step::Publish, Input::Failed(fault)) => {
            change.run.facts.cause = Some(fault.message.clone());
            change.step(Step::Reconcile);
        }
        (Step::Confirm, Input::Confirmed(result)) => confirmed(change, result),
        (Step::Reconcile, Input::Read(live)) => reconciled(change, live.id.as_ref()),
        (Step::Pin, Input::Accepted) => verify(change),
        (Step::Pin, Input::Failed(fault)) => {
            change.remark(format!("the next push replaces it, for it could not be locked: {fault}"));
            verify(change);
        }
        (Step::Confirm | Step::Reconcile, Input::Failed(fault)) => blind(change, fault),
        (Step::Prepare, Input::Failed(fault)) => {
            change.run.facts.is_prepared = true;
            out(change, fault);
        }
        (Step::Lock | Step::Preflight | Step::Preview | Step::PublishIntent, Input::Failed(fault)) => {
            out(change, fault)
        }
        _ => {}
    }
}

/// Another platform, or nothing.
fn out(change: &mut Change, fault: &Fault) {
    let facts = &mut change.run.facts;
    if fault.is_outage() && !facts.is_published && facts.leg + 1 < change.run.order.targets.len() {
        facts.leg += 1;
        (facts.ours, facts.address, facts.is_prepared) = (None, None, false);
        change.remark(format!("the first platform was left: {fault}"));
        return change.step(Step::Preflight);
    }
    change.run.facts.remarks.extend(fault.by_hand.clone());
    change.abort(fault.message.clone());
}

fn surveyed(change: &mut Change, survey: &Survey) {
    let facts = &mut change.run.facts;
    facts.expected_live.clone_from(&survey.live.id);
    facts.last_good = survey.last_good.clone().filter(|_| survey.is_restorable);
    let has_return = facts.last_good.is_some() || change.run.order.accepts_no_last_good;
    if survey.is_replayed {
        change.note(Topic::Rejected);
        change.end(End::Rejected("the certificate was used before".to_owned()));
    } else if survey.is_superseded {
        change.abort("superseded: the commit is not the newest of its branch any more");
    } else if survey.recent_returns >= BREAKER {
        change.abort(format!("{} deploys went back within a day; a person has to look", survey.recent_returns));
    } else if !has_return {
        change.abort(match &survey.last_good {
            Some(id) => format!("the last good deploy \"{id}\" is gone from the platform, so nothing could come back"),
            None => "no good deploy is known that could come back".to_owned(),
        });
    } else {
        change.note_with(Topic::DeployStart, Some("prepare"));
        change.step(Step::Prepare);
    }
}

fn made(change: &mut Change, prepared: &Prepared) {
    match prepared {
        Prepared::Changed => change.abort("the publish directory is not what was certified"),
        Prepared::Failed { deploy, reason } => {
            change.run.facts.ours = Some(deploy.clone());
            change.note_with(Topic::DeployComplete, Some("failed"));
            change.abort(format!("deploy \"{deploy}\" failed: {reason}"));
        }
        Prepared::Ready { deploy, address } => {
            let facts = &mut change.run.facts;
            facts.is_prepared = true;
            facts.ours = Some(deploy.clone());
            facts.address.clone_from(address);
            let has_preview = change.run.target().has_preview && address.is_some();
            change.step(if has_preview { Step::Preview } else { Step::PublishIntent });
        }
    }
}

fn previewed(change: &mut Change, verdict: &Verdict) {
    match verdict.grade {
        Grade::Pass | Grade::Warn => {
            change.run.facts.doubts = 0;
            change.step(Step::PublishIntent);
        }
        Grade::Fail => {
            change.note_with(Topic::Rejected, Some("preview"));
            change.run.facts.remarks.extend(verdict.evidence.clone());
            change.end(End::Rejected(format!("the deploy fails at its own address: {}", verdict.reason)));
        }
        Grade::Inconclusive if change.run.facts.doubts == 0 => change.run.facts.doubts = 1,
        Grade::Inconclusive => change.abort(format!("the deploy could not be verified: {}", verdict.reason)),
    }
}

fn looked(change: &mut Change, look: &Readiness) {
    let facts = &change.run.facts;
    if !look.is_locked_by_us {
        change.run.facts.fence = None;
        change.abort("the lock is not ours any more");
    } else if !look.is_certificate_valid {
        change.abort("the certificate is not valid any more; certify again");
    } else if look.live.is_some() && look.live == facts.ours {
        // The platform publishes what it builds.
        change.run.facts.is_published = true;
        change.step(Step::Confirm);
    } else if look.live != facts.expected_live {
        change.abort("another deploy was published meanwhile");
    } else {
        change.note_with(Topic::DeployStart, Some("publish"));
        change.run.facts.is_published = true;
        change.step(Step::Publish);
    }
}

fn confirmed(change: &mut Change, result: &Confirmed) {
    match result {
        Confirmed::Live => live(change),
        Confirmed::Other { .. } => change.hold(Hold::NotOurs),
        Confirmed::Failed { reason } => {
            change.note_with(Topic::DeployComplete, Some("failed"));
            change.abort(format!("the platform did not publish it: {reason}"));
        }
        Confirmed::TimedOut => {
            change.run.facts.cause = Some("the platform did not name the deploy as the live one in time".to_owned());
            change.step(Step::Reconcile);
        }
    }
}

fn live(change: &mut Change) {
    change.note(Topic::DeployComplete);
    change.run.facts.cause = None;
    change.run.facts.doubts = 0;
    // What was locked is not locked any more: the lock was on the deploy before.
    match change.run.target().gate {
        Gate::Hold => change.step(Step::Pin),
        Gate::Strict | Gate::Observe => verify(change),
    }
}

fn verify(change: &mut Change) {
    change.note(Topic::VerifyStart);
    change.go(State::Verifying(Check::Critical));
}

fn reconciled(change: &mut Change, now: Option<&String>) {
    let facts = &mut change.run.facts;
    if now.is_some() && now == facts.ours.as_ref() {
        return live(change);
    }
    if now != facts.expected_live.as_ref() {
        return change.hold(Hold::NotOurs);
    }
    let cause = facts.cause.take().unwrap_or_default();
    // What was asked for may still happen: the old deploy is asked for by its name, which is harmless if it is live.
    if facts.last_good.is_some() && facts.last_good == facts.expected_live {
        facts.cause = Some(cause);
        return change.back(Return::Decide);
    }
    change.note_with(Topic::DeployComplete, Some("failed"));
    change.abort(format!("nothing was published: {cause}"));
}

/// Publication was asked for and nobody tells what is live: bring the known state back, or say loudly that it cannot be done.
fn blind(change: &mut Change, fault: &Fault) {
    change.run.facts.cause = Some(fault.message.clone());
    change.run.facts.remarks.extend(fault.by_hand.clone());
    change.back(Return::Decide);
}
