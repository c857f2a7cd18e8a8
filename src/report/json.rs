//! For programs. The shape is published in `docs/schema/report.schema.json`; `schema_version` changes with it.

use serde_json::{Value, json};

use crate::rule::finding::{Finding, Level, Place};
use crate::rule::fix::{Change, Fix};
use crate::sim::known::Because;
use crate::sim::plan::{Decision, Unknown};
use crate::text::source::Sources;
use crate::text::span::Span;

use super::{Report, SiteReport, Style};

/// Version of the report's shape: the first number changes when something is taken away or means something else.
pub const SCHEMA_VERSION: &str = "1.0";

/// Address of the published schema.
pub const SCHEMA_URI: &str = concat!(env!("CARGO_PKG_NAME"), ":schema/report/1");

/// Renders a report.
#[must_use]
pub fn render(report: &Report, _: Style) -> String {
    let made: Vec<String>;
    let pieces = if report.pieces.len() == report.sites.len() {
        &report.pieces
    } else {
        made = report.sites.iter().map(piece).collect();
        &made
    };
    let mut text = pretty(&frame(report, Vec::new()));
    // No text inside a document has a line of its own.
    if let Some(at) = text.find(NO_SITES).filter(|_| !pieces.is_empty()) {
        text.insert_str(at + NO_SITES.len() - 1, &format!("\n{}\n  ", pieces.join(",\n")));
    }
    text.push('\n');
    text
}

/// Where the sites belong.
const NO_SITES: &str = "\n  \"sites\": []";

/// What stands in the report for one site: its lines, indented.
#[must_use]
pub fn piece(report: &SiteReport) -> String {
    // In two lists it stands as deep as in the report.
    let mut text = pretty(&json!([[site(report)]]));
    text.truncate(text.len() - "\n  ]\n]".len());
    text.drain(.."[\n  [\n".len());
    text
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The report as a value.
#[must_use]
pub fn document(report: &Report) -> Value {
    frame(report, report.sites.iter().map(site).collect())
}

fn frame(report: &Report, sites: Vec<Value>) -> Value {
    json!({
        "$schema": SCHEMA_URI,
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "chimeractl", "version": env!("CARGO_PKG_VERSION")},
        "notices": report.notices,
        "sites": sites,
    })
}

fn site(report: &SiteReport) -> Value {
    let site = &report.verdict;
    let sources = &site.sources;
    let is_issue = |finding: &&Finding| finding.level() == Level::Error;
    let findings = |wanted: bool| -> Vec<Value> {
        site.findings.iter().filter(|finding| is_issue(finding) == wanted).map(|one| finding(one, sources)).collect()
    };
    let silenced = site.silenced.iter().map(|silenced| {
        let mut value = finding(&silenced.finding, sources);
        value["reason"] = json!(silenced.reason);
        value
    });
    json!({
        "name": site.name,
        "root": report.root,
        "platform": site.platform.name,
        "context": site.context,
        "config_path": site.config_path,
        "status": site.status.name(),
        "deploy": site.deploy.name(),
        "stage": site.stage.map(crate::sim::stage::Stage::name),
        "log_line": site.log_line,
        "issues": findings(true),
        "warnings": findings(false),
        "ignored": silenced.collect::<Vec<_>>(),
        "unknowns": site.unknowns.iter().map(unknown).collect::<Vec<_>>(),
        "duration_ms": report.milliseconds,
    })
}

/// One finding as a value.
#[must_use]
pub fn finding(finding: &Finding, sources: &Sources) -> Value {
    let (path, span) = match &finding.place {
        Place::Span(span) => (sources.get(span.file).map(|source| source.name.clone()), self::span(*span, sources)),
        Place::Path(path) | Place::Missing(path) => (Some(crate::project::path::display(path).to_owned()), Value::Null),
        Place::Site => (None, Value::Null),
    };
    let evidence = finding
        .rule
        .evidence
        .iter()
        .map(|evidence| json!({"url": evidence.url, "kind": evidence.kind.name(), "seen": evidence.seen}));
    let related = finding.related.iter().map(|label| {
        let path = sources.get(label.span.file).map(|source| &source.name);
        json!({"path": path, "span": self::span(label.span, sources), "text": label.text})
    });
    json!({
        "rule": finding.rule.id,
        "name": finding.rule.name,
        "severity": finding.severity.name(),
        "level": finding.level().name(),
        "stage": finding.stage.name(),
        "message": finding.message,
        "path": path,
        "missing": matches!(finding.place, Place::Missing(_)),
        "span": span,
        "related": related.collect::<Vec<_>>(),
        "notes": finding.notes,
        "help": finding.help,
        "log_line": finding.log_line,
        "evidence": evidence.collect::<Vec<_>>(),
        "fixes": finding.fixes.iter().map(|fix| self::fix(fix, sources)).collect::<Vec<_>>(),
    })
}

/// A range of a text as a value.
#[must_use]
pub fn span(span: Span, sources: &Sources) -> Value {
    let Some(source) = sources.get(span.file) else { return Value::Null };
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "start": {"offset": span.start, "line": start.line, "column": start.column},
        "end": {"offset": span.end, "line": end.line, "column": end.column},
    })
}

fn fix(fix: &Fix, sources: &Sources) -> Value {
    let changes = fix.changes.iter().map(|change| match change {
        Change::Edit { span, text } => {
            let path = sources.get(span.file).map(|source| &source.name);
            json!({"kind": "edit", "path": path, "span": self::span(*span, sources), "text": text})
        }
        Change::Create { path, text } => json!({"kind": "create", "path": path, "text": text}),
        Change::Rename { from, to } => json!({"kind": "rename", "from": from, "path": to}),
    });
    json!({"title": fix.title, "applicability": fix.applicability.name(), "changes": changes.collect::<Vec<_>>()})
}

fn unknown(unknown: &Unknown) -> Value {
    json!({
        "stage": unknown.stage.name(),
        "what": unknown.what,
        "would_change": unknown.would_change,
        "tell": unknown.tell,
        "decides": unknown.decides,
    })
}

/// One decision of a plan as a value.
#[must_use]
pub fn decision(decision: &Decision, sources: &Sources) -> Value {
    json!({
        "name": decision.name,
        "value": decision.value,
        "origin": origin(&decision.because, sources),
        "overrides": decision.overrides,
    })
}

fn origin(because: &Because, sources: &Sources) -> Value {
    match because {
        Because::Written(span) => {
            let source = sources.get(span.file);
            let kind = if source.is_some_and(|source| source.is_file) { "file" } else { "input" };
            json!({"kind": kind, "path": source.map(|source| &source.name), "span": self::span(*span, sources)})
        }
        Because::Present(path) => json!({"kind": "present", "path": path}),
        Because::Input(name) => json!({"kind": "input", "path": name}),
        Because::Detected(what) => json!({"kind": "detected", "because": what}),
        Because::Default(what) => json!({"kind": "default", "because": what}),
    }
}
