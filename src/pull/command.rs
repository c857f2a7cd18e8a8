//! The log of a job: a line for every remark, and workflow commands where nothing better can be written.

use std::fmt::Write as _;

use crate::report::human::plural;
use crate::rule::finding::Level;
use crate::text::escape;

use super::Inspection;
use super::check_run::annotation;
use super::outlook::clause;
use super::remark::{Remark, Repair};

/// Annotations of a step that the runner shows, of each kind (`ExecutionContext.cs`); ours are that many in all, so that other
/// steps keep their place.
const MOST: usize = 10;

/// What was found in a folder, for the people who read the log.
#[must_use]
pub fn log(inspection: &Inspection, remarks: &[Remark]) -> String {
    let mut out = format!("{}: {}\n", escape::log(inspection.folder()), clause(inspection));
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
    let (errors, warnings) = (plural(count(Level::Error), "error"), plural(count(Level::Warning), "warning"));
    let _ = writeln!(out, "  {errors}, {warnings}, {}", plural(count(Level::Note), "note"));
    out
}

/// The worst remarks as workflow commands, and a line that counts the rest.
#[must_use]
pub fn commands(remarks: &[Remark]) -> (String, usize) {
    let mut out: String = remarks.iter().take(MOST).map(command).collect();
    if remarks.len() > MOST {
        let _ = writeln!(out, "and {} more in the summary of this job", remarks.len() - MOST);
    }
    (out, remarks.len().min(MOST))
}

fn command(remark: &Remark) -> String {
    let name = match remark.level() {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
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
