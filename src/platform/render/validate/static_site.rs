//! Static sites, and the keys that only they have.

use crate::platform::render::blueprint::{Class, Service};

use super::spot::Spot;
use super::{DISCOURAGED, Judge, REFUSED, at};

/// Keys of services that run something.
const FOREIGN: [&str; 10] = [
    "startCommand",
    "disk",
    "numInstances",
    "scaling",
    "healthCheckPath",
    "dockerfilePath",
    "dockerContext",
    "dockerCommand",
    "maxShutdownDelaySeconds",
    "initialDeployHook",
];

/// Refuses the keys of static sites on other services.
pub(super) fn check_only(judge: &mut Judge<'_>, service: &Service) {
    if service.class == Some(Class::Static) {
        return;
    }
    let title = service.class.map_or("service", Class::title);
    for key in ["headers", "routes"] {
        if service.table.contains_key(key) {
            let message = format!("a {title} has no \"{key}\"; only static sites have them");
            let wording = format!("{key} only supported for static web services");
            judge.error("static-only-field", at(service, key), REFUSED, message).says(wording);
        }
    }
    if service.table.contains_key("staticPublishPath") {
        let message = format!("a {title} has no \"staticPublishPath\"; only static sites have one");
        judge.error("static-only-field", at(service, "staticPublishPath"), DISCOURAGED, message);
    }
}

/// Judges a static site.
pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let has = |key: &str| service.table.contains_key(key);
    if has("region") {
        let message = "a static site has no region, it is served from everywhere";
        judge.error("static-region", at(service, "region"), REFUSED, message).says("static sites cannot have a region");
    }
    if has("plan") {
        let message = "a static site has no plan, it is always free";
        let wording = format!("no such plan {} for service type web", service.value("plan"));
        judge.error("static-plan", at(service, "plan"), REFUSED, message).says(wording);
    }
    if !has("staticPublishPath") {
        let message = "the static site does not say which folder is published; write \"staticPublishPath\"";
        judge.error("static-publish-path", Spot::resource(service), DISCOURAGED, message);
    }
    for key in FOREIGN.into_iter().filter(|key| has(key)) {
        let message = format!("a static site has no \"{key}\"");
        judge.error("field-not-for-type", at(service, key), DISCOURAGED, message);
    }
}
