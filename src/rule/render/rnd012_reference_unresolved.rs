//! RND012: a reference to something that the Blueprint does not declare.

use crate::platform::render::blueprint::Class;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::tree::Node;

use super::edit::{Editor, Place};
use super::remark;

/// A reference names nothing in the Blueprint, or something of another kind.
pub(super) static RULE: Rule = Rule {
    id: "RND012",
    name: "reference-unresolved",
    summary: "A reference names no resource of the Blueprint",
    docs: "\
## What happens

If nothing in the workspace has that name either, Render refuses the Blueprint. A name that is a slip away from a \
resource that nobody refers to is taken for that slip.

## Why

A reference names a database, a service or an environment group of this Blueprint, or one that is already in the \
workspace, which no file shows. Databases are reached by `fromDatabase`; Key Value instances are services and \
reached by `fromService`. An environment of a project sees only its own resources.

## How to mend it

Write the name as it is declared. For a resource of the workspace nothing has to be done.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/wiring-patterns.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["ref-unresolved", "ref-wrong-kind", "ref-cross-environment", "ref-env-key"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let mut finding = remark::finding(&RULE, remark);
        match remark.rule {
            "ref-unresolved" => {
                let meant = remark.meant.as_deref();
                finding = finding.maybe_fix(rename(site, remark));
                if let Some(meant) = meant.filter(|meant| !is_used(site, meant)) {
                    finding = finding.severity(Severity::High).help(format!("did you mean \"{meant}\"?"));
                }
            }
            "ref-wrong-kind" => finding = finding.maybe_fix(change_kind(site, remark)),
            _ => {}
        }
        out.report(finding);
    }
    cycles(site, out);
}

/// Whether some reference names this resource, so that its name is no riddle.
fn is_used(site: &RenderSite<'_>, name: &str) -> bool {
    site.graph.edges.iter().any(|edge| site.graph.nodes.get(edge.to).is_some_and(|node| node.name == name))
}

/// Variables that take their values from each other never get one.
fn cycles(site: &RenderSite<'_>, out: &mut Sink) {
    for cycle in &site.cycles {
        let names = cycle.names.join(" → ");
        let message = format!("these variables take their values from each other, so none has one: {names}");
        out.report(RULE.finding(message).at(cycle.span).severity(Severity::Medium));
    }
}

fn reference<'a>(site: &'a RenderSite<'_>, remark: &Remark) -> Option<(&'static str, Place<'a>)> {
    let entry = remark::entry(site, remark)?;
    let keys = ["fromDatabase", "fromService"];
    keys.into_iter().find_map(|key| Some((key, entry.table.get(key).and_then(Place::of)?)))
}

fn rename(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let (editor, meant) = (Editor::of(site), remark.meant.as_deref()?);
    let change = match remark.key.as_deref()? {
        "name" => editor.set(reference(site, remark)?.1, "name", meant),
        key => editor.set(remark::place(site, remark)?, key, meant),
    };
    editor.fix(Applicability::Review, format!("refer to \"{meant}\""), [change])
}

/// A Key Value instance that is addressed as a database.
fn change_kind(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let ("fromDatabase", place) = reference(site, remark)? else { return None };
    let name = place.table.get("name").and_then(Node::as_str)?;
    let target = site.blueprint.services.iter().find(|service| service.name() == name)?;
    let is_taken =
        matches!(place.table.get("property").and_then(Node::as_str), Some("connectionString" | "host" | "port"));
    if target.class != Some(Class::KeyValue) || !is_taken || place.table.contains_key("type") {
        return None;
    }
    let (editor, entry) = (Editor::of(site), remark::entry(site, remark)?);
    let renamed = editor.rename(Place { span: entry.span, table: &entry.table }, "fromDatabase", "fromService");
    let kind = editor.insert(place, "name", "type", "keyvalue");
    editor.fix(Applicability::Safe, "use \"fromService\" with the type keyvalue", [renamed, kind])
}
