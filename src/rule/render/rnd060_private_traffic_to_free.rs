//! RND060: private traffic to a free web service.

use super::edit::{Editor, Place};
use crate::platform::render::blueprint::{Class, Service};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Index;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

/// A service takes the internal address of a free web service.
pub(super) static RULE: Rule = Rule {
    id: "RND060",
    name: "private-traffic-to-free",
    summary: "A free web service cannot be reached in the private network",
    docs: "\
## What happens

Connections to the internal address are refused.

## Why

Free web services send into the private network and receive nothing from it. They sleep when nobody visits them, \
and only a visit from outside wakes them.

## How to mend it

Make it a paid private service, or use its public address: `envVarKey: RENDER_EXTERNAL_URL`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/free", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-networking/references/communication-patterns.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let index = Index::new(&site.blueprint);
    for service in site.blueprint.services.iter().filter(|service| service.class != Some(Class::Static)) {
        for entry in &service.env {
            let Some(reference) = entry.table.get("fromService") else { continue };
            let text = |key: &str| reference.at(&[key]).and_then(Node::as_str);
            let is_address = matches!(text("property"), Some("host" | "hostport"));
            let target = text("name").filter(|_| is_address).and_then(|name| index.service(name));
            let Some(target) = target.filter(|target| is_free(target) && target.path != service.path) else { continue };
            let name = target.name();
            let message = format!("\"{name}\" is a free web service, which receives nothing from the private network");
            let span = entry.table.key_span("fromService").unwrap_or(entry.span);
            let place = target.text("plan").map_or(Span::NONE, |plan| plan.span);
            let fix = public(site, reference, text("property"));
            out.report(RULE.finding(message).at(span).related(place, "free").maybe_fix(fix));
        }
    }
}

fn is_free(service: &Service) -> bool {
    service.class == Some(Class::Web) && service.value("plan").eq_ignore_ascii_case("free")
}

/// Takes the public address instead, which a visit wakes.
fn public(site: &RenderSite<'_>, reference: &Node, property: Option<&str>) -> Option<Fix> {
    let (variable, what) = match property? {
        "host" => ("RENDER_EXTERNAL_HOSTNAME", "host"),
        _ => ("RENDER_EXTERNAL_URL", "address, which begins with \"https://\""),
    };
    let editor = Editor::of(site);
    let change = editor.rewrite(Place::of(reference)?, "property", "envVarKey", variable);
    editor.fix(Applicability::Review, format!("take its public {what}"), [change])
}
