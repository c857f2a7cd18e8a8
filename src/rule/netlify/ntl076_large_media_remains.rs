//! NTL076: the repository still points to Netlify Large Media.

use crate::platform::netlify::site::NetlifySite;
use crate::project::lfs::{self, Lfs};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `.lfsconfig` names Large Media, and files are handed to LFS.
pub(super) static RULE: Rule = Rule {
    id: "NTL076",
    name: "large-media-remains",
    summary: "The repository still keeps files in Netlify Large Media",
    docs: "\
## What happens

The files cannot be fetched when the repository is cloned, or they stay pointers, and the build fails on what it takes for \
images.

## Why

`.lfsconfig` sends Git LFS to Netlify Large Media, a service that was closed. Clones by anyone else end there too.

## How to mend it

Fetch the contents while you still can (`git lfs fetch --all`), delete `.lfsconfig`, push them to the LFS of the Git host \
(`git lfs push --all origin`), and set `GIT_LFS_ENABLED` in the dashboard. Or take the files out of LFS: \
`git lfs migrate export`.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::Checkout,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.netlify.com/build/git-workflows/large-media/", "2026-11-20"),
        observed("https://github.com/decaporg/decap-cms/issues/2154", "2026-11-20"),
        observed("https://github.com/decaporg/decap-cms/issues/3711", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    if !site.snapshot.is_file(lfs::CONFIGURATION) {
        return;
    }
    let Some((file, source)) = site.source(lfs::CONFIGURATION) else { return };
    let Some((url, range)) = lfs::configured_url(&source.text) else { return };
    let is_large_media = ["netlify.com/.netlify/large-media", "netlify.app/.netlify/large-media"];
    if !is_large_media.iter().any(|known| url.contains(known)) {
        return;
    }
    let lfs = Lfs::of(site.snapshot);
    let Some(kept) = lfs.files(site.snapshot, site.build_dir()).next() else { return };
    out.report(
        RULE.finding(format!("\"{}\" is kept in Netlify Large Media, which was closed", kept.path))
            .at(Span::new(file, range.start, range.end))
            .label("closed service")
            .log_line("Smudge error: Error downloading"),
    );
}
