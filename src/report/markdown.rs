//! For a job's summary, a check run or a comment: the verdict, what was found, what was simulated, the repairs as a patch.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::heal::{Reason, Subject};
use crate::rule::finding::{Finding, Level};
use crate::rule::fix::Applicability;
use crate::sim::plan::Decision;
use crate::text::escape::{code, fence, html, is_plain, markdown, prose};
use crate::verdict::{SiteVerdict, Status};

use super::anchor::{self, Anchor, Site};
use super::heal::HealReport;
use super::human::plural;
use super::plan::because;
use super::{Report, SiteReport, Style};

/// Bytes of a job's summary at most: from 1 MiB on the runner keeps nothing of it (`FileCommandManager.cs`).
pub const SUMMARY_LIMIT: usize = 900 * 1024;
/// Bytes that are kept for the words about what was left out.
const RESERVE: usize = 512;

/// What a summary speaks of.
#[derive(Debug, Clone)]
pub struct Summary<'a> {
    /// The sites as they are now.
    pub sites: Vec<Site<'a>>,
    /// What a reader should know about the repository as a whole.
    pub notices: &'a [String],
    /// The repairs, if they were looked for.
    pub repairs: Option<&'a HealReport<'a>>,
    /// What became of repairs beyond being proven, by the fingerprint of their finding.
    pub fates: BTreeMap<&'a str, &'static str>,
}

/// Renders a report.
#[must_use]
pub fn render(report: &Report, _: Style) -> String {
    let sites = report.sites.iter().map(SiteReport::site).collect();
    summary(&Summary { sites, notices: &report.notices, repairs: None, fates: BTreeMap::new() }, SUMMARY_LIMIT)
}

/// Renders what healing came to.
#[must_use]
pub fn heal(report: &HealReport<'_>) -> String {
    let sites = report.healing.before.iter().map(|verdict| Site { verdict, prefix: &report.prefix }).collect();
    summary(&Summary { sites, notices: &report.notices, repairs: Some(report), fates: BTreeMap::new() }, SUMMARY_LIMIT)
}

/// A summary of at most `limit` bytes; what does not fit is counted or named, and every block is closed.
#[must_use]
pub fn summary(summary: &Summary<'_>, limit: usize) -> String {
    let found = anchor::worst_first(summary.sites.iter().copied());
    let mut page = Page { out: String::new(), limit: limit.saturating_sub(RESERVE) };
    page.out = format!("**{}** {}\n\n", markdown(&headline(&summary.sites)), counts(summary, &found));
    let notices = summary.notices.iter().map(|notice| format!("> {}\n", prose(notice)));
    page.block("", notices, "\n", "> and {} more\n");
    let rows = summary.sites.iter().map(|site| row(site.verdict));
    page.block(
        "| site | platform | verdict | findings |\n| --- | --- | --- | --- |\n",
        rows,
        "\n",
        "| and {} more |\n",
    );
    let rows = found.iter().map(|(site, finding, anchor)| finding_row(*site, finding, anchor, summary));
    page.block("| where | what | repair |\n| --- | --- | --- |\n", rows, "\n", "| and {} more | in the report | |\n");
    for site in &summary.sites {
        page.block(
            &simulated_title(site.verdict),
            simulated(site.verdict),
            "\n</details>\n\n",
            "- and {} more lines\n",
        );
    }
    if let Some(repairs) = summary.repairs {
        page.patch(repairs);
    }
    page.out.trim_end().to_owned() + "\n"
}

/// A text that ends in time.
struct Page {
    out: String,
    limit: usize,
}

impl Page {
    /// Adds a block of lines, as many as fit; none without lines. `rest` says how many did not, with `{}` for the number.
    fn block(&mut self, open: &str, lines: impl Iterator<Item = String>, close: &str, rest: &str) {
        let mut lines = lines.peekable();
        let end = close.len() + rest.len() + 20;
        if lines.peek().is_none() || self.out.len() + open.len() + end > self.limit + RESERVE {
            return;
        }
        let room = self.limit.saturating_sub(end);
        self.out.push_str(open);
        let mut left_out = 0_usize;
        for line in lines {
            if left_out == 0 && self.out.len() + line.len() <= room {
                self.out.push_str(&line);
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            self.out.push_str(&rest.replace("{}", &left_out.to_string()));
        }
        self.out.push_str(close);
    }

    /// Adds the repairs as a patch: whole, for half a patch applies to nothing.
    fn patch(&mut self, repairs: &HealReport<'_>) {
        let patch = repairs.patch_text(false);
        if patch.is_empty() {
            return;
        }
        let block = format!(
            "<details><summary>Repairs as a patch</summary>\n\nFor `git apply`; `chimeractl heal --write` does the same.\n\n{}\n</details>\n",
            fence(&patch, "diff")
        );
        let why = match () {
            () if !is_plain(&patch) => "holds characters that cannot be seen",
            () if self.out.len() + block.len() > self.limit => "is too long for this page",
            () => return self.out.push_str(&block),
        };
        _ = writeln!(self.out, "The repairs as a patch: it {why}; `chimeractl heal --patch FILE` writes it.");
    }
}

/// The verdict of all sites in one sentence without markup.
#[must_use]
pub fn headline(sites: &[Site<'_>]) -> String {
    let on = |wanted: &dyn Fn(&SiteVerdict) -> bool| {
        let mut names: Vec<&str> = Vec::new();
        for site in sites.iter().filter(|site| wanted(site.verdict)) {
            names.extend(Some(site.verdict.platform.title).filter(|title| !names.contains(title)));
        }
        (!names.is_empty()).then(|| names.join(" and "))
    };
    if let Some(names) = on(&|site| site.deploy == Status::Fail) {
        return format!("Would fail on {names}.");
    }
    if let Some(names) = on(&|site| site.status == Status::Fail) {
        return format!("Would deploy on {names}, and the site would be broken.");
    }
    if let Some(names) = on(&|site| site.status == Status::Unknown) {
        return format!("The files do not decide whether it would deploy on {names}.");
    }
    match on(&|_| true) {
        Some(names) => format!("Would build and deploy on {names}."),
        None => "Nothing to check: no site was found.".to_owned(),
    }
}

/// How many findings there are, and how many can be repaired.
fn counts(summary: &Summary<'_>, found: &[(Site<'_>, &Finding, Anchor)]) -> String {
    let count = |level| found.iter().filter(|(_, finding, _)| finding.level() == level).count();
    let mut out = format!(
        "{}, {}, {}.",
        plural(count(Level::Error), "error"),
        plural(count(Level::Warning), "warning"),
        plural(count(Level::Note), "note")
    );
    let unknown: usize = summary.sites.iter().map(|site| site.verdict.unknowns.len()).sum();
    if unknown > 0 {
        _ = write!(out, " {unknown} unknown.");
    }
    let ignored: usize = summary.sites.iter().map(|site| site.verdict.silenced.len()).sum();
    if ignored > 0 {
        _ = write!(out, " {ignored} ignored.");
    }
    if let Some(repairs) = summary.repairs {
        let (ready, all) = (repairs.healing.fixes_applied.len(), repairs.healing.refused.len());
        _ = write!(out, " {} proven, {all} left to people.", plural(ready, "repair"));
    }
    out
}

/// One site as a row.
fn row(site: &SiteVerdict) -> String {
    let stage = site.stage.map(|stage| format!(" at {}", code(stage.name()))).unwrap_or_default();
    let verdict = match (site.status, site.deploy) {
        (Status::Pass, _) => "would pass".to_owned(),
        (Status::Unknown, _) => format!("unknown{stage}"),
        (Status::Fail, Status::Fail) => format!("**would fail**{stage}"),
        (Status::Fail, _) => format!("**would deploy and break**{stage}"),
    };
    let count = |level, noun| {
        let count = site.at_level(level).count();
        (count > 0).then(|| plural(count, noun))
    };
    let counts = [count(Level::Error, "error"), count(Level::Warning, "warning"), count(Level::Note, "note")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let counts = if counts.is_empty() { "–".to_owned() } else { counts.join(", ") };
    format!("| {} | {} | {verdict} | {counts} |\n", code(&site.name), site.platform.title)
}

/// One finding as a row.
fn finding_row(site: Site<'_>, finding: &Finding, anchor: &Anchor, summary: &Summary<'_>) -> String {
    let place = match (&anchor.path, anchor.region) {
        (Some(path), Some(region)) => code(&format!("{path}:{}", region.start.0)),
        (Some(path), None) => code(path),
        (None, _) => code(&site.verdict.name),
    };
    let mut what = format!("{} **{}** {}", finding.level().name(), finding.rule.id, prose(&finding.message));
    if let Some(log) = &finding.log_line {
        _ = write!(what, "; the log would say {}", code(log));
    }
    if let Some(help) = &finding.help {
        _ = write!(what, "; {}", prose(help));
    }
    format!("| {place} | {what} | {} |\n", repair(site, finding, summary))
}

/// What can be done about a finding.
fn repair(site: Site<'_>, finding: &Finding, summary: &Summary<'_>) -> String {
    let best = finding.fixes.iter().max_by_key(|fix| fix.applicability);
    let Some(repairs) = summary.repairs else {
        return match best {
            Some(fix) if fix.applicability == Applicability::Safe => format!("safe: {}", prose(&fix.title)),
            Some(fix) if fix.applicability == Applicability::Review => format!("to review: {}", prose(&fix.title)),
            Some(fix) => format!("by hand: {}", prose(&fix.title)),
            None => "by hand".to_owned(),
        };
    };
    let fingerprint = crate::heal::proof::fingerprint(site.verdict, finding);
    let is_it = |subject: &Subject| subject.fingerprint == fingerprint;
    if let Some(applied) = repairs.healing.fixes_applied.iter().find(|applied| is_it(&applied.subject)) {
        let fate = summary.fates.get(fingerprint.as_str()).copied().unwrap_or("proven");
        return format!("{fate}: {}", prose(&applied.title));
    }
    match repairs.healing.refused.iter().find(|refused| is_it(&refused.subject)) {
        Some(refused) if refused.reason != Reason::NoFix => prose(&refused.reason.to_string()),
        _ => "by hand".to_owned(),
    }
}

fn simulated_title(site: &SiteVerdict) -> String {
    format!("<details><summary>What was simulated: {} on {}</summary>\n\n", html(&site.name), site.platform.title)
}

/// What the platform would do with a site, line by line.
fn simulated(site: &SiteVerdict) -> impl Iterator<Item = String> {
    let line = |decision: &Decision| {
        let reason = prose(&because(decision, &site.sources));
        format!("- {} = {}, {reason}\n", markdown(&decision.name), code(&decision.value))
    };
    let decisions = site.decisions.iter().map(line);
    let groups = site.groups.iter().flat_map(move |group| {
        let title = format!("- {}, {}\n", code(&group.name), group.kind);
        std::iter::once(title).chain(group.decisions.iter().map(move |one| format!("  {}", line(one))))
    });
    let step = |(at, step): (usize, &crate::sim::plan::Step)| {
        format!("{}. {} ({})\n", at + 1, markdown(&step.name), step.stage.name())
    };
    let steps = site.steps.iter().enumerate().map(step);
    let unknowns = site.unknowns.iter().map(|unknown| {
        format!("- unknown: {}; it would change {}\n", prose(&unknown.what), prose(&unknown.would_change))
    });
    let context = (!site.context.is_empty()).then(|| format!("- context = {}\n", code(&site.context)));
    let blank = (!site.steps.is_empty()).then(|| "\n".to_owned());
    context.into_iter().chain(decisions).chain(groups).chain(unknowns).chain(blank).chain(steps)
}
