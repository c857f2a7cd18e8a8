//! Looking at what is live.

use crate::pipeline::input::Input;
use crate::pipeline::journal::Topic;
use crate::pipeline::order::Doubt;
use crate::pipeline::state::{Check, End, Hold, Return, State};
use crate::pipeline::transition::Change;
use crate::pipeline::verdict::{Grade, Verdict};

pub(super) fn apply(change: &mut Change, check: Check, input: &Input) {
    match (check, input) {
        (Check::Identity, Input::Read(live)) => {
            if live.id.is_some() && live.id == change.run.facts.ours {
                finish(change);
            } else {
                change.hold(Hold::NotOurs);
            }
        }
        (Check::Identity, Input::Failed(fault)) => {
            change.remark(format!("whether the deploy is still live could not be read: {fault}"));
            change.note_with(Topic::VerifyComplete, Some("inconclusive"));
            change.end(End::SuccessUnproven);
        }
        (_, Input::Verified(verdict)) => verified(change, check, verdict),
        (_, Input::Failed(fault)) => {
            verified(change, check, &Verdict::new(Grade::Inconclusive, &fault.message));
        }
        _ => {}
    }
}

fn verified(change: &mut Change, check: Check, verdict: &Verdict) {
    match verdict.grade {
        Grade::Pass | Grade::Warn => {
            if verdict.grade == Grade::Warn {
                change.remark(verdict.reason.clone());
            }
            for line in &verdict.evidence {
                change.remark(line.clone());
            }
            change.run.facts.doubts = 0;
            let next = match check {
                Check::Critical => Check::Full,
                Check::Full => Check::Bake,
                Check::Bake | Check::Extended | Check::Identity => Check::Identity,
            };
            change.go(State::Verifying(next));
        }
        Grade::Inconclusive if change.run.facts.doubts == 0 => {
            change.run.facts.doubts = 1;
            change.remark(format!("not found out at first: {}", verdict.reason));
            let again = if check == Check::Bake { Check::Extended } else { check };
            change.go(State::Verifying(again));
        }
        Grade::Inconclusive => {
            change.remark(format!("not found out: {}", verdict.reason));
            if change.run.order.doubt == Doubt::Return {
                return fail(change, &verdict.reason);
            }
            change.run.facts.doubts += 1;
            change.go(State::Verifying(Check::Identity));
        }
        Grade::Fail => {
            change.run.facts.remarks.extend(verdict.evidence.clone());
            fail(change, &verdict.reason);
        }
    }
}

fn fail(change: &mut Change, reason: &str) {
    change.note_with(Topic::VerifyComplete, Some("fail"));
    change.run.facts.cause = Some(reason.to_owned());
    change.back(Return::Decide);
}

fn finish(change: &mut Change) {
    let is_proven = change.run.facts.doubts < 2;
    change.note_with(Topic::VerifyComplete, Some(if is_proven { "pass" } else { "inconclusive" }));
    change.end(match (is_proven, change.run.facts.leg) {
        (false, _) => End::SuccessUnproven,
        (true, 0) => End::Success,
        (true, _) => End::SuccessDegraded,
    });
}
