//! NTL064: files are kept in Git LFS, which the site must ask for in the dashboard.

use crate::platform::netlify::site::NetlifySite;
use crate::project::lfs::{self, Lfs};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::ecma;

/// LFS pointers below the base directory, and no sign that the site fetches them.
pub(super) static RULE: Rule = Rule {
    id: "NTL064",
    name: "lfs-not-enabled",
    summary: "Files are kept in Git LFS, and the site may not fetch them",
    docs: "\
## What happens

The site is built and deployed with pointers, small text files, in the place of images and videos. Tools that read them fail; \
browsers show broken images.

## Why

Netlify fetches the contents only if the variable `GIT_LFS_ENABLED` is set before the repository is cloned. netlify.toml is \
read after that, so a value there comes too late.

## How to mend it

Set it in the dashboard or with the command line tool: `netlify env:set GIT_LFS_ENABLED true`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Checkout,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.netlify.com/build/configure-builds/environment-variables/", "2026-11-20"),
        observed("https://github.com/life-itself/web3/issues/125", "2026-11-20"),
        observed("https://github.com/remirror/remirror/pull/89", "2026-11-20"),
        observed("https://github.com/Project-HAMi/website/issues/638", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Files that are opened at most: contents may be large.
const MAX_OPENED: usize = 3;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let lfs = Lfs::of(site.snapshot);
    let Some((path, _)) = &lfs.first else { return };
    let mut files = lfs.files(site.snapshot, site.build_dir()).take(MAX_OPENED);
    let Some(pointer) = files.find(|entry| lfs::is_pointer(site.snapshot, entry)) else { return };
    let variable = site.config(&["build", "environment", "GIT_LFS_ENABLED"]);
    let is_in_file = variable.is_some_and(|node| site.written(node.span).is_some());
    let is_on = variable.is_some_and(|node| ecma::to_text(node).is_ok_and(|value| value != "false" && value != "0"));
    if is_on && !is_in_file {
        return;
    }
    let span = site.source(path).map(|(file, _)| lfs.span(file));
    let mut finding = RULE
        .finding(format!("\"{}\" is kept in Git LFS; Netlify fetches it only with GIT_LFS_ENABLED", pointer.path))
        .at_path(path.as_str())
        .label("handed to LFS")
        .note("whether the variable is set in the dashboard is not in the files")
        .help("set it before the next deploy: netlify env:set GIT_LFS_ENABLED true");
    if let Some(span) = span {
        finding = finding.at(span);
    }
    if let Some(node) = variable.filter(|_| is_in_file) {
        finding = finding.related(node.span, "comes too late");
    }
    out.report(finding);
}
