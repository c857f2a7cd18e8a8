//! Watching a site for a while, side by side with the last good deploy (VERIFICATION, 6 and 7).

use crate::pipeline::verdict::Grade;
use crate::pipeline::world::{Millis, World};
use crate::verify::answer::{Answer, Failure};
use crate::verify::check::Ground;
use crate::verify::finding::Inspection;
use crate::verify::latency::{self, Measure, Series, Side, TURNS};
use crate::verify::probe::Request;
use crate::verify::prober::{Errand, MOST_REDIRECTS, PATIENCE, Prober};
use crate::verify::statistic::fisher::Tally;

/// Time between two looks at the samples.
const LOOK: Millis = 30_000;
/// Time between two looks at the critical checks.
const RECHECK: Millis = 15_000;
/// Time between two rounds of samples in the first minute, and later; a shorter watch needs as many samples.
const PACE: Millis = 1_000;
const LEAST_PACE: Millis = 200;
const LATER_PACE: Millis = 2_000;
const MINUTE: Millis = 60_000;
/// Shorter spans than this are for the critical checks only.
const WORTH: Millis = 5_000;

/// What is measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    /// Paths that are sampled.
    pub routes: Vec<Route>,
    /// When a route counts as slower.
    pub measure: Measure,
    /// How long.
    pub span: Millis,
}

/// A path that is sampled.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The path.
    pub path: String,
    /// Milliseconds that 95 of 100 answers may take.
    pub p95: Option<f64>,
}

/// Samples sites.
pub struct Baker<'a> {
    /// Carries the requests.
    pub prober: &'a dyn Prober,
    /// The clock.
    pub world: &'a dyn World,
}

/// What has been measured so far.
struct Bench {
    series: Vec<Series>,
    site: Tally,
    reference: Tally,
}

impl Baker<'_> {
    /// Watches until the span is over or something is wrong; `recheck` asks the critical checks.
    pub fn bake(&self, ground: &Ground, watch: &Watch, mut recheck: impl FnMut() -> Inspection) -> Inspection {
        let start = self.world.now();
        let end = ground.until.min(start + watch.span);
        let series = watch.routes.iter().map(|route| Series::new(&route.path)).collect();
        let mut bench = Bench { series, site: Tally::default(), reference: Tally::default() };
        // Two looks must agree, so a short watch looks at its half and at its end.
        let pause = LOOK.min((watch.span / 2).max(1));
        let (mut look, mut check) = (start + pause, start + RECHECK);
        let mut whole = recheck();
        while whole.grade < Grade::Fail && !self.world.is_interrupted() {
            let now = self.world.now();
            if now >= look || now >= end {
                look = now + pause;
                if let Some(bad) = bench.look(watch) {
                    return whole.and(bad);
                }
            }
            if now >= end {
                break;
            }
            if now >= check {
                check = now + RECHECK;
                whole = refreshed(whole, recheck());
                continue;
            }
            if watch.span >= WORTH {
                self.sample(ground, &mut bench);
            }
            let first = PACE.min(watch.span / (MINUTE / PACE)).max(LEAST_PACE);
            let pace = if now < start + MINUTE { first } else { LATER_PACE };
            let next = (now + pace).min(end);
            self.world.pause(next.saturating_sub(self.world.now()));
        }
        whole.notes.extend(bench.notes(ground));
        whole
    }

    fn sample(&self, ground: &Ground, bench: &mut Bench) {
        for series in &mut bench.series {
            for side in TURNS {
                let (base, tally) = match (side, &ground.last_good) {
                    (Side::Site, _) => (&ground.base, &mut bench.site),
                    (Side::Reference, Some(base)) => (base, &mut bench.reference),
                    (Side::Reference, None) => continue,
                };
                if self.world.is_interrupted() || self.world.now() >= ground.until {
                    return;
                }
                let answer = self.ask(base, &series.route, ground.until);
                tally.count(is_error(&answer));
                // Only an answer on a connection that stood already tells how fast the site is.
                if let Ok(answer) = answer
                    && answer.timing.connect.is_none()
                {
                    series.take(side, answer.timing.first_byte);
                }
            }
        }
    }

    fn ask(&self, base: &str, route: &str, until: Millis) -> Result<Answer, Failure> {
        let mut request = Request::get(route);
        request.redirects = MOST_REDIRECTS;
        let timeout = until.saturating_sub(self.world.now()).clamp(1, PATIENCE);
        self.prober.ask(&Errand { timeout, ..Errand::new(base, &request)? })
    }
}

/// A later look at the same checks takes the place of the earlier one, unless it is better.
fn refreshed(before: Inspection, now: Inspection) -> Inspection {
    let flaky = before.flaky + now.flaky;
    let mut kept = if now.grade >= before.grade { now } else { before };
    kept.flaky = flaky;
    kept
}

fn is_error(answer: &Result<Answer, Failure>) -> bool {
    answer.as_ref().map_or_else(|failure| *failure != Failure::Interrupted, |answer| answer.status >= 500)
}

impl Bench {
    /// Looks at all samples; what is wrong, if anything is.
    fn look(&mut self, watch: &Watch) -> Option<Inspection> {
        let mut lines = Vec::new();
        for (series, route) in self.series.iter_mut().zip(&watch.routes) {
            if series.look(&watch.measure)
                && let Some((ratio, shift)) = series.last.and_then(|look| Some((look.ratio?, look.shift?)))
            {
                let route = &series.route;
                lines.push(format!(
                    "latency: \"{route}\" is {ratio:.2} times and {shift:.0} ms slower than the last good deploy"
                ));
            }
            if let (Some(most), Some(found)) = (route.p95, series.p95())
                && found > most
            {
                lines.push(format!(
                    "latency: 95 of 100 answers of \"{}\" took up to {found:.0} ms, {most:.0} are allowed",
                    route.path
                ));
            }
        }
        if latency::errs_more(self.site, self.reference) {
            lines.push(format!(
                "errors: {} of {} requests failed, of the last good deploy {} of {}",
                self.site.errors, self.site.tries, self.reference.errors, self.reference.tries
            ));
        }
        let first = lines.first()?.clone();
        Some(Inspection { notes: lines, ..Inspection::only(Grade::Fail, first) })
    }

    fn notes(&self, ground: &Ground) -> Vec<String> {
        let mut notes = Vec::new();
        let is_compared = self.series.iter().any(|series| series.last.is_some());
        if ground.last_good.is_none() {
            notes.push("latency was not compared: no last good deploy is known".to_owned());
        } else if !is_compared && !self.series.is_empty() {
            notes.push("latency was not compared: there were too few samples".to_owned());
        }
        if self.site.errors > 0 {
            notes.push(format!("{} of {} sampled requests failed", self.site.errors, self.site.tries));
        }
        notes
    }
}
