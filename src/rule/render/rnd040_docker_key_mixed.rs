//! RND040: keys of Docker and keys of native runtimes in one service.

use crate::platform::render::blueprint::{Class, Runtime};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Remark, Subject};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::edit::Editor;
use super::remark;

/// A service has keys of a kind of runtime that it does not have.
pub(super) static RULE: Rule = Rule {
    id: "RND040",
    name: "docker-key-mixed",
    summary: "A service mixes the keys of Docker with those of native runtimes",
    docs: "\
## What happens

Render refuses `startCommand` on a Docker service, and `dockerContext` or `dockerfilePath` on a native one. What \
it does about the other mixtures is not on record.

## Why

A Docker service is built by its Dockerfile and started by its `CMD`, which `dockerCommand` overrides. A native \
service has `buildCommand` and `startCommand`. A finished image has `image` and `dockerCommand`.

## How to mend it

Rename `startCommand` to `dockerCommand`, and take out what the runtime does not have. A `dockerCommand` runs \
without a shell: wrap `a && b` into `sh -c \"…\"`.
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
        observed("https://github.com/n8n-io/n8n-hosting/pull/187", "2026-11-20"),
    ],
    check: Check::Render(check),
};

const NAMES: &[&str] = &[
    "docker-start-command",
    "docker-build-command",
    "image-with-docker",
    "image-with-native",
    "image-missing",
    "non-docker-docker-field",
    "field-not-for-type",
];

/// What only a shell understands.
const SHELL: [char; 6] = ['&', '|', ';', '<', '>', '$'];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for remark in remark::of(site, NAMES) {
        if remark.rule != "field-not-for-type" || is_of_image(site, remark) {
            out.report(remark::finding(&RULE, remark).maybe_fix(fix(site, remark)));
        }
    }
}

fn is_of_image(site: &RenderSite<'_>, remark: &Remark) -> bool {
    let Subject::Service(number) = remark.subject else { return false };
    let service = site.blueprint.services.get(number);
    let builds = matches!(
        remark.key.as_deref(),
        Some("buildCommand" | "startCommand" | "repo" | "branch" | "rootDir" | "buildFilter")
    );
    builds
        && service
            .is_some_and(|service| service.runtime == Some(Runtime::Image) && service.class != Some(Class::KeyValue))
}

fn fix(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let resource = remark::resource(site, remark)?;
    let (place, editor) = (remark::whole(resource), Editor::of(site));
    match (remark.rule, remark.key.as_deref()?) {
        ("docker-start-command", key) => {
            let is_plain = !resource.value(key).contains(SHELL);
            let applicability = if is_plain { Applicability::Safe } else { Applicability::Review };
            let change = editor.rename(place, key, "dockerCommand");
            editor.fix(applicability, "rename \"startCommand\" to \"dockerCommand\"", [change])
        }
        ("docker-build-command" | "non-docker-docker-field" | "field-not-for-type", key) => {
            editor.fix(Applicability::Review, format!("remove \"{key}\""), [editor.remove(place, key)])
        }
        _ => None,
    }
}
