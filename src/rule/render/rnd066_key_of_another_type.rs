//! RND066: a key that the type of the service does not have.

use crate::platform::render::blueprint::{Class, Runtime};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Subject;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A service has keys that belong to another type of service.
pub(super) static RULE: Rule = Rule {
    id: "RND066",
    name: "key-of-another-type",
    summary: "A service has keys of another type",
    docs: "\
## What happens

Render refuses headers and routes on anything but a static site. What it does about the other keys is not on \
record.

## Why

Headers and routes are for static sites, domains and health checks for web services, a schedule for cron jobs; a \
Key Value instance runs no commands.

## How to mend it

Take the keys out, or change the type.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/field-reference.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["static-only-field", "field-not-for-type"];

/// Keys that say how to build, which an image no longer needs.
const BUILD: [&str; 6] = ["buildCommand", "startCommand", "repo", "branch", "rootDir", "buildFilter"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        let Subject::Service(number) = remark.subject else { continue };
        let Some((service, key)) = site.blueprint.services.get(number).zip(remark.key.as_deref()) else { continue };
        // Static sites and images have rules of their own.
        let is_image = service.runtime == Some(Runtime::Image) && service.class != Some(Class::KeyValue);
        if service.class == Some(Class::Static) || (is_image && BUILD.contains(&key)) {
            continue;
        }
        let editor = Editor::of(site);
        let change = editor.remove(remark::whole(service), key);
        let fix = editor.fix(Applicability::Review, format!("remove \"{key}\""), [change]);
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
}
