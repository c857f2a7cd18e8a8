//! RND064: several instances where there can be one.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A service asks for several instances and can have one, or does not say how many.
pub(super) static RULE: Rule = Rule {
    id: "RND064",
    name: "scaling-impossible",
    summary: "The service cannot have several instances",
    docs: "\
## What happens

A service with a disk, and a free service, is not scaled: the documentation rules it out. Bounds that are missing \
or contradict each other leave open what happens.

## Why

A disk belongs to one instance. A free service has one instance. `scaling` needs both bounds and at least one \
target.

## How to mend it

Take out the scaling or the disk, or keep the data in a database or in object storage.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source("https://github.com/render-oss/skills/blob/main/skills/render-disks/SKILL.md", "2026-11-20"),
        source("https://github.com/render-oss/skills/blob/main/skills/render-scaling/SKILL.md", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] =
    &["disk-scaling", "free-scaling", "scaling-bounds", "scaling-target", "scaling-and-num-instances"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let Some((place, key)) = remark::place(site, remark).zip(remark.key.as_deref()) else { continue };
        let mut finding = remark::finding(&RULE, remark);
        let editor = Editor::of(site);
        if matches!(remark.rule, "disk-scaling" | "free-scaling") {
            let fix = editor.fix(Applicability::Review, format!("remove \"{key}\""), [editor.remove(place, key)]);
            finding = finding.severity(Severity::High).maybe_fix(fix);
            finding.notes.clear();
        } else if remark.rule == "scaling-and-num-instances" {
            let fix = editor.fix(Applicability::Safe, "remove \"numInstances\"", [editor.remove(place, key)]);
            finding = finding.severity(Severity::Low).maybe_fix(fix);
        }
        out.report(finding);
    }
}
