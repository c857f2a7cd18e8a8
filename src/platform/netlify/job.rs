//! A Netlify site as one build.

use std::sync::OnceLock;

use crate::platform::job::Job;
use crate::project::manifest;
use crate::sim::known::Because;
use crate::sim::stage::Stage;

use super::site::NetlifySite;
use super::{PROFILE, image_program};

impl NetlifySite<'_> {
    /// What is built; none when the configuration is rejected.
    #[must_use]
    pub fn job(&self) -> Option<Job<'_>> {
        let plan = self.plan.as_ref()?;
        let own = plan.installation.as_ref();
        let manager = own.map_or("npm", |installation| installation.manager);
        Some(Job {
            platform: &PROFILE,
            snapshot: self.snapshot,
            sources: &self.resolution.sources,
            dir: self.build_dir(),
            publish: Some(self.publish()),
            own,
            is_own_strict: true,
            installations: own.into_iter().collect(),
            lifecycle: plan.lifecycle.iter().map(|trace| (manager, trace)).collect(),
            commands: plan.trace.iter().map(|trace| (Stage::BuildCommand, trace)).collect(),
            image: image_program::image(),
            is_tentative: self.is_tentative(),
            starts: Vec::new(),
            surveys: OnceLock::new(),
        })
    }

    /// A command that Netlify proposes may have been replaced in the dashboard, and a folder with a configuration of its
    /// own may be a package that is built from the root.
    fn is_tentative(&self) -> bool {
        let command = self.plan.as_ref().and_then(|plan| plan.command.as_ref());
        let is_proposed = command.is_some_and(|command| matches!(command.because, Because::Detected(_)));
        let may_be_package =
            !self.is_dashboard_known && !self.site.directory.is_empty() && self.snapshot.is_file(manifest::NAME);
        is_proposed || may_be_package
    }
}
