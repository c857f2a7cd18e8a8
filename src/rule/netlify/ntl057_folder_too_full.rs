//! NTL057: a published folder holds more files than Netlify takes.

use crate::platform::netlify::delivery::published;
use crate::platform::netlify::site::NetlifySite;
use crate::project::path::{child, display, parent};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::docs;
use crate::sim::stage::Stage;

/// A folder with more than 54,000 files.
pub(super) static RULE: Rule = Rule {
    id: "NTL057",
    name: "folder-too-full",
    summary: "A published folder holds more than 54,000 files",
    docs: "\
## What happens

The build succeeds, then the deploy fails.

## Why

Netlify takes no more than 54,000 files in one folder. Files in folders below it do not count.

## How to mend it

Spread the files over several folders, for instance by the first letters of their names.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Deploy,
    fix: FixAvailability::Never,
    evidence: &[docs("https://docs.netlify.com/site-deploys/overview/", "2026-11-20")],
    check: Check::Netlify(check),
};

/// The most files that a folder may hold (documentation, "Deploys overview").
const LIMIT: usize = 54_000;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for root in site.published_roots() {
        if site.snapshot.below(&root.path).len() <= LIMIT {
            continue;
        }
        let mut counts = std::collections::BTreeMap::new();
        for file in published::files(site, root) {
            *counts.entry(parent(file.address).unwrap_or_default()).or_insert(0_usize) += 1;
        }
        for (folder, count) in counts.into_iter().filter(|(_, count)| *count > LIMIT) {
            let path = child(&root.path, folder);
            let shown = display(&path);
            let finding = RULE
                .finding(format!("\"{shown}\" holds {count} files, and Netlify takes {LIMIT} in one folder"))
                .at_path(path.clone())
                .help("spread them over several folders");
            out.report(finding);
        }
    }
}
