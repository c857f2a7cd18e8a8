//! What each service of a Blueprint is built and run with: its folder, its variables, its commands.

mod environment;
mod root;

use crate::project::command::follow::{self, Start};
use crate::project::command::{NoJudge, Shell, Trace};
use crate::project::snapshot::Snapshot;
use crate::text::source::Sources;

use super::blueprint::{Blueprint, Class, Runtime, Service, Text};

pub use environment::{Environment, Moment, Origin, Variable};
pub use root::{Presence, Root};

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
    /// Its commands, in the order in which they run.
    pub commands: Vec<Command>,
}

impl ServicePlan {
    /// Works out one service. Manifests that are read on the way join the sources.
    #[must_use]
    pub fn new(snapshot: &Snapshot, blueprint: &Blueprint, service: &Service, sources: &mut Sources) -> ServicePlan {
        let mut plan = ServicePlan {
            is_here: is_here(service),
            root: Root::of(service, snapshot),
            environment: Environment::of(blueprint, service),
            commands: Vec::new(),
        };
        plan.follow(snapshot, service, sources);
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
        let mut is_pristine = !is_in_image && service.class != Some(Class::Static);
        for (key, phase) in KEYS {
            let Some(text) = service.text(key).filter(|text| !text.value.trim().is_empty()) else { continue };
            let start = Start {
                snapshot,
                command: &text.value,
                span: text.span,
                shell: Shell::Bash,
                dir: &dir,
                judge: &NoJudge,
                is_pristine,
            };
            let trace = follow::follow(&start, sources);
            is_pristine &= trace.keeps_tree();
            self.commands.push(Command { phase, key, text: text.clone(), trace, is_in_image });
        }
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
