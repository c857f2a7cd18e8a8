//! NTL065: a file in Git LFS is of a type that is not fetched by default.

use crate::platform::netlify::image::image;
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::extension;
use crate::project::lfs::{self, Lfs};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

/// A pointer whose extension is not in the list.
pub(super) static RULE: Rule = Rule {
    id: "NTL065",
    name: "lfs-type-not-fetched",
    summary: "A file in Git LFS is of a type that Netlify does not fetch by default",
    docs: "\
## What happens

Even with LFS enabled the file stays a pointer, a small text file, and is deployed as one.

## Why

Netlify fetches only some types: `jpg`, `png`, `jpeg`, `svg`, `gif`, `pdf`, `mp4`, `bmp`, in small letters. Fonts, audio, \
other video, and names such as `PHOTO.JPG` are left out unless the variable `GIT_LFS_FETCH_INCLUDE` names them.

## How to mend it

Set the variable in the dashboard, with all types that the site needs: \
`netlify env:set GIT_LFS_FETCH_INCLUDE \"*.jpg,*.png,*.woff2\"`.
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Checkout,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/netlify/build-image/issues/371", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/777", "2026-11-20"),
        observed("https://github.com/netlify/build-image/issues/175", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Files that are opened at most: contents may be large.
const MAX_OPENED: usize = 3;

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let variable = site.config(&["build", "environment", "GIT_LFS_FETCH_INCLUDE"]);
    if variable.is_some_and(|node| site.written(node.span).is_none()) {
        return;
    }
    let lfs = Lfs::of(site.snapshot);
    let fetched = &image().lfs.extensions;
    let is_left_out =
        |path: &str| !fetched.iter().any(|known| extension(path).strip_prefix('.') == Some(known.as_str()));
    let files = lfs.files(site.snapshot, site.build_dir()).filter(|entry| is_left_out(&entry.path));
    let Some(pointer) = files.take(MAX_OPENED).find(|entry| lfs::is_pointer(site.snapshot, entry)) else { return };
    let shown = match extension(&pointer.path) {
        "" => pointer.path.to_string(),
        extension => format!("*{extension}"),
    };
    out.report(
        RULE.finding(format!(
            "\"{}\" is kept in Git LFS and is not of a type that Netlify fetches by default",
            pointer.path
        ))
        .at_path(pointer.path.to_string())
        .note(format!("fetched by default: {}, letter case included", fetched.join(", ")))
        .help(format!("name it in the dashboard's variable GIT_LFS_FETCH_INCLUDE, beside the others: \"{shown}\"")),
    );
}
