//! Asking checks until each of them is decided.

use crate::pipeline::verdict::Grade;
use crate::pipeline::world::{Millis, World};
use crate::verify::answer::Failure;
use crate::verify::check::{Attempt, Check, Ground};
use crate::verify::finding::{Finding, Inspection, grade};
use crate::verify::gate::{Entry, Gate, Standing, Wave};
use crate::verify::judgement::Outcome;
use crate::verify::probe::{Probe, Request, Weight};
use crate::verify::prober::{Errand, PATIENCE, Prober};
use crate::verify::statistic::fisher::Tally;

/// Probes that are asked between two looks at the clock.
const PORTION: usize = 200;
/// The longest time for the question whether this machine has a network.
const CONTROL_PATIENCE: Millis = 5_000;

/// The reason of a verdict when this machine reaches nothing at all.
pub const RUNNER_NETWORK: &str = "runner_network";

/// Asks checks.
pub struct Inspector<'a> {
    /// Carries the requests.
    pub prober: &'a dyn Prober,
    /// The clock.
    pub world: &'a dyn World,
    /// Attempts until a failure counts.
    pub confirm: u32,
    /// An address that has nothing to do with the site and always answers.
    pub control: Option<&'a str>,
}

impl Inspector<'_> {
    /// Asks all checks that belong there, until each is decided or the time is over.
    #[must_use]
    pub fn inspect(&self, ground: &Ground, checks: Vec<Check>) -> Inspection {
        let checks = checks.into_iter().filter(|check| check.label().scope.covers(ground.is_live)).collect();
        let mut gate = Gate::new(checks, self.confirm);
        let mut tally = Tally::default();
        let mut is_cut_off = false;
        let mut has_network = true;
        while let Some(wave) = gate.due() {
            if !self.rest(ground, wave.wait) {
                is_cut_off = true;
                break;
            }
            let attempts = self.ask(&gate, &wave, ground);
            is_cut_off = attempts.len() < wave.checks.len();
            if !wave.is_fresh {
                attempts.iter().for_each(|(_, attempt)| tally.count(attempt.is_transient()));
            }
            let failed: Vec<usize> =
                attempts.iter().filter(|(_, attempt)| !attempt.is_passed()).map(|(at, _)| *at).collect();
            if wave.is_decisive && !failed.is_empty() {
                self.refer(&mut gate, &failed, ground);
                // Whatever the site answers comes over a network.
                let is_answered = attempts.iter().any(|(_, attempt)| attempt.status.is_some());
                // A journey can fail before it asks anything; that says nothing of a network.
                let is_silent = attempts.iter().any(|(_, attempt)| matches!(attempt.outcome, Outcome::Silent(_)));
                has_network = is_answered || !is_silent || self.has_network();
            }
            gate.take(attempts);
            if is_cut_off || !has_network {
                break;
            }
        }
        let inspection = conclude(&gate, ground, tally);
        match () {
            () if !has_network => {
                Inspection { grade: Grade::Inconclusive, reason: RUNNER_NETWORK.to_owned(), ..inspection }
            }
            () if is_cut_off && inspection.grade < Grade::Fail => {
                let why =
                    if self.world.is_interrupted() { "interrupted" } else { "the time was over before all was asked" };
                Inspection { grade: Grade::Inconclusive, reason: why.to_owned(), ..inspection }
            }
            () => inspection,
        }
    }

    /// Waits; says whether there is time left.
    fn rest(&self, ground: &Ground, span: Millis) -> bool {
        if self.world.now() + span >= ground.until {
            return false;
        }
        if span > 0 {
            self.world.pause(span);
        }
        !self.world.is_interrupted()
    }

    fn ask(&self, gate: &Gate, wave: &Wave, ground: &Ground) -> Vec<(usize, Attempt)> {
        let mut attempts = Vec::new();
        let (mut probes, mut journeys) = (Vec::new(), Vec::new());
        for at in &wave.checks {
            match &gate.entries()[*at].check {
                Check::Probe(probe) => probes.push((*at, probe)),
                Check::Journey(journey) => journeys.push((*at, journey)),
            }
        }
        for portion in probes.chunks(PORTION) {
            if self.is_over(ground) {
                return attempts;
            }
            let asked: Vec<&Probe> = portion.iter().map(|(_, probe)| *probe).collect();
            let found = self.probe(&ground.base, &asked, wave.is_fresh, ground.until);
            attempts.extend(portion.iter().map(|(at, _)| *at).zip(found));
        }
        for (at, journey) in journeys {
            if self.is_over(ground) {
                return attempts;
            }
            attempts.push((at, journey.attempt(ground, self.prober, wave.is_fresh)));
        }
        attempts
    }

    fn is_over(&self, ground: &Ground) -> bool {
        self.world.now() >= ground.until || self.world.is_interrupted()
    }

    /// Asks several probes once.
    fn probe(&self, base: &str, probes: &[&Probe], is_fresh: bool, until: Millis) -> Vec<Attempt> {
        let timeout = until.saturating_sub(self.world.now()).clamp(1, PATIENCE);
        let errand = |probe: &&Probe| {
            let errand = Errand::new(base, &probe.request)?;
            Ok(Errand { is_fresh, timeout, ..errand })
        };
        let errands: Vec<Result<Errand, Failure>> = probes.iter().map(errand).collect();
        let sent: Vec<Errand> = errands.iter().flatten().cloned().collect();
        let mut answers = self.prober.ask_all(&sent).into_iter();
        let unix = self.world.unix();
        let attempt = |(errand, probe): (&Result<Errand, Failure>, &&Probe)| {
            let answer = match errand {
                Ok(_) => answers.next().unwrap_or(Err(Failure::Interrupted)),
                Err(failure) => Err(failure.clone()),
            };
            Attempt::of(probe, &answer, unix)
        };
        errands.iter().zip(probes).map(attempt).collect()
    }

    /// Asks the last good deploy what failed here.
    fn refer(&self, gate: &mut Gate, failed: &[usize], ground: &Ground) {
        let Some(base) = &ground.last_good else { return };
        let blocking = failed.iter().filter(|at| gate.entries()[**at].reference.is_none());
        let mut answers = Vec::new();
        for at in blocking {
            let attempt = match &gate.entries()[*at].check {
                Check::Probe(probe) => self.probe(base, &[probe], true, ground.until).pop(),
                Check::Journey(journey) => {
                    let there = Ground { base: base.clone(), is_live: false, ..ground.clone() };
                    Some(journey.attempt(&there, self.prober, true))
                }
            };
            answers.extend(attempt.map(|attempt| (*at, attempt)));
            if self.is_over(ground) || answers.len() >= REFERRED {
                break;
            }
        }
        for (at, attempt) in answers {
            gate.refer(at, attempt);
        }
    }

    /// Says whether this machine reaches anything; without a control it is taken to.
    fn has_network(&self) -> bool {
        let Some(control) = self.control else { return true };
        let Ok(errand) = Errand::new(control, &Request::get(control)) else { return true };
        let errand = Errand { is_fresh: true, timeout: CONTROL_PATIENCE, ..errand };
        // Any answer at all is an answer.
        match self.prober.ask(&errand) {
            Ok(_) => true,
            Err(failure) => matches!(failure, Failure::TooLong | Failure::Protocol | Failure::Interrupted),
        }
    }
}

/// Failures that are put to the last good deploy as well: enough to know whether it shares them.
const REFERRED: usize = 8;

fn conclude(gate: &Gate, ground: &Ground, tally: Tally) -> Inspection {
    let entries = gate.entries();
    let finding = |entry: &Entry| grade(entry).map(|grade| Finding::of(entry, ground, grade));
    let mut findings: Vec<Finding> = entries.iter().filter_map(finding).collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.grade));
    let count = |standing: Standing| entries.iter().filter(|entry| entry.standing == standing).count();
    let mut notes = Vec::new();
    let flaky = gate.flaky();
    if flaky > 0 {
        let word = if gate.is_flaky() { "FLAKY: " } else { "" };
        notes.push(format!("{word}{flaky} of {} checks failed and held when they were asked again", entries.len()));
    }
    let unanswered = count(Standing::Unanswered);
    if unanswered > 0 {
        notes.push(format!("{unanswered} of the sampled files gave no answer"));
    }
    let worst = findings.iter().map(|finding| finding.grade).max().unwrap_or(Grade::Pass);
    let is_blocking = |entry: &Entry| entry.label.weight == Weight::Blocking;
    let is_proven = entries.iter().any(Entry::is_proof) || !entries.iter().any(is_blocking);
    let (grade, reason) = match worst {
        Grade::Fail if gate.is_barred() => {
            (Grade::Inconclusive, "the site lets nobody in: every answer is a refusal".to_owned())
        }
        Grade::Warn | Grade::Pass if !is_proven && !entries.is_empty() => {
            (Grade::Inconclusive, format!("nothing proves the site good: {}", unproven(&findings)))
        }
        Grade::Fail | Grade::Warn => (worst, headline(&findings, entries, worst)),
        Grade::Inconclusive => (worst, "not everything could be asked".to_owned()),
        Grade::Pass if entries.is_empty() => (Grade::Inconclusive, "there is nothing to be asked".to_owned()),
        Grade::Pass if gate.is_flaky() => (Grade::Warn, "flaky".to_owned()),
        Grade::Pass => (Grade::Pass, format!("{} checks hold", entries.len())),
    };
    let held = count(Standing::Passed) + count(Standing::Flaky);
    let asked = entries.iter().filter(|entry| entry.attempts > 0).count();
    Inspection { grade, reason, findings, notes, asked, held, flaky, tally }
}

/// What a site answered that proves nothing.
fn unproven(findings: &[Finding]) -> String {
    findings.first().map_or_else(|| "it answers with refusals only".to_owned(), Finding::line)
}

/// The first thing that is wrong, and how many more there are.
fn headline(findings: &[Finding], entries: &[Entry], worst: Grade) -> String {
    let all: Vec<&Finding> = findings.iter().filter(|finding| finding.grade == worst).collect();
    let is_tls = |entry: &&Entry| {
        let outcome = entry.failure.as_ref().map(|attempt| &attempt.outcome);
        entry.is_fatal() && matches!(outcome, Some(Outcome::Silent(Failure::Tls(_))))
    };
    let tls = if worst == Grade::Fail && entries.iter().any(|entry| is_tls(&entry)) { "tls: " } else { "" };
    let first = all.first().map(|finding| finding.line()).unwrap_or_default();
    match all.len() {
        0 | 1 => format!("{tls}{first}"),
        more => format!("{tls}{first} (and {} more)", more - 1),
    }
}
