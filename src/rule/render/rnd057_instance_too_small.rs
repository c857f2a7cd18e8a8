//! RND057: what is installed needs more memory than the instance has.

use crate::platform::render::python;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A model or a browser on an instance of 512 MB.
pub(super) static RULE: Rule = Rule {
    id: "RND057",
    name: "instance-too-small",
    summary: "The plan has 512 MB, and a dependency usually needs more",
    docs: "\
## What happens

The service starts, grows past its memory and is killed, often while it loads a model or on its first request.

## Why

The plans `free` and `starter` have 512 MB. Libraries for neural networks take most of that before they have loaded anything, \
and so does a browser.

## How to mend it

Take the plan `standard` or a greater one, or let another service do the work.
",
    severity: Severity::Low,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/dograh-hq/dograh/pull/540", "2026-11-21"),
        observed("https://github.com/elizaOS/eliza/issues/3514", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Distributions that take most of 512 MB by themselves.
const HEAVY: [&str; 10] = [
    "torch",
    "tensorflow",
    "transformers",
    "sentence-transformers",
    "openai-whisper",
    "faster-whisper",
    "whisperx",
    "diffusers",
    "easyocr",
    "ultralytics",
];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site) {
        let Some(plan) = service.service.text("plan").filter(|plan| is_small(&plan.value)) else { continue };
        let serves = service.plan.command(Phase::Start).is_some();
        let Some(heavy) = HEAVY.iter().find(|name| serves && is_asked_for(&service, name)) else { continue };
        out.report(
            RULE.finding(format!("the plan \"{}\" has 512 MB, and \"{heavy}\" usually needs more", plan.value))
                .at(plan.span)
                .help("take the plan \"standard\" or a greater one if the service is killed")
                .log_line("Ran out of memory"),
        );
    }
}

fn is_small(plan: &str) -> bool {
    plan.eq_ignore_ascii_case("free") || plan.eq_ignore_ascii_case("starter")
}

fn is_asked_for(service: &python::PythonService<'_>, name: &str) -> bool {
    service.declared().requirements.iter().any(|requirement| requirement.name == name && !requirement.is_conditional())
}
