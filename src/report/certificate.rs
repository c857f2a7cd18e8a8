//! Certificates for people and programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::certificate::bundle::{Bundle, FILE_NAME, Link};
use crate::certificate::hxo_approval::extension_key;
use crate::certificate::verify::{self, Refusal};
use crate::certificate::{Approval, Level};
use crate::text::escape;

use super::Style;
use super::human::Paint;

/// Version of the shape: the first number changes when something is taken away or means something else.
pub const SCHEMA_VERSION: &str = "1.0";

/// Address of the published schema.
pub const SCHEMA_URI: &str = concat!(env!("CARGO_PKG_NAME"), ":schema/certificate/1");

/// A text of a certificate, which may come from anybody, without what a terminal or a log of GitHub would obey.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The certificate as a person reads it: the chain, what each approval saw, what is certified.
#[must_use]
pub fn human(bundle: &Bundle, style: Style) -> String {
    let paint = Paint(style.colour);
    let hxo = &bundle.link(Approval::HxoApproval).statement;
    let mut out = format!("{}  {}", bundle.id(), result(has_passed(bundle), paint));
    let _ = writeln!(out, "  {}", level_of(bundle));
    let _ = writeln!(out, "  for    {}", plain(hxo.text("resourceUri").unwrap_or("no target")));
    let of = |key: &str| {
        plain(extension(bundle).and_then(|ours| ours.get(key)).and_then(Value::as_str).unwrap_or("unknown"))
    };
    let _ = writeln!(out, "  in     environment {}; {} certificate", of("environment"), of("kind"));
    let _ = writeln!(out, "  until  {}", of("not_after"));
    let _ = writeln!(out, "  deploy {}", of("deploy_key"));
    for (number, link) in bundle.links.iter().enumerate() {
        chain_link(&mut out, number + 1, link, paint);
    }
    let _ = writeln!(out, "\n  certified, by SHA3-256:");
    for subject in &hxo.subjects {
        let digest = subject.sha3().map_or("none".to_owned(), |digest| digest.to_string());
        let git = ["gitCommit", "gitTree"].iter().find_map(|name| subject.digests.get(*name));
        let git = git.map(|id| format!(" ({})", plain(id))).unwrap_or_default();
        let _ = writeln!(out, "    {digest}  {}{git}", plain(&subject.name));
    }
    out
}

fn chain_link(out: &mut String, number: usize, link: &Link, paint: Paint) {
    let title = link.statement.approval.title();
    let time = plain(link.statement.text("timeVerified").unwrap_or("no time"));
    let _ = writeln!(out, "\n  {number} {title}  {}  {time}", result(link_passed(link), paint));
    for check in checks(link) {
        let text = |key: &str| plain(check.get(key).and_then(Value::as_str).unwrap_or_default());
        let is_passed = check.get("passed").and_then(Value::as_bool) == Some(true);
        let word = if is_passed { paint.green("ok  ") } else { paint.red("FAIL") };
        let _ = writeln!(out, "    {word} {}: {}", text("name"), text("evidence"));
    }
    let signers: Vec<String> = link.envelope.signatures.iter().map(|signature| plain(&signature.keyid)).collect();
    let signers =
        if signers.is_empty() { "not signed".to_owned() } else { format!("signed by {}", signers.join(", ")) };
    let _ = writeln!(out, "    {signers}");
}

fn result(passed: bool, paint: Paint) -> String {
    if passed { paint.green("PASSED") } else { paint.red("FAILED") }
}

fn link_passed(link: &Link) -> bool {
    let is_last = link.statement.approval == Approval::HxoApproval;
    link.statement.text(if is_last { "verificationResult" } else { "result" }) == Some("PASSED")
}

/// Whether all three approvals say so; nothing is verified here.
#[must_use]
pub fn has_passed(bundle: &Bundle) -> bool {
    bundle.links.iter().all(link_passed)
}

fn extension(bundle: &Bundle) -> Option<&Map<String, Value>> {
    bundle.link(Approval::HxoApproval).statement.predicate.get(&extension_key())?.as_object()
}

/// A text of our own part of the last approval.
#[must_use]
pub fn extension_text(bundle: &Bundle, key: &str) -> Option<String> {
    extension(bundle)?.get(key)?.as_str().map(str::to_owned)
}

fn checks(link: &Link) -> Vec<&Value> {
    let predicate = &link.statement.predicate;
    let list = match link.statement.approval {
        Approval::HxoApproval => predicate.get(&extension_key()).and_then(|ours| ours.pointer("/decision/rules")),
        Approval::ArieHealth | Approval::TruthCertification => predicate.get("checks"),
    };
    list.and_then(Value::as_array).into_iter().flatten().collect()
}

/// What seals it, as far as the envelopes say.
fn level_of(bundle: &Bundle) -> String {
    let least = bundle.links.iter().map(|link| match link.envelope.signatures.first() {
        None => Level::L0,
        Some(signature) if signature.keyid.starts_with(crate::key::mac::PREFIX) => Level::L1,
        Some(_) => Level::L2,
    });
    let level = least.min().unwrap_or(Level::L0);
    format!("{level} ({})", level.promise())
}

/// The first thing that failed, if something did.
#[must_use]
pub fn reason(bundle: &Bundle) -> Option<String> {
    bundle.links.iter().find_map(|link| {
        let failed =
            checks(link).into_iter().find(|check| check.get("passed").and_then(Value::as_bool) != Some(true))?;
        let text = |key: &str| plain(failed.get(key).and_then(Value::as_str).unwrap_or_default());
        (!link_passed(link))
            .then(|| format!("{}: {}: {}", link.statement.approval.title(), text("name"), text("evidence")))
    })
}

/// The certificate on a pull request: its name, the three links, what it proves, how to verify it.
#[must_use]
pub fn markdown(bundle: &Bundle) -> String {
    let hxo = &bundle.link(Approval::HxoApproval).statement;
    let passed = |passed: bool| if passed { "passed" } else { "**failed**" };
    let mut out = format!("### Certificate {}\n\n", passed(has_passed(bundle)));
    let links =
        bundle.links.iter().map(|link| format!("`{}` {}", link.statement.approval.title(), passed(link_passed(link))));
    let _ = writeln!(out, "{}\n", links.collect::<Vec<_>>().join(" → "));
    if let Some(reason) = reason(bundle) {
        let _ = writeln!(out, "Not certified: {}\n", escape::prose(&reason));
    }
    let _ = writeln!(out, "{}, {}\n", escape::code(&bundle.id()), level_of(bundle));
    let target = escape::line(hxo.text("resourceUri").unwrap_or("no target")).into_owned();
    let quoted = format!("'{}'", target.replace('\'', "'\\''"));
    let command = format!("chimeractl certificate verify {FILE_NAME} --target {quoted}");
    out + "To verify it: " + &escape::code(&command) + "\n"
}

/// The certificate for programs. Its shape is published in `docs/schema/certificate.schema.json`.
#[must_use]
pub fn json(bundle: &Bundle) -> Value {
    let link = |link: &Link| {
        json!({
            "approval": link.statement.approval.title(),
            "passed": link_passed(link),
            "time": link.statement.text("timeVerified"),
            "payload_sha3_256": link.digest().to_string(),
            "keyids": link.envelope.signatures.iter().map(|signature| &signature.keyid).collect::<Vec<_>>(),
            "checks": checks(link),
        })
    };
    let hxo = &bundle.link(Approval::HxoApproval).statement;
    let of = |key: &str| extension(bundle).and_then(|ours| ours.get(key)).cloned().unwrap_or_default();
    let subjects = hxo.subjects.iter().map(|subject| json!({"name": subject.name, "digest": subject.digests}));
    let mut document = head("certificate");
    document.extend([
        ("certificate".to_owned(), json!(bundle.id())),
        ("passed".to_owned(), json!(has_passed(bundle))),
        ("reason".to_owned(), json!(reason(bundle))),
        ("target".to_owned(), json!(hxo.text("resourceUri"))),
        ("environment".to_owned(), of("environment")),
        ("kind".to_owned(), of("kind")),
        ("deploy_key".to_owned(), of("deploy_key")),
        ("not_after".to_owned(), of("not_after")),
        ("subjects".to_owned(), subjects.collect()),
        ("links".to_owned(), bundle.links.iter().map(link).collect()),
    ]);
    Value::Object(document)
}

fn head(kind: &str) -> Map<String, Value> {
    let value = json!({
        "$schema": SCHEMA_URI,
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "chimeractl", "version": env!("CARGO_PKG_VERSION")},
        "kind_of_document": kind,
    });
    value.as_object().cloned().unwrap_or_default()
}

/// What verification came to, for people.
#[must_use]
pub fn verification_human(report: &verify::Report, style: Style) -> String {
    let paint = Paint(style.colour);
    let mut out = String::new();
    for answer in &report.answers {
        let word = if answer.is_asked { paint.green("ok  ") } else { paint.yellow("skip") };
        let _ = writeln!(out, "{word} {} {}: {}", answer.rule.number(), answer.rule.name(), plain(&answer.evidence));
    }
    if let Some(failure) = &report.failure {
        let (number, name) = (failure.rule.number(), failure.rule.name());
        let _ = writeln!(out, "{} {number} {name}: {}", paint.red("FAIL"), plain(&failure.evidence));
    }
    let name = report.certificate.as_deref().unwrap_or("no certificate");
    let verdict = match &report.failure {
        None => format!("{}, {} ({})", paint.green("valid"), report.level, report.level.promise()),
        Some(failure) => paint.red(refusal(failure.refusal)),
    };
    let _ = writeln!(out, "{name}  {verdict}");
    out
}

/// The word for a refusal.
#[must_use]
pub fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Invalid => "invalid",
        Refusal::Level => "level too low",
        Refusal::Expired => "expired",
        Refusal::Target => "wrong target",
        Refusal::Replayed => "replayed",
        Refusal::Untrusted => "untrusted key",
    }
}

/// What verification came to, for programs. Its shape is published in `docs/schema/certificate.schema.json`.
#[must_use]
pub fn verification_json(report: &verify::Report) -> Value {
    let answer = |answer: &verify::Answer| json!({"rule": answer.rule.name(), "number": answer.rule.number(), "asked": answer.is_asked, "evidence": answer.evidence});
    let failure = report.failure.as_ref().map(|failure| {
        json!({
            "rule": failure.rule.name(),
            "number": failure.rule.number(),
            "refusal": refusal(failure.refusal),
            "evidence": failure.evidence,
        })
    });
    let mut document = head("verification");
    document.extend([
        ("certificate".to_owned(), json!(report.certificate)),
        ("valid".to_owned(), json!(report.failure.is_none())),
        ("level".to_owned(), json!(report.level.name())),
        ("rules".to_owned(), report.answers.iter().map(answer).collect()),
        ("failure".to_owned(), json!(failure)),
    ]);
    Value::Object(document)
}
