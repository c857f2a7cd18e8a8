//! What gets installed for a service: by Render itself for static sites, by the build command otherwise.

use crate::platform::toolbox::{Installation, Setting, Toolbox, installs_in, lifecycle};
use crate::project::command::{Invocation, Trace};
use crate::project::lockfile;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

use super::{CHECKOUT, ServicePlan, image};

/// One installation.
#[derive(Debug)]
pub struct Installed {
    /// What is installed, and how.
    pub installation: Installation,
    /// What the manifest's own scripts run on the way.
    pub lifecycle: Vec<Trace>,
    /// Whether it certainly takes place, and the build fails when it does.
    pub decides: bool,
}

impl Installed {
    /// Whether its scripts leave the tree as it is.
    #[must_use]
    pub(super) fn keeps_tree(&self) -> bool {
        self.lifecycle.iter().all(Trace::keeps_tree)
    }
}

impl ServicePlan {
    /// Render installs the dependencies of a static site before its build command, unless `SKIP_INSTALL_DEPS` is set
    /// (`render-static-sites` of Render's skills); the lock file says with what.
    pub(super) fn install_static(&mut self, snapshot: &Snapshot, dir: &str, sources: &mut Sources) {
        if self.environment.get("SKIP_INSTALL_DEPS").is_some_and(|it| it.value.as_deref() != Some("false")) {
            return;
        }
        let has_lock = |manager: &&str| lockfile::read(snapshot, dir, manager).is_some();
        let manager = ["npm", "yarn", "pnpm", "bun"].into_iter().find(has_lock).unwrap_or("npm");
        let variables = self.environment.known(false);
        let install = |sources: &mut Sources| Installation::by_command(snapshot, dir, manager, &variables, sources);
        self.installation = install(sources);
        if let Some(installation) = install(sources) {
            self.add(snapshot, installation, &[], true, sources);
        }
    }

    /// The installations of the build command.
    pub(super) fn install_by_command(&mut self, snapshot: &Snapshot, trace: &Trace, sources: &mut Sources) {
        const MOST: usize = 20;
        let variables = self.environment.known(false);
        for (at, run) in trace.invocations.iter().enumerate() {
            let Some(dir) = installs_in(run).filter(|_| self.installed.len() < MOST) else { continue };
            let found = Installation::by_command(snapshot, &dir, run.name(), &variables, sources);
            let Some(mut installation) = found else { continue };
            installation.flags.extend(run.args.iter().map(|arg| arg.text.clone()));
            let decides = run.decides() && !run.is_after_gap;
            self.add(snapshot, installation, &trace.invocations[..=at], decides, sources);
        }
    }

    fn add(
        &mut self,
        snapshot: &Snapshot,
        installation: Installation,
        before: &[Invocation],
        decides: bool,
        sources: &mut Sources,
    ) {
        let variables = self.environment.known(false);
        let setting = Setting {
            image: image::image(),
            installation: self.installation.as_ref(),
            may_install: false,
            variables: &variables,
            before,
            is_after_gap: false,
        };
        let toolbox = Toolbox::new(snapshot, setting, None);
        let lifecycle = lifecycle::follow(snapshot, &installation, &variables, CHECKOUT, &toolbox, sources);
        self.installed.push(Installed { installation, lifecycle, decides });
    }
}
