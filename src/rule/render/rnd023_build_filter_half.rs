//! RND023: a build filter that names one of its two lists.

use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::{Editor, Place};
use super::remark;

/// A build filter names only one of its two lists.
pub(super) static RULE: Rule = Rule {
    id: "RND023",
    name: "build-filter-half",
    summary: "The build filter names only one of its two lists",
    docs: "\
## What happens

A sync empties the list that is not named, so what was set in the dashboard is lost.

## Why

`buildFilter` replaces both lists, `paths` and `ignoredPaths`, whatever they held.

## How to mend it

Write both lists; an empty one says that nothing is meant.
",
    severity: Severity::Low,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["build-filter-replaces"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let filter = remark::resource(site, remark).and_then(|resource| Place::of(resource.table.get("buildFilter")?));
        let editor = Editor::of(site);
        let fix = filter.and_then(|place| {
            let (there, missing) =
                if place.table.contains_key("paths") { ("paths", "ignoredPaths") } else { ("ignoredPaths", "paths") };
            let change = editor.insert(place, there, missing, "[]");
            editor.fix(Applicability::Safe, format!("write \"{missing}: []\""), [change])
        });
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
}
