//! The log of a job: a line for every remark, and workflow commands where nothing better can be written.

use std::fmt::Write as _;

use crate::rule::finding::Level;
use crate::text::escape;

use super::Inspection;
use super::check_run::annotation;
use super::outlook::{clause, counted};
use super::remark::{Remark, Repair};

/// Annotations of one kind that the runner shows of a step (`ExecutionContext.cs`).
const MOST_OF_A_KIND: usize = 10;

/// What was found in a folder, for the people who read the log.
#[must_use]
pub fn log(inspection: &Inspection, remarks: &[Remark]) -> String {
    let mut out = format!("{}: {}\n", escape::log(inspection.folder()), clause(&inspection.healing.before));
    for notice in &inspection.notices {
        let _ = writeln!(out, "  note: {}", escape::log(notice));
    }
    for remark in remarks {
        let repair = match &remark.repair {
            Repair::Unknown => String::new(),
            Repair::Person(title) => format!(" (needs you: {})", escape::log(title)),
            repair => format!(" ({})", repair.word()),
        };
        let (place, message) = (escape::log(&remark.place()), escape::log(&remark.message));
        let _ = writeln!(out, "  {}  {place}  {}  {message}{repair}", remark.level().name(), remark.rule.id);
    }
    let count = |level| remarks.iter().filter(|remark| remark.level() == level).count();
    let (errors, warnings) = (counted(count(Level::Error), "error"), counted(count(Level::Warning), "warning"));
    let _ = writeln!(out, "  {errors}, {warnings}, {}", counted(count(Level::Note), "note"));
    out
}

/// The worst remarks as workflow commands, ten of a kind, and a last one that counts the rest.
#[must_use]
pub fn commands(remarks: &[Remark]) -> String {
    let mut out = String::new();
    let mut left = 0;
    for (level, name) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")] {
        let of_level: Vec<&Remark> = remarks.iter().filter(|remark| remark.level() == level).collect();
        // The last place of its kind is for what counts the rest.
        let room = if level == Level::Note { MOST_OF_A_KIND - 1 } else { MOST_OF_A_KIND };
        left += of_level.len().saturating_sub(room);
        of_level.iter().take(room).for_each(|remark| out.push_str(&command(name, remark)));
    }
    if left > 0 {
        let _ = writeln!(out, "::notice::and {left} more in the summary of this job");
    }
    out
}

fn command(name: &str, remark: &Remark) -> String {
    let title = escape::command_property(&format!("{} {}", remark.rule.id, remark.rule.name));
    let message = escape::command_message(&remark.message);
    match annotation(remark) {
        Some(at) => {
            let path = escape::command_property(&at.path);
            let lines = format!("line={},endLine={}", at.start_line, at.end_line);
            format!("::{name} file={path},{lines},title={title}::{message}\n")
        }
        None => format!("::{name} title={title}::{message}\n"),
    }
}
