//! What Render's validator says about a Blueprint, and what it lets pass although it will not work.
//!
//! The published schema is another judge: it refuses much that Render takes (`env` for `runtime`) and takes much that
//! Render refuses (`value` together with `sync`). Facts come from <https://render.com/docs/blueprint-spec> and from
//! messages of the validator that people quote.

mod build_source;
mod command;
mod cron;
mod database;
mod disk;
mod entry;
mod field;
mod free;
mod group;
mod index;
mod key_value;
mod kind;
mod name;
mod preview;
mod reference;
mod remark;
mod repository;
mod root;
mod runtime;
mod scaling;
mod spot;
mod static_site;
mod variable;
mod workflow;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use crate::platform::render::blueprint::{Blueprint, Resource, Service};
use crate::project::snapshot::Snapshot;
use crate::text::tree::Node;

pub use index::Index;
pub use reference::{DEFAULT_REGION, region};
pub use remark::{Basis, Engine, Grade, Remark, Subject};

use spot::Spot;

/// What the judge looks at.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The file's tree; none when it holds nothing.
    pub root: Option<&'a Node>,
    /// What it declares.
    pub blueprint: &'a Blueprint,
    /// The files of the repository, if they are known.
    pub snapshot: Option<&'a Snapshot>,
    /// `owner/name` of the repository, if it is known.
    pub repository: Option<&'a str>,
}

/// Everything that there is to say about a Blueprint, by place.
#[must_use]
pub fn remarks(input: &Input<'_>) -> Vec<Remark> {
    let index = Index::new(input.blueprint);
    let mut judge = Judge { input, index: &index, subject: Subject::File, entry: None, remarks: Vec::new() };
    if root::check(&mut judge) {
        name::check(&mut judge);
        for (number, database) in input.blueprint.databases.iter().enumerate() {
            judge.subject = Subject::Database(number);
            database::check(&mut judge, database);
        }
        for (number, group) in input.blueprint.groups.iter().enumerate() {
            judge.subject = Subject::Group(number);
            group::check(&mut judge, group);
        }
        for (number, service) in input.blueprint.services.iter().enumerate() {
            judge.subject = Subject::Service(number);
            check_service(&mut judge, service);
        }
    }
    let mut remarks = judge.remarks;
    remarks.sort_by(|a, b| (a.span.start, &a.path).cmp(&(b.span.start, &b.path)));
    remarks
}

/// Services are judged until it is clear what they are.
fn check_service(judge: &mut Judge<'_>, service: &Service) {
    field::check_plan_case(judge, service);
    field::check(judge, service, field::Kind::Service);
    if !kind::check(judge, service) {
        return;
    }
    if key_value::is_key_value(service) {
        return key_value::check(judge, service);
    }
    kind::check_runtime(judge, service);
    build_source::check(judge, service);
    cron::check(judge, service);
    static_site::check_only(judge, service);
    runtime::check(judge, service);
    workflow::check(judge, service);
    free::check(judge, service);
    disk::check(judge, service);
    scaling::check(judge, service);
    preview::check(judge, service);
    entry::check(judge, service);
    repository::check(judge, service);
    command::check(judge, service);
}

/// Collects remarks about one resource after the other.
struct Judge<'a> {
    input: &'a Input<'a>,
    index: &'a Index<'a>,
    subject: Subject,
    entry: Option<usize>,
    remarks: Vec<Remark>,
}

/// What the validator does, and how we know.
type Ground = (Basis, Engine);

/// The validator refuses it with a message that is on record.
const REFUSED: Ground = (Basis::Engine, Engine::Rejects);
/// The documentation forbids it, and the validator must refuse it.
const FORBIDDEN: Ground = (Basis::Docs, Engine::Rejects);
/// The documentation forbids it; what the validator does is not on record.
const DISCOURAGED: Ground = (Basis::Docs, Engine::Unknown);
/// The documentation says that it is taken.
const TAKEN: Ground = (Basis::Docs, Engine::Accepts);
/// It follows from what is documented; what the validator does is not on record.
const DOUBTFUL: Ground = (Basis::Derived, Engine::Unknown);

impl Judge<'_> {
    fn add(
        &mut self,
        rule: &'static str,
        grade: Grade,
        spot: Spot,
        (basis, engine): Ground,
        message: impl Into<String>,
    ) -> &mut Remark {
        let Spot { path, span, key } = spot;
        let (subject, entry, message) = (self.subject, self.entry, message.into());
        self.remarks.push(Remark {
            rule,
            grade,
            path,
            span,
            basis,
            engine,
            message,
            wording: None,
            meant: None,
            subject,
            entry,
            key,
        });
        self.remarks.last_mut().expect("internal: one was just added")
    }

    fn error(&mut self, rule: &'static str, spot: Spot, ground: Ground, message: impl Into<String>) -> &mut Remark {
        self.add(rule, Grade::Error, spot, ground, message)
    }

    fn warn(&mut self, rule: &'static str, spot: Spot, ground: Ground, message: impl Into<String>) -> &mut Remark {
        self.add(rule, Grade::Warning, spot, ground, message)
    }
}

/// The place of a key of a resource.
fn at(resource: &Resource, key: &str) -> Spot {
    Spot::resource(resource).key(&resource.table, key)
}

/// A whole number, if a key holds one.
fn whole(resource: &Resource, key: &str) -> Option<f64> {
    resource.table.get(key).and_then(Node::as_number).filter(|number| number.fract() == 0.0)
}

/// What Render's validator does with the whole file.
#[must_use]
pub fn verdict(remarks: &[Remark]) -> Engine {
    deciding(remarks).next().map_or(Engine::Accepts, |remark| remark.engine)
}

/// The remarks that decide the verdict: all refusals, or else all errors of which nobody knows what they do.
pub fn deciding(remarks: &[Remark]) -> impl Iterator<Item = &Remark> {
    let is_refused = remarks.iter().any(|remark| remark.engine == Engine::Rejects);
    remarks.iter().filter(move |remark| match remark.engine {
        Engine::Rejects => true,
        Engine::Unknown => !is_refused && remark.grade == Grade::Error,
        Engine::Accepts => false,
    })
}
