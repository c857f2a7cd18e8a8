//! RND025: a workflow without repository or build command.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::remark;

/// A workflow lacks `repo` or `buildCommand`.
pub(super) static RULE: Rule = Rule {
    id: "RND025",
    name: "workflow-incomplete",
    summary: "A workflow lacks its repository or its build command",
    docs: "\
## What happens

Render refuses the whole Blueprint, although the published schema takes it.

## Why

A workflow does not fall back to the repository of the Blueprint, and it is built like a native service.

## How to mend it

Write `repo` with the address of the repository, and `buildCommand`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Never,
    evidence: &[observed("https://github.com/render-oss/skills/pull/15", "2026-11-20")],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["workflow-required"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |_| None);
}
