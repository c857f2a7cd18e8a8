//! SARIF 2.1.0, for code scanning and whatever else reads it.
//!
//! Findings that somebody chose to ignore are left out: code scanning would open alerts for them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::heal::proof;
use crate::project::path;
use crate::rule::finding::Finding;
use crate::rule::fix::{Change, Fix};
use crate::rule::registry;
use crate::rule::{Confidence, Rule};
use crate::sim::plan::Unknown;

use super::anchor::{self, Anchor, Region, Site};
use super::{Report, SiteReport, Style};

/// Address of the schema that documents obey.
pub const SCHEMA_URI: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The top of the work tree, as code scanning names it.
const ROOT: &str = "%SRCROOT%";

/// Renders a report.
#[must_use]
pub fn render(report: &Report, _: Style) -> String {
    document(report).to_string() + "\n"
}

/// The report as a value.
#[must_use]
pub fn document(report: &Report) -> Value {
    let rules: Vec<&Rule> = registry::rules().collect();
    let numbers: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect();
    let mut alike = BTreeMap::new();
    let results =
        anchor::worst_first(report.sites.iter().map(SiteReport::site)).into_iter().map(|(site, finding, anchor)| {
            let fingerprint = proof::fingerprint(site.verdict, finding);
            let count: &mut usize = alike.entry(fingerprint.clone()).or_default();
            *count += 1;
            result(site, finding, &anchor, numbers.get(finding.rule.id), &format!("{fingerprint}:{count}"))
        });
    let results: Vec<Value> = results.collect();
    let unknowns = report.sites.iter().flat_map(|site| site.verdict.unknowns.iter().map(move |it| (site.site(), it)));
    let notices = report.notices.iter().map(|notice| notification("notice", notice));
    let notifications: Vec<Value> =
        notices.chain(unknowns.map(|(site, unknown)| notification("unknown", &undecided(site, unknown)))).collect();
    json!({
        "$schema": SCHEMA_URI,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "chimeractl",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{"executionSuccessful": true, "toolExecutionNotifications": notifications}],
            "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the work tree."}}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// A rule, with its documentation as help.
fn descriptor(rule: &Rule) -> Value {
    let precision = match rule.confidence {
        Confidence::Certain => "very-high",
        Confidence::Likely => "high",
    };
    json!({
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": text(rule.summary)},
        "fullDescription": {"text": format!("{}.", text(rule.summary))},
        "help": {"text": rule.docs.trim(), "markdown": rule.docs.trim()},
        "defaultConfiguration": {"level": rule.severity.level().name()},
        "properties": {
            "precision": precision,
            "severity": rule.severity.name(),
            "problem.severity": rule.severity.level().name().replace("note", "recommendation"),
            "tags": ["deployment", format!("stage:{}", rule.stage.name())],
        },
    })
}

fn result(site: Site<'_>, finding: &Finding, anchor: &Anchor, rule: Option<&usize>, fingerprint: &str) -> Value {
    let related = finding.related.iter().filter_map(|label| {
        let place = anchor::at(site, label.span)?;
        Some((place, &label.text))
    });
    let related = related.enumerate().map(|(at, (place, label))| {
        json!({"id": at, "message": {"text": text(label)}, "physicalLocation": physical(&place)})
    });
    let mut result = json!({
        "ruleId": finding.rule.id,
        "level": finding.level().name(),
        "message": {"text": message(site, finding)},
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "chimera/v1": fingerprint},
        "locations": [{"physicalLocation": physical(anchor)}],
        "relatedLocations": related.collect::<Vec<_>>(),
        "fixes": finding.fixes.iter().filter_map(|fix| self::fix(site, fix)).collect::<Vec<_>>(),
        "properties": {
            "platform": site.verdict.platform.name,
            "site": site.verdict.name,
            "stage": finding.stage.name(),
            "severity": finding.severity.name(),
        },
    });
    if let Some(rule) = rule {
        result["ruleIndex"] = json!(rule);
    }
    result
}

/// Everything that a reader needs, for viewers that show nothing but the message.
fn message(site: Site<'_>, finding: &Finding) -> String {
    let mut parts = vec![format!("{}: {}.", site.verdict.platform.title, finding.message)];
    parts.extend(finding.notes.iter().map(|note| format!("{note}.")));
    parts.extend(finding.log_line.iter().map(|line| format!("The log would say: {line}")));
    parts.extend(finding.help.iter().map(|help| format!("Help: {help}.")));
    text(&parts.join("\n"))
}

/// A text in which nothing is an embedded link (section 3.11.6 of the standard).
fn text(plain: &str) -> String {
    plain.replace("](", "\\](")
}

/// Code scanning refuses a whole document for one result without a place, so what no file shows hangs at the top.
fn physical(anchor: &Anchor) -> Value {
    let location = location(anchor.path.as_deref().filter(|path| !path.is_empty()).unwrap_or("."));
    match anchor.region {
        Some(place) => json!({"artifactLocation": location, "region": region(place)}),
        None => json!({"artifactLocation": location}),
    }
}

fn location(path: &str) -> Value {
    json!({"uri": uri(path), "uriBaseId": ROOT})
}

/// A path as a relative reference (RFC 3986): what is not unreserved is written in percent.
fn uri(path: &str) -> String {
    let is_free = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if is_free(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn region(place: Region) -> Value {
    json!({
        "startLine": place.start.0,
        "startColumn": place.start.1,
        "endLine": place.end.0,
        "endColumn": place.end.1,
    })
}

/// A repair, if it says what to write.
fn fix(site: Site<'_>, fix: &Fix) -> Option<Value> {
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for change in &fix.changes {
        let (path, place, text) = match change {
            Change::Edit { span, text } => {
                let place = anchor::at(site, *span)?;
                (place.path?, place.region?, text)
            }
            Change::Create { path, text } => {
                (path::child(site.prefix, path), Region { start: (1, 1), end: (1, 1) }, text)
            }
            // The format knows no other names for files.
            Change::Rename { .. } => return None,
        };
        let replacement = json!({"deletedRegion": region(place), "insertedContent": {"text": text}});
        files.entry(path).or_default().push(replacement);
    }
    let changes = files.iter().map(|(path, all)| json!({"artifactLocation": location(path), "replacements": all}));
    let changes: Vec<Value> = changes.collect();
    (!changes.is_empty()).then(|| {
        json!({
            "description": {"text": text(&fix.title)},
            "artifactChanges": changes,
            "properties": {"applicability": fix.applicability.name()},
        })
    })
}

fn notification(kind: &str, what: &str) -> Value {
    json!({"level": "note", "descriptor": {"id": kind}, "message": {"text": text(what)}})
}

fn undecided(site: Site<'_>, unknown: &Unknown) -> String {
    let (name, title) = (&site.verdict.name, site.verdict.platform.title);
    format!("{name} on {title}: unknown: {}; it would change {}", unknown.what, unknown.would_change)
}
