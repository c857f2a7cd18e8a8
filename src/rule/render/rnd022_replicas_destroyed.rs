//! RND022: an empty list of read replicas.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::remark;

/// A database has an empty list of read replicas.
pub(super) static RULE: Rule = Rule {
    id: "RND022",
    name: "replicas-destroyed",
    summary: "An empty list destroys all read replicas",
    docs: "\
## What happens

The next sync destroys the read replicas that the database has.

## Why

An omitted `readReplicas` leaves them as they are; an empty list says that there are none.

## How to mend it

Take the key out, unless that is what you want.
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

const NAMES: &[&str] = &["replicas-emptied"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |_| None);
}
