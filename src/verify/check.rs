//! What is asked of a site as one: a single probe, or a journey of several requests.

use std::rc::Rc;

use crate::pipeline::world::Millis;
use crate::verify::answer::{Answer, Failure};
use crate::verify::expectation::Expectation;
use crate::verify::judgement::{Outcome, judge};
use crate::verify::probe::{Kind, Origin, Probe, Scope, Weight};
use crate::verify::prober::Prober;

/// Something that holds or does not hold of a site.
#[derive(Clone)]
pub enum Check {
    /// One request.
    Probe(Probe),
    /// Several requests, one after the other.
    Journey(Rc<dyn Journey>),
}

/// What is known of a check before it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// A name of one line.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What it counts for.
    pub weight: Weight,
    /// Where it is asked.
    pub scope: Scope,
    /// Which rule decides about its failures.
    pub kind: Kind,
}

/// Where a check is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The address that is looked at.
    pub base: String,
    /// The deploy's own address, if it is known.
    pub deploy: Option<String>,
    /// The own address of the last good deploy, if there is one.
    pub last_good: Option<String>,
    /// It is the address of the site.
    pub is_live: bool,
    /// Everything must be over by then, on the clock of the run.
    pub until: Millis,
}

/// A check of several requests, such as a smoke test.
pub trait Journey {
    /// What is known before it is asked.
    fn label(&self) -> &Label;

    /// Goes through it once, on new connections when it is not the first time.
    fn attempt(&self, ground: &Ground, prober: &dyn Prober, is_fresh: bool) -> Attempt;

    /// How a person goes through it again.
    fn by_hand(&self, ground: &Ground) -> String;
}

/// What one attempt showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Whether it holds.
    pub outcome: Outcome,
    /// The status of the answer that decided, if there was one.
    pub status: Option<u16>,
    /// How long the site wants to be left alone.
    pub retry_after: Option<Millis>,
}

/// The longest time that a site is left alone because it asks for that.
const MOST_REST: Millis = 15_000;

impl Check {
    /// What is known before it is asked.
    #[must_use]
    pub fn label(&self) -> Label {
        match self {
            Check::Journey(journey) => journey.label().clone(),
            Check::Probe(probe) => Label {
                name: probe.name.clone(),
                origin: probe.origin.clone(),
                weight: probe.weight,
                scope: probe.scope,
                kind: probe.kind,
            },
        }
    }

    /// Says whether it knows the bytes of this one deploy, which no other deploy has.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        match self {
            Check::Journey(_) => false,
            Check::Probe(probe) => {
                let is_bytes = |expectation: &Expectation| matches!(expectation, Expectation::Body(_));
                probe.kind == Kind::Sample || probe.expectations.iter().any(is_bytes)
            }
        }
    }
}

impl Attempt {
    /// What the answer to a probe shows.
    #[must_use]
    pub fn of(probe: &Probe, answer: &Result<Answer, Failure>, unix: u64) -> Attempt {
        let found = answer.as_ref().ok();
        let seconds = found.and_then(|answer| answer.header("retry-after")?.trim().parse::<u64>().ok());
        Attempt {
            outcome: judge(probe, answer, unix),
            status: found.map(|answer| answer.status),
            retry_after: seconds.map(|seconds| seconds.saturating_mul(1_000).min(MOST_REST)),
        }
    }

    /// What a journey showed; `seconds` is how long the last answer wants to be left alone.
    #[must_use]
    pub fn gone(outcome: Outcome, status: Option<u16>, seconds: Option<u64>) -> Attempt {
        Attempt { outcome, status, retry_after: seconds.map(|seconds| seconds.saturating_mul(1_000).min(MOST_REST)) }
    }

    /// Says whether it holds.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.outcome.is_passed()
    }

    /// Says whether it may be otherwise the next time: no answer, or a server that was overcharged or broken.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.outcome {
            Outcome::Passed | Outcome::Unknown(_) => false,
            Outcome::Wrong(_) => self.status.is_some_and(|status| matches!(status, 408 | 425 | 429 | 500..=599)),
            Outcome::Silent(failure) => !matches!(failure, Failure::Tls(_) | Failure::Address(_) | Failure::TooLong),
        }
    }

    /// Says whether the site lets nobody like us in.
    #[must_use]
    pub fn is_barred(&self) -> bool {
        !self.is_passed() && self.status.is_some_and(|status| matches!(status, 401 | 403 | 407 | 429))
    }
}
