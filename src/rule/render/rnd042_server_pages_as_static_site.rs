//! RND042: a project whose pages a server renders is deployed as a static site.

use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

/// `runtime: static` with a build that writes a server.
pub(super) static RULE: Rule = Rule {
    id: "RND042",
    name: "server-pages-as-static-site",
    summary: "A project whose pages a server renders is deployed as a static site",
    docs: "\
## What happens

The folder to publish does not exist, or it holds no `index.html` and every address answers 404.

## Why

`next build`, `nuxt build` and SvelteKit with an adapter for servers write a program that answers requests. A static \
site runs no program.

## How to mend it

Make it a web service (`type: web`, `runtime: node` with a start command), or let the framework write files: \
`output: 'export'` for Next.js, `nuxt generate`, `@sveltejs/adapter-static`.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::Publish,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://nextjs.org/docs/app/guides/static-exports", "2026-11-20"),
        source("https://github.com/render-oss/skills/blob/main/skills/render-static-sites/SKILL.md", "2026-11-20"),
        observed("https://github.com/TacoGuy21/Greatsword-V3/issues/23", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let Some(renderer) = plan.renderer(site.snapshot, service) else { continue };
        let place = service.text("staticPublishPath").or(service.runtime_text());
        let mut finding = RULE
            .finding(format!("\"{}\" is a static site, and {} builds a server", service.name(), renderer.name))
            .at(place.map_or(service.span, |text| text.span))
            .label("holds no pages")
            .log_line("Publish directory")
            .help(format!("deploy it with \"runtime: node\", or {}", renderer.remedy));
        if let Some(command) = plan.command(Phase::Build) {
            finding = finding.related(command.text.span, "builds a server");
        }
        out.report(finding);
    }
}
