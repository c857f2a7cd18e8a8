//! NTL012: the sources are published instead of what is built from them.

use super::publish;
use crate::platform::netlify::delivery::published::leads_into;
use crate::platform::netlify::delivery::{Delivery, Doubt};
use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::output::Product;
use crate::project::output::tool::Kind;
use crate::project::path::{child, display, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// `build.publish` is the base directory of a project that is built.
pub(super) static RULE: Rule = Rule {
    id: "NTL012",
    name: "publish-is-the-source",
    summary: "The sources are published instead of the built site",
    docs: "\
## What happens

The deploy turns green, whatever the build does. Visitors get the sources: an empty page, because no browser can run \
them, or \"Page not found\", because there is no `index.html` at the top. Configuration files and all other sources are \
public. Netlify's own runtimes for frameworks refuse such a deploy.

## Why

`publish = \".\"` is the base directory itself. It always exists, so nothing warns.

## How to mend it

Set `publish` to the folder that the tool writes: `dist`, `build`, `public` and so on.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/netlify/build/issues/2193", "2026-11-20"),
        observed("https://github.com/sveltejs/kit/pull/2113", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    let is_root = plan.publish.value == site.build_dir();
    if !is_root || !delivery.is_reached || delivery.doubts.contains(&Doubt::Publish) {
        return;
    }
    let Some(product) = delivery.product() else { return };
    let output = product.folder.path.as_str();
    if output == plan.publish.value || leads_into(site, output) {
        return;
    }
    let Some(severity) = severity(site, plan, delivery, product) else { return };
    let tool = product.tool.name;
    let applicability = if delivery.only_product().is_some() { Applicability::Safe } else { Applicability::Review };
    let finding = RULE
        .finding(format!(
            "\"{}\" is published as it is, while {tool} writes the site to \"{output}\"",
            display(&plan.publish.value)
        ))
        .severity(severity)
        .at(publish::span(plan))
        .label("the sources themselves")
        .related(product.span, "writes the output");
    out.report(publish::mended(finding, site, plan, output, applicability));
}

/// How bad it is; none when the sources may well be a site of their own.
fn severity(site: &NetlifySite<'_>, plan: &Plan, delivery: &Delivery, product: &Product) -> Option<Severity> {
    let root = plan.publish.value.as_str();
    let page = ["index.html", "index.htm"].iter().find_map(|name| site.snapshot.text(&child(root, name)).ok());
    let below = strip(&product.folder.path, root).unwrap_or(&product.folder.path);
    let is_bundle = product.tool.kind == Kind::Bundle;
    let is_certain = delivery.doubts.is_empty();
    match page {
        // The page at the top uses what is built: `<script src="dist/app.js">`.
        Some(page) if page.contains(&format!("{below}/")) => None,
        Some(page) if is_bundle && is_certain && needs_bundler(&page) => Some(Severity::High),
        Some(_) => None,
        None if is_bundle && is_certain => Some(Severity::High),
        None => Some(Severity::Medium),
    }
}

/// Whether a page is the entry of a bundler: it loads modules from the sources, or holds a placeholder.
fn needs_bundler(page: &str) -> bool {
    let loads = |source: &str| page.contains(&format!("src=\"{source}")) || page.contains(&format!("src='{source}"));
    let is_source = ["/src/", "./src/", "src/", "/index.", "/main.", "./main.", "./index."].into_iter().any(loads);
    page.contains("%PUBLIC_URL%") || page.contains("<%=") || (page.contains("module") && is_source)
}
