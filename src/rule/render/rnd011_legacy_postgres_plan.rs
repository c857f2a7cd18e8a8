//! RND011: a Postgres plan of the old family.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A database asks for a plan that no new database gets.
pub(super) static RULE: Rule = Rule {
    id: "RND011",
    name: "legacy-postgres-plan",
    summary: "The Postgres plan is closed for new databases",
    docs: "\
## What happens

Render refuses to create the database, and with it the whole Blueprint. A database that already has the plan keeps \
it.

## Why

The plans starter, standard, pro and pro plus of databases were replaced by plans that name their memory, such as \
basic-256mb or pro-4gb, whose disk is chosen apart.

## How to mend it

Choose a plan of today, or `free`. The change costs something else than before: look at the prices first.
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
        observed("https://github.com/brightbeanxyz/brightbean-studio/issues/14", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["legacy-postgres-plan", "disk-size-on-legacy-plan"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let Some(resource) = remark::resource(site, remark) else { continue };
        let successor = match resource.value("plan").to_lowercase().as_str() {
            "starter" => Some("basic-256mb"),
            "standard" => Some("basic-1gb"),
            _ => None,
        };
        let editor = Editor::of(site);
        let fix = successor.filter(|_| remark.rule == "legacy-postgres-plan").and_then(|plan| {
            let title = format!("set \"plan\" to \"{plan}\", which has another price");
            editor.fix(Applicability::Review, title, [editor.set(remark::whole(resource), "plan", plan)])
        });
        let mut finding = remark::finding(&RULE, remark).maybe_fix(fix);
        if remark.rule == "legacy-postgres-plan" {
            finding = finding.note("a database that already has this plan keeps it");
        }
        out.report(finding);
    }
}
