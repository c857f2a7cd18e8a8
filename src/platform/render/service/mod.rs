//! What each service of a Blueprint is built and run with: its folder, its variables, its commands.

mod docker;
mod environment;
mod install;
mod job;
mod publication;
mod root;
mod variable_place;

use crate::platform::toolbox::{Installation, Setting, Toolbox};
use crate::project::command::follow::{self, Start};
use crate::project::command::{Invocation, Judge, NoJudge, Reach, Shell, Trace};
use crate::project::output::Build;
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

use super::blueprint::{Blueprint, Class, Runtime, Service, Text};
use super::image;

pub use docker::{Docker, user_of};
pub use environment::{Environment, Moment, Origin, Variable};
pub use install::Installed;
pub use publication::Renderer;
pub use root::{Presence, Root};
pub use variable_place::end_of;

/// Where Render checks the repository out (<https://render.com/docs/native-runtimes>).
pub const CHECKOUT: &str = "/opt/render/project/src";

/// When a command runs in the life of a deploy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// `buildCommand`.
    Build,
    /// `preDeployCommand`: in the built service, before its instances are replaced.
    PreDeploy,
    /// `startCommand` or `dockerCommand`; what a cron job runs at its times.
    Start,
    /// `initialDeployHook`: once, after the first deploy that succeeds.
    Hook,
}

/// The keys of commands, in the order in which they run.
const KEYS: [(&str, Phase); 5] = [
    ("buildCommand", Phase::Build),
    ("preDeployCommand", Phase::PreDeploy),
    ("startCommand", Phase::Start),
    ("dockerCommand", Phase::Start),
    ("initialDeployHook", Phase::Hook),
];

/// One command of a service, followed down to its programs.
#[derive(Debug)]
pub struct Command {
    /// When it runs.
    pub phase: Phase,
    /// Its key: `buildCommand`.
    pub key: &'static str,
    /// What is written.
    pub text: Text,
    /// What it runs.
    pub trace: Trace,
    /// Whether it runs in the image of a Dockerfile or registry, whose files and programs are those of the image.
    pub is_in_image: bool,
}

/// What a service is built and run with.
#[derive(Debug)]
pub struct ServicePlan {
    /// Whether it is built from this repository: neither `repo`, nor an image, nor a build source.
    pub is_here: bool,
    /// The folder in which its commands run.
    pub root: Root,
    /// Its variables.
    pub environment: Environment,
    /// What Render installs by itself: the dependencies of a static site.
    pub installation: Option<Installation>,
    /// Its installations: Render's own, and those of the build command.
    pub installed: Vec<Installed>,
    /// Its commands, in the order in which they run.
    pub commands: Vec<Command>,
    /// What installations and the build command leave behind.
    pub build: Build,
    /// The Dockerfile that it is built from, if it is one of this repository.
    pub docker: Option<Docker>,
}

impl ServicePlan {
    /// Works out one service. Manifests that are read on the way join the sources.
    #[must_use]
    pub fn new(snapshot: &Snapshot, blueprint: &Blueprint, service: &Service, sources: &mut Sources) -> ServicePlan {
        let mut plan = ServicePlan {
            is_here: is_here(service),
            root: Root::of(service, snapshot),
            environment: Environment::of(blueprint, service),
            installation: None,
            installed: Vec::new(),
            commands: Vec::new(),
            build: Build::default(),
            docker: None,
        };
        if plan.is_here {
            plan.docker = Docker::of(service, &plan.root, snapshot, sources);
        }
        plan.follow(snapshot, service, sources);
        plan.build = plan.build(snapshot, sources);
        plan
    }

    /// The command of a phase.
    #[must_use]
    pub fn command(&self, phase: Phase) -> Option<&Command> {
        self.commands.iter().find(|command| command.phase == phase)
    }

    /// The folder in which commands run, if it is one of this repository.
    #[must_use]
    pub fn dir(&self) -> Option<&str> {
        let is_usable = self.is_here && self.root.presence == Presence::There;
        self.root.path.as_deref().filter(|_| is_usable)
    }

    fn follow(&mut self, snapshot: &Snapshot, service: &Service, sources: &mut Sources) {
        let Some(dir) = self.dir().map(str::to_owned) else { return };
        let is_in_image = matches!(service.runtime, Some(Runtime::Docker | Runtime::Image));
        if service.class == Some(Class::Static) {
            self.install_static(snapshot, &dir, sources);
        }
        let mut past =
            Past { is_pristine: !is_in_image && self.installed.iter().all(|it| it.keeps_tree()), ..Past::default() };
        for (key, phase) in KEYS {
            let Some(text) = service.text(key).filter(|text| !text.value.trim().is_empty()) else { continue };
            let trace = self.trace(snapshot, &dir, (phase, text, is_in_image), &past, sources);
            if phase == Phase::Build && !is_in_image {
                self.install_by_command(snapshot, &trace, sources);
            }
            past.add(&trace);
            if phase == Phase::Build {
                self.installed.iter().for_each(|installed| installed.lifecycle.iter().for_each(|it| past.add(it)));
            }
            self.commands.push(Command { phase, key, text: text.clone(), trace, is_in_image });
        }
    }

    /// What installations and the build command leave behind.
    fn build(&self, snapshot: &Snapshot, sources: &mut Sources) -> Build {
        let variables: Vec<(String, String)> =
            self.environment.known(false).into_iter().map(|(name, value)| (name, value.value)).collect();
        let lifecycle = self.installed.iter().flat_map(|installed| &installed.lifecycle);
        let command = self.command(Phase::Build).map(|command| &command.trace);
        let mut build = Build::default();
        for trace in lifecycle.chain(command) {
            build.extend(Build::new(snapshot, trace, &variables, sources));
        }
        build
    }

    /// Whether everything before the service starts may succeed, as far as its commands go.
    #[must_use]
    pub fn reaches_start(&self) -> bool {
        let scripts = self.installed.iter().filter(|it| it.decides).flat_map(|it| &it.lifecycle);
        let commands = self.commands.iter().filter(|it| matches!(it.phase, Phase::Build | Phase::PreDeploy));
        scripts.chain(commands.map(|it| &it.trace)).all(|trace| trace.failure().is_none())
    }

    /// Whether a part of what runs before the service starts cannot be followed.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        let scripts = self.installed.iter().flat_map(|it| &it.lifecycle);
        let commands = self.commands.iter().filter(|it| matches!(it.phase, Phase::Build | Phase::PreDeploy));
        let traces = scripts.chain(commands.map(|it| &it.trace));
        let is_open = |trace: &Trace| trace.gaps.iter().any(|gap| gap.reach != Reach::Never && !gap.is_about_program);
        traces.into_iter().any(is_open)
    }

    fn trace(
        &self,
        snapshot: &Snapshot,
        dir: &str,
        (phase, text, is_in_image): (Phase, &Text, bool),
        past: &Past,
        sources: &mut Sources,
    ) -> Trace {
        let variables = self.environment.known(phase != Phase::Build);
        let setting = Setting {
            image: image::image(),
            installation: self.installation.as_ref(),
            may_install: false,
            variables: &variables,
            before: &past.invocations,
            is_after_gap: past.has_gap,
        };
        let toolbox = Toolbox::new(snapshot, setting, None);
        let judge: &dyn Judge = if is_in_image { &NoJudge } else { &toolbox };
        let start = Start {
            snapshot,
            command: &text.value,
            span: text.span,
            shell: Shell::Bash,
            dir,
            checkout: CHECKOUT,
            judge,
            is_pristine: past.is_pristine,
        };
        follow::follow(&start, sources)
    }
}

/// What ran before a command.
#[derive(Debug, Default)]
struct Past {
    invocations: Vec<Invocation>,
    has_gap: bool,
    is_pristine: bool,
}

impl Past {
    fn add(&mut self, trace: &Trace) {
        self.invocations.extend(trace.invocations.iter().cloned());
        self.has_gap |= trace.gaps.iter().any(|gap| gap.reach != Reach::Never && !gap.is_about_program);
        self.is_pristine &= trace.keeps_tree();
    }
}

/// Whether the service is built from the repository that holds the Blueprint.
fn is_here(service: &Service) -> bool {
    let is_elsewhere = ["repo", "image", "buildSource"].iter().any(|key| service.table.contains_key(key));
    !is_elsewhere && service.runtime != Some(Runtime::Image) && service.class != Some(Class::KeyValue)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
