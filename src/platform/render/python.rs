//! What a Python service of Render installs, runs and reads.

use crate::project::command::Invocation;
use crate::project::python::declared::Declared;
use crate::project::python::install::Installed;
use crate::project::python::program::{Brings, brings};

use super::blueprint::{Runtime, Service};
use super::run::{Run, Runs};
use super::service::{Environment, Origin, Phase, ServicePlan};
use super::site::RenderSite;

/// A service with the runtime Python that is built from this repository.
#[derive(Debug)]
pub struct PythonService<'a> {
    /// Its number among the services.
    pub index: usize,
    /// The service.
    pub service: &'a Service,
    /// What it is built and run with.
    pub plan: &'a ServicePlan,
    /// Its root directory.
    pub dir: &'a str,
    /// What it runs.
    pub runs: Runs,
    /// What its build installs.
    pub installed: Installed,
}

/// The Python services of a Blueprint.
#[must_use]
pub fn services<'a>(site: &'a RenderSite<'_>) -> Vec<PythonService<'a>> {
    let of_python = |(index, (service, plan)): (usize, (&'a Service, &'a ServicePlan))| {
        let dir = plan.dir().filter(|_| service.runtime == Some(Runtime::Python))?;
        let runs = Runs::of(site, index);
        let builds: Vec<&Invocation> = builds(&runs).map(|run| &run.invocation).collect();
        let mut installed = Installed::by(site.snapshot, &builds);
        for run in runs.list.iter().filter(|run| run.runner == Some("uv")) {
            installed.add_uv_run(site.snapshot, &run.invocation);
        }
        installed.declared.is_open |= !runs.is_known(&[Phase::Build]);
        Some(PythonService { index, service, plan, dir, runs, installed })
    };
    site.services().enumerate().filter_map(of_python).collect()
}

fn builds(runs: &Runs) -> impl Iterator<Item = &Run> {
    runs.of_phase(Phase::Build).filter(|run| !run.is_followed)
}

impl PythonService<'_> {
    /// What the build runs, in the order in which `installed` counts it.
    pub fn builds(&self) -> impl Iterator<Item = &Run> {
        builds(&self.runs)
    }

    /// What the build asks for.
    #[must_use]
    pub fn declared(&self) -> &Declared {
        &self.installed.declared
    }

    /// Whether the build certainly installs none of these distributions.
    #[must_use]
    pub fn surely_lacks(&self, wanted: &[String]) -> bool {
        let declared = self.declared();
        let is_closed = !declared.is_open && declared.missing.is_empty() && self.installed.missing.is_empty();
        is_closed
            && !declared.files.is_empty()
            && !wanted.iter().any(|name| declared.locked.contains(name))
            && declared.requirements.iter().all(|requirement| brings(requirement, wanted) == Brings::No)
    }

    /// What runs when the service starts and before it is replaced.
    pub fn later_runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.list.iter().filter(|run| run.phase != Phase::Build)
    }

    /// Whether a variable is set, or may be set, by anybody but Render, as far as the files say; for one command.
    #[must_use]
    pub fn may_set(&self, run: &Run, name: &str) -> bool {
        run.invocation.variable(name).is_some() || may_set(&self.plan.environment, name)
    }
}

/// Whether the Blueprint sets a variable, or takes a group that may.
#[must_use]
pub fn may_set(environment: &Environment, name: &str) -> bool {
    let is_set = environment.get(name).is_some_and(|variable| variable.origin != Origin::Platform);
    is_set || !environment.foreign_groups.is_empty()
}
