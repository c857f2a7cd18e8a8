//! What the platform would do and why, for people and programs.

use serde_json::{Value, json};

use crate::rule::finding::{Finding, Place};
use crate::sim::known::Because;
use crate::sim::plan::Decision;
use crate::text::source::Sources;
use crate::verdict::SiteVerdict;

use super::Style;
use super::human::{Paint, assumed};
use super::json::{SCHEMA_VERSION, decision};

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
    if site.decisions.is_empty() {
        let first = site.findings.first();
        let message = first.map_or("the configuration is rejected", |finding| &finding.message);
        let place = first.and_then(|finding| place(finding, &site.sources));
        out.push_str(&format!("  no plan: {message}{}\n", place.unwrap_or_default()));
        return out;
    }
    let width = site.decisions.iter().map(|decision| decision.name.len()).max().unwrap_or_default();
    for decision in &site.decisions {
        let reason = because(decision, &site.sources);
        let overrides = decision.overrides.as_ref().map(|what| format!("; overrides {what}")).unwrap_or_default();
        out.push_str(&format!("  {:width$} = {}, {reason}{overrides}\n", decision.name, decision.value));
    }
    out.push_str("  steps\n");
    for (index, step) in site.steps.iter().enumerate() {
        out.push_str(&format!("    {}. {} ({})\n", index + 1, step.name, step.stage.name()));
    }
    if site.steps.is_empty() {
        out.push_str("    none: the publish directory is deployed as it is\n");
    }
    for unknown in &site.unknowns {
        out.push_str(&format!("  {}\n", assumed(unknown)));
    }
    out
}

/// Where a finding stands, in brackets.
fn place(finding: &Finding, sources: &Sources) -> Option<String> {
    let Place::Span(span) = finding.place else { return None };
    let source = sources.get(span.file)?;
    Some(format!(" ({}:{})", source.name, source.position(span.start).line))
}

fn because(decision: &Decision, sources: &Sources) -> String {
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
        json!({
            "name": site.name,
            "platform": site.platform.name,
            "context": site.context,
            "config_path": site.config_path,
            "decisions": site.decisions.iter().map(|one| decision(one, &site.sources)).collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(),
            "unknowns": unknowns.collect::<Vec<_>>(),
        })
    };
    json!({"schema_version": SCHEMA_VERSION, "sites": sites.iter().map(site).collect::<Vec<_>>()})
}
