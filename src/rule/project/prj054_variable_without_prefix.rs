//! PRJ054: code for the browser reads a variable that never gets there.

use crate::rule::fix::{Applicability, Change, Fix};
use std::collections::HashSet;

use crate::platform::job::Job;
use crate::platform::survey::Survey;
use crate::project::import::scan::{Holder, Variable};
use crate::project::path::child;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;

use super::import;

/// A variable without the prefix that a bundler lets through.
pub(super) static RULE: Rule = Rule {
    id: "PRJ054",
    name: "variable-without-prefix",
    summary: "Code for the browser reads a variable whose name lacks the prefix that lets it through",
    docs: "\
## What happens

The deploy turns green. In the browser the variable is `undefined`, whatever the dashboard says.

## Why

Bundlers put only those variables into pages whose names say that they are public: `VITE_…` with Vite, `REACT_APP_…` with \
Create React App, `VUE_APP_…` with Vue CLI.

## How to mend it

Give the variable the prefix, in the code and in the dashboard. A secret must not get one: read it in a function instead.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Runtime,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://vite.dev/guide/env-and-mode", "2026-11-21"),
        docs("https://create-react-app.dev/docs/adding-custom-environment-variables/", "2026-11-21"),
        observed("https://github.com/vitejs/vite/issues/5829", "2026-11-20"),
    ],
    check: Check::Job(check),
};

/// What a tool lets through.
struct Public {
    tool: &'static str,
    holder: Holder,
    prefix: &'static str,
    names: &'static [&'static str],
    /// Files that may let through more.
    configs: &'static [&'static str],
}

const TOOLS: [Public; 3] = [
    Public {
        tool: "Vite",
        holder: Holder::Meta,
        prefix: "VITE_",
        names: &["MODE", "DEV", "PROD", "SSR", "BASE_URL", "LEGACY"],
        configs: &["vite.config.js", "vite.config.ts", "vite.config.mjs", "vite.config.mts", "vite.config.cjs"],
    },
    Public {
        tool: "Create React App",
        holder: Holder::Process,
        prefix: "REACT_APP_",
        names: &["NODE_ENV", "PUBLIC_URL", "FAST_REFRESH", "CI"],
        configs: &["craco.config.js", "config-overrides.js"],
    },
    Public {
        tool: "Vue CLI",
        holder: Holder::Process,
        prefix: "VUE_APP_",
        names: &["NODE_ENV", "BASE_URL", "CI"],
        configs: &["vue.config.js"],
    },
];

fn check(job: &Job<'_>, out: &mut Sink) {
    let mut seen = HashSet::new();
    for survey in job.surveys() {
        let is_client = |public: &&Public| public.tool == survey.bundle.tool && !survey.bundle.is_configuration;
        let Some(public) = TOOLS.iter().find(is_client).filter(|public| is_plain(job, survey, public)) else {
            continue;
        };
        for (path, file) in &survey.graph.files {
            let variables = file.scan.as_ref().map(|scan| scan.variables.as_slice()).unwrap_or_default();
            for variable in variables.iter().filter(|variable| public.withholds(variable)) {
                let Some(span) = import::span(job, path, variable.start, variable.end) else { continue };
                if seen.len() < import::MOST && seen.insert(variable.name.clone()) {
                    let (name, prefix) = (&variable.name, public.prefix);
                    let message = format!(
                        "\"{name}\" never reaches the browser: {} lets through \"{prefix}…\" alone",
                        public.tool
                    );
                    let finding = RULE.finding(message).at(span).label("undefined");
                    let help = format!("call it \"{prefix}{name}\", here and in the dashboard, unless it is secret");
                    out.report(finding.help(help).maybe_fix(renamed(job, survey, public, name)));
                }
            }
        }
    }
}

/// Gives the variable the prefix wherever pages read it; a name that speaks of a secret keeps its own.
fn renamed(job: &Job<'_>, survey: &Survey, public: &Public, name: &str) -> Option<Fix> {
    const SECRETS: [&str; 5] = ["SECRET", "PASSWORD", "PRIVATE", "TOKEN", "CREDENTIAL"];
    let upper = name.to_ascii_uppercase();
    let mut changes = Vec::new();
    for (path, file) in &survey.graph.files {
        let variables = file.scan.as_ref().map(|scan| scan.variables.as_slice()).unwrap_or_default();
        for variable in variables.iter().filter(|variable| variable.name == name && public.withholds(variable)) {
            let span = import::span(job, path, variable.start, variable.end)?;
            job.written(span).filter(|written| *written == name)?;
            changes.push(Change::Edit { span, text: format!("{}{name}", public.prefix) });
        }
    }
    let is_open = !SECRETS.iter().any(|word| upper.contains(word)) && !changes.is_empty();
    let title = format!("call it \"{}{name}\", and set it by that name", public.prefix);
    is_open.then_some(Fix { title, applicability: Applicability::Review, changes })
}

impl Public {
    fn withholds(&self, variable: &Variable) -> bool {
        let is_public = variable.name.starts_with(self.prefix) || self.names.contains(&variable.name.as_str());
        variable.holder == self.holder && !variable.has_fallback && !is_public
    }
}

/// Whether no configuration and no plug-in lets through more.
fn is_plain(job: &Job<'_>, survey: &Survey, public: &Public) -> bool {
    let says = |name: &&str| {
        let text = job.snapshot.text(&child(&survey.bundle.root, name)).unwrap_or_default();
        ["envPrefix", "define", "environment", "Environment", "env"].iter().any(|word| text.contains(word))
    };
    !survey.bundle.resolver.aliases.is_open && !public.configs.iter().any(says)
}
