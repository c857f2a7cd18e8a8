//! What each kind of runtime needs and refuses.

use crate::platform::render::blueprint::{Class, Runtime, Service};

use super::spot::Spot;
use super::{DISCOURAGED, DOUBTFUL, Judge, REFUSED, at, static_site};

/// Keys that say how to build, which an image no longer needs.
const BUILD_KEYS: [&str; 6] = ["buildCommand", "startCommand", "repo", "branch", "rootDir", "buildFilter"];

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    match (service.class, service.runtime) {
        (Some(Class::Static), _) => static_site::check(judge, service),
        (_, Some(Runtime::Docker)) => check_docker(judge, service),
        (_, Some(Runtime::Image)) => check_image(judge, service),
        (_, Some(_)) => check_other(judge, service),
        (_, None) => check_unknown(judge, service),
    }
}

fn check_docker(judge: &mut Judge<'_>, service: &Service) {
    let has = |key: &str| service.table.contains_key(key);
    if has("startCommand") {
        let message = "a Docker service has no \"startCommand\"; \"dockerCommand\" overrides the command of the image";
        let wording = "docker runtime must not have startCommand";
        judge.error("docker-start-command", at(service, "startCommand"), REFUSED, message).says(wording);
    }
    if has("buildCommand") {
        let message = "a Docker service has no \"buildCommand\"; the Dockerfile says how it is built";
        judge.error("docker-build-command", at(service, "buildCommand"), DOUBTFUL, message);
    }
    if has("image") {
        let message = "a service with \"image\" has \"runtime: image\"";
        judge.error("image-with-docker", at(service, "image"), DISCOURAGED, message);
    }
}

fn check_image(judge: &mut Judge<'_>, service: &Service) {
    if !service.table.contains_key("image") {
        let message = "the service has \"runtime: image\" and does not say which; write \"image\" with its \"url\"";
        judge.error("image-missing", Spot::resource(service), DISCOURAGED, message);
    }
    for key in BUILD_KEYS.into_iter().filter(|key| service.table.contains_key(key)) {
        let message = format!("\"{key}\" means nothing to a finished image");
        judge.warn("field-not-for-type", at(service, key), DISCOURAGED, message);
    }
}

/// Native runtimes, and `static` where it has no place.
fn check_other(judge: &mut Judge<'_>, service: &Service) {
    let has = |key: &str| service.table.contains_key(key);
    let word = service.runtime.map_or("", Runtime::word);
    if service.runtime.is_some_and(Runtime::is_native) {
        if !has("startCommand") {
            let message = format!("a {word} service needs a \"startCommand\"");
            let wording = format!("non-docker, non-static, non-image runtime {word} must have startCommand");
            judge.error("native-start-command", Spot::resource(service), REFUSED, message).says(wording);
        }
        if !has("buildCommand") {
            let message = format!("a {word} service needs a \"buildCommand\"");
            judge.error("native-build-command", Spot::resource(service), DISCOURAGED, message);
        }
    }
    check_docker_keys(judge, service, word);
    if has("image") {
        let message = "a service with \"image\" has \"runtime: image\"";
        judge.error("image-with-native", at(service, "image"), DISCOURAGED, message);
    }
}

fn check_docker_keys(judge: &mut Judge<'_>, service: &Service, word: &str) {
    for key in ["dockerContext", "dockerfilePath", "dockerCommand"] {
        if service.table.contains_key(key) {
            let message = format!("a {word} service has no \"{key}\"; only Docker services have one");
            let ground = if key == "dockerCommand" { DOUBTFUL } else { REFUSED };
            let remark = judge.error("non-docker-docker-field", at(service, key), ground, message);
            if key != "dockerCommand" {
                remark.says(format!("non-docker runtime {word} cannot have {key}"));
            }
        }
    }
}

/// A runtime that is no word of Render's has been refused already; keys of Docker are refused with it.
fn check_unknown(judge: &mut Judge<'_>, service: &Service) {
    if let Some((_, word)) = super::kind::runtime_word(service) {
        let word = word.to_owned();
        check_docker_keys(judge, service, &word);
        if service.table.contains_key("image") {
            let message = "a service with \"image\" has \"runtime: image\"";
            judge.error("image-with-native", at(service, "image"), DISCOURAGED, message);
        }
    }
}
