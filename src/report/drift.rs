//! What a look at drift came to, for people and programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::drift::{Drift, Field, Kind, Standing};
use crate::text::escape;

/// Version of the shape: the first number changes when something is taken away or means something else.
pub const SCHEMA_VERSION: &str = "1.0";

/// Address of the published schema.
pub const SCHEMA_URI: &str = concat!(env!("CARGO_PKG_NAME"), ":schema/drift/1");

/// What a look came to, and what was done about it.
#[derive(Debug)]
pub struct DriftReport<'a> {
    /// The platform.
    pub platform: &'a str,
    /// The site.
    pub target: &'a str,
    /// What was found.
    pub drift: &'a Drift,
    /// The record that it was compared with: its entry in the ledger and its time.
    pub record: Option<(u64, String)>,
    /// What was written into the ledger: topic and entry.
    pub written: Vec<(String, u64)>,
    /// Repairs of the repository that bring what only the platform knows into it: their titles.
    pub repairs: Vec<String>,
    /// The same as a patch.
    pub patch: String,
    /// What a reader should know besides.
    pub notices: Vec<String>,
}

/// The report for people.
#[must_use]
pub fn human(report: &DriftReport<'_>) -> String {
    let drift = report.drift;
    let mut out = String::new();
    let effective = drift.changed().count();
    let count = |standing| drift.count(standing);
    let _ = writeln!(
        out,
        "{}: {}, {} unmanaged, {} equal",
        report.target,
        if effective == 0 { "no drift".to_owned() } else { format!("{effective} drifted") },
        count(Standing::Unmanaged),
        count(Standing::Equal)
    );
    match &report.record {
        Some((entry, at)) => {
            let _ = writeln!(out, "compared with the repository and with entry {entry} of the ledger, of {at}");
        }
        None => out.push_str("compared with the repository; nothing is recorded to compare the rest with (--record)\n"),
    }
    for field in drift.fields.iter().filter(|field| field.standing != Standing::Equal) {
        out.push_str(&row(field));
    }
    for gap in &drift.gaps {
        let _ = writeln!(out, "not compared: {}", escape::line(gap));
    }
    for notice in &report.notices {
        let _ = writeln!(out, "note: {}", escape::line(notice));
    }
    for title in &report.repairs {
        let _ = writeln!(out, "repair: {}", escape::line(title));
    }
    if !report.patch.is_empty() {
        let _ = write!(out, "\n{}", report.patch);
    }
    for (topic, entry) in &report.written {
        let _ = writeln!(out, "recorded as entry {entry}: {topic}");
    }
    escape::lines(out)
}

fn row(field: &Field) -> String {
    let standing = match (field.standing, field.has_effect) {
        (Standing::Changed, false) => "without effect",
        (standing, _) => standing.name(),
    };
    let mut parts: Vec<String> = Vec::new();
    // Of a variable nothing but its name is known.
    if field.kind == Kind::Setting {
        parts.extend(field.repository.as_ref().map(|value| format!("repository \"{value}\"")));
        parts.extend(field.platform.as_ref().map(|value| format!("platform \"{value}\"")));
    }
    parts.extend(field.note.clone());
    let tail = if parts.is_empty() { String::new() } else { format!("  {}", escape::line(&parts.join("; "))) };
    format!("{standing:<14}  {:<8}  {}{tail}\n", field.kind.name(), escape::line(&field.name))
}

/// The report as a JSON document (`docs/schema/drift.schema.json`).
#[must_use]
pub fn json(report: &DriftReport<'_>) -> Value {
    let field = |field: &Field| {
        let mut value = json!({
            "kind": field.kind.name(), "name": field.name, "standing": field.standing.name(), "has_effect": field.has_effect,
        });
        if field.kind == Kind::Setting {
            value["repository"] = json!(field.repository);
            value["platform"] = json!(field.platform);
        }
        value["note"] = json!(field.note);
        value
    };
    let written = |(topic, entry): &(String, u64)| json!({"topic": topic, "entry": entry});
    json!({
        "$schema": SCHEMA_URI,
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "chimeractl", "version": env!("CARGO_PKG_VERSION")},
        "platform": report.platform,
        "target": report.target,
        "drifted": report.drift.changed().count(),
        "fields": report.drift.fields.iter().map(field).collect::<Vec<_>>(),
        "gaps": report.drift.gaps,
        "record": report.record.as_ref().map(|(entry, at)| json!({"entry": entry, "at": at})),
        "recorded": report.written.iter().map(written).collect::<Vec<_>>(),
        "repairs": report.repairs,
        "patch": report.patch,
        "notices": report.notices,
    })
}
