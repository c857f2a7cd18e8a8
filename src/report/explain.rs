//! What a rule is about: its documentation, the way `explain` prints it.

use crate::rule::{Confidence, FixAvailability, Rule};

/// A rule as a Markdown section.
#[must_use]
pub fn markdown(rule: &Rule) -> String {
    let confidence = match rule.confidence {
        Confidence::Certain => "certain from files",
        Confidence::Likely => "likely from files",
    };
    let fix = match rule.fix {
        FixAvailability::Never => "no automatic fix",
        FixAvailability::Sometimes => "sometimes with a fix",
        FixAvailability::Always => "always with a fix",
    };
    let mut out = format!(
        "# {} `{}`\n\n{}.\n\n*{} ({}), stage {}, {confidence}, {fix}*\n\n{}\n",
        rule.id,
        rule.name,
        rule.summary,
        rule.severity.name(),
        rule.severity.level().name(),
        rule.stage.name(),
        rule.docs.trim(),
    );
    if !rule.evidence.is_empty() {
        out.push_str("\n## Evidence\n\n");
        for evidence in rule.evidence {
            out.push_str(&format!("- {} ({}, seen {})\n", evidence.url, evidence.kind.name(), evidence.seen));
        }
    }
    out
}

/// One line per rule.
#[must_use]
pub fn list<'a>(rules: impl Iterator<Item = &'a Rule>) -> String {
    rules.map(|rule| format!("{}  {:8}  {:48}  {}\n", rule.id, rule.severity.name(), rule.name, rule.summary)).collect()
}
