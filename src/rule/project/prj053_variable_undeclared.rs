//! PRJ053: the build reads variables that nobody declares.

use crate::platform::declaration::Declaration;
use crate::rule::fix::{Applicability, Fix};
use std::collections::BTreeMap;

use crate::platform::job::Job;
use crate::platform::survey::Survey;
use crate::project::command::mentions;
use crate::project::import::bundle::Loader;
use crate::project::import::scan::{Holder, Variable};
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::import;

/// Configuration that runs during the build reads variables without a default.
pub(super) static RULE: Rule = Rule {
    id: "PRJ053",
    name: "variable-undeclared",
    summary: "The build reads environment variables that no file declares",
    docs: "\
## What happens

Where a variable is not set in the dashboard, what is read is `undefined`: the build stops with a message of its own (\"… is \
required\"), or goes on with the word `undefined` in addresses and keys.

## Why

On the author's machine the values stand in a `.env` file that git does not track. Nobody but the dashboard can tell \
whether the platform has them too.

## How to mend it

Set each of them in the dashboard, for previews as well; or write those that are no secret into the platform's file. A \
variable that may be missing should have a default: `process.env.NAME ?? \"…\"`. On Netlify only the commands that set them \
can be shown; a Blueprint can declare them.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/nuxt-modules/supabase/issues/260", "2026-11-20"),
        observed("https://github.com/openshiporg/openship/issues/2", "2026-11-20"),
        observed("https://github.com/vitejs/vite/issues/5829", "2026-11-20"),
    ],
    check: Check::Job(check),
};

/// Variables that every platform, shell or package manager sets, or whose absence means no.
const PROVIDED: [&str; 44] = [
    "ANALYZE",
    "BASE_PATH",
    "BASE_URL",
    "BRANCH",
    "BUILD_ID",
    "BUNDLE_ANALYZE",
    "CACHED_COMMIT_REF",
    "CF_PAGES",
    "CI",
    "COMMIT_REF",
    "CONTEXT",
    "DEBUG",
    "DOCKER",
    "ELEVENTY_ENV",
    "ELEVENTY_PRODUCTION",
    "ELEVENTY_RUN_MODE",
    "ELEVENTY_SERVERLESS",
    "HEAD",
    "HOME",
    "HOST",
    "HOSTNAME",
    "INCOMING_HOOK_BODY",
    "INCOMING_HOOK_TITLE",
    "INCOMING_HOOK_URL",
    "LANG",
    "NETLIFY",
    "NODE_ENV",
    "NODE_OPTIONS",
    "NO_COLOR",
    "PATH",
    "PORT",
    "PROFILE",
    "PULL_REQUEST",
    "PWD",
    "RENDER",
    "REPOSITORY_URL",
    "REVIEW_ID",
    "SHELL",
    "SITE_ID",
    "SITE_NAME",
    "SSR",
    "TZ",
    "URL",
    "USER",
];
/// Beginnings of such names.
const PREFIXES: [&str; 13] = [
    "NETLIFY_",
    "RENDER_",
    "VERCEL",
    "CF_PAGES_",
    "GITHUB_",
    "GITPOD_",
    "npm_",
    "DEPLOY_",
    "TAURI_",
    "VITEST",
    "JEST_",
    "STORYBOOK",
    "AWS_LAMBDA_",
];
/// Files of variables that builds read when they are tracked.
const FILES: [&str; 6] =
    [".env", ".env.production", ".env.local", ".env.production.local", "netlify.toml", "render.yaml"];

fn check(job: &Job<'_>, out: &mut Sink) {
    let is_build = |survey: &&Survey| {
        matches!(survey.bundle.loader, Loader::Node | Loader::Esbuild) && survey.stage != Stage::Start
    };
    let mut found: BTreeMap<&str, (&str, &Variable, Stage)> = BTreeMap::new();
    for survey in job.surveys().iter().filter(is_build) {
        for (path, file) in &survey.graph.files {
            let variables = file.scan.as_ref().map(|scan| scan.variables.as_slice()).unwrap_or_default();
            for variable in variables.iter().filter(|variable| is_needed(variable)) {
                if !is_declared(job, &survey.bundle.root, &variable.name) {
                    found.entry(&variable.name).or_insert((path, variable, survey.stage));
                }
            }
        }
    }
    let first = found.values().min_by_key(|(path, variable, _)| (*path, variable.start)).copied();
    let Some((path, variable, stage)) = first else { return };
    let Some(span) = import::span(job, path, variable.start, variable.end) else { return };
    let others: Vec<&str> = found.keys().copied().filter(|name| *name != variable.name).collect();
    let message = format!("the build reads \"{}\", which no file declares", variable.name);
    let mut finding = RULE.finding(message).at(span).label("set in the dashboard?").stage(stage);
    if !others.is_empty() {
        finding = finding.note(format!("it also reads \"{}\"", others.join("\", \"")));
    }
    let names: Vec<&str> = found.keys().copied().collect();
    out.report(
        finding.help("set what is missing in the dashboard, or give it a default").maybe_fix(declared(job, &names)),
    );
}

/// Declares the variables where the file of the platform can; elsewhere the command that sets them.
fn declared(job: &Job<'_>, names: &[&str]) -> Option<Fix> {
    if job.platform.name == "netlify" {
        let commands: Vec<String> = names.iter().map(|name| format!("\"netlify env:set {name} VALUE\"")).collect();
        return Some(Fix::show(format!("run {}", commands.join(" and "))));
    }
    let Declaration { span, lead } = job.declaration.as_ref()?;
    let text = names.iter().map(|name| format!("{lead}- key: {name}{lead}  sync: false")).collect::<String>();
    let title = "declare what is missing, so that Render asks for the values";
    Some(Fix::replace(Applicability::Review, title, *span, text))
}

/// Whether the build surely reads it, and has nothing to put in its place.
fn is_needed(variable: &Variable) -> bool {
    let name = variable.name.as_str();
    let is_plain =
        name.len() > 1 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_provided = PROVIDED.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    let is_read = variable.holder == Holder::Process && variable.is_immediate && !variable.has_fallback;
    is_plain && is_read && !is_provided
}

/// Whether a file of the repository, or a command, names the variable in a place where it may be set.
fn is_declared(job: &Job<'_>, root: &str, name: &str) -> bool {
    let in_file = |dir: &str| {
        FILES.iter().any(|file| job.snapshot.text(&child(dir, file)).is_ok_and(|text| mentions(&text, name)))
    };
    let in_workflow = job
        .snapshot
        .below(".github/workflows")
        .iter()
        .any(|entry| job.snapshot.text(&entry.path).is_ok_and(|text| mentions(&text, name)));
    let in_command = job.commands.iter().any(|(_, trace)| trace.mentions(name));
    job.variable(name).is_some() || in_command || in_workflow || in_file(root) || in_file(job.dir) || in_file("")
}
