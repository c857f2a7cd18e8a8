//! RND016: a Key Value instance does not say who may connect.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A Key Value instance has no `ipAllowList`.
pub(super) static RULE: Rule = Rule {
    id: "RND016",
    name: "ip-allow-list-missing",
    summary: "The Key Value instance does not say who may connect",
    docs: "\
## What happens

Render refuses the whole Blueprint.

## Why

A Key Value instance must list the addresses outside of Render that may connect, even if there are none.

## How to mend it

Write `ipAllowList: []`: services of Render reach the instance, nobody else does.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/field-reference.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["keyvalue-ip-allow-list"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let Some(resource) = remark::resource(site, remark) else { continue };
        let editor = Editor::of(site);
        let place = remark::whole(resource);
        let after = ["plan", "name", "type"].into_iter().find(|key| place.table.contains_key(key)).unwrap_or_default();
        let change = editor.insert(place, after, "ipAllowList", "[]");
        let fix = editor.fix(Applicability::Safe, "let only services of Render connect", [change]);
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
}
