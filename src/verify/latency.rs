//! Whether a site answers more slowly than the last good deploy did, and whether it answers wrongly more often (VERIFICATION, 6).

use crate::verify::answer::Micros;
use crate::verify::statistic::fisher::{self, Tally};
use crate::verify::statistic::{hodges_lehmann, mann_whitney, quantile};

/// Samples of each route that come before caches and connections are warm, and do not count.
pub const WARM_UP: usize = 5;
/// The most looks at one series; each further one is a further chance of a false alarm.
pub const MOST_LOOKS: u32 = 10;
/// The probability of a false alarm that an error rate may have.
const ERROR_ALPHA: f64 = 0.01;
/// The least difference of error rates that matters.
const ERROR_SHIFT: f64 = 0.01;
/// Samples without which a quantile says nothing.
const QUANTILE_SAMPLES: usize = 20;

/// When a site counts as slower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// The probability of a false alarm at one look.
    pub alpha: f64,
    /// How many times slower at least.
    pub ratio: f64,
    /// Milliseconds slower at least.
    pub shift: f64,
    /// Samples of each of both that a look needs.
    pub samples: usize,
    /// Looks in a row that must agree.
    pub looks: u32,
}

impl Default for Measure {
    fn default() -> Measure {
        Measure { alpha: 0.001, ratio: 1.25, shift: 50.0, samples: 30, looks: 2 }
    }
}

/// What one look shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Samples of the site.
    pub samples: usize,
    /// How probable so clear a difference is, were both alike.
    pub p: f64,
    /// How many times slower the site is; none when the test says that it is not.
    pub ratio: Option<f64>,
    /// Milliseconds slower; none when the test says that it is not.
    pub shift: Option<f64>,
    /// All conditions hold.
    pub is_slower: bool,
}

impl Measure {
    /// Compares two series of milliseconds; none while there are too few of them.
    #[must_use]
    pub fn look(&self, site: &[f64], reference: &[f64]) -> Option<Look> {
        if site.len() < self.samples || reference.len() < self.samples {
            return None;
        }
        let p = mann_whitney::greater(site, reference);
        let mut look = Look { samples: site.len(), p, ratio: None, shift: None, is_slower: false };
        if p < self.alpha {
            look.ratio = hodges_lehmann::ratio(site, reference);
            look.shift = hodges_lehmann::shift(site, reference);
            look.is_slower = look.ratio.is_some_and(|ratio| ratio >= self.ratio)
                && look.shift.is_some_and(|shift| shift >= self.shift);
        }
        Some(look)
    }
}

/// One route, measured on both sites by turns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// The path.
    pub route: String,
    site: Vec<f64>,
    reference: Vec<f64>,
    taken: [usize; 2],
    looks: u32,
    agreeing: u32,
    /// The last look that could be taken.
    pub last: Option<Look>,
}

/// Which of both sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that is looked at.
    Site,
    /// The last good deploy.
    Reference,
}

/// The order in which both are asked: what drifts, drifts for both.
pub const TURNS: [Side; 4] = [Side::Site, Side::Reference, Side::Reference, Side::Site];

impl Series {
    /// A series without samples.
    #[must_use]
    pub fn new(route: impl Into<String>) -> Series {
        Series { route: route.into(), ..Series::default() }
    }

    /// Takes one sample.
    pub fn take(&mut self, side: Side, first_byte: Micros) {
        let taken = &mut self.taken[side as usize];
        *taken += 1;
        if *taken <= WARM_UP {
            return;
        }
        #[allow(clippy::cast_precision_loss, reason = "no answer takes 2^52 microseconds")]
        let milliseconds = first_byte as f64 / 1_000.0;
        match side {
            Side::Site => self.site.push(milliseconds),
            Side::Reference => self.reference.push(milliseconds),
        }
    }

    /// Looks once more; says whether the site is slower, at so many looks in a row.
    pub fn look(&mut self, measure: &Measure) -> bool {
        if self.looks >= MOST_LOOKS {
            return false;
        }
        let Some(look) = measure.look(&self.site, &self.reference) else { return false };
        self.looks += 1;
        self.agreeing = if look.is_slower { self.agreeing + 1 } else { 0 };
        self.last = Some(look);
        self.agreeing >= measure.looks
    }

    /// Milliseconds that 95 of 100 answers of the site did not exceed; none while there are too few of them.
    #[must_use]
    pub fn p95(&self) -> Option<f64> {
        if self.site.len() < QUANTILE_SAMPLES { None } else { quantile(&mut self.site.clone(), 0.95) }
    }
}

/// Says whether a site errs more often than the last good deploy: surely, and enough to matter.
#[must_use]
pub fn errs_more(site: Tally, reference: Tally) -> bool {
    site.rate() - reference.rate() >= ERROR_SHIFT && fisher::greater(site, reference) < ERROR_ALPHA
}

#[cfg(test)]
#[path = "latency/tests.rs"]
mod tests;
