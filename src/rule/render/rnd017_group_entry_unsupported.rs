//! RND017: an environment group holds what groups cannot hold.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::remark;

/// An environment group has entries that are refused or ignored.
pub(super) static RULE: Rule = Rule {
    id: "RND017",
    name: "group-entry-unsupported",
    summary: "An environment group has an entry that groups cannot have",
    docs: "\
## What happens

References in a group make Render refuse the Blueprint. A variable with `sync: false` is passed over in silence: \
it never exists, and services find it unset.

## Why

A group holds values that are the same for all who use it, so its entries have `value` or `generateValue`. The \
question that `sync: false` asks is asked for services only.

## How to mend it

Move the entry to every service that uses the group.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/field-reference.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["ref-in-group", "sync-false-in-group"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        out.report(remark::finding(&RULE, remark));
    }
}
