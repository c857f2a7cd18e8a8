//! NTL009: the base directory is repeated in the publish directory.

use super::publish;
use crate::platform::netlify::delivery::Doubt;
use crate::platform::netlify::site::NetlifySite;
use crate::project::output::fate::Fate;
use crate::project::path::{child, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::tree::Node;

/// `build.publish` begins with `build.base`.
pub(super) static RULE: Rule = Rule {
    id: "NTL009",
    name: "base-in-publish",
    summary: "The publish directory repeats the base directory",
    docs: "\
## What happens

The site builds to the end. Then the deploy fails, because the folder that Netlify looks for does not exist: its name \
has the base directory in it twice.

## Why

`publish` is relative to `base`. With `base = \"web\"`, `publish = \"web/dist\"` means the folder `web/web/dist`. Only \
sites that were created before 2020 may still be set to read it from the root of the repository.

## How to mend it

Write `publish` as seen from the base directory: `base = \"web\"` with `publish = \"dist\"`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/SaladTechnologies/salad-applications/pull/279", "2026-11-20"),
        observed("https://github.com/gatsbyjs/gatsby/issues/19640", "2026-11-20"),
        source("https://github.com/netlify/build/blob/main/packages/config/src/files.ts", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    let Some(base) = site.resolved().and_then(|resolved| resolved.base.as_deref()) else { return };
    let twice = child(base, base);
    let wanted = plan.publish.value.as_str();
    let Some(rest) = strip(wanted, &twice).filter(|_| !base.is_empty()) else { return };
    let is_open = delivery.doubts.iter().any(|doubt| matches!(doubt, Doubt::Base | Doubt::Publish));
    if is_open || !delivery.is_reached || site.snapshot.exists(&twice) || delivery.fate == Fate::Present {
        return;
    }
    let meant = child(base, rest);
    if !exists(site, &meant) {
        return;
    }
    let base_span = site.config(&["build", "base"]).map(|node: &Node| node.span);
    let finding = RULE
        .finding(format!("\"publish\" repeats the base directory \"{base}\", so Netlify looks for \"{wanted}\""))
        .at(publish::span(plan))
        .label("seen from the base")
        .related(base_span.unwrap_or(crate::text::span::Span::NONE), "the base directory")
        .note("only a site created before 2020 may still have it read from the repository's root")
        .log_line(publish::log_line(plan));
    out.report(publish::mended(finding, site, plan, &meant, Applicability::Safe));
}

/// Whether the folder that was meant is there after the build, or something suggests that it is.
fn exists(site: &NetlifySite<'_>, meant: &str) -> bool {
    let Some((plan, delivery)) = publish::delivery(site) else { return false };
    match delivery.build.fate(site.snapshot, &site.resolution.sources, meant) {
        Fate::Present => true,
        Fate::Unknown => delivery.sign.is_some(),
        Fate::Absent => plan.command.is_none() && delivery.sign.is_some(),
        Fate::File => false,
    }
}
