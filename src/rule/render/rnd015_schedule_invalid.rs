//! RND015: a cron job without a schedule that can be read.

use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A cron job has no schedule, or one that is no cron expression.
pub(super) static RULE: Rule = Rule {
    id: "RND015",
    name: "schedule-invalid",
    summary: "The cron job has no valid schedule",
    docs: "\
## What happens

Render refuses a cron job without a schedule. What it does about an expression that it cannot read is not on \
record; the job would not run as it was meant.

## Why

The schedule has five fields: minute, hour, day of the month, month, day of the week, in UTC. There are no seconds \
and no short forms such as `@daily`.

## How to mend it

Write five fields, in quotes, since YAML takes a leading `*` for an alias: `\"0 3 * * *\"`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/field-reference.md",
            "2026-11-20",
        ),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-cron-jobs/references/cron-patterns.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["cron-no-schedule", "cron-schedule"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |remark| fix(site, remark));
}

fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let resource = remark::resource(site, remark)?;
    let fields: Vec<&str> = resource.value("schedule").split_whitespace().collect();
    let schedule = match fields[..] {
        ["@hourly"] => "0 * * * *".to_owned(),
        ["@daily" | "@midnight"] => "0 0 * * *".to_owned(),
        ["@weekly"] => "0 0 * * 0".to_owned(),
        ["@monthly"] => "0 0 1 * *".to_owned(),
        ["0", _, _, _, _, _] => fields[1..].join(" "),
        _ => return None,
    };
    let editor = Editor::of(site);
    let change = editor.set(remark::whole(resource), "schedule", &format!("\"{schedule}\""));
    editor.fix(Applicability::Review, format!("write \"{schedule}\""), [change])
}
