//! Going through a smoke file: requests in order, each held against what is expected of its answer.

mod answer;
mod expectation;
mod filter;
mod predicate;
mod query;
mod scene;
mod send;
mod setting;
#[cfg(test)]
mod tests;
mod trouble;

use jiff::SignedDuration;

pub use self::trouble::{Trouble, TroubleKind};

use self::scene::Scene;
use super::ast::{Entry, SmokeFile, Weight};
use super::cookie::Jar;
use super::port::{Millis, World};
use super::variable::Variables;

/// How a file is gone through.
#[derive(Debug, Clone)]
pub struct Run<'f> {
    /// The text of the file, for what is said about it.
    pub text: &'f str,
    /// What it begins with.
    pub variables: Variables,
    /// Whether the address of the site is looked at, and not the permalink of a deploy; `None` asks everything.
    pub is_live: Option<bool>,
    /// Failures of requests of another weight are passed over; `None` stops at every failure.
    pub weight: Option<Weight>,
    /// How long all of it may take.
    pub limit: Millis,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What is wrong, with secrets taken out; the file holds when there is nothing.
    pub troubles: Vec<Trouble>,
    /// Requests that were made.
    pub requests: usize,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// What the last answer said of when to come back, in seconds.
    pub retry_after: Option<u64>,
}

impl Outcome {
    /// Says whether everything holds.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.troubles.is_empty()
    }

    /// The worst of what is wrong.
    #[must_use]
    pub fn worst(&self) -> Option<&Trouble> {
        self.troubles.iter().max_by(|one, two| one.kind.cmp(&two.kind).then(two.span.start.cmp(&one.span.start)))
    }
}

/// Goes through a file, up to the first request that is not answered as it has to be.
pub fn run(file: &SmokeFile, run: Run<'_>, world: &mut dyn World) -> Outcome {
    let limit = SignedDuration::from_millis(i64::try_from(run.limit).unwrap_or(i64::MAX));
    let until = world.now().checked_add(limit).unwrap_or(jiff::Timestamp::MAX);
    let mut scene = Scene { text: run.text, variables: run.variables, world, jar: Jar::default(), until };
    let mut outcome = Outcome::default();
    for entry in &file.entries {
        let phases = entry.directives.phases.or(file.directives.phases);
        let is_asked =
            phases.zip(run.is_live).is_none_or(|(phases, is_live)| if is_live { phases.live } else { phases.preview });
        if !is_asked {
            continue;
        }
        let troubles = go(&mut scene, entry, &mut outcome);
        let weight = weight_of(file, entry);
        if !troubles.is_empty() && run.weight.is_none_or(|wanted| wanted == weight) {
            let redact = |text: &str| scene.variables.redact(text);
            let clean = |trouble: Trouble| Trouble {
                message: redact(&trouble.message),
                expected: trouble.expected.as_deref().map(redact),
                ..trouble
            };
            outcome.troubles = troubles.into_iter().map(clean).collect();
            break;
        }
    }
    outcome
}

/// What the failure of a request means.
#[must_use]
pub fn weight_of(file: &SmokeFile, entry: &Entry) -> Weight {
    entry.directives.weight.or(file.directives.weight).unwrap_or_default()
}

/// Makes a request as often as its options say.
fn go(scene: &mut Scene<'_>, entry: &Entry, outcome: &mut Outcome) -> Vec<Trouble> {
    let mut repeated = 0;
    loop {
        let settings = match setting::settings(scene, &entry.request.options) {
            Ok(settings) => settings,
            Err(trouble) => return vec![trouble],
        };
        if settings.is_skipped || repeated >= settings.repeat {
            return Vec::new();
        }
        scene.world.sleep(settings.delay.min(scene.left()));
        let mut tries = 0;
        let troubles = loop {
            if scene.left() == 0 {
                return vec![late(entry)];
            }
            let troubles = once(scene, entry, &settings, outcome);
            if troubles.is_empty() || tries >= settings.retry {
                break troubles;
            }
            tries += 1;
            scene.world.sleep(settings.retry_interval.min(scene.left()));
        };
        if !troubles.is_empty() {
            return troubles;
        }
        repeated += 1;
        if repeated >= settings.repeat {
            return Vec::new();
        }
    }
}

fn late(entry: &Entry) -> Trouble {
    Trouble::unknown(&entry.request.span, "the time for this file is over")
}

fn once(scene: &mut Scene<'_>, entry: &Entry, settings: &setting::Settings, outcome: &mut Outcome) -> Vec<Trouble> {
    outcome.requests += 1;
    (outcome.status, outcome.retry_after) = (None, None);
    let answers = match send::send(scene, &entry.request, settings) {
        Ok(answers) => answers,
        Err(trouble) => return vec![trouble],
    };
    outcome.status = Some(answers.last().status);
    outcome.retry_after = answers.last().values("retry-after").next().and_then(|value| value.trim().parse().ok());
    match &entry.expectation {
        Some(expectation) => expectation::examine(scene, expectation, &answers),
        None => Vec::new(),
    }
}
