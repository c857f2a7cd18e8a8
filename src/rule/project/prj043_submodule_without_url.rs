//! PRJ043: a submodule of the index that `.gitmodules` does not know.

use crate::platform::job::Job;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Fix;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::submodule;

/// The repository holds a submodule, and `.gitmodules` has no section with its path and a URL.
pub(super) static RULE: Rule = Rule {
    id: "PRJ043",
    name: "submodule-without-url",
    summary: "A submodule has no URL",
    docs: "\
## What happens

Git stops while it fetches the submodules, before anything is built.

## Why

A theme or a library was cloned into the repository with its own history, or a submodule was taken out of \
`.gitmodules` only. Git has recorded a commit of another repository and does not know where that is.

## How to mend it

Add a section with path and URL to `.gitmodules`, or take the folder out of the index with `git rm --cached` and \
commit its files. Nothing in the repository says where the submodule comes from, so the commands are only shown.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Checkout,
    fix: FixAvailability::Always,
    evidence: &[
        observed("https://github.com/kakawait/hugo-tranquilpeak-theme/issues/583", "2026-11-21"),
        observed("https://github.com/digitalcraftsman/hugo-creative-theme/issues/54", "2026-11-21"),
        observed("https://github.com/bigcommerce/catalyst/pull/1670", "2026-11-21"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let text = job.snapshot.text(submodule::FILE).unwrap_or_default();
    let sections = submodule::read(&text);
    for entry in job.snapshot.submodules() {
        let known = sections.iter().any(|section| section.path == &*entry.path && !section.url.is_empty());
        if known {
            continue;
        }
        let path = &*entry.path;
        out.report(
            RULE.finding(format!("\"{path}\" is a submodule, and \".gitmodules\" has no URL for it"))
                .at_path(path)
                .log_line(format!("fatal: No url found for submodule path '{path}' in .gitmodules"))
                .fix(Fix::show(format!(
                    "add it with \"git submodule add\", or run \"git rm --cached {path}\" and commit its files"
                ))),
        );
    }
}
