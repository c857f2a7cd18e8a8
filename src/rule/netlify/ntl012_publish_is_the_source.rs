//! NTL012: the sources are published instead of what is built from them.

use super::publish;
use crate::platform::netlify::delivery::published::leads_into;
use crate::platform::netlify::delivery::{Delivery, Doubt, entry};
use crate::platform::netlify::detect::framework_table::Category;
use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::output::Product;
use crate::project::output::tool::Kind;
use crate::project::path::{display, strip};
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
    let Some(product) = delivery.product() else {
        out_of_nothing(site, plan, delivery, out);
        return;
    };
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

/// A project that is to be built, and nothing builds it.
fn out_of_nothing(site: &NetlifySite<'_>, plan: &Plan, delivery: &Delivery, out: &mut Sink) {
    let Some(framework) = site.detection.frameworks.first() else { return };
    let is_built = plan.command.is_some() || !delivery.build.events.is_empty() || !delivery.doubts.is_empty();
    let has_page = entry::page(site, &plan.publish.value).is_some_and(|page| !entry::needs_bundler(&page));
    let is_server = framework.category == Category::BackendFramework;
    if is_built || has_page || is_server || framework.publish_directory.is_none() {
        return;
    }
    let command = site.detection.settings.first().map_or(&framework.build_command, |setting| &setting.build_command);
    let finding = RULE
        .finding(format!(
            "nothing is built, and \"{}\" is published as it is: {} needs a build command",
            display(&plan.publish.value),
            framework.name
        ))
        .severity(Severity::Medium)
        .at(publish::span(plan))
        .label("the sources themselves")
        .help(format!("set \"command\" to \"{command}\""));
    out.report(finding);
}

/// How bad it is; none when the sources may well be a site of their own.
fn severity(site: &NetlifySite<'_>, plan: &Plan, delivery: &Delivery, product: &Product) -> Option<Severity> {
    let root = plan.publish.value.as_str();
    let page = entry::page(site, root);
    let below = strip(&product.folder.path, root).unwrap_or(&product.folder.path);
    let is_bundle = product.tool.kind == Kind::Bundle;
    let is_certain = delivery.doubts.is_empty();
    match page {
        // The page at the top uses what is built: `<script src="dist/app.js">`.
        Some(page) if page.contains(&format!("{below}/")) => None,
        Some(page) if is_bundle && is_certain && entry::needs_bundler(&page) => Some(Severity::High),
        Some(_) => None,
        None if is_bundle && is_certain => Some(Severity::High),
        None => Some(Severity::Medium),
    }
}
