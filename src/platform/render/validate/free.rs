//! What the free plan does not hold.

use crate::platform::render::blueprint::{Class, Service};
use crate::text::tree::Node;

use super::{DISCOURAGED, Judge, REFUSED, at, scaling};

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let is_free = service.table.get("plan").and_then(Node::as_str) == Some("free");
    if !is_free || service.class == Some(Class::Static) {
        return;
    }
    let has = |key: &str| service.table.contains_key(key);
    if service.class != Some(Class::Web) {
        let title = service.class.map_or("service", Class::title);
        let message = format!("there is no free plan for a {title}; the smallest is \"starter\"");
        let wording = format!("free not a valid plan for service type {}", service.value("type"));
        judge.error("free-plan-type", at(service, "plan"), REFUSED, message).says(wording);
    }
    if has("preDeployCommand") {
        let message = "a free service has no pre-deploy command";
        let wording = "pre-deploy command is not supported for free tier services";
        judge.error("free-pre-deploy", at(service, "preDeployCommand"), REFUSED, message).says(wording);
    }
    if has("disk") {
        let wording = "disks are not supported for free tier services";
        judge.error("free-disk", at(service, "disk"), REFUSED, "a free service has no disk").says(wording);
    }
    if let Some(key) = scaling::several(service) {
        let message = "a free service runs one instance";
        judge.error("free-scaling", at(service, key), DISCOURAGED, message);
    }
}
