//! NTL011: the publish directory is not the folder that the tool writes.

use super::publish;
use crate::platform::netlify::delivery::published::leads_into;
use crate::platform::netlify::delivery::{Delivery, Doubt, Missing};
use crate::platform::netlify::plan::Plan;
use crate::platform::netlify::site::NetlifySite;
use crate::project::output::Product;
use crate::project::path::strip;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `build.publish` names another folder than the one that is built.
pub(super) static RULE: Rule = Rule {
    id: "NTL011",
    name: "publish-not-the-output",
    summary: "The publish directory is not the folder that is built",
    docs: "\
## What happens

The build succeeds. Then the deploy fails, because the folder to upload does not exist.

## Why

Every tool has a folder of its own: Create React App and Docusaurus write `build`, Vite and Astro `dist`, Hugo and \
Gatsby `public`, Eleventy and Jekyll `_site`, MkDocs `site`, VitePress `.vitepress/dist`; and a setting or an option \
can name another one. Netlify does not ask the tool, it takes `publish` at its word.

## How to mend it

Set `publish` to the folder that the tool writes, relative to the base directory.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/nuxt/nuxt/issues/11951", "2026-11-20"),
        observed("https://github.com/IIC2513/Syllabus-S1-2024-1/issues/205", "2026-11-20"),
        observed("https://github.com/stemmlerjs/serverless-graphql-netlify-starter/issues/7", "2026-11-20"),
        observed("https://github.com/betagouv/aides-jeunes/pull/4392", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    let Some(product) = delivery.product() else { return };
    let finding = match delivery.missing() {
        Some(missing) => absent(plan, product, missing),
        None if is_too_high(site, plan, delivery, product) => too_high(plan, product),
        None => return,
    };
    let is_slip = delivery.slip.as_ref().is_some_and(|slip| slip.meant() != product.folder.path);
    if is_slip {
        return;
    }
    let applicability = if delivery.only_product().is_some() { Applicability::Safe } else { Applicability::Review };
    let finding = because(finding, product);
    out.report(publish::mended(finding, site, plan, &product.folder.path, applicability));
}

fn absent(plan: &Plan, product: &Product, missing: Missing) -> Finding {
    let wanted = plan.publish.value.as_str();
    let output = product.folder.path.as_str();
    let tool = product.tool.name;
    let finding = RULE
        .finding(format!("{tool} writes \"{output}\", but \"{wanted}\" is to be published"))
        .at(publish::span(plan))
        .label("not there after building")
        .log_line(publish::log_line(plan));
    match missing {
        Missing::Certainly => finding,
        Missing::Probably => finding
            .severity(Severity::Medium)
            .note("the build command is set in the dashboard; this is what Netlify proposes for this site"),
    }
}

/// Whether the site lies deeper than the folder that is published, and nothing leads there.
fn is_too_high(site: &NetlifySite<'_>, plan: &Plan, delivery: &Delivery, product: &Product) -> bool {
    let wanted = plan.publish.value.as_str();
    let is_above = strip(&product.folder.path, wanted).is_some_and(|below| !below.is_empty());
    let is_settled = delivery.doubts.is_empty() && delivery.is_reached && delivery.only_product().is_some();
    let is_own = !site.snapshot.exists(wanted) && !delivery.doubts.contains(&Doubt::Publish);
    let is_alone = delivery.build.events.len() == 1;
    // Angular has a rule of its own; the classic compiler of Remix writes assets, not pages.
    let is_other = matches!(product.tool.name, "Angular" | "Remix");
    is_above && is_settled && is_own && is_alone && !is_other && !leads_into(site, &product.folder.path)
}

fn too_high(plan: &Plan, product: &Product) -> Finding {
    let wanted = plan.publish.value.as_str();
    let output = product.folder.path.as_str();
    RULE.finding(format!("{} puts the site into \"{output}\", one level below \"{wanted}\"", product.tool.name))
        .at(publish::span(plan))
        .label("holds no index.html")
        .severity(Severity::Medium)
        .stage(Stage::Runtime)
        .note("the deploy turns green, and the home page is not found")
}

/// Points at what decides the output.
fn because(finding: Finding, product: &Product) -> Finding {
    match product.folder.because.iter().find(|span| span.is_written()) {
        Some(span) => finding.related(*span, "the output is set here"),
        None if product.span != Span::NONE => finding.related(product.span, "writes the output"),
        None => finding,
    }
}
