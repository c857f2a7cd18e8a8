//! NTL068: a context configures a plugin that the dashboard installs.

use crate::platform::netlify::config::{Failure, Topic, Warning};
use crate::platform::netlify::site::NetlifySite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::source;
use crate::sim::stage::Stage;

use super::property;

/// A plugin stands in a context of the file and in the dashboard.
pub(super) static RULE: Rule = Rule {
    id: "NTL068",
    name: "context-plugin-of-dashboard",
    summary: "A context limits a plugin that the dashboard installs everywhere",
    docs: "\
## What happens

When another context is deployed, Netlify stops while it checks the configuration. When the context itself is deployed, \
or the entry has inputs, it goes on with a warning.

## Why

A plugin that is installed in the dashboard runs in every context. An entry under `[[context.NAME.plugins]]` reads as \
if the plugin should run in that context only, which cannot be had at the same time.

## How to mend it

Remove the plugin from the dashboard, or the entry from the context.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Never,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/validate/context.js", "2026-11-20"),
        source("https://github.com/netlify/build/blob/main/packages/config/src/log/messages.js", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if let Some(Failure::Violation(violation)) = site.failure(Topic::ContextPlugin) {
        let help = "remove the plugin from the dashboard, or this entry";
        out.report(property::finding(&RULE, site, violation).label("also in the dashboard").help(help));
    }
    for warning in &site.resolution.warnings {
        let Warning::ContextPlugin(plugin) = warning else { continue };
        let message = format!("{warning}, remove it from the dashboard or from the context");
        out.report(
            RULE.finding(message)
                .severity(Severity::Medium)
                .at(plugin.span)
                .label("also in the dashboard")
                .log_line(format!("\"{}\" is installed in the UI", plugin.package)),
        );
    }
}
