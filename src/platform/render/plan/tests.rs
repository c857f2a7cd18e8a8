use crate::platform::render::site::RenderSite;
use crate::project::snapshot::Snapshot;
use crate::sim::plan::Decision;

const BLUEPRINT: &str = "\
services:
  - type: web
    name: app
    env: node
    buildCommand: npm ci
    startCommand: npm start
    autoDeploy: false
    scaling: {minInstances: 1, maxInstances: 3, targetCPUPercent: 60}
    envVars:
      - {key: TOKEN, value: abc}
      - {key: LEVEL, value: info}
      - {key: DATABASE_URL, fromDatabase: {name: main, property: connectionString}}
      - {key: ASKED, sync: false}
      - {fromGroup: elsewhere}
  - {type: redis, name: cache, ipAllowList: []}
databases:
  - {name: main, plan: Basic-1gb}
";

fn with_site(text: &str, look: impl Fn(&RenderSite<'_>)) {
    let snapshot = Snapshot::in_memory([("render.yaml", text.as_bytes().to_vec())]);
    look(&RenderSite::new(&snapshot, "render.yaml"));
}

fn value<'a>(decisions: &'a [Decision], name: &str) -> Option<&'a str> {
    decisions.iter().find(|decision| decision.name == name).map(|decision| decision.value.as_str())
}

#[test]
fn old_names_become_new_ones_and_defaults_are_filled_in() {
    with_site(BLUEPRINT, |site| {
        let of = |name: &str| site.groups.iter().find(|group| group.name == name).unwrap();
        let app = &of("app").decisions;
        for (name, expected) in [
            ("runtime", "node"),
            ("region", "oregon"),
            ("plan", "starter"),
            ("deploys on", "off"),
            ("instances", "1 to 3, at 60 % of CPU"),
            ("$TOKEN", "(not shown)"),
            ("$LEVEL", "info"),
            ("$DATABASE_URL", "connectionString of main"),
            ("$ASKED", "asked for in the dashboard"),
            ("variables of", "elsewhere"),
        ] {
            assert_eq!(value(app, name), Some(expected), "{name}");
        }
        assert_eq!(value(&of("cache").decisions, "type"), Some("keyvalue"));
        assert_eq!(value(&of("main").decisions, "plan"), Some("basic-1gb"));
        assert_eq!(value(&of("main").decisions, "disk in GB"), Some("15"));
    });
}

#[test]
fn the_graph_knows_what_is_declared() {
    with_site(BLUEPRINT, |site| {
        let graph = &site.graph;
        let edges: Vec<(&str, &str, bool)> = graph
            .edges
            .iter()
            .map(|edge| (edge.what.as_str(), graph.nodes[edge.to].name.as_str(), graph.nodes[edge.to].is_declared))
            .collect();
        assert_eq!(edges, [("DATABASE_URL", "main", true), ("", "elsewhere", false)]);
    });
}

#[test]
fn only_what_the_validator_may_refuse_decides() {
    with_site(BLUEPRINT, |site| assert!(site.unknowns.iter().all(|unknown| !unknown.decides)));
    let open =
        BLUEPRINT.replace("maxInstances: 3", "maxInstances: 3, cooldown: fast").replace("name: cache", "name: app");
    with_site(&open, |site| assert!(site.unknowns.iter().any(|unknown| unknown.decides)));
}

#[test]
fn a_cycle_of_variables_is_found_and_a_service_may_refer_to_itself() {
    let service = |name: &str, key: &str, other: &str, theirs: &str| {
        format!(
            "  - type: web\n    name: {name}\n    envVars:\n      - {{key: {key}, fromService: {{type: web, name: {other}, envVarKey: {theirs}}}}}\n"
        )
    };
    let cycle = format!("services:\n{}{}", service("a", "A", "b", "B"), service("b", "B", "a", "A"));
    with_site(&cycle, |site| assert_eq!(site.cycles[0].names, ["a.A", "b.B", "a.A"]));
    let own = format!("services:\n{}", service("a", "URL", "a", "RENDER_EXTERNAL_URL"));
    with_site(&own, |site| assert!(site.cycles.is_empty()));
}
