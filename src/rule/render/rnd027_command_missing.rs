//! RND027: a service does not say how it is built or started.

use crate::platform::render::blueprint::Runtime;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Remark, Subject};
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A service lacks the command or the folder without which Render cannot deploy it.
pub(super) static RULE: Rule = Rule {
    id: "RND027",
    name: "command-missing",
    summary: "A service does not say how it is built or started",
    docs: "\
## What happens

Render refuses a native service without `startCommand`. What it does about a missing `buildCommand` or \
`staticPublishPath` is not on record.

## Why

The dashboard proposes commands when a service is made by hand; a Blueprint has none that are implied.

## How to mend it

Write both commands, for a static site the folder that is published.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-deploy/references/blueprint-spec.md",
            "2026-11-20",
        ),
        observed("https://github.com/render-oss/skills/pull/15", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["native-start-command", "native-build-command", "static-publish-path"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |remark| fix(site, remark));
}

/// `npm start` for a package that has such a script and no lock file of another package manager.
fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let Subject::Service(number) = remark.subject else { return None };
    let service = site.blueprint.services.get(number)?;
    let is_node = remark.rule == "native-start-command" && service.runtime == Some(Runtime::Node);
    let dir = service.root_dir().filter(|_| is_node)?;
    let has = |name: &str| site.snapshot.is_file(&child(&dir, name));
    if ["yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"].into_iter().any(has) {
        return None;
    }
    let manifest = site.snapshot.text(&child(&dir, "package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).ok()?;
    manifest.get("scripts")?.get("start")?.as_str()?;
    let (place, editor) = (remark::whole(service), Editor::of(site));
    let after = ["buildCommand", "runtime", "env"].into_iter().find(|key| place.table.contains_key(key))?;
    let change = editor.insert(place, after, "startCommand", "npm start");
    editor.fix(Applicability::Review, "start it with \"npm start\"", [change])
}
