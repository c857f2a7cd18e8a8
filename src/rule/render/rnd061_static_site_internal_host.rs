//! RND061: a static site is given an internal address.

use crate::platform::render::blueprint::Class;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::tree::Node;

/// A static site takes the internal address of another service.
pub(super) static RULE: Rule = Rule {
    id: "RND061",
    name: "static-site-internal-host",
    summary: "A static site is given an address of the private network",
    docs: "\
## What happens

The browser does not find the host, or what the build wrote into the pages is of no use.

## Why

The pages of a static site run in the browsers of its visitors, which are not in the private network. A variable \
of a static site is read when it is built.

## How to mend it

Give it the public address: `envVarKey: RENDER_EXTERNAL_URL` with `https://` in front, or a custom domain.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        source("https://github.com/render-oss/skills/blob/main/skills/render-static-sites/SKILL.md", "2026-11-20"),
        observed("https://github.com/BESSER-PEARL/BESSER/issues/390", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let mut is_completed = None;
    for service in site.blueprint.services.iter().filter(|service| service.class == Some(Class::Static)) {
        for entry in &service.env {
            let Some(reference) = entry.table.get("fromService") else { continue };
            let property = reference.at(&["property"]).and_then(Node::as_str);
            let Some(property) = property.filter(|property| matches!(*property, "host" | "hostport")) else { continue };
            if property == "host" && *is_completed.get_or_insert_with(|| may_be_completed(site)) {
                continue;
            }
            let name = reference.at(&["name"]).and_then(Node::as_str).unwrap_or_default();
            let message =
                format!("\"{property}\" of \"{name}\" is a name of the private network, which no browser knows");
            let span = entry.table.key_span("fromService").unwrap_or(entry.span);
            out.report(RULE.finding(message).at(span));
        }
    }
}

/// Whether a source makes a public address of the host: Render's own template `preview-environment` appends
/// `.onrender.com` to it. A source that cannot be read may do so too.
fn may_be_completed(site: &RenderSite<'_>) -> bool {
    const MOST: usize = 400;
    const ENDINGS: [&str; 10] =
        [".js", ".jsx", ".ts", ".tsx", ".mjs", ".vue", ".svelte", ".astro", ".html", "render.yaml"];
    let is_source = |path: &str| ENDINGS.iter().any(|end| path.ends_with(end)) && !path.contains("node_modules/");
    let mut sources = site.snapshot.entries().iter().map(|entry| &*entry.path).filter(|path| is_source(path));
    let is_open = |path: &str| {
        site.snapshot.read(path).map_or(true, |bytes| memchr::memmem::find(&bytes, b".onrender.com").is_some())
    };
    sources.by_ref().take(MOST).any(is_open) || sources.next().is_some()
}
