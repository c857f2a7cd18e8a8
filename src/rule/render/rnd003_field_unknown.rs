//! RND003: a field has the wrong name, shape or value.

use std::collections::HashSet;

use crate::platform::render::blueprint::EnvEntry;
use crate::platform::render::schema::Violation;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::suggest;

use super::edit::{Editor, Place};
use super::{remark, shape_edit, variable};

/// The Blueprint holds a field that Render does not read, or a value that a field does not take.
pub(super) static RULE: Rule = Rule {
    id: "RND003",
    name: "field-unknown",
    summary: "A field of the Blueprint has the wrong name, shape or value",
    docs: "\
## What happens

Render refuses the whole Blueprint: nothing is created or changed, and services that run already stay as they are.

## Why

The validator reads the file strictly into fixed fields. A key that it does not know is an error and not ignored, \
whether it is a slip (`enviroment`), the name that another platform uses (`publishPath`), or a list where one \
mapping is expected (`disks`).

## How to mend it

Use the name that is proposed, or take the key out. What is missing in Render, such as a version of Node.js, is \
set by a variable.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        observed("https://github.com/zhiyu1998/Gemi2Api-Server/pull/49", "2026-11-20"),
        observed("https://github.com/n8n-io/n8n-hosting/pull/187", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &[
    "empty-file",
    "root-not-map",
    "no-resources",
    "unknown-field",
    "missing-name",
    "env-not-string",
    "db-user-reserved",
    "postgres-disk-size",
    "ha-plan",
    "ha-version",
    "too-many-replicas",
];

/// Keys whose values are lists.
const LISTS: [&str; 9] =
    ["services", "databases", "envVarGroups", "projects", "envVars", "domains", "headers", "routes", "readReplicas"];
/// Keys whose values are mappings.
const MAPPINGS: [&str; 7] = ["disk", "image", "scaling", "buildFilter", "previews", "ungrouped", "maintenanceMode"];
/// Keys that stand for a variable of Render's.
const VARIABLES: [(&str, &str); 7] = [
    ("nodeVersion", "NODE_VERSION"),
    ("node_version", "NODE_VERSION"),
    ("pythonVersion", "PYTHON_VERSION"),
    ("python_version", "PYTHON_VERSION"),
    ("bunVersion", "BUN_VERSION"),
    ("port", "PORT"),
    ("rubyVersion", ""),
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES).filter(|remark| !is_about_previews(remark)) {
        let mut finding = remark::finding(&RULE, remark);
        let key = remark.key.as_deref().unwrap_or_default();
        if remark.rule == "unknown-field" {
            finding = finding.label("Render does not know this").maybe_fix(fix(site, remark));
            if let Some((_, variable)) =
                VARIABLES.iter().find(|(known, variable)| *known == key && !variable.is_empty())
            {
                finding = finding.help(format!("set the variable {variable} in \"envVars\""));
                finding = finding.maybe_fix(as_variable(site, remark, variable));
            } else if remark.meant.is_none() {
                let editor = Editor::of(site);
                let change = remark::place(site, remark).and_then(|place| editor.remove(place, key));
                finding = finding.maybe_fix(editor.fix(Applicability::Review, format!("remove \"{key}\""), [change]));
            }
        } else if remark.rule == "env-not-string" {
            let editor = Editor::of(site);
            let place = remark::place(site, remark);
            let is_list = place.is_some_and(|place| place.table.get("env").is_some_and(|env| env.as_array().is_some()));
            let change = place.filter(|_| is_list).and_then(|place| editor.rename(place, "env", "envVars"));
            finding = finding.maybe_fix(editor.fix(Applicability::Safe, "rename \"env\" to \"envVars\"", [change]));
        }
        out.report(finding);
    }
    violations(site, out);
}

/// Sets a variable of a service that has none yet, in the place of a key that Render does not know.
fn as_variable(site: &RenderSite<'_>, remark: &Remark, variable: &str) -> Option<Fix> {
    let (key, editor) = (remark.key.as_deref()?, Editor::of(site));
    let place = remark::place(site, remark).filter(|place| place.table.contains_key("name"))?;
    let written = editor.written(place.table.get(key)?.span);
    let value = written.trim_matches(['"', '\'']);
    let is_plain = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if place.table.contains_key("envVars") {
        let cut = editor.remove(place, key).filter(|_| is_plain && !value.is_empty());
        let service = site.blueprint.services.iter().find(|service| service.span == place.span)?;
        let set = service.env.iter().find(|it| it.key.as_ref().is_some_and(|key| key.value == variable));
        let same = |entry: &EnvEntry| entry.value.as_ref().is_some_and(|own| own.value == value);
        return match set {
            Some(entry) if same(entry) => {
                editor.fix(Applicability::Review, format!("remove \"{key}\", which {variable} says already"), [cut])
            }
            Some(_) => None,
            None => {
                let lines = [format!("- key: {variable}"), format!("  value: \"{value}\"")];
                let added = variable::insert(site, service, &lines);
                editor.fix(Applicability::Review, format!("set {variable} in \"envVars\""), [cut, added])
            }
        };
    }
    if place.table.contains_key("env") && place.table.get("env").is_some_and(|env| env.as_str().is_none()) {
        return None;
    }
    let lines = ["envVars:".to_owned(), format!("  - key: {variable}"), format!("    value: \"{value}\"")];
    let insertion = editor.insert_lines(place, key, &lines).filter(|_| is_plain && !value.is_empty());
    let Some(Change::Edit { text, .. }) = insertion else { return None };
    let entry = place.table.0.get(key)?;
    let span = Span { end: entry.value.span.end, ..entry.key_span };
    let change = Change::Edit { span, text: text.trim_start().to_owned() };
    editor.fix(Applicability::Review, format!("set {variable} in \"envVars\""), [Some(change)])
}

/// What the schema objects to, where nothing else says what Render thinks of it.
fn violations(site: &RenderSite<'_>, out: &mut Sink) {
    let doubtful: HashSet<&str> = site.doubtful().map(|violation| violation.path.as_str()).collect();
    let is_empty = site.remarks.iter().any(|remark| remark.rule == "no-resources");
    for violation in site.violations().filter(|violation| !has_own_rule(is_empty, violation)) {
        let is_doubtful = doubtful.contains(violation.path.as_str());
        let (severity, note) = match is_doubtful {
            true => (Severity::Medium, "the published schema forbids this; what Render does is not on record"),
            false if violation.takes_text => {
                (Severity::Low, "the published schema forbids this; Render reads the text")
            }
            false => {
                (Severity::Low, "the published schema forbids this; readers like Render's take it for a truth value")
            }
        };
        let written = Editor::of(site).written(violation.span);
        let fix = match (violation.suggestion, written) {
            (Some(name), _) if !written.contains('\n') => {
                Some(Fix::replace(Applicability::Review, format!("write \"{name}\""), violation.span, name))
            }
            (None, "yes" | "Yes" | "on" | "On") if !is_doubtful => {
                Some(Fix::replace(Applicability::Safe, "write \"true\"", violation.span, "true"))
            }
            (None, "no" | "No" | "off" | "Off") if !is_doubtful => {
                Some(Fix::replace(Applicability::Safe, "write \"false\"", violation.span, "false"))
            }
            (None, _) if violation.takes_text && !is_doubtful => {
                let quoted = format!("\"{written}\"");
                Some(Fix::replace(Applicability::Safe, format!("write {quoted}"), violation.span, quoted.clone()))
            }
            _ => shape_edit::shaped(site, violation).or_else(|| misplaced(site, violation)),
        };
        let is_shared = Editor::of(site).is_shared(violation.span);
        let finding = RULE.finding(violation.message.clone()).at(violation.span).severity(severity).note(note);
        out.report(finding.maybe_fix(fix.filter(|_| !is_shared)));
    }
}

/// A key that only others have goes, where it says nothing that a service without a server could be told.
fn misplaced(site: &RenderSite<'_>, violation: &Violation) -> Option<Fix> {
    let service = site.blueprint.services.iter().find(|it| violation.path == format!("{}.previews.plan", it.path))?;
    let previews = Place::of(service.table.get("previews")?)?;
    let editor = Editor::of(site);
    let is_static = ["runtime", "env"].iter().any(|key| service.value(key) == "static");
    let whole = remark::whole(&service.resource);
    let change = match previews.table.len() {
        1 => editor.remove(whole, "previews"),
        _ => editor.remove(previews, "plan"),
    };
    let title = "remove the plan of previews, which a static site does not have";
    editor.fix(Applicability::Review, title, [change.filter(|_| is_static)])
}

/// Regions and plans that are on no list have a rule of their own.
fn has_own_rule(is_empty: bool, violation: &Violation) -> bool {
    let is_told = is_empty && violation.path.is_empty();
    violation.keyword == "enum" && matches!(violation.key.as_str(), "region" | "plan" | "previewPlan") || is_told
}

/// `previews` on a database: the rule about previews has more to say.
fn is_about_previews(remark: &Remark) -> bool {
    remark.rule == "unknown-field" && remark.key.as_deref() == Some("previews")
}

/// Renames the key when its value has the shape of the other one.
fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let (key, meant) = (remark.key.as_deref()?, remark.meant.as_deref()?);
    let place = remark::place(site, remark)?;
    let value = place.table.get(key)?;
    let editor = Editor::of(site);
    let is_list = value.as_array().is_some();
    let fits = match meant {
        meant if LISTS.contains(&meant) => is_list,
        meant if MAPPINGS.contains(&meant) => value.as_table().is_some() || is_list,
        _ => !is_list && value.as_table().is_none(),
    };
    let unwrapped = (MAPPINGS.contains(&meant) && is_list).then(|| editor.unwrap(value));
    let is_slip = suggest::nearest(key, [meant]).is_some();
    let applicability = if is_slip { Applicability::Safe } else { Applicability::Review };
    let changes = std::iter::once(editor.rename(place, key, meant).filter(|_| fits)).chain(unwrapped);
    editor.fix(applicability, format!("rename \"{key}\" to \"{meant}\""), changes)
}
