//! RND042: a project whose pages a server renders is deployed as a static site.

use crate::platform::render::blueprint::{Service, Text};
use crate::platform::render::service::{Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::project::manifest::Manifest;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;
use crate::text::source::Sources;

use super::{edit::Editor, remark};

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
    fix: FixAvailability::Sometimes,
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
        out.report(finding.maybe_fix(as_server(site, service, plan, renderer.name)));
    }
}

/// Declares a web service that runs the server, on the free plan, which is what a static site costs.
fn as_server(site: &RenderSite<'_>, service: &Service, plan: &ServicePlan, framework: &str) -> Option<Fix> {
    const OF_STATIC: [&str; 3] = ["routes", "headers", "plan"];
    let manifest = Manifest::read(site.snapshot, plan.dir()?, &mut Sources::default())?.ok()?;
    let start = match framework {
        _ if manifest.script("start").is_some() => "npm start",
        "Next.js" => "npx next start",
        "Nuxt" => "node .output/server/index.mjs",
        "SvelteKit" if manifest.dependency("@sveltejs/adapter-node").next().is_some() => "node build",
        _ => return None,
    };
    let editor = Editor::of(site);
    let place = remark::whole(service);
    let is_plain = !OF_STATIC.iter().any(|key| service.table.contains_key(key));
    let key = ["runtime", "env"].into_iter().find(|key| service.table.contains_key(key)).filter(|_| is_plain)?;
    let lines = ["plan: free".to_owned(), format!("startCommand: {start}")];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let build = service.text("buildCommand")?;
    // A static site is installed by the platform, a web service by its command alone.
    let has_installation = ["install", "npm ci", "pnpm i", "bun ci"].iter().any(|words| build.value.contains(words));
    let install = (!has_installation && is_bare(site, build))
        .then(|| editor.set(place, "buildCommand", &format!("npm install && {}", build.value)));
    let changes = [editor.set(place, key, "node"), editor.rewrite_lines(place, "staticPublishPath", &lines)];
    editor.fix(Applicability::Review, "deploy it as a web service", changes.into_iter().chain(install))
}

/// Whether a text is written without quotes, and stays one line of plain YAML with more words in front.
fn is_bare(site: &RenderSite<'_>, text: &Text) -> bool {
    site.sources.slice(text.span) == Some(text.value.as_str()) && !text.value.contains([':', '#'])
}
