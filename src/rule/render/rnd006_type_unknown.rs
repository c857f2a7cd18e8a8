//! RND006: a type or a runtime does not exist.

use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::database_edit;
use super::edit::Editor;
use super::remark;

/// A service has a type or a runtime that Render does not know, or none.
pub(super) static RULE: Rule = Rule {
    id: "RND006",
    name: "type-unknown",
    summary: "A service has no type or runtime that Render knows",
    docs: "\
## What happens

Render refuses the whole Blueprint.

## Why

`type` is one of web, pserv, worker, cron, keyvalue and workflow, and `runtime` one of node, python, ruby, go, \
rust, elixir, docker, image and static. A static site has no type of its own: it is a web service with the runtime \
static. A database is no service: it is an entry of `databases`.

## How to mend it

Write the type and the runtime by their names. `env` is the old name of `runtime` and still read.
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
        source("https://github.com/render-oss/skills/blob/main/skills/render-static-sites/SKILL.md", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["missing-type", "unknown-type", "missing-runtime", "invalid-runtime", "static-not-web"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |remark| fix(site, remark));
}

fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let resource = remark::resource(site, remark)?;
    let (place, editor) = (remark::whole(resource), Editor::of(site));
    let has_runtime = place.table.contains_key("runtime") || place.table.contains_key("env");
    match (remark.rule, remark.key.as_deref()) {
        ("unknown-type", _) if is_static(resource.value("type")) => {
            let runtime = editor.insert(place, "type", "runtime", "static");
            let kind = editor.set(place, "type", "web");
            let changes = if has_runtime { vec![kind] } else { vec![kind, runtime] };
            let is_safe = !has_runtime || resource.value("runtime") == "static" || resource.value("env") == "static";
            let applicability = if is_safe { Applicability::Safe } else { Applicability::Review };
            editor.fix(applicability, "make it a web service with the runtime static", changes)
        }
        ("unknown-type", _) if database_edit::is_database(resource.value("type")) => {
            database_edit::moved(site, resource)
        }
        ("invalid-runtime", Some(key)) if database_edit::is_database(resource.value(key)) => {
            database_edit::moved(site, resource)
        }
        // What has a database and no program is one.
        ("missing-runtime", _) if resource.value("type") == "pserv" && database_edit::is_asked(site, resource) => {
            database_edit::moved(site, resource)
        }
        ("unknown-type", Some(key)) | ("invalid-runtime", Some(key)) => {
            let meant = remark.meant.as_deref()?;
            let is_plain = matches!(resource.value(key), "nodejs" | "python3" | "golang");
            let applicability = if is_plain { Applicability::Safe } else { Applicability::Review };
            editor.fix(applicability, format!("set \"{key}\" to \"{meant}\""), [editor.set(place, key, meant)])
        }
        _ => None,
    }
}

fn is_static(word: &str) -> bool {
    matches!(word.to_lowercase().replace('_', "-").as_str(), "static" | "static-site" | "staticsite")
}
