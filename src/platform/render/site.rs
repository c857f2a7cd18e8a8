//! The Blueprints of a repository, and everything that is known about one.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::project::snapshot::{Mode, Snapshot};
use crate::sim::plan::{Decision, Graph, Group, Step, Unknown};
use crate::text::source::{Source, Sources};
use crate::text::span::{FileId, Span};
use crate::text::yaml::{self, Document, DoubtKind};

use super::FILE_NAME;
use super::blueprint::{Blueprint, Service};
use super::file::Files;
use super::graph::{self, Cycle};
use super::plan;
use super::reading::{Oddity, Reading};
use super::schema::{self, Judgement, Violation};
use super::service::ServicePlan;
use super::validate::{self, Remark, Verdict};

/// Everything that rules and reports may know about one Blueprint.
#[derive(Debug)]
pub struct RenderSite<'a> {
    /// The files.
    pub snapshot: &'a Snapshot,
    /// Path of the Blueprint.
    pub path: String,
    /// Whether there is no such file.
    pub is_missing: bool,
    /// Why the file could not be read, if so.
    pub unreadable: Option<String>,
    /// What not every reader would accept about its bytes, and where.
    pub oddity: Option<(Oddity, Span)>,
    /// Its text, in `sources`.
    pub file: FileId,
    /// The file as YAML.
    pub document: Document,
    /// What it declares; empty when it is no YAML.
    pub blueprint: Blueprint,
    /// What its validator says; nothing when the file is no YAML.
    pub remarks: Vec<Remark>,
    /// What the published schema says.
    pub schema: Judgement,
    /// What Render's validator does with the file.
    pub verdict: Verdict,
    /// Who refers to whom.
    pub graph: Graph,
    /// Variables that take their values from each other.
    pub cycles: Vec<Cycle>,
    /// What each service is built and run with, in the order of the services.
    pub plans: Vec<ServicePlan>,
    /// What Render would decide about every resource.
    pub groups: Vec<Group>,
    /// What Render would decide about the whole.
    pub decisions: Vec<Decision>,
    /// The steps it would take.
    pub steps: Vec<Step>,
    /// What the files do not say.
    pub unknowns: Vec<Unknown>,
    /// The texts that spans point into.
    pub sources: Sources,
    /// The day of the build, if it was said.
    pub day: Option<Date>,
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

/// A Blueprint at the root by a name that Render does not look for.
#[must_use]
pub fn misnamed(snapshot: &Snapshot) -> Option<&str> {
    let entries = snapshot.children("").into_iter().filter(|(_, is_dir)| !is_dir).map(|(name, _)| name);
    let is_near =
        |name: &&str| *name != FILE_NAME && matches!(name.to_lowercase().as_str(), "render.yaml" | "render.yml");
    let is_blueprint = |name: &&str| {
        let text = snapshot.text(name).unwrap_or_default();
        text.lines().any(|line| line.starts_with("services:") || line.starts_with("databases:"))
    };
    entries.filter(is_near).find(is_blueprint)
}

impl<'a> RenderSite<'a> {
    /// Works out everything about the Blueprint at a path.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, path: &str) -> RenderSite<'a> {
        let Reading { text, is_missing, unreadable, oddity } = Reading::of(snapshot, path);
        let mut sources = Sources::default();
        let file = sources.add(Source::new(path, true, text));
        let text = sources.get(file).map(|source| source.text.clone()).unwrap_or_default();
        let document = yaml::parse(&text, file);
        let root = document.root.as_ref().filter(|_| document.is_ok());
        let blueprint = root.map(|root| Blueprint::read(root, &text)).unwrap_or_default();
        let oddity = oddity.map(|(oddity, at)| {
            let length = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            (oddity, Span::new(file, at, at + length))
        });
        let is_there = !is_missing && unreadable.is_none() && oddity.is_none_or(|(oddity, _)| oddity.is_readable());
        let is_read = is_there && document.is_ok();
        let input = validate::Input { root, blueprint: &blueprint, snapshot: None, repository: None };
        let remarks = if is_read { validate::remarks(&input) } else { Vec::new() };
        let schema = if is_read { schema::judge(&document, &text, file) } else { Judgement::default() };
        let verdict = validate::verdict(&remarks, &schema.violations);
        let plan = |service| ServicePlan::new(snapshot, &blueprint, service, &mut sources);
        let plans = blueprint.services.iter().map(plan).collect();
        let mut site = RenderSite {
            snapshot,
            path: path.to_owned(),
            is_missing,
            unreadable,
            oddity,
            file,
            document,
            graph: graph::draw(&blueprint),
            cycles: graph::cycles(&blueprint),
            blueprint,
            remarks,
            schema,
            verdict,
            plans,
            groups: Vec::new(),
            decisions: Vec::new(),
            steps: Vec::new(),
            unknowns: Vec::new(),
            sources,
            day: None,
        };
        if is_read {
            site.groups = plan::groups(&site);
            site.decisions = plan::decisions(&site);
        }
        if is_read || is_missing || oddity.is_some() {
            site.unknowns = plan::unknowns(&site);
        }
        site
    }

    /// The violations of the schema of which nobody knows whether Render minds them.
    pub fn violations(&self) -> impl Iterator<Item = &Violation> {
        validate::unexplained(&self.remarks, &self.schema.violations)
    }

    /// Those of them that may stop the sync.
    ///
    /// Scalars are read by their text, whatever the schema takes them for, `yes` and `no` are truth values, and plans in
    /// capital letters stand in templates of Render's own.
    pub fn doubtful(&self) -> impl Iterator<Item = &Violation> {
        let capital = self.remarks.iter().filter(|remark| remark.rule == "plan-case");
        let capital: HashSet<&str> = capital.map(|remark| remark.path.as_str()).collect();
        self.violations().filter(move |violation| match violation.keyword {
            "type" => !self.is_read_by_text(violation),
            "enum" => !capital.contains(violation.path.as_str()),
            _ => true,
        })
    }

    fn is_read_by_text(&self, violation: &Violation) -> bool {
        let text = self.sources.slice(violation.span).unwrap_or_default();
        let is_scalar = text.parse::<f64>().is_ok() || matches!(text, "true" | "false");
        let truth = (violation.span, DoubtKind::Truth);
        violation.takes_text && is_scalar
            || violation.takes_truth
                && self.document.doubts.binary_search_by_key(&truth, |doubt| (doubt.span, doubt.kind)).is_ok()
    }

    /// Where files are read from.
    #[must_use]
    pub fn files(&self) -> Files<'_> {
        Files { snapshot: self.snapshot, sources: &self.sources }
    }

    /// The services, each with what it is built and run with.
    pub fn services(&self) -> impl Iterator<Item = (&Service, &ServicePlan)> {
        self.blueprint.services.iter().zip(&self.plans)
    }
}
