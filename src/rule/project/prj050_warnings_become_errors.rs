//! PRJ050: Create React App under `CI=true`.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{package, package_edit, version_edit};

/// `react-scripts build` runs with `CI` set, so that any warning of ESLint stops it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ050",
    name: "warnings-become-errors",
    summary: "Create React App takes warnings for errors because CI is set",
    docs: "\
## What happens

If ESLint warns of anything, the build stops. Without warnings it passes.

## Why

Netlify sets `CI` to `true`, and Create React App then treats warnings as errors. On a developer's machine the \
same build passes.

## How to mend it

Mend the warnings; or write `CI= npm run build`, which empties the variable.
",
    severity: Severity::Low,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/codeuino/social-platform-donut-frontend/issues/503", "2026-11-21"),
        observed("https://github.com/react/create-react-app/issues/8832", "2026-11-21"),
        observed("https://github.com/netlify/build/issues/1531", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let is_set = job.variable("CI").is_some();
    if !job.is_own_strict || is_set {
        return;
    }
    for program in ["react-scripts", "craco", "react-app-rewired"] {
        let builds = job.tools(program).find(|tool| tool.run.subcommand() == Some("build"));
        let Some(tool) = builds.filter(|tool| tool.run.variable("CI").is_none()) else { continue };
        let is_off = ["DISABLE_ESLINT_PLUGIN", "ESLINT_NO_DEV_ERRORS"].iter().any(|name| job.variable(name).is_some());
        if is_off || tool.trace.texts.iter().any(|text| text.text.contains("CI=") || text.text.contains("unset CI")) {
            continue;
        }
        return out.report(
            package::at_tool(&RULE, job, &tool, format!("\"{program} build\" stops at any warning, because CI is set"))
                .severity(Severity::Low)
                .log_line("Treating warnings as errors because process.env.CI = true")
                .help("mend the warnings, or empty CI in front of the command")
                .maybe_fix(package_edit::reviewed(
                    "empty CI in front of the command",
                    version_edit::in_front_of_command(job, &tool, "CI= ").map(|change| vec![change]),
                )),
        );
    }
}
