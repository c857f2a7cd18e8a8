//! What the files of the repository say about paths and commands of the Blueprint.
//!
//! Words only, for the conformance document: rules about what a service runs follow the command itself.

mod program;

use crate::platform::render::blueprint::{Runtime, Service};
use crate::project::path::{child, join};
use crate::project::snapshot::Snapshot;
use crate::text::tree::Node;

use super::spot::Spot;
use super::{Basis, Engine, Judge, at};

/// A fact of the repository: the validator does not look at files.
const FACT: super::Ground = (Basis::Repo, Engine::Accepts);

/// Folders that a build makes.
const BUILT: [&str; 13] = [
    "dist",
    "build",
    "out",
    ".next",
    ".output",
    "target",
    "bin",
    "lib",
    "public",
    "_site",
    ".venv",
    "venv",
    "node_modules",
];

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let Some(snapshot) = judge.input.snapshot else { return };
    let is_image = service.table.contains_key("image") || service.runtime == Some(Runtime::Image);
    if is_image || is_elsewhere(service, judge.input.repository) {
        return;
    }
    let written = service.table.get("rootDir").and_then(Node::as_str);
    let root = written.map_or(Some(String::new()), |dir| join("", dir));
    let Some(root) = root.filter(|root| snapshot.is_dir(root)) else {
        let message = format!("the folder \"{}\" is not in the repository", written.unwrap_or_default());
        judge.error("root-dir-missing", at(service, "rootDir"), FACT, message);
        return;
    };
    if service.runtime == Some(Runtime::Docker) {
        return check_docker(judge, service, snapshot, &root);
    }
    check_publish(judge, service, snapshot, &root);
    for key in ["buildCommand", "startCommand", "preDeployCommand"] {
        let Some(command) = service.table.get(key).and_then(Node::as_str) else { continue };
        let mut look = program::Look { snapshot, dir: root.clone(), runtime: service.runtime, faults: Vec::new() };
        look.follow(command);
        for (rule, message) in look.faults {
            judge.error(rule, at(service, key), FACT, message);
        }
    }
}

/// Whether the service is built from another repository.
fn is_elsewhere(service: &Service, repository: Option<&str>) -> bool {
    let Some(url) = service.table.get("repo").and_then(Node::as_str) else { return false };
    let url = url.to_lowercase();
    let url = url.strip_suffix(".git").unwrap_or(&url);
    repository.is_none_or(|name| !url.ends_with(&name.to_lowercase()))
}

/// Paths of Docker are relative to the repository; many Blueprints that work write them relative to `rootDir`.
fn check_docker(judge: &mut Judge<'_>, service: &Service, snapshot: &Snapshot, root: &str) {
    let written = service.table.get("dockerfilePath").and_then(Node::as_str);
    let path = written.unwrap_or("./Dockerfile");
    if !either(root, path).any(|path| snapshot.is_file(&path)) {
        let spot = if written.is_some() { at(service, "dockerfilePath") } else { Spot::resource(service) };
        judge.error("dockerfile-missing", spot, FACT, format!("there is no \"{path}\" in the repository"));
    }
    let Some(context) = service.table.get("dockerContext").and_then(Node::as_str) else { return };
    if !either(root, context).any(|path| snapshot.is_dir(&path)) {
        let message = format!("there is no folder \"{context}\" in the repository");
        judge.error("docker-context-missing", at(service, "dockerContext"), FACT, message);
    }
}

fn check_publish(judge: &mut Judge<'_>, service: &Service, snapshot: &Snapshot, root: &str) {
    let is_static = service.runtime == Some(Runtime::Static) && service.value("type") == "web";
    let Some(path) = service.table.get("staticPublishPath").and_then(Node::as_str).filter(|_| is_static) else {
        return;
    };
    if !service.table.contains_key("buildCommand") && !either(root, path).any(|path| snapshot.is_dir(&path)) {
        let message = format!("there is no folder \"{path}\" in the repository, and no build command that makes it");
        judge.error("publish-path-missing", at(service, "staticPublishPath"), FACT, message);
    }
}

/// A path as seen from the repository's root and from a folder.
fn either(root: &str, path: &str) -> impl Iterator<Item = String> {
    [join("", path), join(root, path)].into_iter().flatten()
}

/// Whether a path lies in a folder that a build makes.
fn is_built(path: &str) -> bool {
    path.split('/').any(|part| BUILT.contains(&part))
}

/// The file in a folder.
fn in_dir(snapshot: &Snapshot, dir: &str, name: &str) -> bool {
    snapshot.is_file(&child(dir, name))
}
