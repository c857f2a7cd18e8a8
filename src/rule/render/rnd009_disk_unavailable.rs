//! RND009: a disk that the service cannot have.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A service asks for a disk on a plan without disks, or mounts it where none may be.
pub(super) static RULE: Rule = Rule {
    id: "RND009",
    name: "disk-unavailable",
    summary: "The service cannot have this disk",
    docs: "\
## What happens

Render refuses a disk on a free service. What it does about a mount path that it keeps for itself is not on \
record.

## Why

Disks belong to paid web services, private services and workers. They cannot cover the folders that Render itself \
fills, such as `/opt/render/project/src`; a folder below them is allowed.

## How to mend it

Raise the plan to `starter`, or take the disk out if nothing is written below its mount path. Mount it at a folder \
of its own, such as `/var/data`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source("https://github.com/render-oss/skills/blob/main/skills/render-disks/SKILL.md", "2026-11-20"),
        observed("https://github.com/cedarjs/cedar/pull/2404", "2026-11-20"),
        observed("https://github.com/openclaw/openclaw/pull/11272", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["free-disk", "disk-mount-path"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let Some(resource) = remark::resource(site, remark) else { continue };
        let editor = Editor::of(site);
        let is_free = remark.rule == "free-disk";
        let change = editor.set(remark::whole(resource), "plan", "starter").filter(|_| is_free);
        let fix = editor.fix(Applicability::Review, "set \"plan\" to \"starter\", which costs money", [change]);
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
}
