//! Services.

use crate::platform::render::blueprint::{Class, Resource, Runtime, Service};
use crate::platform::render::file::Files;
use crate::platform::render::service::ServicePlan;
use crate::platform::render::site::RenderSite;
use crate::platform::render::toolchain::{self, Request};
use crate::platform::render::validate::DEFAULT_REGION;
use crate::sim::plan::Group;
use crate::text::ecma;
use crate::text::tree::Node;

use super::{List, joined, variable};

/// Why a plan is taken that nobody names.
const PLAN: &str = "a service that is made today; one that exists keeps its plan";

pub(super) fn group(site: &RenderSite<'_>, service: &Service, plan: &ServicePlan) -> Group {
    let mut list = List::default();
    kind(&mut list, service);
    place(&mut list, service);
    if service.class == Some(Class::KeyValue) {
        key_value(&mut list, service);
    } else {
        source(&mut list, service);
        tools(&mut list, site, service, plan);
        commands(&mut list, service);
        running(&mut list, service);
        publishing(&mut list, service);
        deploys(&mut list, service);
        variable::list(&mut list, service);
    }
    let kind = service.class.map_or("service", Class::title);
    Group { name: service.name().to_owned(), kind, decisions: list.0 }
}

fn kind(list: &mut List, service: &Service) {
    if let Some(kind) = service.text("type") {
        let word = if kind.value == "redis" { "keyvalue" } else { &kind.value };
        list.written("type", word, kind.span);
    }
    if let Some(runtime) = service.runtime_text().filter(|_| service.class != Some(Class::KeyValue)) {
        list.written("runtime", runtime.value.as_str(), runtime.span);
    }
}

fn place(list: &mut List, service: &Service) {
    if matches!(service.class, Some(Class::Static) | None) {
        return;
    }
    list.key("region", service, "region", Some((DEFAULT_REGION, "resources are made there unless they name a region")));
    if service.class != Some(Class::Workflow) {
        plan(list, service, ("starter", PLAN));
    }
}

/// A plan in small letters, as Render reads it.
pub(super) fn plan(list: &mut List, resource: &Resource, default: (&str, &'static str)) {
    match resource.text("plan") {
        Some(plan) => list.written("plan", plan.value.to_lowercase(), plan.span),
        None => list.fallback("plan", default.0, default.1),
    }
}

fn key_value(list: &mut List, service: &Service) {
    let policy = ("allkeys-lru", "what is used least is forgotten first");
    list.key("when memory is full", service, "maxmemoryPolicy", Some(policy));
    list.key("persistence", service, "persistenceMode", None);
    list.allowed(service, None);
}

fn source(list: &mut List, service: &Service) {
    if let Some(source) = service.text("buildSource") {
        return list.written("build source", source.value.as_str(), source.span);
    }
    if service.runtime == Some(Runtime::Image) {
        return list.described("image", service, "image", |node| Some(node.at(&["url"])?.as_str()?.to_owned()));
    }
    list.key("repository", service, "repo", Some(("that of the Blueprint", "no \"repo\" is named")));
    list.key("branch", service, "branch", Some(("that of the Blueprint", "no \"branch\" is named")));
    list.key("root", service, "rootDir", Some((".", "commands run at the root of the repository")));
    if service.runtime == Some(Runtime::Docker) {
        list.key("Dockerfile", service, "dockerfilePath", Some(("./Dockerfile", "as Docker looks for it")));
        list.key("Docker context", service, "dockerContext", Some((".", "the root of the repository")));
    }
}

fn tools(list: &mut List, site: &RenderSite<'_>, service: &Service, plan: &ServicePlan) {
    if plan.dir().is_some() {
        let files = Files { snapshot: site.snapshot, sources: &site.sources };
        let request = Request { files, service, environment: &plan.environment };
        list.0.extend(toolchain::decisions(&request));
    }
}

fn commands(list: &mut List, service: &Service) {
    let in_image = service.runtime == Some(Runtime::Docker) || service.runtime == Some(Runtime::Image);
    let command = ("that of the image", "no \"dockerCommand\" is named");
    list.key("build", service, "buildCommand", None);
    list.key("before a deploy", service, "preDeployCommand", None);
    // Both together are refused, and the one that does not belong there would say nothing.
    match in_image {
        true => list.key("start", service, "dockerCommand", Some(command)),
        false => list.key("start", service, "startCommand", None),
    }
    list.key("after the first deploy", service, "initialDeployHook", None);
    list.key("schedule, in UTC", service, "schedule", None);
}

fn running(list: &mut List, service: &Service) {
    if !matches!(service.class, Some(Class::Web | Class::Private | Class::Worker)) {
        return;
    }
    if service.table.contains_key("scaling") {
        list.described("instances", service, "scaling", |node| Some(scaling(node)));
    } else {
        list.key("instances", service, "numInstances", Some(("1", "a service that is made today")));
    }
    list.described("disk", service, "disk", |node| {
        let size = node.at(&["sizeGB"]).and_then(|node| ecma::to_text(node).ok()).unwrap_or_else(|| "10".to_owned());
        Some(format!("{size} GB at {}", node.at(&["mountPath"])?.as_str()?))
    });
    list.key("health check", service, "healthCheckPath", None);
    list.key("seconds to shut down", service, "maxShutdownDelaySeconds", Some(("30", "Render's own")));
}

/// `1 to 3, at 60 % of CPU`.
fn scaling(node: &Node) -> String {
    let number = |key: &str| node.at(&[key]).and_then(|node| ecma::to_text(node).ok());
    let bound = |key: &str| number(key).unwrap_or_else(|| "?".to_owned());
    let targets = [("targetCPUPercent", "CPU"), ("targetMemoryPercent", "memory")];
    let targets: Vec<String> =
        targets.iter().filter_map(|(key, what)| Some(format!("{} % of {what}", number(key)?))).collect();
    let at = if targets.is_empty() { String::new() } else { format!(", at {}", targets.join(" or ")) };
    format!("{} to {}{at}", bound("minInstances"), bound("maxInstances"))
}

fn publishing(list: &mut List, service: &Service) {
    list.key("publish", service, "staticPublishPath", None);
    let count = |node: &Node| node.as_array().map(|items| items.len().to_string());
    list.described("routes", service, "routes", count);
    list.described("headers", service, "headers", count);
    list.described("domains", service, "domains", |node| Some(joined(node)));
    list.key("domains", service, "domain", None);
}

fn deploys(list: &mut List, service: &Service) {
    match (service.text("autoDeployTrigger"), service.table.get("autoDeploy")) {
        (Some(trigger), old) => {
            list.written("deploys on", trigger.value.as_str(), trigger.span);
            if let (Some(_), Some(last)) = (old, list.0.last_mut()) {
                last.overrides = Some("\"autoDeploy\"".to_owned());
            }
        }
        (None, Some(old)) => {
            let trigger = if old.as_bool() == Some(false) { "off" } else { "commit" };
            list.written("deploys on", trigger, old.span);
        }
        (None, None) if service.runtime == Some(Runtime::Image) => {}
        (None, None) => list.fallback("deploys on", "commit", "a service that is made today"),
    }
    for (name, key) in [("built for changes of", "paths"), ("not built for changes of", "ignoredPaths")] {
        list.described(name, service, "buildFilter", |node| {
            let paths = node.at(&[key]).map(joined).unwrap_or_default();
            (!paths.is_empty()).then_some(paths)
        });
    }
    list.described("pull requests", service, "previews", |node| {
        let text = |key: &str| node.at(&[key]).and_then(|node| ecma::to_text(node).ok());
        let plan = text("plan").map(|plan| format!(", plan {plan}")).unwrap_or_default();
        Some(format!("{}{plan}", text("generation").unwrap_or_else(|| "as the Blueprint says".to_owned())))
    });
}
