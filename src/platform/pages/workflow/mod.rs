//! A workflow of GitHub Actions as its runner sees it: triggers, permissions, jobs, steps
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>).
//!
//! What has the wrong shape is passed over; what holds an expression is unknown unless it is a variable of the workflow.

pub mod expression;
pub mod glob;
mod job;
mod permission;
mod step;
mod text;
mod trigger;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use crate::text::source::{Source, Sources};
use crate::text::span::FileId;
use crate::text::tree::{Node, Table};
use crate::text::yaml::{self, Document};

pub use job::{Environment, Job, Matrix, Needs};
pub use permission::{Access, Grant, Permissions};
pub use step::{Action, Input, Step};
pub use text::{Text, Variables};
pub use trigger::{Event, Filter, Triggers};

/// Jobs and steps beyond these numbers are not read; GitHub itself takes no more than 256 jobs of a matrix.
const MAX_JOBS: usize = 500;
const MAX_STEPS: usize = 500;

/// What `defaults.run` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// The shell of `run` steps.
    pub shell: Option<Text>,
    /// The folder that they run in.
    pub working_directory: Option<Text>,
}

/// One workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Repository path.
    pub path: String,
    /// Its text, in the sources.
    pub file: FileId,
    /// The file as YAML.
    pub document: Document,
    /// When it runs.
    pub triggers: Triggers,
    /// What the token may do, unless a job says otherwise.
    pub permissions: Option<Permissions>,
    /// Variables of all jobs.
    pub variables: Variables,
    /// What steps do when they say nothing.
    pub defaults: Defaults,
    /// The jobs, in the order of the file.
    pub jobs: Vec<Job>,
}

impl Workflow {
    /// Reads the text of the workflow at a path.
    #[must_use]
    pub fn read(path: &str, text: String, sources: &mut Sources) -> Workflow {
        let file = sources.add(Source::new(path, true, text));
        let text = sources.get(file).map_or("", |source| source.text.as_str());
        let document = yaml::parse(text, file);
        let empty = Table::default();
        let root = document.root.as_ref().and_then(Node::as_table).unwrap_or(&empty);
        let jobs = root.get("jobs").and_then(Node::as_table);
        let jobs = jobs.into_iter().flat_map(Table::iter).take(MAX_JOBS);
        Workflow {
            path: path.to_owned(),
            file,
            triggers: Triggers::read(root.get("on"), text),
            permissions: root.0.get("permissions").map(|entry| Permissions::read(entry, text)),
            variables: Variables::read(root.get("env"), text),
            defaults: Defaults::read(root, text),
            jobs: jobs.filter_map(|(id, entry)| Job::read(id, entry, text)).collect(),
            document,
        }
    }

    /// Whether it is a workflow that could be read: YAML with jobs.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.document.is_ok() && !self.jobs.is_empty()
    }

    /// The number of the job of that name.
    #[must_use]
    pub fn job(&self, id: &str) -> Option<usize> {
        self.jobs.iter().position(|job| job.id == id)
    }

    /// What the token of a job may do: what the job says replaces what the workflow says.
    #[must_use]
    pub fn permissions_of<'a>(&'a self, job: &'a Job) -> Option<&'a Permissions> {
        job.permissions.as_ref().or(self.permissions.as_ref())
    }

    /// The jobs that must end before a job begins, itself first; `None` when one of them is not known.
    #[must_use]
    pub fn needed_by(&self, job: usize) -> Option<Vec<usize>> {
        let mut found = vec![job];
        let mut at = 0;
        while let Some(job) = found.get(at).and_then(|index| self.jobs.get(*index)) {
            if !job.needs.is_known {
                return None;
            }
            for needed in &job.needs.list {
                let index = self.job(needed.plain()?)?;
                if !found.contains(&index) {
                    found.push(index);
                }
            }
            at += 1;
        }
        Some(found)
    }

    /// The mapping of a job in the file.
    #[must_use]
    pub fn job_node(&self, job: &Job) -> Option<&Node> {
        self.document.root.as_ref()?.at(&["jobs", &job.id])
    }

    /// The mapping of a step in the file.
    #[must_use]
    pub fn step_node(&self, job: &Job, step: &Step) -> Option<&Node> {
        self.job_node(job)?.at(&["steps"])?.as_array()?.get(step.index)
    }

    /// Whether it is only called by other workflows, whose token it gets.
    #[must_use]
    pub fn is_only_called(&self) -> bool {
        self.triggers.is_known && matches!(self.triggers.events.as_slice(), [only] if only.name == "workflow_call")
    }
}

impl Defaults {
    fn read(table: &Table, source: &str) -> Defaults {
        let run = table.get("defaults").and_then(|node| node.at(&["run"]));
        let text = |key: &str| Text::read(run?.at(&[key])?, source);
        Defaults { shell: text("shell"), working_directory: text("working-directory") }
    }
}
