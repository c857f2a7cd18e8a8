//! NTL014: the published folder has no home page.

use super::publish;
use crate::platform::netlify::delivery::published::{self, Root};
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, display, parent};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::known::Because;
use crate::sim::stage::Stage;

/// A published folder of tracked files without `index.html` at its top.
pub(super) static RULE: Rule = Rule {
    id: "NTL014",
    name: "no-home-page",
    summary: "The published folder has no index.html at its top",
    docs: "\
## What happens

The deploy turns green, and the site's address says \"Page not found\".

## Why

Netlify serves `index.html` of the published folder for `/`. Here the pages lie one level deeper, or under another name.

## How to mend it

Set `publish` to the folder that holds `index.html`, or redirect `/` to the page that should come first.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.netlify.com/routing/redirects/redirect-options/", "2026-11-20"),
        observed("https://github.com/netlify/cli/issues/205", "2026-11-20"),
        observed("https://github.com/changhuixu/session-expiration-alert/issues/30", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some((plan, delivery)) = publish::delivery(site) else { return };
    let is_written = matches!(plan.publish.because, Because::Written(_));
    let is_static = plan.command.is_none() && delivery.build.events.is_empty() && !has_tools(site);
    if !is_static || !(is_written || site.is_dashboard_known) {
        return;
    }
    let roots = site.published_roots();
    let Some(root) = roots.iter().find(|root| root.is_publish) else { return };
    if has_home(site, root) || is_answered(site) {
        return;
    }
    let pages: Vec<&str> = published::files(site, root)
        .map(|file| file.path)
        .filter(|path| [".html", ".htm"].iter().any(|end| path.ends_with(end)))
        .take(10_000)
        .collect();
    if pages.is_empty() {
        return;
    }
    let mut homes = pages.iter().filter(|path| path.ends_with("/index.html")).filter_map(|path| parent(path));
    let only = homes.next().filter(|first| homes.all(|other| crate::project::path::strip(other, first).is_some()));
    let mut finding = RULE
        .finding(format!("\"{}\" has no index.html at its top", display(&root.path)))
        .at(publish::span(plan))
        .label("no home page");
    if let Some(folder) = only {
        finding = finding.help(format!("\"{folder}\" has one")).maybe_fix(publish::set(
            site,
            plan,
            folder,
            Applicability::Review,
        ));
    }
    out.report(finding);
}

/// Whether something in the repository may build pages: the dashboard's command is not known.
fn has_tools(site: &NetlifySite<'_>) -> bool {
    let detection = &site.detection;
    !site.is_dashboard_known && (detection.package_manager.is_some() || !detection.frameworks.is_empty())
}

fn has_home(site: &NetlifySite<'_>, root: &Root) -> bool {
    ["index.html", "index.htm"].iter().any(|name| site.snapshot.is_file(&child(&root.path, name)))
}

/// Whether a redirect, a function or a plugin may answer for `/`.
fn is_answered(site: &NetlifySite<'_>) -> bool {
    let Some((plan, resolved)) = site.plan.as_ref().zip(site.resolved()) else { return true };
    let covers =
        |from: &str| matches!(from.trim_end_matches('*'), "/" | "") || from.starts_with("/:") || from.contains("://");
    let has_plugins = site.config(&["plugins"]).and_then(|node| node.as_array()).is_some_and(|list| !list.is_empty());
    resolved.redirects.rules.iter().any(|rule| covers(&rule.from.text))
        || plan.edge_functions.is_some()
        || plan.functions.is_some()
        || has_plugins
}
