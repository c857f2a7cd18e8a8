//! RND065: the code needs a variable that the Blueprint does not declare.

use std::collections::{BTreeMap, BTreeSet};

use crate::platform::render::python::{self, PythonService};
use crate::platform::render::reach;
use crate::platform::render::service::Phase;
use crate::platform::render::site::RenderSite;
use crate::project::path::{child, name, parent};
use crate::project::python::environment::{Read, reads};
use crate::project::python::token::tokens;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::variable::declare;

/// A variable is read without a default, and nothing sets it.
pub(super) static RULE: Rule = Rule {
    id: "RND065",
    name: "variable-not-declared",
    summary: "The code needs variables that the Blueprint does not declare",
    docs: "\
## What happens

The service ends with a `KeyError` as soon as it starts, unless the variables are set in the dashboard.

## Why

A `.env` file that git ignores does not come along. The Blueprint is where a new service learns which variables it needs: \
those with `sync: false` are asked for when it is created.

## How to mend it

Declare each variable, with its value or with `sync: false`. Suppress this finding if the variables are set in the dashboard \
on purpose.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/render-oss/skills/blob/main/skills/render-debug/references/error-patterns.md", "2026-11-21"),
        observed("https://github.com/nuxt-modules/supabase/issues/260", "2026-11-21"),
        observed("https://github.com/openshiporg/openship/issues/2", "2026-11-21"),
        observed("https://github.com/Affitor/open-affiliate/pull/43", "2026-11-21"),
    ],
    check: Check::Render(check),
};

/// Variables of every shell and of the runtime.
const GIVEN: [&str; 9] = ["HOME", "PATH", "PWD", "USER", "LANG", "TZ", "HOSTNAME", "SHELL", "VIRTUAL_ENV"];

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for service in python::services(site) {
        let is_open = !service.plan.environment.foreign_groups.is_empty() || !service.runs.is_known(&[Phase::Start]);
        let missing = if is_open { BTreeMap::new() } else { missing(site, &service) };
        if !missing.is_empty() {
            report(site, &service, &missing, out);
        }
    }
}

/// The variables that are needed and set nowhere, each with the place where it is read first.
fn missing(site: &RenderSite<'_>, service: &PythonService<'_>) -> BTreeMap<String, (String, usize)> {
    let mut needed: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut given: BTreeSet<String> = BTreeSet::new();
    for path in reach::modules(site, service) {
        let Some(text) = site.files().text(&path) else { continue };
        let tokens = tokens(&text);
        for read in reads(&tokens) {
            let Read { name, start, is_required } = read;
            if is_required {
                needed.entry(name).or_insert_with(|| (path.clone(), start));
            } else {
                given.insert(name);
            }
        }
        if text.contains("load_dotenv") || text.contains("read_env") {
            given.extend(dotenv(site, service, &path));
        }
    }
    let starts =
        service.runs.of_phase(Phase::Start).flat_map(|run| run.invocation.env.iter().map(|(name, _)| name.clone()));
    given.extend(starts);
    let is_given = |name: &str| {
        given.contains(name)
            || service.plan.environment.get(name).is_some()
            || GIVEN.contains(&name)
            || ["RENDER", "PYTHON", "DJANGO_SETTINGS_MODULE"].iter().any(|start| name.starts_with(start))
    };
    needed.retain(|name, _| !is_given(name));
    needed
}

/// The names in the `.env` files that git holds.
fn dotenv(site: &RenderSite<'_>, service: &PythonService<'_>, path: &str) -> Vec<String> {
    let folders = ["", service.dir, parent(path).unwrap_or_default()];
    let texts = folders.iter().filter_map(|dir| site.files().text(&child(dir, ".env")));
    let names = |text: String| -> Vec<String> {
        let keys = text.lines().filter_map(|line| line.split_once('='));
        keys.map(|(key, _)| key.trim().trim_start_matches("export ").trim().to_owned()).collect()
    };
    texts.flat_map(names).collect()
}

fn report(
    site: &RenderSite<'_>,
    service: &PythonService<'_>,
    missing: &BTreeMap<String, (String, usize)>,
    out: &mut Sink,
) {
    const MAX_SHOWN: usize = 8;
    let names: Vec<&str> = missing.keys().map(String::as_str).collect();
    let shown = names.iter().take(MAX_SHOWN).copied().collect::<Vec<_>>().join("\", \"");
    let rest = names.len().saturating_sub(MAX_SHOWN);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let verb = if names.len() == 1 { "is" } else { "are" };
    let span = service.service.key_span("envVars").or_else(|| service.service.text("name").map(|text| text.span));
    let mut finding = RULE
        .finding(format!(
            "\"{shown}\"{more} {verb} read at the start, and the Blueprint does not declare {}",
            if names.len() == 1 { "it" } else { "them" }
        ))
        .at(span.unwrap_or(service.service.span))
        .log_line("KeyError")
        .help("declare each with its value, or with \"sync: false\"");
    for (variable, (path, start)) in missing.iter().take(MAX_SHOWN) {
        if let Some((file, _)) = site.files().open(path) {
            let label = format!("read in \"{}\"", name(path));
            finding = finding.related(Span::new(file, *start, start + variable.len()), label);
        }
    }
    out.report(finding.maybe_fix(declare(site, service.service, &names)));
}
