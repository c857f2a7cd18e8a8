//! PRJ093: `assert` in an import, which Node.js 22 no longer knows.

use crate::platform::job::Job;
use crate::project::import::bundle::Loader;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::edit::Edit;

use super::import;

/// A file that Node.js 22 or later runs has an import assertion.
pub(super) static RULE: Rule = Rule {
    id: "PRJ093",
    name: "import-assertion",
    summary: "An import says \"assert\", which Node.js 22 and later do not understand",
    docs: "\
## What happens

Node.js stops with \"Unexpected identifier 'assert'\" before it runs anything.

## Why

`import … assert { type: 'json' }` was a proposal that became `with { type: 'json' }`. Node.js 18.20 and 20.10 know both \
words, from 22 on only the new one. Bundlers translate either.

## How to mend it

Write `with` for `assert`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Always,
    evidence: &[
        docs("https://nodejs.org/api/esm.html#import-attributes", "2026-11-21"),
        observed("https://github.com/kpdecker/jsdiff/issues/537", "2026-11-20"),
        observed("https://github.com/hiteshchoudhary/apihub/issues/288", "2026-11-20"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(node) = job.node.as_ref().filter(|node| node.major() >= 22) else { return };
    for survey in job.surveys().iter().filter(|survey| survey.bundle.loader == Loader::Node) {
        for (path, file) in &survey.graph.files {
            let assertions = file.scan.as_ref().map(|scan| scan.assertions.as_slice()).unwrap_or_default();
            let Some((start, end)) = assertions.first().copied() else { continue };
            let Some(span) = import::span(job, path, start, end) else { continue };
            let edits = assertions
                .iter()
                .map(|(start, end)| Edit { range: *start as usize..*end as usize, text: "with".to_owned() });
            let severity = if node.is_pinned { import::severity(job) } else { Severity::Medium };
            let message = format!("\"{path}\" says \"assert\", and Node.js {} knows only \"with\"", node.major());
            out.report(
                RULE.finding(message)
                    .at(span)
                    .label("the old word")
                    .related(node.span, "this Node.js")
                    .severity(severity)
                    .stage(survey.stage)
                    .log_line("SyntaxError: Unexpected identifier 'assert'")
                    .fix(Fix::edits(Applicability::Safe, "write \"with\"", span.file, edits)),
            );
        }
    }
}
