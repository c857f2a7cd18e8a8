//! What a verification found, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::pipeline::verdict::Grade;
use crate::pipeline::world::Millis;
use crate::verify::finding::{Finding, Inspection};
use crate::verify::source::Gap;

/// The address of the schema, and the version of the document (`docs/schema/verification.schema.json`).
const SCHEMA_URI: &str = "chimera:schema/verification/1";
const SCHEMA_VERSION: &str = "1.0";

/// Things that were not asked and are shown.
const GAPS: usize = 5;

/// Everything that there is to be told.
pub(super) struct Report {
    /// The site as the ledger names it.
    pub(super) site: Option<String>,
    /// What was looked at.
    pub(super) url: String,
    /// What was not asked, and why.
    pub(super) gaps: Vec<Gap>,
    /// Which deploy it is.
    pub(super) identity: Identity,
    /// What was found.
    pub(super) inspection: Inspection,
    /// How long it took.
    pub(super) milliseconds: Millis,
    /// The run in whose name it was recorded.
    pub(super) recorded: Option<String>,
}

/// Which deploy is live.
pub(super) struct Identity {
    /// The deploy that we published last.
    pub(super) expected: Option<String>,
    /// The deploy that the platform names.
    pub(super) found: Option<String>,
}

impl Identity {
    /// Why what is live is not what we published, if it is not.
    pub(super) fn wrong(&self) -> Option<String> {
        let expected = self.expected.as_ref().filter(|expected| self.found.as_ref() != Some(expected))?;
        let found = self.found.as_deref().unwrap_or("nothing");
        Some(format!("identity: expected deploy \"{expected}\", found \"{found}\""))
    }

    fn word(&self) -> &'static str {
        match (&self.expected, &self.found) {
            (Some(expected), Some(found)) if expected == found => "proven",
            (Some(_), _) => "wrong",
            (None, _) => "unknown",
        }
    }
}

/// The report as a JSON document.
pub(super) fn json(report: &Report) -> Value {
    let inspection = &report.inspection;
    json!({
        "$schema": SCHEMA_URI,
        "schema_version": SCHEMA_VERSION,
        "kind_of_document": "verification",
        "tool": {"name": "chimeractl", "version": env!("CARGO_PKG_VERSION")},
        "site": report.site,
        "url": report.url,
        "verdict": inspection.grade,
        "reason": inspection.reason,
        "identity": {
            "status": report.identity.word(), "expected": report.identity.expected, "found": report.identity.found,
        },
        "checks": {"asked": inspection.asked, "held": inspection.held, "flaky": inspection.flaky},
        "findings": inspection.findings.iter().map(finding).collect::<Vec<_>>(),
        "notes": inspection.notes,
        "not_asked": report.gaps.iter().map(|gap| json!({"subject": gap.subject, "reason": gap.reason})).collect::<Vec<_>>(),
        "recorded_for": report.recorded,
        "duration_ms": report.milliseconds,
    })
}

fn finding(finding: &Finding) -> Value {
    let wrong = finding.wrong.iter().map(|one| json!({"expected": one.expected, "found": one.found}));
    json!({
        "check": finding.check,
        "origin": finding.origin,
        "weight": finding.weight.name(),
        "grade": finding.grade,
        "wrong": wrong.collect::<Vec<_>>(),
        "attempts": finding.attempts,
        "last_good_has_it": finding.is_shared,
        "reproduce": finding.by_hand,
    })
}

/// The report in words.
pub(super) fn human(report: &Report) -> String {
    let inspection = &report.inspection;
    let word = match inspection.grade {
        Grade::Pass => "PASS",
        Grade::Warn => "WARN",
        Grade::Inconclusive => "INCONCLUSIVE",
        Grade::Fail => "FAIL",
    };
    let mut out = String::new();
    let _ = writeln!(out, "{word}  {}", plain(&report.url));
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<12} {}", plain(value));
    };
    row("because", &inspection.reason);
    match (&report.identity.expected, &report.identity.found) {
        (_, Some(found)) if report.identity.word() == "proven" => row("deploy", &format!("\"{found}\", as published")),
        (None, Some(found)) => row("deploy", &format!("\"{found}\"; the ledger knows no deploy of ours")),
        (None, None) => row("deploy", "not asked for: without a token nobody tells which deploy is live"),
        (Some(_), _) => {}
    }
    if inspection.asked > 0 {
        row("checks", &format!("{} asked, {} hold, {} flaky", inspection.asked, inspection.held, inspection.flaky));
    }
    for note in &inspection.notes {
        row("note", note);
    }
    for gap in report.gaps.iter().take(GAPS) {
        row("not asked", &format!("{}: {}", gap.subject, gap.reason));
    }
    if report.gaps.len() > GAPS {
        row("not asked", &format!("{} more; --format json has them all", report.gaps.len() - GAPS));
    }
    let told = inspection.findings.iter().filter(|finding| finding.grade > Grade::Pass || !finding.wrong.is_empty());
    told.for_each(|finding| tell(&mut out, finding));
    out
}

fn tell(out: &mut String, finding: &Finding) {
    let word = match finding.grade {
        Grade::Pass => "remark",
        Grade::Warn => "warning",
        Grade::Inconclusive => "unknown",
        Grade::Fail => "failure",
    };
    let _ = writeln!(out, "\n{word}: {}  ({})", plain(&finding.check), plain(&finding.origin));
    for one in &finding.wrong {
        let _ = writeln!(out, "  expected   {}\n  found      {}", plain(&one.expected), plain(&one.found));
    }
    let times = if finding.attempts == 1 { "once".to_owned() } else { format!("{} times", finding.attempts) };
    let _ = writeln!(out, "  asked      {times}");
    if let Some(is_shared) = finding.is_shared {
        let text = if is_shared { "has the same fault" } else { "does not have it" };
        let _ = writeln!(out, "  last good  {text}");
    }
    let _ = writeln!(out, "  reproduce  {}", plain(&finding.by_hand));
}

/// A text of one line that moves no cursor.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
