//! Several instances.

use crate::platform::render::blueprint::Service;
use crate::text::tree::Node;

use super::{DISCOURAGED, DOUBTFUL, Judge, TAKEN, at, whole};

/// The key that asks for more than one instance.
pub(super) fn several(service: &Service) -> Option<&'static str> {
    if service.table.contains_key("scaling") {
        return Some("scaling");
    }
    whole(service, "numInstances").filter(|count| *count > 1.0).map(|_| "numInstances")
}

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let Some(scaling) = service.table.get("scaling").filter(|scaling| scaling.as_table().is_some()) else { return };
    let number = |key: &str| scaling.at(&[key]).and_then(Node::as_number);
    let has = |key: &str| scaling.at(&[key]).is_some();
    if !has("minInstances") || !has("maxInstances") {
        let message = "\"scaling\" needs both \"minInstances\" and \"maxInstances\"";
        judge.error("scaling-bounds", at(service, "scaling"), DISCOURAGED, message);
    } else if let (Some(from), Some(to)) = (number("minInstances"), number("maxInstances"))
        && from > to
    {
        let message = format!("\"minInstances\" is {from} and more than \"maxInstances\", {to}");
        judge.error("scaling-bounds", at(service, "scaling"), DOUBTFUL, message);
    }
    if !has("targetMemoryPercent") && !has("targetCPUPercent") {
        let message = "\"scaling\" needs \"targetCPUPercent\" or \"targetMemoryPercent\"";
        judge.error("scaling-target", at(service, "scaling"), DISCOURAGED, message);
    }
    if service.table.contains_key("numInstances") {
        let message = "\"numInstances\" is ignored as long as \"scaling\" is there";
        judge.warn("scaling-and-num-instances", at(service, "numInstances"), TAKEN, message);
    }
}
