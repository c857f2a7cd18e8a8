//! Key Value instances.

use crate::platform::render::blueprint::{Class, Service};

use super::spot::Spot;
use super::{DISCOURAGED, Judge, REFUSED, at};

/// Keys of services that run something.
const FOREIGN: [&str; 8] =
    ["buildCommand", "startCommand", "envVars", "disk", "healthCheckPath", "numInstances", "repo", "image"];

pub(super) fn is_key_value(service: &Service) -> bool {
    service.class == Some(Class::KeyValue)
}

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let has = |key: &str| service.table.contains_key(key);
    if !has("ipAllowList") {
        let message =
            "a Key Value instance must say who may connect; \"ipAllowList: []\" lets only services of Render in";
        judge
            .error("keyvalue-ip-allow-list", Spot::resource(service), REFUSED, message)
            .says("must specify IP allow list");
    }
    if let Some(key) = ["runtime", "env"].into_iter().find(|key| has(key)) {
        let message = format!("a Key Value instance has no runtime, so \"{key}\" has no place here");
        judge.error("field-not-for-type", at(service, key), DISCOURAGED, message);
    }
    for key in FOREIGN.into_iter().filter(|key| has(key)) {
        let message = format!("a Key Value instance has no \"{key}\"");
        judge.error("field-not-for-type", at(service, key), DISCOURAGED, message);
    }
}
