//! The Dockerfile of a service and its build context.
//!
//! Both are relative to the repository's root (<https://render.com/docs/blueprint-spec>); the dashboard takes them
//! relative to `rootDir`, and so do Blueprints that work: where there is one, either is accepted.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::platform::render::blueprint::{Runtime, Service};
use crate::project::docker::Dockerfile;
use crate::project::path::{self, join};
use crate::project::snapshot::{Snapshot, Target};
use crate::text::source::{Source, Sources};
use crate::text::span::FileId;

use super::Root;

/// Images whose Dockerfile ends with a `USER` line.
const DATA: &str = include_str!("../../data/image-users.json");

#[derive(Deserialize, Default)]
struct Users {
    images: BTreeMap<String, String>,
}

static USERS: LazyLock<Users> = LazyLock::new(|| serde_json::from_str(DATA).unwrap_or_default());

/// The user as whom an image's programs run, if that is known not to be root.
#[must_use]
pub fn user_of(image: &str) -> Option<&'static str> {
    USERS.images.get(image).map(String::as_str)
}

/// What an image is built from.
#[derive(Debug, Clone)]
pub struct Docker {
    /// Where the Dockerfile may be, as repository paths, the likeliest first.
    pub places: Vec<String>,
    /// Where it is; none when it is at none of the places.
    pub path: Option<String>,
    /// Whether links or submodules hide what is there.
    pub is_hidden: bool,
    /// Folders that may be the build context, as repository paths; all of them exist.
    pub contexts: Vec<String>,
    /// The Dockerfile among the sources.
    pub file: FileId,
    /// What it says; empty when it cannot be read.
    pub dockerfile: Dockerfile,
}

impl Docker {
    /// What a service's image is built from; none when it is built from no Dockerfile.
    #[must_use]
    pub fn of(service: &Service, root: &Root, snapshot: &Snapshot, sources: &mut Sources) -> Option<Docker> {
        let dir = root.path.as_deref().filter(|_| service.runtime == Some(Runtime::Docker))?;
        let written = service.value("dockerfilePath");
        let places = places(dir, if written.is_empty() { "Dockerfile" } else { written });
        let is_hidden = places.iter().any(|place| leads_away(snapshot, place));
        let path = places.iter().find(|place| snapshot.is_file(place)).cloned();
        let written = service.value("dockerContext");
        let contexts = places_of_context(dir, written).into_iter().filter(|place| snapshot.is_dir(place)).collect();
        let mut docker =
            Docker { places, path, is_hidden, contexts, file: FileId::NONE, dockerfile: Dockerfile::default() };
        let path = docker.path.clone();
        if let Some(path) = path
            && let Ok(text) = snapshot.text(&path)
        {
            let known = sources.find(&path);
            docker.file = known.unwrap_or_else(|| sources.add(Source::new(path, true, text.clone())));
            docker.dockerfile = Dockerfile::parse(&text, docker.file);
        }
        Some(docker)
    }
}

/// Seen from the repository's root, and from the root directory of the service.
fn places(dir: &str, written: &str) -> Vec<String> {
    let relative = written.trim_start_matches('/');
    let mut found: Vec<String> = ["", dir].into_iter().filter_map(|from| join(from, relative)).collect();
    found.dedup();
    found
}

fn places_of_context(dir: &str, written: &str) -> Vec<String> {
    let mut found = places(dir, if written.is_empty() { "." } else { written });
    if written.is_empty() {
        found.reverse();
    }
    found
}

fn leads_away(snapshot: &Snapshot, place: &str) -> bool {
    path::ancestors(place)
        .any(|dir| matches!(snapshot.target(dir), Target::Submodule(_) | Target::Outside | Target::Loop))
}
