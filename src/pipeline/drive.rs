//! The loop: write the intent, act, write the outcome, go on.

mod act;
mod wait;

use crate::pipeline::action::Action;
use crate::pipeline::input::Input;
use crate::pipeline::journal::{Body, Journal, Record, Topic};
use crate::pipeline::lease::Lock;
use crate::pipeline::platform::{Artifact, Fault, FaultKind, Platform};
use crate::pipeline::port::{History, Verifier, Workshop};
use crate::pipeline::run::Run;
use crate::pipeline::state::State;
use crate::pipeline::transition::{Effect, transition};
use crate::pipeline::world::{Millis, World};

/// How often a lease is renewed.
const RENEWAL: Millis = 5 * 60_000;

/// Everything that a run needs of the world.
pub struct Ports<'a> {
    /// Time and chance.
    pub world: &'a dyn World,
    /// One for each target of the order.
    pub platforms: Vec<&'a dyn Platform>,
    /// The publish directory, where one is uploaded.
    pub artifact: Option<&'a dyn Artifact>,
    /// Simulates and certifies.
    pub workshop: &'a mut dyn Workshop,
    /// Looks at the site.
    pub verifier: &'a dyn Verifier,
    /// Knows the past.
    pub history: &'a dyn History,
    /// The lock of the environment.
    pub lock: &'a mut dyn Lock,
    /// Where everything is recorded.
    pub journal: &'a mut dyn Journal,
    /// Is told where the run stands.
    pub watcher: &'a mut dyn FnMut(&Run),
}

/// Why the loop came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The run is over.
    Over,
    /// It was interrupted after publication was asked for: recovery takes it up.
    Interrupted,
}

/// Drives one run.
pub struct Driver<'a, 'p> {
    run: Run,
    ports: &'a mut Ports<'p>,
    until: Millis,
    renewed: Millis,
    /// The outcome that is to be recorded together with the next intent.
    waiting: Vec<Record>,
}

impl<'a, 'p> Driver<'a, 'p> {
    /// A driver for a run that begins now.
    #[must_use]
    pub fn begin(run: Run, ports: &'a mut Ports<'p>) -> Driver<'a, 'p> {
        let order = Box::new(run.order.clone());
        let record = Record {
            deploy_key: run.order.deploy_key.clone(),
            topic: Topic::Initiated,
            from: run.state.to_string(),
            to: run.state.to_string(),
            body: Body::Begun { order },
        };
        let mut driver = Driver::take_up(run, ports);
        driver.waiting.push(record);
        driver.feed(&Input::Started);
        driver
    }

    /// A driver for a run that goes on.
    #[must_use]
    pub fn take_up(run: Run, ports: &'a mut Ports<'p>) -> Driver<'a, 'p> {
        let now = ports.world.now();
        let until = now + run.order.limits.run;
        Driver { run, ports, until, renewed: now, waiting: Vec::new() }
    }

    /// Lets something happen to the run.
    pub fn feed(&mut self, input: &Input) {
        let from = self.run.state.to_string();
        let (run, effects) = transition(self.run.clone(), input);
        let to = run.state.to_string();
        let deploy_key = run.order.deploy_key.clone();
        let record =
            |topic, body| Record { deploy_key: deploy_key.clone(), topic, from: from.clone(), to: to.clone(), body };
        self.waiting.push(record(Topic::of(&self.run.state), Body::Outcome { input: input.clone() }));
        self.waiting.extend(effects.into_iter().filter_map(|effect| match effect {
            Effect::Record(notice) => Some(record(notice.topic, Body::Note { detail: notice.detail })),
            Effect::Perform(_) => None,
        }));
        self.run = run;
        (self.ports.watcher)(&self.run);
    }

    /// Goes on to the end.
    pub fn drive(mut self) -> (Run, Stop) {
        loop {
            if self.is_to_stop() {
                self.note_interruption();
                return (self.run, Stop::Interrupted);
            }
            self.disturb();
            let Some(action) = self.run.due() else {
                self.flush();
                return (self.run, Stop::Over);
            };
            if !self.write_intent(&action) {
                continue;
            }
            self.renew();
            let input = match self.perform(&action) {
                Ok(input) => input,
                Err(fault) if fault.kind == FaultKind::Interrupted && self.ports.world.is_interrupted() => {
                    // What was asked for may have happened: recovery looks.
                    if !self.run.state.is_before_publication() && self.run.end().is_none() {
                        continue;
                    }
                    if self.run.end().is_some() { Input::Failed(fault) } else { Input::Interrupted }
                }
                Err(fault) => Input::Failed(fault),
            };
            self.feed(&input);
        }
    }

    fn is_to_stop(&self) -> bool {
        let is_open = self.run.end().is_none() && !self.run.state.is_before_publication();
        is_open && self.ports.world.is_interrupted()
    }

    /// Interruption and the end of all time are looked for between the steps.
    fn disturb(&mut self) {
        if self.run.end().is_some() || !self.run.state.is_before_publication() {
            return;
        }
        if self.ports.world.is_interrupted() {
            self.feed(&Input::Interrupted);
        } else if self.ports.world.now() >= self.until {
            self.feed(&Input::OutOfTime);
        }
    }

    /// Records what happened and what is about to happen; says whether it may.
    fn write_intent(&mut self, action: &Action) -> bool {
        let is_ended = matches!(self.run.state, State::Ended(_));
        if action.is_effect() {
            self.put_down(Body::Intent { action: action.clone() });
        }
        if self.flush() || is_ended || !self.run.state.is_before_publication() {
            return true;
        }
        self.feed(&Input::JournalLost);
        false
    }

    /// Records what waits; what cannot be recorded is kept for the next time.
    fn flush(&mut self) -> bool {
        if self.waiting.is_empty() {
            return true;
        }
        if self.ports.journal.append(&self.waiting).is_ok() {
            self.waiting.clear();
            return true;
        }
        if !self.run.facts.is_journal_lost && !self.run.state.is_before_publication() {
            let lost = transition(self.run.clone(), &Input::JournalLost).0;
            self.run = lost;
        }
        false
    }

    fn note_interruption(&mut self) {
        self.put_down(Body::Note { detail: Some("interrupted".to_owned()) });
        self.flush();
    }

    /// Something to be recorded about the state that the run is in.
    fn put_down(&mut self, body: Body) {
        let state = self.run.state.to_string();
        self.waiting.push(Record {
            deploy_key: self.run.order.deploy_key.clone(),
            topic: Topic::of(&self.run.state),
            from: state.clone(),
            to: state,
            body,
        });
    }

    fn renew(&mut self) {
        let now = self.ports.world.now();
        if let Some(fence) = self.run.facts.fence
            && now - self.renewed >= RENEWAL
            && self.ports.lock.renew(fence, self.run.order.limits.lease).is_ok()
        {
            self.renewed = now;
        }
    }

    fn platform(&self) -> Result<&'p dyn Platform, Fault> {
        let missing = || Fault::new(FaultKind::Missing, "there is no client for this platform");
        self.ports.platforms.get(self.run.facts.leg).copied().ok_or_else(missing)
    }
}
