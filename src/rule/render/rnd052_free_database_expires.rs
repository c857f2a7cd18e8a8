//! RND052: a free database.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

/// A database has the free plan.
pub(super) static RULE: Rule = Rule {
    id: "RND052",
    name: "free-database-expires",
    summary: "A free database expires",
    docs: "\
## What happens

Thirty days after it was made the database can no longer be reached, and later it is deleted with everything in \
it.

## Why

The free plan of Postgres is for trying things out: it ends by itself, and there are no backups.

## How to mend it

Choose a paid plan before anything is stored that must not be lost.
",
    severity: Severity::Low,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://render.com/docs/free", "2026-11-20"),
        observed("https://github.com/antoineDsh/n8n-render-lamachine/pull/6", "2026-11-20"),
        observed("https://github.com/songquanpeng/one-api/issues/939", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for database in &site.blueprint.databases {
        let Some(plan) = database.text("plan").filter(|plan| plan.value.eq_ignore_ascii_case("free")) else { continue };
        let message = format!("the database \"{}\" is free and expires 30 days after it was made", database.name());
        out.report(RULE.finding(message).at(plan.span));
    }
}
