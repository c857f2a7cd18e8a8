//! PRJ026: a release of node-sass from before the Node.js that is installed.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{package, version_edit};

/// node-sass supports a few majors of Node.js each, and not the one that is installed.
pub(super) static RULE: Rule = Rule {
    id: "PRJ026",
    name: "node-sass-too-old",
    summary: "node-sass does not support the Node.js that is installed",
    docs: "\
## What happens

node-sass has no ready-made binary for this Node.js, tries to compile one, and fails; or it refuses to run \
later.

## Why

Each major of node-sass knows the majors of Node.js that were there when it was released: 4 goes up to Node.js \
14, 5 to 15, 6 to 16, 7 to 17, 8 to 19, 9 to 20.

## How to mend it

Replace `node-sass` by `sass`, which needs no binary; or take an older Node.js.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/sass/node-sass/issues/2928", "2026-11-21"),
        observed("https://github.com/sass/node-sass/issues/2239", "2026-11-21"),
        observed("https://github.com/hubmapconsortium/portal-ui/issues/2684", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// The first release beyond each major, and the newest Node.js that the major supports (readme of node-sass, 2026-11-21).
const SUPPORT: [(&str, u64); 6] =
    [("5.0.0", 14), ("6.0.0", 15), ("7.0.0", 16), ("8.0.0", 17), ("9.0.0", 19), ("10.0.0", 20)];

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(node) = &job.node else { return };
    for installation in job.installations.iter().filter(|it| !it.ignores_scripts()) {
        let Some(found) = package::find(job, &installation.dir, "node-sass") else { continue };
        let newest = SUPPORT.iter().find(|(beyond, _)| found.installed.is_below(beyond)).map(|(_, newest)| *newest);
        let Some(newest) = newest.filter(|newest| node.major() > *newest) else { continue };
        let severity = if node.is_pinned { super::command::severity(job) } else { Severity::Medium };
        let older = newest - newest % 2;
        let title = format!("take Node.js {older}, which is out of support, until \"sass\" replaces \"node-sass\"");
        let fix = version_edit::pin(job, Applicability::Review, title, node.span, &older.to_string());
        return out.report(
            RULE.finding(format!(
                "node-sass {} goes up to Node.js {newest}, and {} is installed",
                package::shown(job, &found),
                node.text
            ))
            .at_path(found.manifest.path.clone())
            .at(found.span)
            .label("too old")
            .related(node.span, "asks for this Node.js")
            .severity(severity)
            .log_line("Node Sass does not yet support your current environment")
            .help("replace \"node-sass\" by \"sass\", or take an older Node.js")
            .maybe_fix(fix),
        );
    }
}
