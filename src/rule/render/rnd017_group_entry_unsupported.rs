//! RND017: an environment group holds what groups cannot hold.

use crate::platform::render::blueprint::Service;
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Remark;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{edit::Editor, remark, variable};

/// An environment group has entries that are refused or ignored.
pub(super) static RULE: Rule = Rule {
    id: "RND017",
    name: "group-entry-unsupported",
    summary: "An environment group has an entry that groups cannot have",
    docs: "\
## What happens

References in a group make Render refuse the Blueprint. A variable with `sync: false` is passed over in silence: \
it never exists, and services find it unset.

## Why

A group holds values that are the same for all who use it, so its entries have `value` or `generateValue`. The \
question that `sync: false` asks is asked for services only.

## How to mend it

Move the entry to every service that uses the group.
",
    severity: Severity::Medium,
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

const NAMES: &[&str] = &["ref-in-group", "sync-false-in-group"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    remark::tell(site, &RULE, NAMES, out, |remark| moved(site, remark));
}

/// Moves the entry to every service that uses the group.
fn moved(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let (group, entry) = (remark::resource(site, remark)?, remark::entry(site, remark)?);
    let text = site.sources.get(site.file)?.text.as_str();
    let marks = &site.document.marks;
    let lines = variable::item(text, &entry.table).filter(|_| group.env.len() > 1 && !marks.is_flow(entry.span))?;
    let uses = |service: &&Service| {
        let mut groups = service.env.iter().filter_map(|entry| entry.table.get("fromGroup")?.as_str());
        groups.any(|name| name == group.name())
    };
    let written = &text[lines.clone()];
    let indent = written.len() - written.trim_start().len();
    let own: Option<Vec<String>> = written.lines().map(|line| line.get(indent..).map(str::to_owned)).collect();
    let own = own?;
    let cut = Change::Edit { span: Span::new(site.file, lines.start, lines.end), text: String::new() };
    let users: Vec<&Service> = site.blueprint.services.iter().filter(uses).collect();
    let added = users.iter().map(|service| variable::insert(site, service, &own));
    let title = match users.len() {
        0 => "take it out of the group, which no service uses".to_owned(),
        _ => format!("move it to the services that use \"{}\"", group.name()),
    };
    Editor::of(site).fix(Applicability::Review, title, std::iter::once(Some(cut)).chain(added))
}
