//! RND018: a region or a plan that Render does not have.

use crate::platform::render::blueprint::{Class, Resource};
use crate::platform::render::site::RenderSite;
use crate::platform::render::vocabulary::{holds, vocabulary};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::suggest;

use super::edit::Editor;
use super::remark;

/// A resource asks for a region or a plan that is on no list.
pub(super) static RULE: Rule = Rule {
    id: "RND018",
    name: "region-or-plan-unknown",
    summary: "The region or the plan does not exist",
    docs: "\
## What happens

Render refuses regions and plans that it does not have. Lists change, so a name that is missing here is reported \
as a warning. Plans in capital letters are in Render's own templates and taken.

## Why

There are the regions oregon, ohio, virginia, frankfurt and singapore. Plans differ by kind: services, cron jobs, \
Key Value instances and databases each have their list.

## How to mend it

Choose one of the list. A region cannot be changed after the resource was made.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-deploy/references/blueprint-spec.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["plan-case"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let editor = Editor::of(site);
    for remark in remark::of(site, NAMES) {
        let Some((resource, key)) = remark::resource(site, remark).zip(remark.key.as_deref()) else { continue };
        let lower = resource.value(key).to_lowercase();
        let change = editor.set(remark::whole(resource), key, &lower);
        let fix = editor.fix(Applicability::Safe, format!("write \"{lower}\""), [change]);
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
    for service in &site.blueprint.services {
        if service.class != Some(Class::Static) {
            check_region(&editor, service, out);
            check_plan(&editor, service, plans(service.class), out);
        }
    }
    for database in &site.blueprint.databases {
        check_region(&editor, database, out);
        let plans = &vocabulary().plans;
        let legacy = plans.postgres_legacy.iter();
        check_plan(&editor, database, plans.postgres.iter().chain(legacy).map(String::as_str).collect(), out);
    }
}

/// The plans of a type, those that only older services have included.
fn plans(class: Option<Class>) -> Vec<&'static str> {
    let plans = &vocabulary().plans;
    let own = match class {
        Some(Class::Web | Class::Private | Class::Worker) => &plans.server,
        Some(Class::Cron) => &plans.cron,
        Some(Class::KeyValue) => &plans.keyvalue,
        Some(Class::Static | Class::Workflow) | None => return Vec::new(),
    };
    own.iter().chain(&plans.legacy).map(String::as_str).collect()
}

fn check_region(editor: &Editor<'_>, resource: &Resource, out: &mut Sink) {
    let regions = &vocabulary().regions;
    let Some(region) = resource.text("region").filter(|region| !holds(regions, &region.value)) else { return };
    let meant = match region.value.to_lowercase().as_str() {
        "us-east" | "us-east-1" | "us-east1" => Some("virginia"),
        "us-east-2" => Some("ohio"),
        "us-west" | "us-west-1" | "us-west-2" | "us" => Some("oregon"),
        "eu" | "eu-central" | "eu-central-1" | "europe" => Some("frankfurt"),
        "asia" | "ap-southeast-1" | "sg" => Some("singapore"),
        lower => regions
            .iter()
            .map(String::as_str)
            .find(|known| *known == lower)
            .or_else(|| suggest::nearest(lower, regions.iter().map(String::as_str))),
    };
    let message = format!("\"{}\" is no region of Render; there are {}", region.value, regions.join(", "));
    let fix = meant.and_then(|meant| {
        let change = editor.set(remark::whole(resource), "region", meant);
        editor.fix(Applicability::Review, format!("set \"region\" to \"{meant}\""), [change])
    });
    out.report(RULE.finding(message).at(region.span).maybe_fix(fix));
}

fn check_plan(editor: &Editor<'_>, resource: &Resource, known: Vec<&'static str>, out: &mut Sink) {
    let Some(plan) = resource.text("plan") else { return };
    let lower = plan.value.to_lowercase();
    // A free plan where there is none has a rule of its own.
    if known.is_empty() || known.contains(&lower.as_str()) || lower == "free" {
        return;
    }
    let near = suggest::nearest(&lower, known.iter().copied());
    let hint = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
    let message = format!("\"{}\" is no plan of Render for this{hint}", plan.value);
    let fix = near.and_then(|near| {
        let change = editor.set(remark::whole(resource), "plan", near);
        editor.fix(Applicability::Review, format!("set \"plan\" to \"{near}\""), [change])
    });
    out.report(RULE.finding(message).at(plan.span).maybe_fix(fix));
}
