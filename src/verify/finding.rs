//! What a verification found, for people and for programs.

use crate::pipeline::verdict::{Grade, Verdict};
use crate::verify::check::{Check, Ground};
use crate::verify::curl;
use crate::verify::gate::{Entry, Standing};
use crate::verify::judgement::{Mismatch, Outcome};
use crate::verify::probe::Weight;
use crate::verify::prober::Errand;
use crate::verify::statistic::fisher::Tally;

/// Findings that the pipeline is told; a run keeps them for ever.
const EVIDENCE: usize = 20;

/// A check that did not simply hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub check: String,
    /// Where it comes from.
    pub origin: String,
    /// What it counts for.
    pub weight: Weight,
    /// How bad it is.
    pub grade: Grade,
    /// What did not hold.
    pub wrong: Vec<Mismatch>,
    /// How often it was asked.
    pub attempts: u32,
    /// Whether the last good deploy has the same fault; none when it was not asked.
    pub is_shared: Option<bool>,
    /// How a person asks the same.
    pub by_hand: String,
}

/// What one look at a site showed.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// How good it is.
    pub grade: Grade,
    /// Why, in a few words.
    pub reason: String,
    /// Checks that did not simply hold, worst first.
    pub findings: Vec<Finding>,
    /// What else is worth to be known.
    pub notes: Vec<String>,
    /// Checks that were asked.
    pub asked: usize,
    /// Checks that held, at once or later.
    pub held: usize,
    /// Checks that failed and held when they were asked again.
    pub flaky: usize,
    /// First attempts, and those without a good answer.
    pub tally: Tally,
}

impl Finding {
    /// What there is to be said of a check.
    #[must_use]
    pub fn of(entry: &Entry, ground: &Ground, grade: Grade) -> Finding {
        let wrong = match entry.failure.as_ref().map(|attempt| &attempt.outcome) {
            Some(Outcome::Wrong(wrong)) => wrong.clone(),
            Some(Outcome::Silent(failure)) => {
                vec![Mismatch { expected: "an answer".to_owned(), found: failure.to_string() }]
            }
            Some(Outcome::Unknown(why)) => vec![Mismatch { expected: "to find out".to_owned(), found: why.clone() }],
            Some(Outcome::Passed) | None => Vec::new(),
        };
        let by_hand = match &entry.check {
            Check::Journey(journey) => journey.by_hand(ground),
            Check::Probe(probe) => {
                Errand::new(&ground.base, &probe.request).map(|errand| curl::line(&errand)).unwrap_or_default()
            }
        };
        Finding {
            check: entry.label.name.clone(),
            origin: entry.label.origin.to_string(),
            weight: entry.label.weight,
            grade,
            wrong,
            attempts: entry.attempts,
            is_shared: entry.is_shared(),
            by_hand,
        }
    }

    /// What is wrong, on one line.
    #[must_use]
    pub fn line(&self) -> String {
        let wrong: Vec<String> =
            self.wrong.iter().map(|one| format!("expected {}, found {}", one.expected, one.found)).collect();
        format!("{}: {}", self.check, wrong.join("; "))
    }
}

impl Inspection {
    /// A look that says this and nothing else.
    #[must_use]
    pub fn only(grade: Grade, reason: impl Into<String>) -> Inspection {
        Inspection {
            grade,
            reason: reason.into(),
            findings: Vec::new(),
            notes: Vec::new(),
            asked: 0,
            held: 0,
            flaky: 0,
            tally: Tally::default(),
        }
    }

    /// The same and what a later look showed; the worse of both decides.
    #[must_use]
    pub fn and(mut self, later: Inspection) -> Inspection {
        if later.grade > self.grade || self.asked == 0 {
            self.reason = later.reason;
        }
        self.grade = self.grade.max(later.grade);
        self.findings.extend(later.findings);
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.grade));
        for note in later.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        self.asked += later.asked;
        self.held += later.held;
        self.flaky += later.flaky;
        self.tally.errors += later.tally.errors;
        self.tally.tries += later.tally.tries;
        self
    }

    /// What the pipeline is told.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let told = self.findings.iter().filter(|finding| finding.weight != Weight::Shadow);
        let lines = told.take(EVIDENCE).flat_map(|finding| {
            let hand = (finding.grade == Grade::Fail).then(|| format!("  {}", finding.by_hand));
            std::iter::once(format!("{} ({})", finding.line(), finding.origin)).chain(hand)
        });
        let count = self.findings.iter().filter(|finding| finding.weight != Weight::Shadow).count();
        let more = (count > EVIDENCE).then(|| format!("{} more checks did not simply hold", count - EVIDENCE));
        let evidence = lines.chain(more).chain(self.notes.iter().cloned()).collect();
        Verdict { grade: self.grade, reason: self.reason.clone(), evidence }
    }
}

/// Says how a check stands as a grade; none when it simply holds.
#[must_use]
pub(super) fn grade(entry: &Entry) -> Option<Grade> {
    match (entry.standing, entry.label.weight) {
        (Standing::Passed, _) => None,
        (Standing::Flaky | Standing::Unanswered, _) | (Standing::Failed, Weight::Shadow) => Some(Grade::Pass),
        (Standing::Failed, Weight::Blocking) => Some(Grade::Fail),
        (Standing::Failed, Weight::Advisory) => Some(Grade::Warn),
        (Standing::Open | Standing::Unknown, Weight::Blocking) => Some(Grade::Inconclusive),
        (Standing::Open | Standing::Unknown, _) => Some(Grade::Pass),
    }
}
