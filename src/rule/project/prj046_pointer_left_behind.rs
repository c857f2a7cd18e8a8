//! PRJ046: a pointer of Git LFS stands where a file is published, and no attribute says so.

use crate::platform::job::Job;
use crate::project::lfs::{self, Lfs};
use crate::project::path::child;
use crate::project::snapshot::{Entry, Mode};
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;

/// A published file is a pointer that nothing will ever replace.
pub(super) static RULE: Rule = Rule {
    id: "PRJ046",
    name: "pointer-left-behind",
    summary: "A published file is a pointer of Git LFS, and no attribute hands it to LFS",
    docs: "\
## What happens

Visitors get three lines of text instead of the picture; a tool that reads it stops.

## Why

The file was kept in Git LFS once. Its line in `.gitattributes` is gone and the pointer stayed, so that no checkout \
puts the content in its place.

## How to mend it

Commit the file itself, or restore the line (`git lfs track`).
",
    severity: Severity::Medium,
    confidence: Confidence::Certain,
    stage: Stage::Runtime,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/sitzikbs/my_website/issues/71", "2026-11-21"),
        source("https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Files of a folder that are opened at most; whoever leaves one pointer behind leaves them all.
const MAX_OPENED: usize = 30;

/// Ends of the names of what is handed to LFS.
const ENDS: [&str; 14] =
    ["avif", "gif", "glb", "ico", "jpeg", "jpg", "mov", "mp3", "mp4", "otf", "pdf", "png", "ttf", "webp"];

fn check(job: &Job<'_>, out: &mut Sink) {
    let mut folders: Vec<String> = job.publish.map(str::to_owned).into_iter().collect();
    folders.extend(["public", "static"].iter().map(|name| child(job.dir, name)));
    folders.retain(|folder| !folder.is_empty());
    let opened = folders.iter().find_map(|folder| {
        let files = job.snapshot.below(folder).iter().filter(|entry| may_be_handed_over(entry)).take(MAX_OPENED);
        files.into_iter().find(|entry| lfs::is_pointer(job.snapshot, entry))
    });
    let Some(entry) = opened.filter(|entry| !Lfs::of(job.snapshot).covers(&entry.path)) else { return };
    out.report(
        RULE.finding(format!("\"{}\" is a pointer of Git LFS, and nothing fetches what it stands for", entry.path))
            .at_path(entry.path.to_string())
            .help("commit the file itself, or hand it to LFS in \".gitattributes\" again"),
    );
}

fn may_be_handed_over(entry: &Entry) -> bool {
    let end = entry.path.rsplit_once('.').map_or("", |(_, end)| end);
    matches!(entry.mode, Mode::File | Mode::Executable) && ENDS.iter().any(|it| end.eq_ignore_ascii_case(it))
}
