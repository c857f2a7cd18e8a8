//! The variables of a service.

use std::collections::HashSet;

use crate::platform::render::blueprint::{EnvEntry, Service};
use crate::platform::render::vocabulary::{holds, vocabulary};
use crate::text::ecma;
use crate::text::tree::Node;

use super::spot::Spot;
use super::{Basis, DISCOURAGED, Engine, Judge, TAKEN, at, reference, variable};

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    for (number, node) in super::index::list(&service.table, "envVars").enumerate() {
        if node.as_table().is_none() {
            let message = "a variable is a mapping with \"key\" and where its value comes from";
            let spot = at(service, "envVars").item(number, node);
            judge.error("env-not-object", spot, (Basis::Derived, Engine::Rejects), message);
        }
    }
    let mut seen = HashSet::new();
    for (number, entry) in service.env.iter().enumerate() {
        judge.entry = Some(number);
        if entry.table.contains_key("fromGroup") {
            check_group(judge, entry);
            continue;
        }
        variable::check_source(judge, entry);
        variable::check_duplicate(judge, entry, &mut seen);
        reference::check(judge, service, entry);
        check_value(judge, entry);
    }
    judge.entry = None;
}

fn check_group(judge: &mut Judge<'_>, entry: &EnvEntry) {
    let name = entry.table.get("fromGroup").and_then(Node::as_str);
    if let Some(name) = name.filter(|name| judge.index.group(name).is_none()) {
        let message =
            format!("the environment group \"{name}\" is not in this Blueprint; it must exist in the workspace");
        let near = judge.index.nearest_group(name);
        let spot = Spot::entry(entry).key(&entry.table, "fromGroup");
        judge.warn("ref-unresolved", spot, DISCOURAGED, message).means(near);
    }
    if entry.table.contains_key("key") {
        let message = "an entry with \"fromGroup\" takes all variables of the group and has no \"key\"";
        judge.error("env-multiple-sources", Spot::entry(entry), (Basis::Derived, Engine::Unknown), message);
    }
}

/// Values that Render reads itself.
fn check_value(judge: &mut Judge<'_>, entry: &EnvEntry) {
    let Some(node) = entry.table.get("value") else { return };
    let name = entry.table.get("key").and_then(Node::as_str).unwrap_or_default();
    let text = entry.value.as_ref().map_or_else(|| ecma::to_text(node).unwrap_or_default(), |text| text.value.clone());
    let spot = Spot::entry(entry).key(&entry.table, "value");
    if name == "PYTHON_VERSION" && !begins_with_three_numbers(&text) {
        let message = format!("PYTHON_VERSION is \"{text}\"; Render wants all three numbers, such as 3.13.4");
        judge.error("python-version-format", spot, TAKEN, message);
    } else if name == "PORT" && holds(&vocabulary().reserved_ports, &text) {
        let message = format!("Render keeps the port {text} for itself");
        judge.error("reserved-port", spot, DISCOURAGED, message);
    }
}

fn begins_with_three_numbers(text: &str) -> bool {
    let mut parts = text.splitn(3, '.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    first.is_some_and(is_number)
        && second.is_some_and(is_number)
        && third.is_some_and(|third| third.starts_with(|letter: char| letter.is_ascii_digit()))
}
