//! The long form in Markdown: the summary of a check run and of a job.

use std::fmt::Write as _;

use crate::report::heal::HealReport;
use crate::report::{Style, plan};
use crate::rule::finding::Level;
use crate::text::escape;
use crate::verdict::{SiteVerdict, Status};

use super::outlook::{clause, counted};
use super::remark::{Remark, Repair};
use super::{Inspection, limit};

/// Remarks in the table; the rest is counted.
const MOST_ROWS: usize = 200;

/// Bytes of the plan and of the patch, each.
const FOLDED: usize = 20_000;

/// The patch of all proven repairs, for `git apply` at the top of the repository.
#[must_use]
pub fn patch(inspection: &Inspection) -> String {
    let report = HealReport {
        root: inspection.folder().to_owned(),
        prefix: inspection.prefix.clone(),
        healing: &inspection.healing,
        is_written: false,
        patch: None,
        notices: Vec::new(),
    };
    report.patch_text(false)
}

/// The verdict, a table of the sites, a table of the remarks, the plan and the patch, in at most `room` bytes.
#[must_use]
pub fn render(inspection: &Inspection, remarks: &[Remark], room: usize) -> String {
    let sites = &inspection.healing.before;
    let mut out = format!("**{}.** {}\n\n", escape::markdown(&clause(sites)), counts(remarks));
    for notice in &inspection.notices {
        let _ = writeln!(out, "Note: {}\n", escape::prose(notice));
    }
    out.push_str(&site_table(sites));
    let folded = plans(inspection) + &patches(inspection);
    let pointer = "… and more: see the report files of this run, or run `chimeractl simulate`.";
    let table = remark_table(remarks);
    let table = limit::lines(&table, room.saturating_sub(out.len() + folded.len() + 2), pointer);
    out.push_str(&table);
    out.push('\n');
    out.push_str(&folded);
    limit::lines(&out, room, pointer)
}

fn counts(remarks: &[Remark]) -> String {
    let count = |level| remarks.iter().filter(|remark| remark.level() == level).count();
    let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "note")];
    let words: Vec<String> = levels.into_iter().map(|(level, noun)| counted(count(level), noun)).collect();
    let mut files: Vec<&str> = remarks.iter().filter_map(|remark| remark.path.as_deref()).collect();
    files.sort_unstable();
    files.dedup();
    let places = if files.is_empty() { String::new() } else { format!(" in {}", counted(files.len(), "file")) };
    let ready = remarks.iter().filter(|remark| remark.repair.is_ready()).count();
    let healed = if ready == 0 { String::new() } else { format!(" Can be healed: {ready} of {}.", remarks.len()) };
    format!("{}{places}.{healed}", words.join(", "))
}

fn site_table(sites: &[SiteVerdict]) -> String {
    if sites.is_empty() {
        return String::new();
    }
    let mut out = "| site | platform | verdict | stage | findings |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for site in sites.iter().take(MOST_ROWS) {
        let verdict = match (site.status, site.deploy) {
            (Status::Pass, _) => "would pass",
            (Status::Unknown, _) => "not decided by the files",
            (Status::Fail, Status::Fail) => "would fail",
            (Status::Fail, _) => "would turn green and be broken",
        };
        let stage = site.stage.map_or("", |stage| stage.name());
        let errors = counted(site.at_level(Level::Error).count(), "error");
        let warnings = counted(site.at_level(Level::Warning).count(), "warning");
        let name = escape::code(&site.name);
        let _ = writeln!(out, "| {name} | {} | {verdict} | {stage} | {errors}, {warnings} |", site.platform.title);
    }
    if sites.len() > MOST_ROWS {
        let _ = writeln!(out, "| … | | | | {} more |", sites.len() - MOST_ROWS);
    }
    out.push('\n');
    out
}

fn remark_table(remarks: &[Remark]) -> String {
    if remarks.is_empty() {
        return String::new();
    }
    let mut out = "| where | what | repair |\n| --- | --- | --- |\n".to_owned();
    for remark in remarks.iter().take(MOST_ROWS) {
        let repair = match &remark.repair {
            Repair::Person(title) => format!("needs you: {}", escape::prose(title)),
            repair => repair.word().to_owned(),
        };
        let level = remark.level().name();
        let (place, message) = (escape::code(&remark.place()), escape::prose(&remark.message));
        let _ = writeln!(out, "| {place} | **{}** ({level}) {message} | {repair} |", remark.rule.id);
    }
    if remarks.len() > MOST_ROWS {
        let _ = writeln!(out, "| … | {} more | |", remarks.len() - MOST_ROWS);
    }
    out
}

fn plans(inspection: &Inspection) -> String {
    let sites = &inspection.healing.before;
    if sites.is_empty() {
        return String::new();
    }
    let text = plan::human(sites, &[], Style::default());
    let text = limit::lines(&shown(&text), FOLDED, "…");
    fold("What was simulated", &escape::fence(&text, "text"))
}

fn patches(inspection: &Inspection) -> String {
    let text = patch(inspection);
    if text.is_empty() {
        return String::new();
    }
    if text.len() > FOLDED {
        return "The repairs as a patch are in the report files; `chimeractl heal --write` does the same.\n".to_owned();
    }
    let how = "For `git apply`; `chimeractl heal --write` does the same for those that are safe.\n\n";
    fold("Repairs as a patch", &format!("{how}{}", escape::fence(&text, "diff")))
}

fn fold(title: &str, body: &str) -> String {
    format!("<details><summary>{title}</summary>\n\n{body}\n</details>\n\n")
}

/// Every line with what is hidden in it spelled out.
fn shown(text: &str) -> String {
    text.lines().map(|line| escape::line(line).into_owned() + "\n").collect()
}

/// The explanations of the rules that the remarks are about, each once.
#[must_use]
pub fn explanations(remarks: &[Remark], room: usize) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = String::new();
    for remark in remarks {
        if seen.contains(&remark.rule.id) {
            continue;
        }
        seen.push(remark.rule.id);
        let _ = writeln!(out, "## {} {}\n\n{}\n", remark.rule.id, remark.rule.name, remark.rule.docs.trim());
    }
    limit::lines(&out, room, "… more with `chimeractl explain RULE`.")
}
