//! RND019: a service and what it connects to are in two regions.

use crate::platform::render::blueprint::{Class, EnvEntry, Resource};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Index, region};
use crate::rule::finding::Finding;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;
use std::collections::HashSet;

use super::edit::Editor;
use super::remark;

/// A service takes the internal address of a resource in another region.
pub(super) static RULE: Rule = Rule {
    id: "RND019",
    name: "region-mismatch",
    summary: "A service and what it connects to are in two regions",
    docs: "\
## What happens

The name of the other resource is not found, or the connection times out, when the service starts or at its first \
query.

## Why

The private network ends at the border of a region. A resource without `region` is made in oregon. The addresses \
that `connectionString`, `host` and `hostport` give are those of the private network.

## How to mend it

Give both the same `region`. It cannot be changed later: a resource that exists has to be made anew.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-networking/references/troubleshooting.md",
            "2026-11-20",
        ),
        observed("https://github.com/chiefonboarding/ChiefOnboarding/issues/278", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// Properties that hold an internal address.
const ADDRESSES: [&str; 4] = ["connectionString", "connectionPoolString", "host", "hostport"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let index = Index::new(&site.blueprint);
    for service in &site.blueprint.services {
        if matches!(service.class, None | Some(Class::Static | Class::KeyValue)) {
            continue;
        }
        let mut told = HashSet::new();
        for entry in &service.env {
            let Some((target, span)) = target(&index, entry) else { continue };
            let (here, there) = (region(service), region(target));
            if here != there && told.insert(target.path.as_str()) {
                out.report(finding(site, service, target, span));
            }
        }
    }
}

/// The resource whose internal address a variable holds.
fn target<'a>(index: &Index<'a>, entry: &EnvEntry) -> Option<(&'a Resource, Span)> {
    let (key, node) = ["fromDatabase", "fromService"].into_iter().find_map(|key| Some((key, entry.table.get(key)?)))?;
    let property = node.at(&["property"]).and_then(Node::as_str).filter(|property| ADDRESSES.contains(property))?;
    let name = node.at(&["name"]).and_then(Node::as_str)?;
    let target = if key == "fromDatabase" {
        index.database(name)?
    } else {
        &index.service(name).filter(|service| service.class != Some(Class::Static))?.resource
    };
    (!property.is_empty()).then_some((target, entry.table.key_span(key)?))
}

fn finding(site: &RenderSite<'_>, service: &Resource, target: &Resource, span: Span) -> Finding {
    let (here, there) = (region(service), region(target));
    let written = if target.table.contains_key("region") { "in" } else { "by default in" };
    let message = format!(
        "\"{}\" runs in {here} and \"{}\" {written} {there}, where its internal address cannot be reached",
        service.name(),
        target.name()
    );
    let (editor, place) = (Editor::of(site), remark::whole(target));
    let change = match target.table.contains_key("region") {
        true => editor.set(place, "region", here),
        false => editor.insert(place, "name", "region", here),
    };
    let fix = editor.fix(Applicability::Review, format!("make \"{}\" in {here}", target.name()), [change]);
    let place = target.key_span("region").or_else(|| target.key_span("name"));
    RULE.finding(message)
        .at(span)
        .related(place.unwrap_or(Span::NONE), format!("in {there}"))
        .log_line("could not translate host name")
        .maybe_fix(fix)
}
