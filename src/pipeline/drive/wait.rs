//! Waiting for a platform.

use super::act::interrupted;
use crate::pipeline::input::{Confirmed, Prepared};
use crate::pipeline::platform::{Fault, FaultKind, Platform, Progress};
use crate::pipeline::world::{Millis, World};

/// Time between two questions.
const PAUSE: Millis = 1_000;
/// The longest time for one question.
const QUESTION: Millis = 30_000;

/// Waits until a deploy can be published.
///
/// A build hook builds the head of a branch, which may be another commit by now.
pub(super) fn ready(
    world: &dyn World,
    platform: &dyn Platform,
    id: &str,
    commit: &str,
    until: Millis,
) -> Result<Prepared, Fault> {
    let failed = |reason: &str| Prepared::Failed { deploy: id.to_owned(), reason: reason.to_owned() };
    loop {
        match platform.deploy(id, until.min(world.now() + QUESTION)) {
            Ok(None) => return Ok(failed("it is gone")),
            Ok(Some(deploy)) => match deploy.progress {
                Progress::Ready if deploy.commit.as_deref().is_some_and(|built| built != commit) => {
                    return Ok(failed("the platform built another commit than the certified one"));
                }
                Progress::Ready => return Ok(Prepared::Ready { deploy: deploy.id, address: deploy.address }),
                Progress::Failed(reason) => return Ok(failed(&reason)),
                Progress::Skipped => return Ok(failed("the platform found nothing to do")),
                Progress::Waiting | Progress::Working | Progress::Unknown(_) => {}
            },
            Err(fault) => tolerate(world, fault, until)?,
        }
        rest(world, until)?;
    }
}

/// Waits until a deploy is the live one.
pub(super) fn confirm(
    world: &dyn World,
    platform: &dyn Platform,
    id: &str,
    before: Option<&str>,
    until: Millis,
) -> Result<Confirmed, Fault> {
    loop {
        match platform.live(until.min(world.now() + QUESTION)) {
            Ok(live) if live.id.as_deref() == Some(id) => return Ok(Confirmed::Live),
            Ok(live) if live.id.as_deref() != before => return Ok(Confirmed::Other { live: live.id }),
            Ok(_) => {
                if let Ok(Some(deploy)) = platform.deploy(id, until.min(world.now() + QUESTION))
                    && let Progress::Failed(reason) = deploy.progress
                {
                    return Ok(Confirmed::Failed { reason });
                }
            }
            Err(fault) => tolerate(world, fault, until)?,
        }
        if world.now() >= until {
            return Ok(Confirmed::TimedOut);
        }
        pause(world, until)?;
    }
}

/// A platform that cannot be reached for a while is asked again; a token that was revoked stays so.
fn tolerate(world: &dyn World, fault: Fault, until: Millis) -> Result<(), Fault> {
    let is_passing = matches!(fault.kind, FaultKind::Exhausted | FaultKind::OutOfTime);
    if is_passing && world.now() < until { Ok(()) } else { Err(fault) }
}

fn rest(world: &dyn World, until: Millis) -> Result<(), Fault> {
    if world.now() >= until {
        return Err(Fault::new(FaultKind::OutOfTime, "the platform was not done with the deploy in time"));
    }
    pause(world, until)
}

fn pause(world: &dyn World, until: Millis) -> Result<(), Fault> {
    world.pause(PAUSE.min(until.saturating_sub(world.now())).max(1));
    if world.is_interrupted() { Err(interrupted()) } else { Ok(()) }
}
