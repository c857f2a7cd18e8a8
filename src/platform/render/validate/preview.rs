//! Previews, build filters, routes, health checks: what is taken and does not do what it seems to.

use crate::platform::render::blueprint::Service;
use crate::text::tree::Node;

use super::{DISCOURAGED, DOUBTFUL, Grade, Judge, TAKEN, at, root};

pub(super) fn check(judge: &mut Judge<'_>, service: &Service) {
    let table = &service.table;
    if table.get("healthCheckPath").and_then(Node::as_str).is_some_and(|path| !path.starts_with('/')) {
        let message =
            format!("the health check path \"{}\" does not begin with \"/\"", service.value("healthCheckPath"));
        judge.warn("health-check-path", at(service, "healthCheckPath"), DOUBTFUL, message);
    }
    if table.contains_key("branch") && root::has_previews(&judge.input.blueprint.table) {
        let message =
            format!("every preview builds the branch \"{}\", not that of its pull request", service.value("branch"));
        judge.warn("branch-with-previews", at(service, "branch"), TAKEN, message);
    }
    let generation = table.get("previews").and_then(|previews| previews.at(&["generation"])).and_then(Node::as_str);
    if generation == Some("off") {
        let message = "previews of a service are \"manual\" or \"automatic\"; leave \"previews\" out to have none";
        judge.warn("service-previews-off", at(service, "previews"), DISCOURAGED, message);
    }
    check_filter(judge, service);
    check_routes(judge, service);
}

fn check_filter(judge: &mut Judge<'_>, service: &Service) {
    let Some(filter) = service.table.get("buildFilter").and_then(Node::as_table) else { return };
    let missing: Vec<&str> = ["paths", "ignoredPaths"].into_iter().filter(|key| !filter.contains_key(key)).collect();
    if let Some(first) = missing.first() {
        let message = format!("a sync empties \"{first}\", which \"buildFilter\" does not name");
        judge.add("build-filter-replaces", Grade::Info, at(service, "buildFilter"), TAKEN, message);
    }
}

/// Routes are tried from top to bottom.
fn check_routes(judge: &mut Judge<'_>, service: &Service) {
    let Some(routes) = service.table.get("routes").and_then(Node::as_array) else { return };
    for (number, route) in routes.iter().enumerate().take(routes.len().saturating_sub(1)) {
        if route.at(&["source"]).and_then(Node::as_str) == Some("/*") {
            let spot = at(service, "routes").item(number, route);
            judge.warn("route-shadowed", spot, TAKEN, "the routes behind \"/*\" are never reached");
        }
    }
}
