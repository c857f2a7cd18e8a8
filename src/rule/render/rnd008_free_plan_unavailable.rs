//! RND008: a free plan where there is none.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::remark;

/// A service of a type without a free plan asks for one.
pub(super) static RULE: Rule = Rule {
    id: "RND008",
    name: "free-plan-unavailable",
    summary: "The type of the service has no free plan",
    docs: "\
## What happens

Render refuses the whole Blueprint.

## Why

There are free web services, free Key Value instances and free databases. Private services, background workers, \
cron jobs and workflows need an instance that is paid for.

## How to mend it

Choose `starter`, or make it a part of a free web service.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-deploy/references/blueprint-spec.md",
            "2026-11-20",
        ),
        observed("https://github.com/render-oss/terraform-provider-render/issues/44", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["free-plan-type"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        if remark::resource(site, remark).is_some() {
            out.report(remark::finding(&RULE, remark).maybe_fix(remark::paid(site, remark)));
        }
    }
}
