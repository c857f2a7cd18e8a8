//! Verification by anyone, offline: seven questions, in order, each answered by one small function.

mod binding;
mod chain;
mod form;
mod ledger;
mod level;
mod replay;
mod signature;
mod subject;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::digest::Digest;
use crate::key::mac::SharedSecret;
use crate::key::ring::KeyRing;

use super::Level;
use super::bundle::Bundle;
use super::hxo_approval::extension_key;
use super::statement::{Statement, Subject};

pub use ledger::Inclusion;
pub use replay::Use;

/// How far clocks may differ.
pub const SKEW: SignedDuration = SignedDuration::from_secs(120);

/// How long one approval may come after the one before.
pub const STEP: SignedDuration = SignedDuration::from_mins(60);

/// The questions, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Is it a bundle at all?
    Form,
    /// Did somebody sign it whom we trust for that?
    Signature,
    /// Do the three approvals belong together?
    Chain,
    /// Is it about what lies on disk?
    Subjects,
    /// Is it for this target, now?
    Binding,
    /// Does the ledger hold it?
    Ledger,
    /// Was it used before?
    Replay,
    /// Does it prove enough?
    Level,
}

impl Rule {
    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["form", "signature", "chain", "subjects", "binding", "ledger", "replay", "level"][self as usize]
    }

    /// The number, from 1.
    #[must_use]
    pub fn number(self) -> usize {
        self as usize + 1
    }
}

/// In which way a certificate is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Something does not hold.
    Invalid,
    /// Everything holds, but it proves too little.
    Level,
    /// Its time is over.
    Expired,
    /// It is for another target.
    Target,
    /// It was used before, or is for another run.
    Replayed,
    /// No trusted key signed it.
    Untrusted,
}

/// Why a certificate is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The first question with a wrong answer.
    pub rule: Rule,
    /// In which way.
    pub refusal: Refusal,
    /// What was seen.
    pub evidence: String,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub rule: Rule,
    /// Whether there was enough to ask it.
    pub is_asked: bool,
    /// What was seen.
    pub evidence: String,
}

/// What the certificate is held against.
#[derive(Debug, Default)]
pub struct Expectation<'a> {
    /// Where it is to be used.
    pub target: &'a str,
    /// When.
    pub at: Timestamp,
    /// The keys that are trusted.
    pub keys: KeyRing,
    /// The secret that is shared, if there is one.
    pub secret: Option<SharedSecret>,
    /// The least level.
    pub min_level: Level,
    /// What lies on disk, as far as it was looked at.
    pub subjects: Vec<Subject>,
    /// The policy that holds now, by its digest; nothing when it was not looked at.
    pub policy: Option<Digest>,
    /// The run that it is to be used in, with its attempt.
    pub run: Option<(String, u32)>,
    /// The repository that it is to be used for.
    pub repository: Option<&'a str>,
    /// What the ledger says about it.
    pub ledger: Option<Inclusion>,
    /// What was used before.
    pub uses: Vec<Use>,
}

/// What verification came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The answers before the first wrong one.
    pub answers: Vec<Answer>,
    /// Why it is refused, if it is.
    pub failure: Option<Failure>,
    /// What it proves, as far as it was looked at.
    pub level: Level,
    /// Its name, if it could be read.
    pub certificate: Option<String>,
}

/// What a question says: the evidence and whether it was really asked, or why the certificate is refused.
type Outcome = Result<(bool, String), (Refusal, String)>;

/// Asks all questions of a bundle.
#[must_use]
pub fn verify(bytes: &[u8], expected: &Expectation<'_>) -> Report {
    let mut report = Report { answers: Vec::new(), failure: None, level: Level::L0, certificate: None };
    let bundle = match form::check(bytes) {
        Ok((bundle, evidence)) => {
            report.answers.push(Answer { rule: Rule::Form, is_asked: true, evidence });
            bundle
        }
        Err(evidence) => {
            report.failure = Some(Failure { rule: Rule::Form, refusal: Refusal::Invalid, evidence });
            return report;
        }
    };
    report.certificate = Some(bundle.id());
    report.failure = ask(&bundle, expected, &mut report).err();
    report
}

fn ask(bundle: &Bundle, expected: &Expectation<'_>, report: &mut Report) -> Result<(), Failure> {
    let signed = signature::check(bundle, expected);
    report.level = signed.as_ref().map_or(Level::L0, |(level, _)| *level);
    report.take(Rule::Signature, signed.map(|(_, evidence)| (true, evidence)))?;
    report.take(Rule::Chain, chain::check(bundle))?;
    report.take(Rule::Subjects, subject::check(bundle, expected))?;
    report.take(Rule::Binding, binding::check(bundle, expected))?;
    let included = ledger::check(bundle, expected);
    if report.level == Level::L2 && matches!(included, Ok((true, _))) {
        report.level = Level::L3;
    }
    report.take(Rule::Ledger, included)?;
    report.take(Rule::Replay, replay::check(bundle, expected))?;
    report.take(Rule::Level, level::check(bundle, report.level, expected))
}

impl Report {
    fn take(&mut self, rule: Rule, outcome: Outcome) -> Result<(), Failure> {
        match outcome {
            Ok((is_asked, evidence)) => self.answers.push(Answer { rule, is_asked, evidence }),
            Err((refusal, evidence)) => return Err(Failure { rule, refusal, evidence }),
        }
        Ok(())
    }
}

/// What hangs under our own key of the last approval.
fn extension(statement: &Statement) -> Option<&serde_json::Map<String, Value>> {
    statement.predicate.get(&extension_key()).and_then(Value::as_object)
}

/// Reads a time in UTC.
fn time(text: Option<&str>) -> Option<Timestamp> {
    text.filter(|text| text.ends_with('Z')).and_then(|text| text.parse().ok())
}
