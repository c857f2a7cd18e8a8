//! What will become of a deploy, in words.

use crate::report::human::plural;
use crate::report::markdown;
use crate::rule::finding::Level;
use crate::text::escape;
use crate::verdict::{SiteVerdict, Status};

use super::Inspection;
use super::remark::Remark;
use super::{limit, summary};

/// What a run has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// There was nothing to look at.
    Skipped,
    /// Nothing at or above the threshold.
    Passed,
    /// The files do not decide it.
    Undecided,
    /// The deploy fails, or something is at or above the threshold.
    Failed,
}

impl Outcome {
    /// The word for other steps.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Skipped => "skipped",
            Outcome::Passed => "passed",
            Outcome::Undecided => "undecided",
            Outcome::Failed => "failed",
        }
    }
}

/// From which level on findings fail the run; nothing never does.
pub type Threshold = Option<Level>;

/// What the sites of a folder have come to.
#[must_use]
pub fn outcome(sites: &[SiteVerdict], threshold: Threshold) -> Outcome {
    let least = threshold.unwrap_or(Level::Error);
    let of = |site: &SiteVerdict| {
        let is_over = site.findings.iter().any(|finding| finding.level() >= least);
        match site.status {
            _ if is_over => Outcome::Failed,
            Status::Fail => Outcome::Failed,
            Status::Unknown => Outcome::Undecided,
            Status::Pass => Outcome::Passed,
        }
    };
    sites.iter().map(of).max().unwrap_or(Outcome::Skipped)
}

/// What a check run concludes (REST description, `checks/create`).
#[must_use]
pub fn conclusion(outcome: Outcome, threshold: Threshold) -> &'static str {
    match outcome {
        Outcome::Skipped => "skipped",
        Outcome::Passed => "success",
        Outcome::Undecided => "neutral",
        Outcome::Failed if threshold.is_none() => "neutral",
        Outcome::Failed => "failure",
    }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
#[must_use]
pub fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The verdict in one clause: `Would fail on Netlify`.
#[must_use]
pub fn clause(inspection: &Inspection) -> String {
    let sites: Vec<_> = summary::sites(inspection).collect();
    markdown::headline(&sites).trim_end_matches('.').to_owned()
}

/// The title of a check run: the verdict, the worst remark in the author's words, and what is ready.
#[must_use]
pub fn title(inspection: &Inspection, remarks: &[Remark]) -> String {
    let sites = &inspection.healing.before;
    let mut out = clause(inspection);
    let errors = remarks.iter().filter(|remark| remark.level() == Level::Error).count();
    let warnings = remarks.iter().filter(|remark| remark.level() == Level::Warning).count();
    if let Some(worst) = remarks.first().filter(|_| errors > 0) {
        let more = if errors > 1 { format!(" (+{})", errors - 1) } else { String::new() };
        let room = limit::CHECK_TITLE.saturating_sub(out.chars().count() + 40);
        out.push_str(&format!(": {}{more}", limit::characters(&escape::line(&worst.message), room)));
    } else if let Some(unknown) = deciding(sites).filter(|_| outcome(sites, None) == Outcome::Undecided) {
        out.push_str(&format!(": {}", limit::characters(&escape::line(unknown), limit::CHECK_TITLE / 2)));
    } else if warnings > 0 {
        out.push_str(&format!("; {}", plural(warnings, "warning")));
    }
    let ready = remarks.iter().filter(|remark| remark.repair.is_ready()).count();
    if ready > 0 {
        out.push_str(&format!("; {} ready", plural(ready, "repair")));
    }
    out
}

fn deciding(sites: &[SiteVerdict]) -> Option<&str> {
    let mut unknowns = sites.iter().flat_map(|site| &site.unknowns);
    unknowns.find(|unknown| unknown.decides).map(|unknown| unknown.what.as_str())
}
