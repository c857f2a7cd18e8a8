//! RND013: a reference asks for something that its target does not offer.

use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::{Editor, Place};
use super::remark;

/// A reference names no property of its target, or lacks a part.
pub(super) static RULE: Rule = Rule {
    id: "RND013",
    name: "reference-invalid",
    summary: "A reference asks for what its target does not offer",
    docs: "\
## What happens

Render refuses the whole Blueprint.

## Why

A database offers connectionString, connectionPoolString, host, port, user, password and database; a web service \
or private service host, port and hostport; a Key Value instance connectionString, host and port. Workers and cron \
jobs offer nothing but their variables, by `envVarKey`. `fromService` says the `type` of its target.

## How to mend it

Name a property of the list. There is none for a public address: `envVarKey: RENDER_EXTERNAL_URL` gives it.
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
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/wiring-patterns.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &[
    "ref-property",
    "ref-no-type",
    "ref-no-property",
    "ref-property-and-key",
    "ref-type-mismatch",
    "ref-static-property",
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |remark| fix(site, remark));
}

fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let (entry, meant) = (remark::entry(site, remark)?, remark.meant.as_deref().unwrap_or_default());
    let editor = Editor::of(site);
    let place = ["fromDatabase", "fromService"].into_iter().find_map(|key| Place::of(entry.table.get(key)?))?;
    if meant.is_empty() && own_variable(place).is_none() {
        return None;
    }
    match remark.rule {
        "ref-property" if own_variable(place).is_some() => {
            let variable = own_variable(place)?;
            let change = editor.rewrite(place, "property", "envVarKey", variable);
            editor.fix(Applicability::Review, format!("take the variable \"{variable}\""), [change])
        }
        "ref-property" => {
            let applicability = if meant == "connectionString" { Applicability::Safe } else { Applicability::Review };
            let change = editor.set(place, "property", meant);
            editor.fix(applicability, format!("take \"{meant}\""), [change])
        }
        "ref-no-type" => {
            let change = editor.insert(place, "name", "type", meant);
            editor.fix(Applicability::Safe, format!("say that its type is {meant}"), [change])
        }
        "ref-type-mismatch" => {
            let change = editor.set(place, "type", meant);
            editor.fix(Applicability::Review, format!("say that its type is {meant}"), [change])
        }
        _ => None,
    }
}

/// The variable that `env.NAME` means.
fn own_variable(place: Place<'_>) -> Option<&str> {
    let name = place.table.get("property")?.as_str()?.strip_prefix("env.")?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some(name)
}
