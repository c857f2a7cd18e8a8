//! For the log of a job on GitHub: the worst findings as workflow commands, which become annotations, and the verdicts.

use std::fmt::Write as _;

use crate::rule::finding::{Finding, Level};
use crate::text::escape::{command_message, command_property, log};
use crate::verdict::{SiteVerdict, Status};

use super::anchor::{self, Anchor, Site};
use super::human::plural;
use super::{Report, SiteReport, Style};

/// Commands of a step that become annotations, of each level (`ExecutionContext.cs` of the runner); ours are that many in all,
/// so that other steps keep their place among the fifty of the job.
const MOST_COMMANDS: usize = 10;
/// Characters of a message that the runner keeps.
const LONGEST_MESSAGE: usize = 4_000;

/// Renders a report.
#[must_use]
pub fn render(report: &Report, _: Style) -> String {
    let found = anchor::worst_first(report.sites.iter().map(SiteReport::site));
    let mut out = String::new();
    for notice in &report.notices {
        _ = writeln!(out, "note: {}", log(notice));
    }
    for (site, finding, anchor) in found.iter().take(MOST_COMMANDS) {
        out.push_str(&command(*site, finding, anchor));
    }
    if let Some(rest) = found.get(MOST_COMMANDS..).filter(|rest| !rest.is_empty()) {
        _ = writeln!(out, "and {}:", plural(rest.len(), "more finding"));
        rest.iter().for_each(|(_, finding, anchor)| out.push_str(&plain(finding, anchor)));
    }
    report.sites.iter().for_each(|site| out.push_str(&verdict(&site.verdict)));
    out
}

/// One finding as a workflow command.
#[must_use]
pub fn command(site: Site<'_>, finding: &Finding, anchor: &Anchor) -> String {
    let name = match finding.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(path) = &anchor.path {
        properties.push(format!("file={}", command_property(path)));
    }
    if let Some(region) = anchor.region {
        let ((line, column), (last, after)) = (region.start, region.end);
        properties.push(format!("line={line},endLine={last}"));
        if line == last {
            properties.push(format!("col={column},endColumn={}", after.saturating_sub(1).max(column)));
        }
    }
    properties.push(format!("title={}", command_property(&format!("{} {}", finding.rule.id, finding.rule.name))));
    format!("::{name} {}::{}\n", properties.join(","), command_message(&message(site, finding)))
}

fn message(site: Site<'_>, finding: &Finding) -> String {
    let mut lines = vec![format!("{}: {}", site.verdict.platform.title, finding.message)];
    lines.extend(finding.log_line.iter().map(|line| format!("its log would say: {line}")));
    lines.extend(finding.help.iter().map(|help| format!("help: {help}")));
    lines.extend(finding.fixes.first().map(|fix| format!("repair: {}", fix.title)));
    let text = lines.join("\n");
    match text.char_indices().nth(LONGEST_MESSAGE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// One finding as a line of the log.
fn plain(finding: &Finding, anchor: &Anchor) -> String {
    let place = match (&anchor.path, anchor.region) {
        (Some(path), Some(region)) => format!(" {path}:{}", region.start.0),
        (Some(path), None) => format!(" {path}"),
        (None, _) => String::new(),
    };
    format!("  {}[{}]{}\n", finding.level().name(), finding.rule.id, log(&format!("{place}: {}", finding.message)))
}

fn verdict(site: &SiteVerdict) -> String {
    let status = match site.status {
        Status::Pass => "PASS",
        Status::Fail => "FAIL",
        Status::Unknown => "UNKNOWN",
    };
    let stage = site.stage.map(|stage| format!(" at stage {}", stage.name())).unwrap_or_default();
    let count = |level, noun| plural(site.at_level(level).count(), noun);
    let (errors, warnings) = (count(Level::Error, "error"), count(Level::Warning, "warning"));
    let notes = count(Level::Note, "note");
    let mut out =
        format!("{status}  {} on {}{stage}: {errors}, {warnings}, {notes}\n", log(&site.name), site.platform.title);
    for unknown in site.unknowns.iter().filter(|unknown| unknown.decides) {
        _ = writeln!(out, "  unknown: {}", log(&unknown.what));
    }
    out
}
