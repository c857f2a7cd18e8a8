//! PRJ024: the version files contradict each other.

use super::version_edit;
use crate::platform::job::Job;
use crate::platform::pick::Pick;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A version that the platform does not look at names another major than the one that counts.
pub(super) static RULE: Rule = Rule {
    id: "PRJ024",
    name: "version-files-disagree",
    summary: "Two files name different majors of Node.js",
    docs: "\
## What happens

The platform installs one of the versions, and developers who use the other file work with another major.

## Why

The platforms look at one source after the other and take the first: Netlify `.nvmrc`, `.node-version`, then \
`NODE_VERSION`; Render `NODE_VERSION`, `.node-version`, `.nvmrc`, then `engines`. The rest is passed over \
without a word.

## How to mend it

Write the same major everywhere, or keep one of the files.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Node,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/hanakai-rb/site/pull/110", "2026-11-21"),
        observed("https://github.com/reichlab/reichlab.github.io/issues/239", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(node) = job.node.as_ref().filter(|node| node.is_pinned && node.written > 0) else { return };
    let stage = if job.is_own_strict { Stage::Node } else { Stage::Toolchain };
    for (place, text, span) in others(job) {
        let Some(other) = Pick::node(&text, span, true).filter(|other| other.major() != node.major()) else { continue };
        let is_same = span == node.span || (span.file == node.span.file && place != "NODE_VERSION");
        if is_same {
            continue;
        }
        let title = format!("write \"{}\" there as well", node.text);
        let fix = version_edit::pin(job, Applicability::Review, title, span, &node.text);
        out.report(
            RULE.finding(format!(
                "\"{place}\" asks for Node.js {}, and {} installs {}",
                other.text, job.platform.title, node.text
            ))
            .at_path(place.clone())
            .at(span)
            .stage(stage)
            .label("passed over")
            .related(node.span, "this one counts")
            .help("write the same major in both places, or drop one of them")
            .maybe_fix(fix),
        );
    }
}

/// Every place that names a version, with its text.
fn others(job: &Job<'_>) -> Vec<(String, String, Span)> {
    let mut found = Vec::new();
    for name in [".nvmrc", ".node-version"] {
        let path = child(job.dir, name);
        if !job.snapshot.is_file(&path) {
            continue;
        }
        let Some((file, source)) = job.open(&path) else { continue };
        let word = source.text.trim();
        let start = source.text.find(word).unwrap_or_default();
        found.push((path, word.to_owned(), Span::new(file, start, start + word.len())));
    }
    if let Some(value) = job.variable("NODE_VERSION")
        && let Some(span) = value.span()
    {
        found.push(("NODE_VERSION".to_owned(), value.value.clone(), span));
    }
    found
}
