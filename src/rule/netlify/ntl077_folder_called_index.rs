//! NTL077: a folder is called `index`.

use crate::platform::netlify::site::NetlifySite;
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// The published tree holds `index/index.html`.
pub(super) static RULE: Rule = Rule {
    id: "NTL077",
    name: "folder-called-index",
    summary: "A page lies in a folder called index, which cannot be reached",
    docs: "\
## What happens

The deploy turns green. A link to `/index/` lands on the home page, and the page in that folder is never seen.

## Why

Netlify takes `/index` for another way to write `/`.

## How to mend it

Give the folder another name, for instance `contents`, and change the links to it.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Routing,
    fix: FixAvailability::Never,
    evidence: &[observed("https://github.com/adactio/resilientwebdesign/issues/15", "2026-11-20")],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for root in site.published_roots() {
        let page = child(&root.path, "index/index.html");
        if site.snapshot.is_file(&page) {
            let finding = RULE
                .finding(format!("\"{page}\" cannot be reached: \"/index/\" leads to the home page"))
                .at_path(page)
                .help("give the folder another name, such as \"contents\"");
            out.report(finding);
        }
    }
}
