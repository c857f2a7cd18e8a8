//! PRJ017: a file that the deploy reads holds an unresolved merge.

use crate::platform::job::Job;
use crate::project::lockfile::{self, NAMES};
use crate::project::path::{child, name};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A merge was committed with its markers left in.
pub(super) static RULE: Rule = Rule {
    id: "PRJ017",
    name: "merge-conflict",
    summary: "A file that the deploy reads has merge-conflict markers",
    docs: "\
## What happens

Nothing stops: npm, pnpm and Yarn 1 repair a lock file with markers on the way, and lines of `_redirects` and \
`_headers` that cannot be read are passed over. What is deployed is one side of the merge, or a mixture.

## Why

Git writes `<<<<<<<`, `=======` and `>>>>>>>` around what it cannot merge; the file was committed as it was.

## How to mend it

Choose a side and remove the markers; make a lock file anew with the package manager.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/npm/cli/issues/1644", "2026-11-20"),
        observed("https://github.com/Cap-go/capacitor-plus/pull/44", "2026-11-20"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    let locks = NAMES.iter().flat_map(|(_, names)| names.iter());
    let present = locks.filter(|name| job.snapshot.holds(job.dir, name));
    let mut paths: Vec<String> = present.map(|name| child(job.dir, name)).collect();
    for side_file in ["_redirects", "_headers"] {
        paths.extend(job.publish.map(|folder| child(folder, side_file)));
    }
    paths.sort();
    paths.dedup();
    for path in paths.iter().filter(|path| job.snapshot.is_file(path)) {
        let Ok(text) = job.snapshot.text(path) else { continue };
        let Some(at) = lockfile::conflict(&text) else { continue };
        let finding = RULE.finding(format!("\"{path}\" has the markers of an unresolved merge"));
        let side_file = job.sources.find(path).filter(|_| is_side_file(path));
        let finding = match side_file {
            Some(file) => {
                let end = text[at..].find(['\r', '\n']).map_or(text.len(), |length| at + length);
                finding.at(Span::new(file, at, end)).label("the first")
            }
            None => {
                let line = text[..at].bytes().filter(|byte| *byte == b'\n').count() + 1;
                finding.at_path(path.clone()).note(format!("the first is in line {line}"))
            }
        };
        out.report(finding.severity(Severity::Medium).help("choose a side and remove the markers"));
    }
}

/// Lock files are long: their lines are not shown.
fn is_side_file(path: &str) -> bool {
    ["_redirects", "_headers"].contains(&name(path))
}
