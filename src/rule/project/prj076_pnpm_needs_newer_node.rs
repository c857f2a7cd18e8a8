//! PRJ076: pnpm 11 on a Node.js before 22.13.

use crate::platform::job::Job;
use crate::platform::toolbox::release::last_of;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{command, manager};

/// pnpm 11 is pinned together with a Node.js that it does not run on.
pub(super) static RULE: Rule = Rule {
    id: "PRJ076",
    name: "pnpm-needs-newer-node",
    summary: "pnpm 11 does not run on the pinned Node.js",
    docs: "\
## What happens

pnpm stops before it has read the project: a module of Node.js is missing.

## Why

pnpm 11 keeps its index in the database of Node.js, which is there since 22.13. pnpm 12 is a program of its own \
and does not need it.

## How to mend it

Take Node.js 22 or later, or pin pnpm 10.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/traceroot-ai/traceroot/issues/851", "2026-11-21"),
        observed("https://github.com/chatwoot/prosemirror-schema/pull/50", "2026-11-21"),
        observed("https://github.com/datahub-project/analytics-agent/pull/49", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(node) = job.node.as_ref().filter(|node| node.is_pinned && node.version < (22, 13, 0)) else { return };
    // Fewer numbers than three get the newest release, which may be later than those that are known.
    if node.major() == 22 && node.written < 2 {
        return;
    }
    if let Some(installation) = job.installations.iter().find(|it| it.manager == "pnpm" && it.major == Some(11)) {
        let mut finding = RULE
            .finding(format!("pnpm 11 needs Node.js 22.13, and Node.js {} is installed", node.text))
            .at(node.span)
            .label("too old for pnpm 11")
            .severity(command::severity(job))
            .log_line("This version of pnpm requires at least Node.js v22.13");
        let pin = manager::pin(job, &installation.dir, "pnpm");
        if let Some(pin) = &pin {
            finding = finding.related(pin.span, "pnpm is pinned here");
        }
        let fix = pin.filter(|pin| pin.is_field).zip(last_of("pnpm", 10)).map(|(pin, release)| {
            Fix::replace(Applicability::Review, format!("pin pnpm {release}"), pin.span, format!("\"pnpm@{release}\""))
        });
        out.report(finding.help("take Node.js 22 or later, or pin pnpm 10").maybe_fix(fix));
    }
}
