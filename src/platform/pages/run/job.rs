//! A job of a workflow as one build.

use std::sync::OnceLock;

use crate::platform::job::Job;
use crate::platform::pages::PROFILE;
use crate::platform::pages::site::PagesSite;
use crate::platform::pages::{image, run::Run};
use crate::project::output::Effect;
use crate::sim::stage::Stage;

impl PagesSite<'_> {
    /// The builds of the jobs that the published site hangs on and that check this repository out.
    #[must_use]
    pub fn jobs(&self) -> Vec<Job<'_>> {
        let is_tentative = self.snapshot.holds_only_configuration();
        let runs = self.relevant().filter_map(|job| self.runs.get(job)).filter(|run| run.checkout.is_some());
        runs.filter_map(|run| self.one(run, is_tentative)).collect()
    }

    fn one<'a>(&'a self, run: &'a Run, is_tentative: bool) -> Option<Job<'a>> {
        let decided = || run.installed.iter().filter(|installed| installed.decides);
        let commands = || run.commands.iter().filter(|command| command.decides);
        let first = decided().next().map(|installed| installed.installation.dir.as_str());
        let dir = first.or_else(|| commands().next().map(|command| command.dir.as_str()))?;
        Some(Job {
            platform: &PROFILE,
            snapshot: self.snapshot,
            sources: &self.sources,
            dir,
            publish: None,
            own: None,
            is_own_strict: false,
            installations: decided().map(|installed| &installed.installation).collect(),
            lifecycle: decided()
                .flat_map(|it| it.lifecycle.iter().map(move |trace| (it.installation.manager, trace)))
                .collect(),
            commands: commands().map(|command| (Stage::Build, &command.trace)).collect(),
            start: Vec::new(),
            image: image::image(),
            variables: Vec::new(),
            node: None,
            python: None,
            ruby: None,
            requirements: Vec::new(),
            day: self.day,
            is_static: true,
            is_tentative,
            is_prepared: is_prepared(run),
            declaration: None,
            surveys: OnceLock::new(),
        })
    }
}

/// Whether steps that are not followed may make files.
fn is_prepared(run: &Run) -> bool {
    let is_unknown = |effect: &Effect| matches!(effect, Effect::Unknown { .. });
    !run.gaps.is_empty()
        || run.commands.iter().any(|command| !command.decides)
        || run.build.events.iter().any(|event| is_unknown(&event.effect))
}
