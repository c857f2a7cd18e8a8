//! RND010: a pre-deploy command on a free service.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::remark;

/// A free service has a pre-deploy command.
pub(super) static RULE: Rule = Rule {
    id: "RND010",
    name: "free-pre-deploy",
    summary: "A free service has a pre-deploy command",
    docs: "\
## What happens

Render refuses the whole Blueprint.

## Why

The pre-deploy command runs on an instance of its own between build and start, which is part of the paid plans.

## How to mend it

Raise the plan, or put the command before the start command: `npm run migrate && npm start`. It then runs at every \
start of every instance, so it must be safe to repeat.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        observed("https://github.com/maybe-finance/maybe/issues/1717", "2026-11-20"),
        observed("https://github.com/cedarjs/cedar/pull/2401", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["free-pre-deploy"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        if remark::resource(site, remark).is_some() {
            out.report(remark::finding(&RULE, remark).maybe_fix(remark::paid(site, remark)));
        }
    }
}
