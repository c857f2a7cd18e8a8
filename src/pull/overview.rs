//! The verdict as a comment below the pull request, for those who want it there.

use std::fmt::Write as _;

use crate::text::escape;

use super::remark::Remark;
use super::{Inspection, limit, outlook, summary};

/// Begins our comment, so that it is found and written again.
pub const MARK: &str = "<!-- chimera:overview -->";

/// The comment about all folders that were looked at.
#[must_use]
pub fn comment(folders: &[(&Inspection, &Vec<Remark>)]) -> String {
    let mut out = format!("{MARK}\n");
    for (inspection, remarks) in folders {
        let place = if folders.len() > 1 { format!("{}: ", escape::code(inspection.folder())) } else { String::new() };
        let _ = writeln!(out, "### {place}{}\n", outlook::title(inspection, remarks));
        out.push_str(&summary::render(inspection, remarks, limit::COMMENT / folders.len()));
    }
    limit::lines(&out, limit::COMMENT, "… the rest is in the summary of the job.")
}
