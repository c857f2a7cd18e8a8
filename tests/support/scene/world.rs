//! The clock and the wire.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use chimera::pipeline::world::{Millis, World};
use chimera::remote::transport::{Request, Response, Transport, TransportError};

use crate::netlify::State;

pub(crate) const LATENCY: Millis = 50;
const EPOCH: u64 = 1_790_000_000;

/// The clock, and whether the process lives.
#[derive(Default)]
pub(crate) struct Clock {
    pub(crate) now: Cell<Millis>,
    pub(crate) skew: Cell<i64>,
    pub(crate) seed: Cell<u64>,
    pub(crate) interrupt_at: Cell<Option<Millis>>,
    /// After this nothing that the process does reaches anybody.
    pub(crate) dead: Cell<bool>,
    /// Things that reach the outside until it dies; and whether the last one still does.
    pub(crate) kill_after: Cell<Option<(u32, bool)>>,
    pub(crate) boundaries: Cell<u32>,
}

impl Clock {
    /// A boundary between the process and the outside; says whether what follows happens, and whether anybody hears of it.
    pub(super) fn cross(&self) -> (bool, bool) {
        if self.dead.get() {
            return (false, false);
        }
        self.boundaries.set(self.boundaries.get() + 1);
        match self.kill_after.get() {
            Some((at, happens)) if self.boundaries.get() >= at => {
                self.dead.set(true);
                (happens, false)
            }
            _ => (true, true),
        }
    }
}

impl World for Clock {
    fn now(&self) -> Millis {
        self.now.get()
    }
    fn unix(&self) -> u64 {
        (EPOCH + self.now.get() / 1_000).saturating_add_signed(self.skew.get())
    }
    fn pause(&self, span: Millis) {
        let until = self.now.get() + span;
        let at = self.interrupt_at.get().filter(|at| *at > self.now.get());
        self.now.set(at.map_or(until, |at| at.min(until)));
    }
    fn is_interrupted(&self) -> bool {
        self.interrupt_at.get().is_some_and(|at| at <= self.now.get())
    }
    fn chance(&self) -> f64 {
        let mut seed = self.seed.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.seed.set(seed);
        seed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// The wire to the fake.
pub(crate) struct Wire {
    pub(crate) clock: Rc<Clock>,
    pub(crate) state: Rc<RefCell<State>>,
    pub(crate) latency: Millis,
}

impl Transport for Wire {
    fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let (happens, is_heard) = self.clock.cross();
        if !happens {
            return Err(TransportError::Connect);
        }
        self.clock.now.set(self.clock.now.get() + self.latency);
        let mut state = self.state.borrow_mut();
        state.now = self.clock.now.get();
        let answer = state.serve(request);
        if matches!(answer, Err(TransportError::TimedOut)) {
            self.clock.now.set(self.clock.now.get() + request.timeout);
        }
        if is_heard { answer } else { Err(TransportError::Broken) }
    }
}
