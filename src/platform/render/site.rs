//! The Blueprints of a repository, and everything that is known about one.

use crate::project::snapshot::{Mode, Snapshot};
use crate::sim::plan::{Decision, Step, Unknown};
use crate::text::source::{Source, Sources};
use crate::text::span::FileId;
use crate::text::yaml::{self, Document};

use super::FILE_NAME;
use super::blueprint::{Blueprint, Service};
use super::service::ServicePlan;
use super::validate::{self, Remark};

/// Everything that rules and reports may know about one Blueprint.
#[derive(Debug)]
pub struct RenderSite<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// Path of the Blueprint.
    pub path: String,
    /// Why the file could not be read, if so.
    pub unreadable: Option<String>,
    /// Its text, in `sources`.
    pub file: FileId,
    /// The file as YAML.
    pub document: Document,
    /// What it declares; empty when it is no YAML.
    pub blueprint: Blueprint,
    /// What its validator says; nothing when the file is no YAML.
    pub remarks: Vec<Remark>,
    /// What each service is built and run with, in the order of the services.
    pub plans: Vec<ServicePlan>,
    /// What Render would decide.
    pub decisions: Vec<Decision>,
    /// The steps it would take.
    pub steps: Vec<Step>,
    /// What the files do not say.
    pub unknowns: Vec<Unknown>,
    /// The texts that spans point into.
    pub sources: Sources,
}

/// Folders whose Blueprints are samples.
const SAMPLE_FOLDERS: [&str; 6] =
    ["node_modules", "fixtures", "__fixtures__", "__tests__", "testdata", "test-fixtures"];

fn is_sample(path: &str) -> bool {
    path.split('/').any(|part| SAMPLE_FOLDERS.contains(&part) || part.starts_with('.'))
}

/// Finds the Blueprints: `render.yaml` at the root, or else in other folders, to which a Blueprint may be pointed
/// (<https://render.com/docs/infrastructure-as-code>).
#[must_use]
pub fn find(snapshot: &Snapshot) -> Vec<String> {
    if snapshot.is_file(FILE_NAME) {
        return vec![FILE_NAME.to_owned()];
    }
    let entries = snapshot.named(FILE_NAME).filter(|entry| entry.mode != Mode::Submodule);
    entries.map(|entry| &*entry.path).filter(|path| !is_sample(path)).map(str::to_owned).collect()
}

impl<'a> RenderSite<'a> {
    /// Works out everything about the Blueprint at a path.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, path: &str) -> RenderSite<'a> {
        let (text, unreadable) = match snapshot.text(path) {
            Ok(text) => (text, None),
            Err(error) => (String::new(), Some(error.to_string())),
        };
        let mut sources = Sources::default();
        let file = sources.add(Source::new(path, true, text));
        let text = sources.get(file).map(|source| source.text.clone()).unwrap_or_default();
        let document = yaml::parse(&text, file);
        let root = document.root.as_ref().filter(|_| document.is_ok());
        let blueprint = root.map(|root| Blueprint::read(root, &text)).unwrap_or_default();
        let is_read = unreadable.is_none() && document.is_ok();
        let input = validate::Input { root, blueprint: &blueprint, snapshot: None, repository: None };
        let remarks = if is_read { validate::remarks(&input) } else { Vec::new() };
        let plan = |service| ServicePlan::new(snapshot, &blueprint, service, &mut sources);
        let plans = blueprint.services.iter().map(plan).collect();
        RenderSite {
            snapshot,
            path: path.to_owned(),
            unreadable,
            file,
            document,
            blueprint,
            remarks,
            plans,
            decisions: Vec::new(),
            steps: Vec::new(),
            unknowns: Vec::new(),
            sources,
        }
    }

    /// The services, each with what it is built and run with.
    pub fn services(&self) -> impl Iterator<Item = (&Service, &ServicePlan)> {
        self.blueprint.services.iter().zip(&self.plans)
    }
}
