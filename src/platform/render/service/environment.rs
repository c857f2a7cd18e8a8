//! The variables of a service, from its own list, from groups and from the platform.

use std::collections::BTreeMap;

use crate::platform::render::blueprint::{Blueprint, Class, EnvEntry, Resource, Runtime, Service};
use crate::sim::known::{Because, Known};
use crate::text::span::Span;
use crate::text::tree::Node;

/// Who sets a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The service's own `envVars`.
    Service,
    /// An environment group of this name.
    Group(String),
    /// Render itself (<https://render.com/docs/environment-variables>).
    Platform,
}

/// When a variable is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// During the build and afterwards.
    Always,
    /// Only when the service runs.
    Run,
}

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value; none when only the dashboard or the run knows it.
    pub value: Option<String>,
    /// Who sets it.
    pub origin: Origin,
    /// When it is set.
    pub moment: Moment,
    /// Its value's place, or that of its entry when the value is not written out; [`Span::NONE`] for the platform's own.
    pub span: Span,
}

/// The variables of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
    /// Groups that the Blueprint does not declare: they may exist in the workspace and hold anything.
    pub foreign_groups: Vec<String>,
}

impl Environment {
    /// The variables of a service: its own beat those of its groups (<https://render.com/docs/configure-environment-variables>),
    /// which beat those of the platform.
    #[must_use]
    pub fn of(blueprint: &Blueprint, service: &Service) -> Environment {
        let mut environment = Environment::default();
        for (name, value, moment) in provided(service) {
            let (name, value) = (name.to_owned(), value.map(str::to_owned));
            environment.set(Variable { name, value, origin: Origin::Platform, moment, span: Span::NONE });
        }
        for name in service.env.iter().filter_map(group_of) {
            match blueprint.groups.iter().find(|group| group.name() == name) {
                Some(group) => environment.add_group(group),
                None => environment.foreign_groups.push(name.to_owned()),
            }
        }
        for entry in &service.env {
            environment.variables.extend(variable(entry, Origin::Service).map(|it| (it.name.clone(), it)));
        }
        environment
    }

    /// The variable of this name. One that is not here may still be set in the dashboard.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// The value of a variable, if the files know it.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_deref()
    }

    /// Whether somebody other than the platform sets a variable, or may do so in a group that is not in the file.
    #[must_use]
    pub fn may_set(&self, name: &str) -> bool {
        !self.foreign_groups.is_empty() || self.get(name).is_some_and(|it| it.origin != Origin::Platform)
    }

    /// The variables with a known value that a command sees, with their reasons.
    #[must_use]
    pub fn known(&self, is_running: bool) -> Vec<(String, Known<String>)> {
        let is_set = |it: &&Variable| is_running || it.moment == Moment::Always;
        let because = |it: &Variable| match it.origin {
            Origin::Platform => Because::Default("Render sets it"),
            _ => Because::Written(it.span),
        };
        let known = |it: &Variable| Some((it.name.clone(), Known::new(it.value.clone()?, because(it))));
        self.iter().filter(is_set).filter_map(known).collect()
    }

    /// All variables, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Variable> {
        self.variables.values()
    }

    fn set(&mut self, variable: Variable) {
        self.variables.insert(variable.name.clone(), variable);
    }

    /// Between two groups the one that was created last wins, which the file does not tell.
    fn add_group(&mut self, group: &Resource) {
        for entry in &group.env {
            // A value that is asked for in the dashboard never exists in a group (documentation of Blueprints).
            if entry.table.get("sync").and_then(Node::as_bool) == Some(false) && entry.value.is_none() {
                continue;
            }
            let Some(mut found) = variable(entry, Origin::Group(group.name().to_owned())) else { continue };
            let known = self.variables.get(&found.name);
            if known.is_some_and(|known| known.origin != Origin::Platform && known.value != found.value) {
                found.value = None;
            }
            self.set(found);
        }
    }
}

fn group_of(entry: &EnvEntry) -> Option<&str> {
    entry.table.get("fromGroup").and_then(Node::as_str)
}

fn variable(entry: &EnvEntry, origin: Origin) -> Option<Variable> {
    let name = entry.key.as_ref()?.value.clone();
    let value = entry.value.as_ref().map(|text| text.value.clone());
    let span = entry.value.as_ref().map_or(entry.span, |text| text.span);
    Some(Variable { name, value, origin, moment: Moment::Always, span })
}

/// What Render sets by itself (<https://render.com/docs/environment-variables>).
fn provided(service: &Service) -> Vec<(&'static str, Option<&'static str>, Moment)> {
    const ALWAYS: [&str; 9] = [
        "RENDER_SERVICE_ID",
        "RENDER_SERVICE_NAME",
        "RENDER_SERVICE_TYPE",
        "RENDER_GIT_COMMIT",
        "RENDER_GIT_BRANCH",
        "RENDER_GIT_REPO_SLUG",
        "RENDER_DISCOVERY_SERVICE",
        "RENDER_CPU_COUNT",
        "IS_PULL_REQUEST",
    ];
    let mut list = vec![("RENDER", Some("true"), Moment::Always)];
    list.extend(ALWAYS.map(|name| (name, None, Moment::Always)));
    if matches!(service.class, Some(Class::Web | Class::Static)) {
        list.extend(["RENDER_EXTERNAL_URL", "RENDER_EXTERNAL_HOSTNAME"].map(|name| (name, None, Moment::Always)));
    }
    list.extend(["RENDER_INSTANCE_ID", "RENDER_WEB_CONCURRENCY", "WEB_CONCURRENCY"].map(|it| (it, None, Moment::Run)));
    if service.class == Some(Class::Web) {
        list.push(("PORT", Some("10000"), Moment::Run));
    }
    match service.runtime {
        // Render's skills (`render-env-vars`) say that builds see it too, yet its own template for SvelteKit builds with a
        // development dependency after a plain `npm install`; so nothing is concluded for builds.
        Some(Runtime::Node) => list.push(("NODE_ENV", Some("production"), Moment::Run)),
        Some(Runtime::Python) => list.push(("GUNICORN_CMD_ARGS", None, Moment::Run)),
        Some(Runtime::Ruby) => {
            list.extend(["RAILS_ENV", "RAILS_LOG_TO_STDOUT", "BUNDLE_WITHOUT"].map(|it| (it, None, Moment::Always)));
        }
        Some(Runtime::Rust) => list.push(("ROCKET_PORT", Some("10000"), Moment::Run)),
        Some(Runtime::Go) => list.push(("GO111MODULE", Some("on"), Moment::Always)),
        _ => {}
    }
    list
}
