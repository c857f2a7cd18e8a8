//! NTL013: Next.js is published from another folder than it builds.

use super::publish;
use crate::platform::netlify::delivery::{Delivery, Doubt};
use crate::platform::netlify::site::NetlifySite;
use crate::project::output::Product;
use crate::project::output::fate::Fate;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// `build.publish` is not the output of `next build`.
pub(super) static RULE: Rule = Rule {
    id: "NTL013",
    name: "next-publish",
    summary: "The publish directory of a Next.js site is not its build output",
    docs: "\
## What happens

The deploy fails: either the folder does not exist, or the Next.js runtime, which Netlify adds by itself, finds no \
build of Next.js in it.

## Why

`next build` writes `.next`, or the folder named by `distDir`, and the runtime wants exactly that. Guides from before \
the runtime say `out`, `public` or `build`. Only a static export, `output: \"export\"`, writes `out`.

## How to mend it

Set `publish` to `.next`, or leave it out. With `output: \"export\"` in the configuration of Next.js, set it to `out`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/opennextjs/opennextjs-netlify/issues/1361", "2026-11-20"),
        observed("https://github.com/opennextjs/opennextjs-netlify/issues/1184", "2026-11-20"),
        observed("https://github.com/ixartz/Next-JS-Landing-Page-Starter-Template/issues/5", "2026-11-20"),
        observed("https://github.com/opennextjs/opennextjs-netlify/issues/2703", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    let Some(product) = delivery.only_product().filter(|product| product.tool.name == "Next.js") else { return };
    let wanted = plan.publish.value.as_str();
    let output = product.folder.path.as_str();
    let is_open = delivery.doubts.iter().any(|doubt| *doubt != Doubt::Command) || !delivery.is_reached;
    let is_skipped = plan.variable("NETLIFY_NEXT_PLUGIN_SKIP").is_some();
    if wanted == output || wanted == site.build_dir() || is_open || is_skipped || makes(delivery, product) {
        return;
    }
    let finding = RULE
        .finding(format!("Next.js builds \"{output}\", but \"{wanted}\" is to be published"))
        .at(publish::span(plan))
        .label("no build of Next.js");
    let finding = publish::mended(finding, site, plan, output, Applicability::Safe);
    let finding = match product.folder.because.first() {
        Some(span) => finding.related(*span, "the output is set here"),
        None => finding.related(product.span, "writes the output"),
    };
    let finding = match delivery.fate {
        Fate::Absent | Fate::File => finding.log_line(publish::log_line(plan)),
        _ => {
            let shown = publish::spelled(site, wanted);
            let line = format!("The directory \"{shown}\" does not contain a Next.js production build");
            finding.stage(Stage::Plugin).log_line(line)
        }
    };
    let is_certain = delivery.doubts.is_empty();
    out.report(if is_certain { finding } else { finding.severity(Severity::Medium) });
}

/// Whether something beside Next.js is at work that may fill the publish directory.
fn makes(delivery: &Delivery, product: &Product) -> bool {
    let others =
        delivery.build.events.iter().filter(
            |event| !matches!(&event.effect, crate::project::output::Effect::Builds(built) if built == product),
        );
    others.count() > 0 && delivery.fate != Fate::Absent
}
