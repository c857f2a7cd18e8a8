//! PRJ099: `next lint` on Next.js 16 and later.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{next, package};

/// The build calls `next lint`, which Next.js 16 has removed.
pub(super) static RULE: Rule = Rule {
    id: "PRJ099",
    name: "next-lint-removed",
    summary: "next lint is called with a Next.js that no longer has it",
    docs: "\
## What happens

The command stops: Next.js takes `lint` for the name of a folder, which is not there.

## Why

Next.js 16 has no command `lint` any more; ESLint is called directly.

## How to mend it

Call `eslint .` instead, or leave the step out of the build.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/open-energy-transition/solver-benchmark/issues/514", "2026-11-21"),
        observed("https://github.com/Studio81Labs/nexcue/issues/844", "2026-11-21"),
        observed("https://github.com/Greyisheep/monnify-studio/issues/291", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for run in next::runs(job, "lint").iter().filter(|run| run.package.installed.is_at_least("16.0.0")) {
        if job.snapshot.is_dir(&child(run.tool.dir, "lint")) {
            continue;
        }
        let version = package::shown(job, &run.package);
        let span = run.tool.span(job.sources);
        let flat = ["eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts"];
        let has_flat = flat.iter().any(|name| job.snapshot.is_file(&child(run.tool.dir, name)));
        let is_ready = has_flat && package::lists(job, run.tool.dir, "eslint") && run.tool.run.args.len() == 1;
        let fix = (is_ready && job.written(span) == Some("next lint"))
            .then(|| Fix::replace(Applicability::Review, "call ESLint itself", span, "eslint ."));
        return out.report(
            package::at_tool(&RULE, job, &run.tool, format!("Next.js {version} has no \"next lint\""))
                .label("removed in 16")
                .log_line("Invalid project directory provided, no such directory")
                .help("call \"eslint .\", or leave the step out")
                .maybe_fix(fix),
        );
    }
}
