//! NTL035: a scheduled or event-triggered function has a path of its own.

use crate::platform::netlify::function::bundler::{Interface, interface};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::{Literal, Property, Value};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A function that is not called by requests has a path.
pub(super) static RULE: Rule = Rule {
    id: "NTL035",
    name: "function-path-not-allowed",
    summary: "A scheduled or event-triggered function has a path of its own",
    docs: "\
## What happens

All functions are bundled, and then the build fails.

## Why

A function with a schedule is run by the clock, one with the name of an event (`deploy-succeeded`, `identity-signup`, \
`submission-created`, …) by that event. Neither answers requests, so Netlify refuses a `path` in its `config`. The schedule \
may also come from `[functions.\"name\"]` in netlify.toml.

## How to mend it

Remove `path` from the exported `config`. If requests shall reach the same code, put it into a module that two functions \
import.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Functions,
    fix: FixAvailability::Always,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/functions/index.ts", "2026-11-20"),
        docs("https://docs.netlify.com/functions/trigger-on-events/", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Names that make a function run at an event.
const EVENTS: [&str; 13] = [
    "deploy-building",
    "deploy-deleted",
    "deploy-failed",
    "deploy-locked",
    "deploy-succeeded",
    "deploy-unlocked",
    "identity-login",
    "identity-signup",
    "identity-validate",
    "split-test-activated",
    "split-test-deactivated",
    "split-test-modified",
    "submission-created",
];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let functions = site.functions();
    for function in &functions.list {
        let name = &function.found.name;
        let Some(code) = functions.code(&function.found.entry) else { continue };
        let Some(config) = &code.module.exports.config else { continue };
        let Some(path) = config.get("path").filter(|path| has_route(&path.literal)) else { continue };
        if interface(&code.module) != Interface::Second {
            continue;
        }
        let event = name.to_lowercase().replacen("-background", "", 1);
        let own = config.get("schedule").filter(|own| own.literal.as_text().is_some_and(|text| !text.is_empty()));
        let (what, log, place) = match (own, &function.settings.schedule) {
            (Some(own), _) => ("scheduled", SCHEDULED, own.literal.span),
            (None, Some((schedule, span))) if !schedule.is_empty() => ("scheduled", SCHEDULED, *span),
            _ if EVENTS.contains(&event.as_str()) => ("event-triggered", TRIGGERED, Span::NONE),
            _ => continue,
        };
        let message =
            format!("the {what} function \"{name}\" has a path of its own, which only functions for requests may have");
        out.report(
            RULE.finding(message)
                .at(path.literal.span)
                .label("not allowed here")
                .related(place, "the schedule")
                .log_line(log)
                .fix(removal(path)),
        );
    }
}

const SCHEDULED: &str = "Scheduled functions must not specify a custom path.";
const TRIGGERED: &str = "Event-triggered functions must not specify a custom path.";

/// Whether the bundler makes a route of it; what is computed makes none.
fn has_route(path: &Literal) -> bool {
    match &path.value {
        Value::Text(text) => text.starts_with('/'),
        Value::List(items) => {
            !items.is_empty() && items.iter().all(|item| item.as_text().is_some_and(|text| text.starts_with('/')))
        }
        _ => false,
    }
}

fn removal(path: &Property) -> Fix {
    Fix::replace(Applicability::Review, "remove \"path\"", path.whole, "")
}
