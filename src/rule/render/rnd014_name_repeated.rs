//! RND014: two resources have one name.

use crate::platform::render::blueprint::{Resource, Scope};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use std::collections::HashSet;

use super::{edit::Editor, remark};

/// Two resources of one kind have the same name.
pub(super) static RULE: Rule = Rule {
    id: "RND014",
    name: "name-repeated",
    summary: "Two resources of the Blueprint have one name",
    docs: "\
## What happens

Render knows a resource by its name, so two entries would be one resource with two descriptions. The documentation \
forbids it; what the validator says is not on record.

## Why

Names are unique among the services, among the databases and among the environment groups of a Blueprint, wherever \
they are declared. An entry at the root and one in an environment are two declarations of one resource.

## How to mend it

Give one of them another name, such as one that ends with its environment.
",
    severity: Severity::Medium,
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

const NAMES: &[&str] = &["duplicate-name"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |remark| renamed(site, remark));
}

/// Gives the second one a name that ends with its environment, or with a number.
fn renamed(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let resource = remark::resource(site, remark)?;
    let blueprint = &site.blueprint;
    let all = blueprint.services.iter().map(|service| &service.resource).chain(&blueprint.databases);
    let taken: HashSet<&str> = all.chain(&blueprint.groups).map(Resource::name).collect();
    let environment = match resource.scope {
        Scope::Environment(project, environment) => {
            let project = site.document.root.as_ref()?.at(&["projects"])?.as_array()?.get(project)?;
            project.at(&["environments"])?.as_array()?.get(environment)?.at(&["name"])?.as_str()
        }
        Scope::Root | Scope::Ungrouped => None,
    };
    let word = environment.map(|name| name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let numbers = (2..100_u32).map(|number| number.to_string());
    let mut names = word.into_iter().chain(numbers).map(|end| format!("{}-{end}", resource.name()));
    let name = names.find(|name| !taken.contains(name.as_str()))?;
    let editor = Editor::of(site);
    let change = editor.set(remark::whole(resource), "name", &name);
    editor.fix(
        Applicability::Review,
        format!("call it \"{name}\", and refer to it by that name where it is meant"),
        [change],
    )
}
