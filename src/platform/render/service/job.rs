//! A service as one build.

use std::sync::OnceLock;

use crate::platform::job::Job;
use crate::platform::pick::Pick;
use crate::platform::render::blueprint::Runtime;
use crate::platform::render::run::Runs;
use crate::platform::render::site::RenderSite;
use crate::platform::render::toolchain::{self, Request, Version};
use crate::platform::render::{PROFILE, image};
use crate::project::python::install::Installed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{Phase, ServicePlan};

impl RenderSite<'_> {
    /// The builds of the services that are built from this repository without a Dockerfile.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job<'_>> {
        let is_tentative = self.snapshot.holds_only_configuration();
        let is_native = |plan: &&ServicePlan| plan.commands.iter().all(|command| !command.is_in_image);
        let plans = self.plans.iter().enumerate().filter(|(_, plan)| is_native(plan));
        plans.filter_map(|(at, plan)| self.job(at, plan, is_tentative)).collect()
    }

    fn job<'a>(&'a self, at: usize, plan: &'a ServicePlan, is_tentative: bool) -> Option<Job<'a>> {
        let service = self.blueprint.services.get(at)?;
        let request = Request { files: self.files(), service, environment: &plan.environment };
        let choices = toolchain::choices(&request);
        let pinned = |tool: &str| match &choices.iter().find(|choice| choice.tool == tool)?.version {
            Version::Pinned(known) => Some((known.value.as_str(), known.span().unwrap_or(Span::NONE))),
            _ => None,
        };
        let runs = Runs::of(self, at);
        let decided = || plan.installed.iter().filter(|installed| installed.decides);
        let traces = plan.commands.iter().filter_map(|command| match command.phase {
            Phase::Build => Some((Stage::Build, &command.trace)),
            Phase::PreDeploy => Some((Stage::PreDeploy, &command.trace)),
            Phase::Start | Phase::Hook => None,
        });
        Some(Job {
            platform: &PROFILE,
            snapshot: self.snapshot,
            sources: &self.sources,
            dir: plan.dir()?,
            publish: None,
            own: plan.installation.as_ref(),
            is_own_strict: false,
            installations: decided().map(|installed| &installed.installation).collect(),
            lifecycle: decided()
                .flat_map(|it| it.lifecycle.iter().map(move |trace| (it.installation.manager, trace)))
                .collect(),
            commands: traces.collect(),
            start: runs.of_phase(Phase::Start).map(|run| run.invocation.clone()).collect(),
            image: image::image(),
            variables: plan.environment.known(false),
            node: pinned("node").and_then(|(text, span)| Pick::node(text, span, true)),
            python: pinned("python").and_then(|(text, span)| Pick::plain(text, span, true)),
            ruby: pinned("ruby").and_then(|(text, span)| Pick::plain(text, span, true)),
            requirements: self.requirements(&runs),
            day: self.day,
            is_static: service.runtime == Some(Runtime::Static),
            is_tentative,
            is_prepared: false,
            declaration: self.end_of_variables(service),
            surveys: OnceLock::new(),
        })
    }
    /// The requirements files that the build certainly installs.
    fn requirements(&self, runs: &Runs) -> Vec<String> {
        let build = runs.of_phase(Phase::Build).filter(|run| !run.is_followed && run.invocation.decides());
        let builds: Vec<_> = build.map(|run| &run.invocation).collect();
        let mut files = Installed::by(self.snapshot, &builds).declared.files;
        files.retain(|path| path.ends_with(".txt"));
        files
    }
}
