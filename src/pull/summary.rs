//! The long form in Markdown: the summary of a check run and of a job.

use std::fmt::Write as _;

use crate::report::anchor::Site;
use crate::report::heal::HealReport;
use crate::report::human::plural;
use crate::report::markdown::{self, Summary};

use super::remark::{Remark, Repair};
use super::{Inspection, limit};

fn report(inspection: &Inspection) -> HealReport<'_> {
    HealReport {
        root: inspection.folder().to_owned(),
        prefix: inspection.prefix.clone(),
        healing: &inspection.healing,
        is_written: false,
        patch: None,
        notices: Vec::new(),
    }
}

/// The patch of all proven repairs, for `git apply` at the top of the repository.
#[must_use]
pub fn patch(inspection: &Inspection) -> String {
    report(inspection).patch_text(false)
}

/// The verdict, a table of the sites, a table of the findings, the plan, the patch and the certification, in at most
/// `room` bytes.
#[must_use]
pub fn render(inspection: &Inspection, remarks: &[Remark], room: usize) -> String {
    let ready = remarks.iter().filter(|remark| remark.repair.is_ready() && remark.repair != Repair::Patch);
    let fates = ready.flat_map(|remark| {
        let word = remark.repair.word();
        remark.fingerprints.iter().map(move |fingerprint| (fingerprint.as_str(), word))
    });
    let summary = Summary {
        sites: sites(inspection).collect(),
        notices: &inspection.notices,
        repairs: Some(&report(inspection)),
        fates: fates.collect(),
    };
    let count = |fate: &Repair| remarks.iter().filter(|remark| remark.repair == *fate).count();
    let told = match remarks.len() {
        0 => String::new(),
        all => format!(
            "\n{}: all here, {} as suggestions, {} on files, {} only in the patch.\n",
            plural(all, "finding"),
            count(&Repair::Suggested),
            count(&Repair::OnFile),
            count(&Repair::Patch)
        ),
    };
    let certified = inspection.certification.as_ref().map(|text| format!("\n{text}")).unwrap_or_default();
    markdown::summary(&summary, room.saturating_sub(told.len() + certified.len())) + &told + &certified
}

/// The sites of a folder, as reports take them.
pub(super) fn sites(inspection: &Inspection) -> impl Iterator<Item = Site<'_>> {
    inspection.healing.before.iter().map(|verdict| Site { verdict, prefix: &inspection.prefix })
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
        let _ = writeln!(out, "# {} {}\n\n{}\n", remark.rule.id, remark.rule.name, remark.rule.docs.trim());
    }
    limit::lines(&out, room, "… more with `chimeractl explain RULE`.")
}
