//! RND007: a static site has the keys of a service that runs.

use crate::platform::render::blueprint::Class;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Remark, Subject};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A static site has a plan, a region or another key of services that run something.
pub(super) static RULE: Rule = Rule {
    id: "RND007",
    name: "static-site-key",
    summary: "A static site has keys that it cannot have",
    docs: "\
## What happens

Render refuses a Blueprint with a plan or a region on a static site. What it does about the other keys is not on \
record; nothing runs that they could apply to.

## Why

A static site is files on a network of caches. It has no instance, so it has no plan, no region, no disk, no start \
command and no health check.

## How to mend it

Take the keys out. A static site is free without `plan: free`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Blueprint,
    fix: FixAvailability::Always,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        observed("https://github.com/redwoodjs/graphql/issues/7195", "2026-11-20"),
        observed("https://github.com/redwoodjs/graphql/pull/7196", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &["static-plan", "static-region", "field-not-for-type"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES).filter(|remark| is_of_static_site(site, remark)) {
        let Some((resource, key)) = remark::resource(site, remark).zip(remark.key.as_deref()) else { continue };
        let editor = Editor::of(site);
        let change = editor.remove(remark::whole(resource), key);
        let fix = editor.fix(Applicability::Safe, format!("remove \"{key}\""), [change]);
        out.report(remark::finding(&RULE, remark).maybe_fix(fix));
    }
}

fn is_of_static_site(site: &RenderSite<'_>, remark: &Remark) -> bool {
    let Subject::Service(number) = remark.subject else { return false };
    site.blueprint.services.get(number).is_some_and(|service| service.class == Some(Class::Static))
}
