//! Simulating, healing, certifying, and keeping a rejected commit from the site.

use crate::pipeline::input::{Certified, Healed, Input, Simulated, Whereabouts};
use crate::pipeline::journal::Topic;
use crate::pipeline::limit::MAX_HEALS;
use crate::pipeline::order::{Contain, Gate, Wish};
use crate::pipeline::state::{Containment, End, Return, State, Step};
use crate::pipeline::transition::Change;

pub(super) fn apply(change: &mut Change, state: &State, input: &Input) {
    match (state, input) {
        (State::Idle, Input::Started) => start(change),
        (State::Simulating, Input::Simulated(found)) => simulated(change, found),
        (State::Simulating, Input::Failed(fault)) => change.abort(fault.message.clone()),
        (State::Healing, Input::Healed(Healed::Applied)) => {
            change.note(Topic::HealComplete).note(Topic::SimulateStart);
            change.run.facts.heals += 1;
            change.go(State::Simulating);
        }
        (State::Healing, Input::Healed(Healed::Stopped) | Input::Failed(_)) => {
            change.note_with(Topic::HealComplete, Some("force_stopped"));
            change.go(State::Certifying);
        }
        (State::Certifying, Input::Certified(result)) => certified(change, result),
        (State::Certifying, Input::Failed(fault)) => {
            change.note_with(Topic::Certified, Some("refused"));
            change.reject(fault.message.clone());
        }
        _ => {}
    }
}

fn start(change: &mut Change) {
    change.note(Topic::Initiated);
    match change.run.order.wish.clone() {
        Wish::Deploy => {
            change.note(Topic::SimulateStart);
            change.go(State::Simulating);
        }
        Wish::Return { to, reason } => {
            change.run.facts.last_good = Some(to);
            change.run.facts.cause = Some(reason);
            change.back(Return::Lock);
        }
    }
}

fn simulated(change: &mut Change, found: &Simulated) {
    match found {
        Simulated::Clean => {
            change.note(Topic::SimulateComplete);
            change.go(State::Certifying);
        }
        Simulated::TimedOut => {
            change.note_with(Topic::SimulateComplete, Some("timeout"));
            change.abort("the simulation did not end in time");
        }
        Simulated::Issues { is_fixable, fingerprint } => {
            change.note_with(Topic::SimulateComplete, Some("issues"));
            let is_repeated = change.run.facts.fingerprints.contains(fingerprint);
            change.run.facts.fingerprints.push(fingerprint.clone());
            let is_wanted = change.run.order.is_healing && *is_fixable;
            if is_wanted && !is_repeated && change.run.facts.heals < MAX_HEALS {
                change.note(Topic::HealIntent);
                change.go(State::Healing);
            } else {
                if is_wanted {
                    change.note_with(Topic::HealComplete, Some("force_stopped"));
                }
                change.go(State::Certifying);
            }
        }
    }
}

fn certified(change: &mut Change, result: &Certified) {
    match result {
        Certified::Granted { certificate } => {
            change.note_with(Topic::Certified, Some(certificate));
            change.run.facts.certificate = Some(certificate.clone());
            change.step(Step::Lock);
        }
        Certified::Waived => {
            change.note_with(Topic::Certified, Some("override"));
            change.step(Step::Lock);
        }
        Certified::Refused { reason } => {
            change.note_with(Topic::Certified, Some("refused"));
            change.reject(reason.clone());
        }
    }
}

/// Keeps a rejected commit from the site (STRICT and HOLD: it cannot get there by itself).
pub(super) fn contain(change: &mut Change, step: Containment, input: &Input) {
    match (step, input) {
        (Containment::Look, Input::Found(places)) => found(change, places),
        (Containment::Lock, Input::Locked { fence }) => {
            change.note(Topic::LockAcquired);
            change.run.facts.fence = Some(*fence);
            let facts = &change.run.facts;
            match (&facts.cause, &facts.pending) {
                (Some(_), _) => change.back(Return::Decide),
                (None, Some(_)) => change.go(State::Containing(Containment::Cancel)),
                (None, None) => change.go(State::Containing(Containment::StopAutodeploy)),
            }
        }
        (Containment::Cancel, Input::Accepted) => change.go(State::Containing(Containment::StopAutodeploy)),
        (Containment::StopAutodeploy, Input::Accepted) => finish(change),
        (Containment::Lock, Input::LockBusy { holder }) => {
            change.remark(format!("the platform's own deploys were not stopped: the lock is with \"{holder}\""));
            finish(change);
        }
        (_, Input::Failed(fault)) => {
            change.remark(format!("the rejected commit may still be deployed by the platform: {fault}"));
            change.run.facts.remarks.extend(fault.by_hand.clone());
            finish(change);
        }
        _ => {}
    }
}

fn found(change: &mut Change, places: &Whereabouts) {
    let is_watching = change.run.target().gate == Gate::Observe;
    let facts = &mut change.run.facts;
    facts.expected_live.clone_from(&places.live);
    if !is_watching {
        return finish(change);
    }
    if change.run.order.contain == Contain::Report {
        if places.is_live || places.pending.is_some() {
            change.remark("the platform deploys the rejected commit by itself");
        }
        return finish(change);
    }
    facts.pending.clone_from(&places.pending);
    if places.is_live {
        facts.ours.clone_from(&places.live);
        facts.last_good.clone_from(&places.last_good);
        facts.is_published = true;
        facts.cause = Some("uncertified".to_owned());
    }
    change.go(State::Containing(Containment::Lock));
}

fn finish(change: &mut Change) {
    let reason = change.run.facts.rejection.clone().unwrap_or_default();
    change.end(End::Rejected(reason));
}
