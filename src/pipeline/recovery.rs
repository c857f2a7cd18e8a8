//! Taking up a run that was cut off: what does the platform say, and what follows from it?

use crate::pipeline::drive::Ports;
use crate::pipeline::input::Reality;
use crate::pipeline::journal::Replayed;
use crate::pipeline::platform::{Fault, FaultKind, Progress};
use crate::pipeline::state::State;
use crate::pipeline::world::Millis;

/// What a run that was cut off needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Nothing: it ended, and nothing was left to tidy up.
    Nothing,
    /// To be tidied up after.
    Tidying,
    /// To be taken up.
    Resumption,
}

/// Says what a run needs.
#[must_use]
pub fn need(replayed: &Replayed) -> Need {
    match (replayed.run.end().is_some(), replayed.run.facts.cleanup.is_empty()) {
        (true, true) => Need::Nothing,
        (true, false) => Need::Tidying,
        (false, _) => Need::Resumption,
    }
}

/// Asks the platform how things stand. The lock must be held, under `fence`.
///
/// # Errors
/// When the platform does not tell.
pub fn look(
    replayed: &Replayed,
    ports: &Ports<'_>,
    fence: u64,
    is_to_continue: bool,
    until: Millis,
) -> Result<Reality, Fault> {
    let run = &replayed.run;
    let missing = || Fault::new(FaultKind::Missing, "there is no client for this platform");
    let platform = *ports.platforms.get(run.facts.leg).ok_or_else(missing)?;
    // Before the platform was touched there is nothing to find there, and no need to reach it.
    let is_untouched = matches!(run.state, State::Idle | State::Simulating | State::Healing | State::Certifying);
    if is_untouched {
        return Ok(Reality { live: None, ours: None, is_ready: false, may_continue: false, fence });
    }
    let live = platform.live(until)?;
    let ours = match &run.facts.ours {
        Some(id) => platform.deploy(id, until)?,
        None => platform.find(&run.order.mark(), until)?,
    };
    let is_valid = run.facts.certificate.is_none() || ports.workshop.is_certificate_valid();
    Ok(Reality {
        live: live.id,
        is_ready: ours.as_ref().is_some_and(|deploy| deploy.progress == Progress::Ready),
        ours: ours.map(|deploy| deploy.id),
        may_continue: is_to_continue && is_valid,
        fence,
    })
}
