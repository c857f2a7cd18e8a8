//! RND053: the public address of another service is written out.

use super::edit::{Editor, Place};
use crate::platform::render::blueprint::{Class, EnvEntry, Resource};
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use std::collections::HashSet;

/// A variable holds the onrender.com address of a service of the same Blueprint.
pub(super) static RULE: Rule = Rule {
    id: "RND053",
    name: "sibling-address-written",
    summary: "The address of another service is written out",
    docs: "\
## What happens

Requests go to a host that does not exist, or to the service of somebody else.

## Why

The address of a service is its name if that is still free in all of Render; otherwise a few letters are added. A \
Blueprint that is deployed a second time, or by somebody else, gets other addresses.

## How to mend it

Take the address from the service: `fromService` with `envVarKey: RENDER_EXTERNAL_URL` for the public one, or \
`property: hostport` inside the private network.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/environment-variables", "2026-11-20"),
        observed("https://github.com/BESSER-PEARL/BESSER/issues/390", "2026-11-20"),
        observed("https://github.com/cedarjs/cedar/pull/2307", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const HOST: &str = ".onrender.com";

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let blueprint = &site.blueprint;
    let names: HashSet<&str> = blueprint.services.iter().map(|service| service.name()).collect();
    let services = blueprint.services.iter().map(|service| &service.resource);
    for resource in services.chain(&blueprint.groups) {
        for (entry, value) in resource.env.iter().filter_map(|entry| Some((entry, entry.value.as_ref()?))) {
            let host = value.value.split_once("://").and_then(|(_, rest)| rest.split_once(HOST)).map(|(host, _)| host);
            let Some(name) = host.filter(|host| names.contains(host) && *host != resource.name()) else { continue };
            let message =
                format!("the address of \"{name}\" is written out, and may be another one once it is deployed");
            let help = format!("take it with \"fromService\" from \"{name}\", by \"envVarKey: RENDER_EXTERNAL_URL\"");
            out.report(RULE.finding(message).at(value.span).help(help).maybe_fix(taken(site, resource, entry, name)));
        }
    }
}

/// Takes the address from a web service; groups take no references, and only a whole address can be taken.
fn taken(site: &RenderSite<'_>, resource: &Resource, entry: &EnvEntry, name: &str) -> Option<Fix> {
    let blueprint = &site.blueprint;
    let target = blueprint.services.iter().find(|service| service.name() == name)?;
    let is_of_service = blueprint.services.iter().any(|service| service.path == resource.path);
    let rest = entry.value.as_ref()?.value.strip_prefix("https://")?.strip_prefix(name)?.strip_prefix(HOST)?;
    if !rest.is_empty() || !is_of_service || target.class != Some(Class::Web) {
        return None;
    }
    let name = format!("  name: {name}");
    let lines = ["fromService:", "  type: web", &name, "  envVarKey: RENDER_EXTERNAL_URL"];
    let editor = Editor::of(site);
    let change = editor.rewrite_lines(Place { span: entry.span, table: &entry.table }, "value", &lines);
    editor.fix(Applicability::Review, "take the address from the service", [change])
}
