//! RND014: two resources have one name.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::remark;

/// Two resources of one kind have the same name.
pub(super) static RULE: Rule = Rule {
    id: "RND014",
    name: "name-repeated",
    summary: "Two resources of the Blueprint have one name",
    docs: "\
## What happens

Render knows a resource by its name, so two entries would be one resource with two descriptions. The documentation \
forbids it; what the validator says is not on record.

## Why

Names are unique among the services, among the databases and among the environment groups of a Blueprint, wherever \
they are declared. An entry at the root and one in an environment are two declarations of one resource.

## How to mend it

Give one of them another name, such as one that ends with its environment.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["duplicate-name"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        out.report(remark::finding(&RULE, remark));
    }
}
