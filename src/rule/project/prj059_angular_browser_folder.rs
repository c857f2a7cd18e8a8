//! PRJ059: the folder `browser` of Angular's application builder.

use crate::platform::netlify::delivery::Doubt;
use crate::platform::netlify::delivery::published::leads_into;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::strip;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::netlify::publish;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// The publish directory is one level above the folder that Angular writes the pages into.
pub(super) static RULE: Rule = Rule {
    id: "PRJ059",
    name: "angular-browser-folder",
    summary: "Angular puts the site into a folder below the one that is published",
    docs: "\
## What happens

The deploy turns green, and every page is missing: the publish directory holds a folder `browser` and no \
`index.html`.

## Why

Since version 17 Angular's application builder puts the pages into `browser` below the output path, beside the \
code for a server. The older builder wrote them into the output path itself.

## How to mend it

Publish the folder `browser`.
",
    severity: Severity::High,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/netlify/angular-runtime/issues/86", "2026-11-21"),
        observed("https://github.com/netlify/build/pull/5445", "2026-11-21"),
        observed("https://github.com/changhuixu/session-expiration-alert/issues/30", "2026-11-21"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    let Some(product) = delivery.only_product().filter(|product| product.tool.name == "Angular") else { return };
    let (wanted, output) = (plan.publish.value.as_str(), product.folder.path.as_str());
    let is_above = strip(output, wanted).is_some_and(|below| below == "browser");
    let is_settled = delivery.doubts.is_empty() && delivery.is_reached && delivery.build.events.len() == 1;
    let is_own = !site.snapshot.exists(wanted) && !delivery.doubts.contains(&Doubt::Publish);
    if !is_above || !is_settled || !is_own || leads_into(site, output) {
        return;
    }
    let mut finding = RULE
        .finding(format!("Angular puts the pages into \"{output}\", one level below \"{wanted}\""))
        .at(publish::span(plan))
        .label("holds no index.html");
    if let Some(span) = product.folder.because.iter().find(|span| span.is_written()) {
        finding = finding.related(*span, "the output is set here");
    }
    out.report(publish::mended(finding, site, plan, output, Applicability::Safe));
}
