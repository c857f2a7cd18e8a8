//! RND021: a setting of previews stands where its kind of resource has none.

use crate::platform::render::blueprint::Class;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Remark, Subject};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

use super::edit::Editor;
use super::remark;

/// A resource has a setting of previews that belongs to another kind of resource.
pub(super) static RULE: Rule = Rule {
    id: "RND021",
    name: "preview-field-misplaced",
    summary: "A setting of previews is in the wrong place",
    docs: "\
## What happens

Render refuses `previews` on a database. An old name on a service is read, and a plan of another family is refused \
when the preview is made.

## Why

Services have `previews` with `generation`, `plan` and `numInstances`. Databases and Key Value instances have \
`previewPlan` instead.

## How to mend it

Use the field of the kind. `plan` and `previewPlan` of a database are both of today, or both of the old family.
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
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["unknown-field", "deprecated-field", "preview-plan-family", "service-previews-off"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES).filter(|remark| is_ours(remark)) {
        let mut finding = remark::finding(&RULE, remark).maybe_fix(fix(site, remark));
        if remark.rule == "deprecated-field" {
            finding = finding.severity(Severity::Low);
        }
        out.report(finding);
    }
    for service in site.blueprint.services.iter().filter(|service| service.class == Some(Class::KeyValue)) {
        if let Some(span) = service.key_span("previews") {
            let message = "a Key Value instance has no \"previews\"; it has \"previewPlan\"";
            out.report(RULE.finding(message).at(span).severity(Severity::Medium));
        }
    }
}

fn is_ours(remark: &Remark) -> bool {
    match remark.rule {
        "unknown-field" => remark.key.as_deref() == Some("previews"),
        "deprecated-field" => remark.key.as_deref() == Some("previewPlan"),
        _ => true,
    }
}

fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let (place, editor) = (remark::place(site, remark)?, Editor::of(site));
    match remark.rule {
        "deprecated-field" => {
            let node = place.table.get("previewPlan").filter(|_| !place.table.contains_key("previews"))?;
            let value = format!("{{ plan: {} }}", editor.written(node.span));
            let changes = [editor.rewrite(place, "previewPlan", "previews", &value)];
            editor.fix(Applicability::Safe, "write \"previews.plan\"", changes)
        }
        "unknown-field" => {
            let previews = place.table.get("previews").and_then(Node::as_table)?;
            let plan =
                previews.get("plan").filter(|_| previews.len() == 1 && !place.table.contains_key("previewPlan"))?;
            let key = place.table.key_span("previews")?;
            let written = editor.written(plan.span);
            let is_plain = !written.is_empty() && !written.contains('\n') && is_database(remark);
            let span = Span { end: plan.span.end, ..key };
            let change = is_plain.then(|| Change::Edit { span, text: format!("previewPlan: {written}") });
            editor.fix(Applicability::Review, "write \"previewPlan\", which is the key of databases", [change])
        }
        "service-previews-off" => {
            let is_alone = place.table.get("previews").and_then(Node::as_table).is_some_and(|table| table.len() == 1);
            let change = editor.remove(place, "previews").filter(|_| is_alone);
            editor.fix(Applicability::Review, "remove \"previews\"", [change])
        }
        _ => None,
    }
}

fn is_database(remark: &Remark) -> bool {
    matches!(remark.subject, Subject::Database(_))
}
