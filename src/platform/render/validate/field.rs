//! Keys that the strict decoder does not know, and plans in capital letters.

use crate::platform::render::blueprint::Resource;
use crate::platform::render::vocabulary::{holds, vocabulary};
use crate::text::suggest;
use crate::text::tree::{Node, Table};

use super::spot::Spot;
use super::{DOUBTFUL, Judge, REFUSED, at};

/// A kind of mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    Service,
    Database,
    Variable,
}

impl Kind {
    fn fields(self) -> &'static [String] {
        let fields = &vocabulary().fields;
        match self {
            Kind::Root => &fields.root,
            Kind::Service => &fields.service,
            Kind::Database => &fields.database,
            Kind::Variable => &fields.variable,
        }
    }

    /// The name in messages, and the type in the decoder's message if it is on record.
    fn names(self) -> (&'static str, Option<&'static str>) {
        match self {
            Kind::Root => ("Blueprint", None),
            Kind::Service => ("service", Some("file.Service")),
            Kind::Database => ("database", None),
            Kind::Variable => ("variable", None),
        }
    }
}

pub(super) fn check(judge: &mut Judge<'_>, resource: &Resource, kind: Kind) {
    check_keys(judge, &resource.table, kind, &|key| at(resource, key));
}

/// Refuses the keys that no mapping of this kind has.
pub(super) fn check_keys(judge: &mut Judge<'_>, table: &Table, kind: Kind, spot: &dyn Fn(&str) -> Spot) {
    let (title, type_name) = kind.names();
    for (key, _) in table.iter().filter(|(key, _)| !holds(kind.fields(), key)) {
        let near = nearest(key, kind.fields());
        let message = match near {
            Some(near) => format!("a {title} has no field \"{key}\"; did you mean \"{near}\"?"),
            None => format!("a {title} has no field \"{key}\""),
        };
        let message = match (kind, key) {
            (Kind::Root, "jobs" | "crons" | "staticSites" | "workers" | "web") => {
                format!(
                    "a {title} has no field \"{key}\"; every service is an entry of \"services\" and has a \"type\""
                )
            }
            (Kind::Root, key) if holds(Kind::Service.fields(), key) => {
                format!("a {title} has no field \"{key}\"; it belongs into an entry of \"services\"")
            }
            _ => message,
        };
        let remark = judge.error("unknown-field", spot(key), REFUSED, message);
        remark.means(near);
        if let Some(type_name) = type_name {
            remark.says(format!("field {key} not found in type {type_name}"));
        }
    }
}

/// The field that was meant: a slip, or the name that something else has for it, which may be a slip too.
pub(super) fn nearest<'a>(key: &str, fields: &'a [String]) -> Option<&'a str> {
    let mistakes = &vocabulary().mistakes;
    let of_mistake = |mistake: &str| {
        let meant = mistakes.get(mistake)?;
        fields.iter().find(|field| *field == meant).map(String::as_str)
    };
    let slip = || suggest::nearest(key, fields.iter().map(String::as_str));
    let both = || suggest::nearest(key, mistakes.keys().map(String::as_str)).and_then(of_mistake);
    of_mistake(key).or_else(slip).or_else(both)
}

/// Plans are in small letters; official templates write them otherwise too.
pub(super) fn check_plan_case(judge: &mut Judge<'_>, resource: &Resource) {
    for key in ["plan", "previewPlan"] {
        let Some(plan) = resource.table.get(key).and_then(Node::as_str) else { continue };
        let lower = plan.to_lowercase();
        if plan != lower {
            let message = format!("the plan \"{plan}\" is called \"{lower}\", in small letters");
            judge.warn("plan-case", at(resource, key), DOUBTFUL, message);
        }
    }
}
