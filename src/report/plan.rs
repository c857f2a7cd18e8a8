//! What the platform would do and why, for people and programs.

use serde_json::{Value, json};

use crate::rule::finding::{Finding, Place};
use crate::sim::known::Because;
use crate::sim::plan::{Decision, GraphEdge, Group};
use crate::text::source::Sources;
use crate::verdict::SiteVerdict;

use super::Style;
use super::human::{Paint, assumed};
use super::json::{self, SCHEMA_VERSION, decision};

/// The plans of all sites for people, below what should be heard of the repository.
#[must_use]
pub fn human(sites: &[SiteVerdict], notices: &[String], style: Style) -> String {
    let plans: Vec<String> = sites.iter().map(|site| one(site, Paint(style.colour))).collect();
    super::human::notices(notices) + &plans.join("\n")
}

fn one(site: &SiteVerdict, paint: Paint) -> String {
    let context = if site.context.is_empty() { String::new() } else { format!(", context {}", site.context) };
    let title = format!("{} on {}{context}", site.name, site.platform.title);
    let mut out = format!("{}\n", paint.bold(&title));
    if site.decisions.is_empty() && site.groups.is_empty() {
        let first = site.findings.first();
        let message = first.map_or("the configuration is rejected", |finding| &finding.message);
        let place = first.and_then(|finding| place(finding, &site.sources));
        out.push_str(&format!("  no plan: {message}{}\n", place.unwrap_or_default()));
        return out;
    }
    out.push_str(&lines(&site.decisions, "  ", &site.sources));
    for group in &site.groups {
        out.push_str(&format!("  {}\n", paint.bold(&format!("{}, {}", group.name, group.kind))));
        out.push_str(&lines(&group.decisions, "    ", &site.sources));
    }
    if site.groups.is_empty() {
        out.push_str(&steps(site));
    }
    for unknown in &site.unknowns {
        out.push_str(&format!("  {}\n", assumed(unknown)));
    }
    out
}

/// One line for every decision.
fn lines(decisions: &[Decision], indent: &str, sources: &Sources) -> String {
    let width = decisions.iter().map(|decision| decision.name.chars().count()).max().unwrap_or_default();
    let line = |decision: &Decision| {
        let reason = because(decision, sources);
        let overrides = decision.overrides.as_ref().map(|what| format!("; overrides {what}")).unwrap_or_default();
        let value = decision.value.trim().replace('\n', " ⏎ ");
        format!("{indent}{:width$} = {value}, {reason}{overrides}\n", decision.name)
    };
    decisions.iter().map(line).collect()
}

fn steps(site: &SiteVerdict) -> String {
    let mut out = "  steps\n".to_owned();
    for (index, step) in site.steps.iter().enumerate() {
        out.push_str(&format!("    {}. {} ({})\n", index + 1, step.name, step.stage.name()));
    }
    if site.steps.is_empty() {
        out.push_str("    none: the publish directory is deployed as it is\n");
    }
    out
}

/// Where a finding stands, in brackets.
fn place(finding: &Finding, sources: &Sources) -> Option<String> {
    let Place::Span(span) = finding.place else { return None };
    let source = sources.get(span.file)?;
    Some(format!(" ({}:{})", source.name, source.position(span.start).line))
}

/// Why a decision is what it is.
pub(super) fn because(decision: &Decision, sources: &Sources) -> String {
    match &decision.because {
        Because::Written(span) => match sources.get(span.file) {
            Some(source) if source.is_file => format!("from {}:{}", source.name, source.position(span.start).line),
            Some(source) => format!("from the {}", source.name),
            None => "from the defaults".to_owned(),
        },
        Because::Present(path) if *path == decision.value => "because it exists".to_owned(),
        Because::Present(path) => format!("from {path}"),
        Because::Input(name) => format!("from {name}"),
        Because::Detected(what) => format!("detected: {what}"),
        Because::Default(what) => format!("default: {what}"),
    }
}

/// The plans of all sites for programs.
#[must_use]
pub fn json(sites: &[SiteVerdict]) -> Value {
    let site = |site: &SiteVerdict| {
        let steps =
            site.steps.iter().map(|step| json!({"stage": step.stage.name(), "event": step.event, "name": step.name}));
        let unknowns =
            site.unknowns.iter().map(|unknown| json!({"what": unknown.what, "would_change": unknown.would_change}));
        let mut value = json!({
            "name": site.name,
            "platform": site.platform.name,
            "context": site.context,
            "config_path": site.config_path,
            "decisions": site.decisions.iter().map(|one| decision(one, &site.sources)).collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(),
            "unknowns": unknowns.collect::<Vec<_>>(),
        });
        if !site.groups.is_empty() {
            value["services"] = site.groups.iter().map(|group| parts(group, &site.sources)).collect();
            value["graph"] = graph(site);
        }
        value
    };
    json!({"schema_version": SCHEMA_VERSION, "sites": sites.iter().map(site).collect::<Vec<_>>()})
}

fn parts(group: &Group, sources: &Sources) -> Value {
    let decisions: Vec<Value> = group.decisions.iter().map(|one| decision(one, sources)).collect();
    json!({"name": group.name, "kind": group.kind, "decisions": decisions})
}

/// Who refers to whom; a node that is not declared may or may not exist.
fn graph(site: &SiteVerdict) -> Value {
    let nodes = site.graph.nodes.iter();
    let nodes = nodes.map(|node| json!({"name": node.name, "kind": node.kind, "declared": node.is_declared}));
    let edge = |edge: &GraphEdge| json!({"from": edge.from, "to": edge.to, "what": edge.what, "span": json::span(edge.span, &site.sources)});
    json!({"nodes": nodes.collect::<Vec<_>>(), "edges": site.graph.edges.iter().map(edge).collect::<Vec<_>>()})
}
