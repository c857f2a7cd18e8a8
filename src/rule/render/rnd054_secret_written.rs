//! RND054: a password or a key is written out.

use super::edit::{Editor, Place};
use crate::platform::netlify::secret;
use crate::platform::render::blueprint::{EnvEntry, Resource};
use crate::platform::render::site::RenderSite;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, source};
use crate::sim::stage::Stage;

/// A value of the Blueprint holds a password or looks like a key.
pub(super) static RULE: Rule = Rule {
    id: "RND054",
    name: "secret-written",
    summary: "A secret is written into the Blueprint",
    docs: "\
## What happens

The deploy works. Everybody who can read the repository, today or in its history, has the secret.

## Why

A Blueprint is a file of the repository. Values that nobody else may see are typed into the dashboard, or taken \
from the resource that has them.

## How to mend it

Revoke the secret first. Then take connection strings with `fromDatabase` or `fromService`, and write `sync: \
false` for other secrets: Render asks for them when the Blueprint is created.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Blueprint,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://render.com/docs/blueprint-spec", "2026-11-20"),
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-blueprints/references/common-mistakes.md",
            "2026-11-20",
        ),
    ],
    check: Check::Render(check),
};

/// Words of passwords that are examples.
const EXAMPLES: [&str; 12] = [
    "password", "pass", "passwd", "changeme", "example", "secret", "redacted", "postgres", "user", "xxx", "your",
    "root",
];
/// Hosts on which a password is none.
const LOCAL: [&str; 4] = ["localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    let blueprint = &site.blueprint;
    let services = blueprint.services.iter().map(|service| &service.resource);
    for resource in services.chain(&blueprint.groups) {
        for entry in &resource.env {
            let Some((value, key)) = entry.value.as_ref().zip(entry.key.as_ref()) else { continue };
            let what = match () {
                () if holds_password(&value.value) => "holds a password",
                () if is_token(&value.value) => "looks like a secret",
                () => continue,
            };
            // At the name: a report would show the line of the value.
            let message = format!("the value of \"{}\" {what}, and whoever can read the repository has it", key.value);
            let finding = RULE.finding(message).at(key.span).secret(value.value.clone());
            let finding = match site.sources.slice(value.span) {
                Some(written) => finding.secret(written),
                None => finding,
            };
            out.report(
                finding
                    .help("revoke it, and write \"sync: false\" in its place")
                    .maybe_fix(linked(site, resource, entry))
                    .maybe_fix(asked(site, resource, entry)),
            );
        }
    }
}

/// `scheme://user:password@host` with a password that is no example, on a host that is not this machine.
fn holds_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, host)) = authority.rsplit_once('@') else { return false };
    let Some((_, password)) = user.split_once(':') else { return false };
    let lower = password.to_lowercase();
    let is_example =
        EXAMPLES.iter().any(|word| lower.starts_with(word)) || password.contains(['<', '$', '{', '*', '[']);
    let host = host.split(':').next().unwrap_or_default();
    password.len() >= 4 && !is_example && !LOCAL.contains(&host) && host.contains('.') && !host.ends_with("example.com")
}

/// The key of a well-known service.
fn is_token(value: &str) -> bool {
    !value.contains(char::is_whitespace) && !secret::find(format!("={value}").as_bytes(), &[]).is_empty()
}

/// Whether the entry belongs to a service; groups take neither references nor questions.
fn is_of_service(site: &RenderSite<'_>, resource: &Resource) -> bool {
    site.blueprint.services.iter().any(|service| service.path == resource.path)
}

/// Takes the connection string from the one database that the Blueprint declares.
fn linked(site: &RenderSite<'_>, resource: &Resource, entry: &EnvEntry) -> Option<Fix> {
    let [database] = site.blueprint.databases.as_slice() else { return None };
    let value = entry.value.as_ref()?.value.as_str();
    let is_postgres = value.starts_with("postgres://") || value.starts_with("postgresql://");
    let host = value.rsplit_once('@').map_or("", |(_, host)| host);
    let is_own = is_postgres && (host.starts_with("dpg-") || host.contains("render.com"));
    let name = format!("  name: {}", database.name());
    let lines = ["fromDatabase:", &name, "  property: connectionString"];
    let editor = Editor::of(site);
    let place = Place { span: entry.span, table: &entry.table };
    let is_known = is_own && !database.name().is_empty() && is_of_service(site, resource);
    let change = is_known.then(|| editor.rewrite_lines(place, "value", &lines))?;
    editor.fix(Applicability::Review, format!("take it from the database \"{}\"", database.name()), [change])
}

/// Lets Render ask for the value; what has been committed has to be revoked all the same.
fn asked(site: &RenderSite<'_>, resource: &Resource, entry: &EnvEntry) -> Option<Fix> {
    let editor = Editor::of(site);
    let place = Place { span: entry.span, table: &entry.table };
    let change = is_of_service(site, resource).then(|| editor.rewrite(place, "value", "sync", "false"))?;
    editor.fix(Applicability::Review, "let Render ask for the value, once the old one is revoked", [change])
}
