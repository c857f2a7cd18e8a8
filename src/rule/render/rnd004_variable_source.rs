//! RND004: a variable has no source or more than one.

use crate::platform::netlify::plan::looks_secret;
use crate::platform::render::blueprint::EnvEntry;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::edit::{Editor, Place};
use super::remark;

/// An entry of `envVars` does not say where its value comes from, or says it twice.
pub(super) static RULE: Rule = Rule {
    id: "RND004",
    name: "variable-source",
    summary: "A variable of the Blueprint has no source, or more than one",
    docs: "\
## What happens

Render refuses the whole Blueprint. Values that it takes although they are not what the schema wants are reported \
as notes.

## Why

An entry has a `key` and exactly one source: `value`, `generateValue: true`, `sync: false`, `fromDatabase` or \
`fromService`; or it is a `fromGroup` alone. `sync: false` means that somebody types the value into the dashboard, \
so it cannot stand beside `value`. Render expands nothing inside a value: `${NAME}` stays as it is.

## How to mend it

Keep one source. A secret keeps `sync: false` and loses its `value`; everything else keeps its `value`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        observed("https://github.com/AllYourBot/hostedgpt/issues/43", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &[
    "env-multiple-sources",
    "env-no-source",
    "env-no-key",
    "env-not-object",
    "env-null-value",
    "env-bool-value",
    "env-interpolation",
    "duplicate-env-key",
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let mut finding = remark::finding(&RULE, remark);
        let Some(entry) = remark::entry(site, remark) else {
            out.report(finding);
            continue;
        };
        if remark.rule == "env-bool-value" {
            finding = finding.severity(Severity::Low);
        }
        // A key and a value are missing for one reason.
        if remark.rule == "env-no-key" && !entry.table.contains_key("value") {
            continue;
        }
        out.report(finding.maybe_fix(fix(site, remark.rule, entry)));
    }
}

fn fix(site: &RenderSite<'_>, name: &str, entry: &EnvEntry) -> Option<Fix> {
    let editor = Editor::of(site);
    let place = Place { span: entry.span, table: &entry.table };
    let key = entry.key.as_ref().map_or("", |key| key.value.as_str());
    match name {
        "env-multiple-sources" => {
            let value = entry.value.as_ref().map_or("", |value| value.value.as_str());
            let is_kept = !value.is_empty() && !looks_secret(key);
            let extra = if is_kept { "sync" } else { "value" };
            let only_two =
                entry.table.contains_key("sync") && entry.table.contains_key("value") && entry.table.len() == 3;
            let change = editor.remove(place, extra).filter(|_| only_two);
            editor.fix(Applicability::Review, format!("remove \"{extra}\" from {key}"), [change])
        }
        "env-no-source" if !key.is_empty() => {
            let change = editor.insert(place, "key", "sync", "false").filter(|_| entry.table.len() == 1);
            editor.fix(Applicability::Review, format!("ask for {key} when the Blueprint is created"), [change])
        }
        "env-bool-value" => {
            let node = entry.table.get("value")?;
            let quoted = format!("\"{}\"", editor.written(node.span));
            let change = editor.set(place, "value", &quoted);
            editor.fix(Applicability::Safe, format!("write {quoted}"), [change])
        }
        _ => None,
    }
}
