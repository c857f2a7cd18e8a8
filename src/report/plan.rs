//! What the platform would do and why, for people and programs.

use serde_json::{Value, json};

use crate::sim::known::Because;
use crate::sim::plan::Decision;
use crate::text::source::Sources;
use crate::verdict::SiteVerdict;

use super::Style;
use super::human::Paint;
use super::json::{SCHEMA_VERSION, decision};

/// The plans of all sites for people.
#[must_use]
pub fn human(sites: &[SiteVerdict], style: Style) -> String {
    sites.iter().map(|site| one(site, Paint(style.colour))).collect::<Vec<_>>().join("\n")
}

fn one(site: &SiteVerdict, paint: Paint) -> String {
    let context = if site.context.is_empty() { String::new() } else { format!(", context {}", site.context) };
    let title = format!("{} on {}{context}", site.name, site.platform.title);
    let mut out = format!("{}\n", paint.bold(&title));
    if site.decisions.is_empty() {
        let message = site.findings.first().map_or("the configuration is rejected", |finding| &finding.message);
        out.push_str(&format!("  no plan: {message}\n"));
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
        out.push_str(&format!("  unknown: {}; it would change {}\n", unknown.what, unknown.would_change));
    }
    out
}

fn because(decision: &Decision, sources: &Sources) -> String {
    match &decision.because {
        Because::Written(span) => match sources.get(span.file) {
            Some(source) if source.is_file => format!("from {}:{}", source.name, source.position(span.start).line),
            Some(source) => format!("from the {}", source.name),
            None => "from the defaults".to_owned(),
        },
        Because::Present(path) => format!("because {path} exists"),
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
