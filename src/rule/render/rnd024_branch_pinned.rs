//! RND024: a branch is pinned although there are previews.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A service names a branch although preview environments are on.
pub(super) static RULE: Rule = Rule {
    id: "RND024",
    name: "branch-pinned",
    summary: "Previews build a branch that is pinned",
    docs: "\
## What happens

Every preview builds the branch that is named, not that of its pull request.

## Why

`branch` holds for all environments that are made from the Blueprint. Without it, each takes the branch that it is \
made for.

## How to mend it

Take `branch` out. The service then follows the branch of the Blueprint.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Checkout,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["branch-with-previews"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let Some(place) = remark::place(site, remark) else { continue };
        let editor = Editor::of(site);
        let fix = editor.fix(Applicability::Review, "remove \"branch\"", [editor.remove(place, "branch")]);
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
}
