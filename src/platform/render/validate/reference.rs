//! `fromDatabase` and `fromService`.

use crate::platform::render::blueprint::{Class, EnvEntry, Resource, Service};
use crate::platform::render::vocabulary::{holds, vocabulary};
use crate::text::suggest;
use crate::text::tree::{Node, Table};

use super::index::are_apart;
use super::spot::Spot;
use super::{DISCOURAGED, DOUBTFUL, FORBIDDEN, Judge, REFUSED, TAKEN};

/// The region of a resource that names none (<https://render.com/docs/blueprint-spec>).
pub const DEFAULT_REGION: &str = "oregon";

/// The region in which a resource runs, or would run if it were made today.
#[must_use]
pub fn region(resource: &Resource) -> &str {
    resource
        .text("region")
        .map(|region| region.value.as_str())
        .filter(|region| !region.is_empty())
        .unwrap_or(DEFAULT_REGION)
}

/// The type of a service by its new name.
fn modern(word: &str) -> &str {
    if word == "redis" { "keyvalue" } else { word }
}

struct Reference<'a> {
    service: &'a Service,
    entry: &'a EnvEntry,
    key: &'static str,
    table: &'a Table,
}

impl<'a> Reference<'a> {
    fn of(service: &'a Service, entry: &'a EnvEntry, key: &'static str) -> Option<Reference<'a>> {
        let table = entry.table.get(key)?.as_table()?;
        Some(Reference { service, entry, key, table })
    }

    fn spot(&self) -> Spot {
        Spot::entry(self.entry).key(&self.entry.table, self.key)
    }

    fn at(&self, key: &str) -> Spot {
        self.spot().key(self.table, key)
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.table.get(key).and_then(Node::as_str)
    }
}

pub(super) fn check(judge: &mut Judge<'_>, service: &Service, entry: &EnvEntry) {
    if let Some(reference) = Reference::of(service, entry, "fromDatabase") {
        check_database(judge, &reference);
    }
    if let Some(reference) = Reference::of(service, entry, "fromService") {
        check_service(judge, &reference);
    }
}

fn check_database(judge: &mut Judge<'_>, reference: &Reference<'_>) {
    let name = reference.text("name");
    let target = name.and_then(|name| judge.index.database(name));
    match (name, target) {
        (Some(name), None) => match judge.index.service(name) {
            Some(other) if other.class.is_some() => {
                let title = other.class.map_or("service", Class::title);
                let message = format!("\"{name}\" is a {title}, not a database; use \"fromService\"");
                judge.error("ref-wrong-kind", reference.spot(), DOUBTFUL, message);
            }
            Some(_) => {}
            None => {
                let message =
                    format!("the database \"{name}\" is not in this Blueprint; it must exist in the workspace");
                let near = judge.index.nearest_database(name);
                judge.warn("ref-unresolved", reference.at("name"), DISCOURAGED, message).means(near);
            }
        },
        (Some(name), Some(target)) if are_apart(&reference.service.scope, &target.scope) => {
            let message = format!("the database \"{name}\" belongs to another environment");
            judge.warn("ref-cross-environment", reference.at("name"), DISCOURAGED, message);
        }
        _ => {}
    }
    let properties = &vocabulary().database_properties;
    if let Some(property) = reference.text("property").filter(|property| !holds(properties, property)) {
        let message = format!("a database has no property \"{property}\"; it has {}", properties.join(", "));
        judge.error("ref-property", reference.at("property"), FORBIDDEN, message).means(meant(property, properties));
    }
    let Some(target) = target.filter(|_| reference.service.class != Some(Class::Static)) else { return };
    let (here, there) = (region(reference.service), region(target));
    if here != there {
        let message = format!(
            "the service runs in {here} and the database \"{}\" in {there}: its internal address is out of reach",
            target.name()
        );
        judge.warn("region-mismatch", reference.spot(), TAKEN, message);
    }
}

fn check_service(judge: &mut Judge<'_>, reference: &Reference<'_>) {
    let has = |key: &str| reference.table.contains_key(key);
    if !has("type") {
        let message = "\"fromService\" does not say the \"type\" of the service";
        let target = reference.text("name").and_then(|name| judge.index.service(name));
        let kind = target.map(|target| target.value("type").to_owned());
        let remark = judge.error("ref-no-type", reference.spot(), REFUSED, message);
        remark.says("fromService.type empty").means(kind.as_deref());
    }
    if !has("property") && !has("envVarKey") {
        let message = "\"fromService\" does not say what it takes; write \"property\" or \"envVarKey\"";
        judge.error("ref-no-property", reference.spot(), DISCOURAGED, message);
    }
    if has("property") && has("envVarKey") {
        let message = "\"fromService\" takes \"property\" or \"envVarKey\", not both";
        judge.error("ref-property-and-key", reference.spot(), DISCOURAGED, message);
    }
    let name = reference.text("name");
    let target = name.and_then(|name| judge.index.service(name));
    match (name, target) {
        (_, Some(target)) => check_target(judge, reference, target),
        (Some(name), None) if judge.index.database(name).is_some() => {
            let message = format!("\"{name}\" is a database, not a service; use \"fromDatabase\"");
            judge.error("ref-wrong-kind", reference.spot(), DOUBTFUL, message);
        }
        (Some(name), None) => {
            let message = format!("the service \"{name}\" is not in this Blueprint; it must exist in the workspace");
            let near = judge.index.nearest_service(name);
            judge.warn("ref-unresolved", reference.at("name"), DISCOURAGED, message).means(near);
        }
        (None, None) => {}
    }
    let kind = match target {
        Some(target) => target.value("type"),
        None => reference.text("type").unwrap_or_default(),
    };
    check_property(judge, reference, modern(kind));
}

fn check_property(judge: &mut Judge<'_>, reference: &Reference<'_>, kind: &str) {
    let Some(known) = vocabulary().service_properties.get(kind) else { return };
    let Some(property) = reference.text("property").filter(|property| !holds(known, property)) else { return };
    let title = Class::of(kind, None).map_or("service", Class::title);
    let message = match known.is_empty() {
        true => format!("a {title} has no property \"{property}\", for nothing can connect to it"),
        false => format!("a {title} has no property \"{property}\"; it has {}", known.join(", ")),
    };
    judge.error("ref-property", reference.at("property"), FORBIDDEN, message).means(meant(property, known));
}

/// The property that was meant: a usual invention, or a slip.
fn meant<'a>(property: &str, known: &'a [String]) -> Option<&'a str> {
    let usual = match property.to_lowercase().as_str() {
        "url"
        | "uri"
        | "connectionurl"
        | "connectionuri"
        | "connection_string"
        | "databaseurl"
        | "dsn"
        | "internalurl"
        | "internalconnectionstring" => "connectionString",
        "username" => "user",
        "databasename" | "dbname" | "name" => "database",
        "hostname" | "address" => "host",
        _ => "",
    };
    let usual = known.iter().find(|name| *name == usual).map(String::as_str);
    usual.or_else(|| suggest::nearest(property, known.iter().map(String::as_str)))
}

fn check_target(judge: &mut Judge<'_>, reference: &Reference<'_>, target: &Service) {
    let (name, is_static) = (target.name(), target.class == Some(Class::Static));
    if let Some(node) = reference.table.get("type") {
        let (given, real) = (node.as_str().unwrap_or_default(), target.value("type"));
        if modern(given) != modern(real) && !(given == "static" && is_static) {
            let message = format!("\"{name}\" has the type \"{real}\", not \"{given}\"");
            judge.error("ref-type-mismatch", reference.at("type"), DISCOURAGED, message).means(Some(real));
        }
    }
    if are_apart(&reference.service.scope, &target.scope) {
        let message = format!("the service \"{name}\" belongs to another environment");
        judge.warn("ref-cross-environment", reference.at("name"), DISCOURAGED, message);
    }
    if let Some(key) = reference.text("envVarKey")
        && !is_provided(key)
        && !judge.index.may_have_variable(name, key)
    {
        let message = format!("the service \"{name}\" has no variable \"{key}\" in this Blueprint");
        judge.warn("ref-env-key", reference.at("envVarKey"), DISCOURAGED, message);
    }
    if is_static && reference.table.contains_key("property") {
        let message = format!("\"{name}\" is a static site, which has no address in the private network");
        judge.warn("ref-static-property", reference.at("property"), DISCOURAGED, message);
    }
}

/// Variables that Render sets in every service (<https://render.com/docs/environment-variables>).
fn is_provided(key: &str) -> bool {
    key == "RENDER" || key.starts_with("RENDER_") || key == "IS_PULL_REQUEST" || key == "PORT"
}
