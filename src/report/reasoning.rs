//! Why a verdict is what it is, stage by stage, for people.

use std::fmt::Write as _;

use crate::rule::finding::{Finding, Level};
use crate::sim::plan::Unknown;
use crate::sim::stage::Stage;
use crate::verdict::{SiteVerdict, Status};

/// What is said about one stage.
struct Reason<'a> {
    stage: Stage,
    findings: Vec<&'a Finding>,
    unknowns: Vec<&'a Unknown>,
}

/// The reasoning behind a verdict: one line for each stage of the platform, with what was found and what is not known.
#[must_use]
pub fn render(site: &SiteVerdict) -> String {
    let mut out = format!("why: {} on {}\n", site.name, site.platform.title);
    let width = site.platform.stages.iter().map(|stage| stage.name().len()).max().unwrap_or_default();
    let mut is_over = false;
    for reason in site.platform.stages.iter().map(|stage| reason(site, *stage)) {
        let (word, line) = outcome(site, &reason, is_over);
        _ = writeln!(out, "  {:width$}  {word:8}  {line}", reason.stage.name());
        for finding in reason.findings.iter().filter(|_| !is_over) {
            _ = writeln!(
                out,
                "  {:width$}    {} [{}] {}",
                "",
                finding.level().name(),
                finding.rule.id,
                finding.message
            );
        }
        for unknown in reason.unknowns.iter().filter(|_| !is_over) {
            let weight = if unknown.decides { "it decides" } else { "it does not decide" };
            _ = writeln!(out, "  {:width$}    unknown ({weight}): {}", "", unknown.what);
        }
        is_over |= word == "fails" && !site.platform.is_green(reason.stage);
    }
    for finding in site.findings.iter().filter(|finding| !site.platform.stages.contains(&finding.stage)) {
        _ = writeln!(out, "  {:width$}    {} [{}] {}", "", finding.level().name(), finding.rule.id, finding.message);
    }
    out.push_str(&conclusion(site));
    out
}

fn reason(site: &SiteVerdict, stage: Stage) -> Reason<'_> {
    Reason {
        stage,
        findings: site.findings.iter().filter(|finding| finding.stage == stage).collect(),
        unknowns: site.unknowns.iter().filter(|unknown| unknown.stage == stage).collect(),
    }
}

/// What becomes of a stage, in a word and in a sentence.
fn outcome(site: &SiteVerdict, reason: &Reason<'_>, is_over: bool) -> (&'static str, String) {
    if is_over {
        return ("-", "not reached".to_owned());
    }
    let failing = reason.findings.iter().find(|finding| finding.level() == Level::Error);
    let is_rejected = site.status == Status::Fail && site.stage == Some(reason.stage);
    match failing {
        Some(finding) => {
            let log = finding.log_line.as_ref().map(|line| format!("; the log would say: {line}")).unwrap_or_default();
            ("fails", format!("by {}{log}", finding.rule.id))
        }
        None if is_rejected => ("fails", site.log_line.clone().unwrap_or_default()),
        None if reason.unknowns.iter().any(|unknown| unknown.decides) => {
            ("unknown", "the files do not decide it".to_owned())
        }
        None if !reason.findings.is_empty() => ("passes", "with something to tell".to_owned()),
        None => ("passes", "nothing in the files stands in its way".to_owned()),
    }
}

fn conclusion(site: &SiteVerdict) -> String {
    let stage = site.stage.map(Stage::name).unwrap_or_default();
    match site.status {
        Status::Pass => "  therefore pass: no stage is known to fail, and nothing that is unknown decides\n".to_owned(),
        Status::Fail if site.deploy == Status::Fail => {
            format!("  therefore fail: {stage} is the first stage that fails\n")
        }
        Status::Fail => {
            format!("  therefore fail: the deploy turns green, and {stage} is the first stage that is broken\n")
        }
        Status::Unknown => format!("  therefore unknown: {stage} hangs on what the files do not say\n"),
    }
}
