//! RND043: a single-page application without a rewrite.

use super::service::insert_after;
use crate::platform::render::blueprint::{Class, Service};
use crate::platform::render::site::RenderSite;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::tree::Node;

/// The router reads the path, and no route answers paths without a file.
pub(super) static RULE: Rule = Rule {
    id: "RND043",
    name: "rewrite-missing",
    summary: "A single-page application has no rewrite for its routes",
    docs: "\
## What happens

Links inside the application work; reloading a page, or opening one by its address, shows \"Not Found\".

## Why

The build makes one `index.html`. A router in the browser invents addresses such as `/about` for which no file exists. \
Render answers 404 unless a route of the service says otherwise; `_redirects` is not read.

## How to mend it

Rewrite everything that has no file to the application: a route with `type: rewrite`, `source: /*`, \
`destination: /index.html`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Routing,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-static-sites/references/routing-and-headers.md",
            "2026-11-20",
        ),
        observed("https://github.com/freeCodeCamp/web3-site/pull/80", "2026-11-20"),
        observed("https://github.com/Upstatement/react-router-guards/pull/20", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services().filter(|(service, _)| service.class == Some(Class::Static)) {
        if has_fallback(service) || !plan.reaches_start() {
            continue;
        }
        let Some(router) = plan.router(site.snapshot) else { continue };
        let dir = plan.dir().unwrap_or_default();
        let has_page =
            ["public/404.html", "static/404.html"].iter().any(|page| site.snapshot.is_file(&child(dir, page)));
        let makes_page =
            plan.commands.iter().any(|command| command.trace.texts.iter().any(|it| it.text.contains("404.html")));
        if has_page || makes_page {
            continue;
        }
        let title = "rewrite everything that has no file to \"/index.html\"";
        let lines = ["routes:", "  - type: rewrite", "    source: /*", "    destination: /index.html"];
        let place = service.text("staticPublishPath").or(service.runtime_text());
        let fix =
            insert_after(site, Applicability::Safe, title, (service, "staticPublishPath"), &lines.map(str::to_owned));
        out.report(
            RULE.finding(format!("the routes of \"{}\" have no files and no rewrite", router.package))
                .at(place.map_or(service.span, |text| text.span))
                .label("one page is published")
                .note(format!("\"{}\" uses {}", router.path, router.word))
                .help(title)
                .maybe_fix(fix.filter(|_| !service.table.contains_key("routes"))),
        );
    }
}

/// Whether a route answers more than one path.
fn has_fallback(service: &Service) -> bool {
    let routes = service.table.get("routes").and_then(Node::as_array).unwrap_or_default();
    routes.iter().any(|route| route.at(&["source"]).and_then(Node::as_str).is_some_and(|source| source.contains('*')))
}
