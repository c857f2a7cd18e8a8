//! A service as one build.

use std::sync::OnceLock;

use crate::platform::job::Job;
use crate::platform::render::site::RenderSite;
use crate::platform::render::{PROFILE, image};
use crate::sim::stage::Stage;

use super::{Phase, ServicePlan};

impl RenderSite<'_> {
    /// The builds of the services that are built from this repository without a Dockerfile.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job<'_>> {
        let is_tentative = self.snapshot.holds_only_configuration();
        let is_native = |plan: &&ServicePlan| plan.commands.iter().all(|command| !command.is_in_image);
        let plans = self.plans.iter().filter(is_native);
        plans.filter_map(|plan| self.job(plan, is_tentative)).collect()
    }

    fn job<'a>(&'a self, plan: &'a ServicePlan, is_tentative: bool) -> Option<Job<'a>> {
        let decided = || plan.installed.iter().filter(|installed| installed.decides);
        let traces = plan.commands.iter().filter_map(|command| match command.phase {
            Phase::Build => Some((Stage::Build, &command.trace)),
            Phase::PreDeploy => Some((Stage::PreDeploy, &command.trace)),
            Phase::Start | Phase::Hook => None,
        });
        let starts = plan.commands.iter().filter(|command| command.phase == Phase::Start);
        let starts = starts.map(|command| (Stage::Start, &command.trace));
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
            image: image::image(),
            is_tentative,
            starts: starts.collect(),
            surveys: OnceLock::new(),
        })
    }
}
