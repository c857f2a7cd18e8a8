//! NTL024: an entry of `plugins` is not accepted.

use crate::platform::netlify::config::{Failure, Topic};
use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{PLUGIN_NAMES, Problem, Violation, ViolationKind, check_npm_name};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::edit::Edit;
use crate::text::span::Span;
use crate::text::suggest;
use crate::text::toml::outline;
use crate::text::tree::{Kind, Node, Table};

use super::property;

/// A plugin entry with other names, no package, or something else than a package.
pub(super) static RULE: Rule = Rule {
    id: "NTL024",
    name: "plugin-entry-invalid",
    summary: "An entry of plugins is not accepted",
    docs: "\
## What happens

Netlify stops while it checks the configuration, before anything is installed.

## Why

An entry of `[[plugins]]` has a `package`, and if need be `inputs` and `pinned_version`, and nothing else. The package \
is the bare name of an npm package, or a path that starts with `./` or `/`. Each package is named once in a file and \
once in a context.

## How to mend it

Write the name without a version, and the settings of the plugin under `[plugins.inputs]`. Old tutorials have \
`type` instead of `package` and `config` instead of `inputs`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Config,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/config/src/validate/validations.js", "2026-11-20"),
        observed("https://github.com/netlify/build/issues/337", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(Failure::Violation(violation)) = site.failure(Topic::Plugin) else { return };
    let mut finding = property::finding(&RULE, site, violation);
    if let Some(first) = first_entry(site, violation) {
        finding = finding.related(first, "named here");
    }
    let fix = match *violation.problem {
        Problem::UnknownProperties { .. } | Problem::Missing(_) => renamed(site),
        Problem::NpmName(_) => without_version(site, violation.span),
        _ => None,
    };
    out.report(finding.maybe_fix(fix));
}

/// The entry that names the same package before.
fn first_entry(site: &NetlifySite<'_>, violation: &Violation) -> Option<Span> {
    let entries = property::entries(site, "plugins").into_iter().filter_map(|entry| entry.get("package"));
    let same = entries.filter(|package| package.as_str() == Some(&violation.name));
    let mut before = same.map(|package| package.span).filter(|span| span.start < violation.span.start);
    before.next_back().filter(|_| violation.kind == ViolationKind::DuplicatePlugin)
}

/// All entries with the names of today; none when a name is left that has no counterpart.
fn renamed(site: &NetlifySite<'_>) -> Option<Fix> {
    let (file, source) = site.config_source()?;
    let outline = outline::outline(&source.text);
    let mut edits: Vec<Edit> = Vec::new();
    for entry in property::entries(site, "plugins") {
        let mut taken: Vec<&str> = Vec::new();
        for (name, value) in entry.iter().filter(|(name, _)| !PLUGIN_NAMES.contains(name) && *name != "origin") {
            let new = counterpart(name, &value.value)?;
            if entry.contains_key(new) || taken.contains(&new) {
                return None;
            }
            taken.push(new);
            edits.extend(outline.rename(&source.text, value.key_span.range(), new)?);
        }
    }
    edits.sort_by_key(|edit| edit.range.start);
    edits.dedup();
    let title = "use the names \"package\" and \"inputs\"";
    (!edits.is_empty()).then(|| Fix::edits(Applicability::Safe, title, file, edits))
}

fn counterpart(name: &str, value: &Node) -> Option<&'static str> {
    let found = match (name, &value.kind) {
        ("type" | "name" | "id" | "plugin" | "path" | "src", Kind::String(_)) => "package",
        ("config" | "options" | "settings", Kind::Table(_)) => "inputs",
        ("version", Kind::String(_)) => "pinned_version",
        _ => suggest::nearest(name, PLUGIN_NAMES)?,
    };
    let wants_table = found == "inputs";
    (wants_table == matches!(value.kind, Kind::Table(_))).then_some(found)
}

/// The bare name, with the version on a line of its own.
fn without_version(site: &NetlifySite<'_>, span: Span) -> Option<Fix> {
    let written = site.written(span)?;
    let quote = written.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let (name, version) = written.trim_matches(quote).rsplit_once('@')?;
    check_npm_name(name).ok()?;
    let is_version = version.starts_with(|c: char| c.is_ascii_digit() || c == '^' || c == '~')
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+^~".contains(&byte));
    let entry: &Table = property::entries(site, "plugins")
        .into_iter()
        .find(|entry| entry.get("package").is_some_and(|it| it.span == span))?;
    let (_, source) = site.config_source()?;
    let before = &source.text[..span.range().start];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let key = line.trim_start();
    let stands_alone = key.starts_with("package")
        && source.text[span.range().end..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    let text = match version {
        "latest" => format!("{quote}{name}{quote}"),
        _ if is_version && stands_alone && !entry.contains_key("pinned_version") => {
            let indent = &line[..line.len() - key.len()];
            let line_break = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
            format!("{quote}{name}{quote}{line_break}{indent}pinned_version = {quote}{version}{quote}")
        }
        _ => return None,
    };
    Some(Fix::replace(Applicability::Safe, "name the package alone", span, text))
}
