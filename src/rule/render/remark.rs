//! From remarks of the judge to findings.

use crate::platform::render::blueprint::{EnvEntry, Resource};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::{Engine, Grade, Remark, Subject};
use crate::rule::Rule;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};

use super::edit::{Editor, Place};

/// The remarks of these names.
pub(super) fn of<'a>(site: &'a RenderSite<'_>, names: &'static [&'static str]) -> impl Iterator<Item = &'a Remark> {
    site.remarks.iter().filter(|remark| names.contains(&remark.rule))
}

/// Reports the remarks of these names, each with the repair that it has.
pub(super) fn tell(
    site: &RenderSite<'_>,
    rule: &'static Rule,
    names: &'static [&'static str],
    out: &mut Sink,
    fix: impl Fn(&Remark) -> Option<Fix>,
) {
    of(site, names).for_each(|remark| out.report(finding(rule, remark).maybe_fix(fix(remark))));
}

/// The finding that a remark makes.
pub(super) fn finding(rule: &'static Rule, remark: &Remark) -> Finding {
    let mut finding = rule.finding(remark.message.clone()).at(remark.span).severity(severity(remark));
    finding.log_line = remark.wording.clone();
    if remark.engine == Engine::Unknown && remark.grade == Grade::Error {
        finding = finding.note("whether Render's validator refuses this is not on record");
    }
    finding
}

/// What the validator refuses stops the sync; what it lets pass is as bad as it is; the rest may be either.
pub(super) fn severity(remark: &Remark) -> Severity {
    match (remark.engine, remark.grade) {
        (Engine::Rejects, _) => Severity::Critical,
        (Engine::Accepts, Grade::Error) => Severity::High,
        (Engine::Unknown, Grade::Error) | (Engine::Accepts, Grade::Warning) => Severity::Medium,
        (Engine::Unknown, Grade::Warning) | (_, Grade::Info) => Severity::Low,
    }
}

/// The resource that a remark is about.
pub(super) fn resource<'a>(site: &'a RenderSite<'_>, remark: &Remark) -> Option<&'a Resource> {
    let blueprint = &site.blueprint;
    match remark.subject {
        Subject::File => None,
        Subject::Service(number) => blueprint.services.get(number).map(|service| &service.resource),
        Subject::Database(number) => blueprint.databases.get(number),
        Subject::Group(number) => blueprint.groups.get(number),
    }
}

/// The variable that a remark is about.
pub(super) fn entry<'a>(site: &'a RenderSite<'_>, remark: &Remark) -> Option<&'a EnvEntry> {
    resource(site, remark)?.env.get(remark.entry?)
}

/// The mapping that a remark is about: the variable, the resource, or the whole file.
pub(super) fn place<'a>(site: &'a RenderSite<'_>, remark: &Remark) -> Option<Place<'a>> {
    match (entry(site, remark), resource(site, remark)) {
        (Some(entry), _) => Some(Place { span: entry.span, table: &entry.table }),
        (None, Some(resource)) => Some(whole(resource)),
        (None, None) => site.document.root.as_ref().and_then(Place::of),
    }
}

/// The mapping of a resource.
pub(super) fn whole(resource: &Resource) -> Place<'_> {
    Place { span: resource.span, table: &resource.table }
}

/// Takes the resource off the free plan.
pub(super) fn paid(site: &RenderSite<'_>, remark: &Remark) -> Option<Fix> {
    let editor = Editor::of(site);
    let change = editor.set(whole(resource(site, remark)?), "plan", "starter");
    editor.fix(Applicability::Review, "set \"plan\" to \"starter\", which costs money", [change])
}
