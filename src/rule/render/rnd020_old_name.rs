//! RND020: a key or a word by its old name.

use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::tree::Node;

use super::edit::Editor;
use super::remark;

/// The Blueprint uses names that Render has replaced and still reads.
pub(super) static RULE: Rule = Rule {
    id: "RND020",
    name: "old-name",
    summary: "The Blueprint uses old names",
    docs: "\
## What happens

Nothing: Render reads the old names as the new ones. The published schema no longer knows most of them, so editors \
mark them as errors.

## Why

`env` became `runtime`, the type `redis` became `keyvalue`, `autoDeploy` became `autoDeployTrigger`, \
`previewsEnabled` and `pullRequestPreviewsEnabled` became `previews.generation`, and `domain` became `domains`.

## How to mend it

Write the new names; they mean the same.
",
    severity: Severity::Low,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
        observed("https://github.com/render-examples/celery/pull/18", "2026-11-20"),
        observed("https://github.com/cedarjs/cedar/pull/2307", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["deprecated-field", "env-and-runtime"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES).filter(|remark| remark.key.as_deref() != Some("previewPlan")) {
        out.report(remark::finding(&RULE, remark).severity(Severity::Low).maybe_fix(fix(site, remark)));
    }
}

fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let (place, editor) = (remark::place(site, remark)?, Editor::of(site));
    let truth = |key: &str| place.table.get(key).and_then(Node::as_bool);
    match remark.key.as_deref()? {
        "env" if remark.rule == "env-and-runtime" => {
            editor.fix(Applicability::Review, "remove \"env\"", [editor.remove(place, "env")])
        }
        "env" => {
            let change = editor.rename(place, "env", "runtime");
            editor.fix(Applicability::Safe, "rename \"env\" to \"runtime\"", [change])
        }
        "type" => editor.fix(Applicability::Safe, "write \"keyvalue\"", [editor.set(place, "type", "keyvalue")]),
        // A Key Value instance is built from nothing, so that nothing could start its deploy.
        "autoDeploy" if matches!(place.table.get("type").and_then(Node::as_str), Some("redis" | "keyvalue")) => {
            editor.fix(Applicability::Review, "remove \"autoDeploy\"", [editor.remove(place, "autoDeploy")])
        }
        "autoDeploy" => {
            let trigger = if truth("autoDeploy")? { "commit" } else { "\"off\"" };
            let changes = match place.table.contains_key("autoDeployTrigger") {
                true => vec![editor.remove(place, "autoDeploy")],
                false => {
                    vec![editor.rewrite(place, "autoDeploy", "autoDeployTrigger", trigger)]
                }
            };
            editor.fix(
                Applicability::Safe,
                format!("write \"autoDeployTrigger: {}\"", trigger.trim_matches('"')),
                changes,
            )
        }
        "domain" => {
            let node = place.table.get("domain").filter(|node| node.as_str().is_some())?;
            let list = format!("[{}]", editor.written(node.span));
            let changes = [editor.rewrite(place, "domain", "domains", &list)];
            editor.fix(Applicability::Safe, format!("write \"domains: {list}\""), changes)
        }
        key @ ("pullRequestPreviewsEnabled" | "previewsEnabled") => {
            let has_more = place.table.contains_key("previews") || place.table.contains_key("previewsExpireAfterDays");
            let generation = if truth(key).filter(|_| !has_more)? { "automatic" } else { "\"off\"" };
            let value = format!("{{ generation: {generation} }}");
            let changes = [editor.rewrite(place, key, "previews", &value)];
            let is_kept = key == "previewsEnabled" || generation == "automatic";
            let changes = if is_kept { changes.to_vec() } else { vec![editor.remove(place, key)] };
            editor.fix(Applicability::Safe, "say it by \"previews.generation\"", changes)
        }
        _ => None,
    }
}
