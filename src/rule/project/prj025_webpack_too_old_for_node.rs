//! PRJ025: webpack 4 and early webpack 5 on Node.js 17 and later.

use crate::platform::job::{Job, ToolRun};
use crate::project::command::Word;
use crate::project::locked::Installed;
use crate::project::path::ancestors;
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;

use super::{package, version_edit};

/// A webpack that hashes with MD4 is built with on a Node.js whose OpenSSL refuses it.
pub(super) static RULE: Rule = Rule {
    id: "PRJ025",
    name: "webpack-too-old-for-node",
    summary: "The bundler uses a hash that Node.js 17 and later refuse",
    docs: "\
## What happens

The build stops at once with an error of OpenSSL.

## Why

webpack before 4.47 and 5.61 hashes with MD4, which OpenSSL 3 refuses; Node.js brings OpenSSL 3 since version \
17. Create React App 4 and Vue CLI 4 bring such a webpack.

## How to mend it

Raise webpack (or the tool that brings it), take Node.js 16, or set `NODE_OPTIONS` to \
`--openssl-legacy-provider`.
",
    severity: Severity::High,
    confidence: Confidence::Likely,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/gridsome/gridsome/issues/1641", "2026-11-21"),
        observed("https://github.com/decaporg/decap-cms/issues/6502", "2026-11-21"),
        observed("https://github.com/webpack/webpack/issues/17285", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Programs that bundle with webpack, and the words that make them do so.
const TOOLS: [(&str, &[&str]); 7] = [
    ("webpack", &[]),
    ("react-scripts", &["build"]),
    ("vue-cli-service", &["build"]),
    ("gridsome", &["build"]),
    ("gatsby", &["build"]),
    ("nuxt", &["build", "generate"]),
    ("webpack-cli", &[]),
];

fn check(job: &Job<'_>, out: &mut Sink) {
    let Some(node) = job.node.as_ref().filter(|node| node.major() >= 17) else { return };
    for (program, words) in TOOLS {
        for tool in job.tools(program) {
            let is_build = words.is_empty() || tool.run.subcommand().is_some_and(|word| words.contains(&word));
            let asks =
                tool.run.args.iter().filter_map(Word::plain).any(|arg| matches!(arg, "--version" | "--help" | "-v"));
            if !is_build || asks || allows_legacy(job, &tool) {
                continue;
            }
            let Some(what) = old_webpack(job, &tool, program) else { continue };
            let is_sure = node.is_pinned && !job.is_tentative;
            let finding = package::at_tool(&RULE, job, &tool, format!("{what} does not run on Node.js {}", node.text))
                .severity(if is_sure { Severity::High } else { Severity::Medium })
                .related(node.span, "asks for this Node.js")
                .log_line("error:0308010C:digital envelope routines::unsupported")
                .help("raise webpack, take Node.js 16, or set NODE_OPTIONS to \"--openssl-legacy-provider\"")
                .maybe_fix(allowed(job, &tool));
            return out.report(finding);
        }
    }
}

/// Allows the old hash for this one program.
fn allowed(job: &Job<'_>, tool: &ToolRun<'_>) -> Option<Fix> {
    let change = version_edit::in_front_of_command(job, tool, "NODE_OPTIONS=--openssl-legacy-provider ")?;
    let title = "allow the old hash with \"--openssl-legacy-provider\"".to_owned();
    Some(Fix { title, applicability: Applicability::Review, changes: vec![change] })
}

/// Whether the old hash is allowed, or may be.
fn allows_legacy(job: &Job<'_>, tool: &ToolRun<'_>) -> bool {
    let names_it = |text: &str| text.contains("openssl-legacy-provider");
    let by_command = tool.run.variable("NODE_OPTIONS").is_some_and(|value| value.as_deref().is_none_or(names_it));
    let by_file = ancestors(tool.dir).any(|dir| {
        let path = crate::project::path::child(dir, ".npmrc");
        job.snapshot.text(&path).is_ok_and(|text| names_it(&text))
    });
    let by_text = tool.trace.texts.iter().any(|text| names_it(&text.text));
    by_command || by_file || by_text || job.variable("NODE_OPTIONS").is_some_and(|value| names_it(&value.value))
}

/// The old webpack that a tool builds with, for people; none when it may be a newer one.
fn old_webpack(job: &Job<'_>, tool: &ToolRun<'_>, program: &str) -> Option<String> {
    let manifest = job.manifest(tool.dir)?;
    let is_overridden = ["resolutions", "overrides", "pnpm"].iter().any(|key| manifest.field(key).is_some());
    if is_overridden {
        return None;
    }
    if program == "react-scripts" {
        // It pins its webpack to one release; before 2 that is webpack 3, which hashes with MD5.
        let found = package::find(job, tool.dir, program)?;
        return (found.installed.is_at_least("2.0.0") && found.installed.is_below("5.0.0"))
            .then(|| format!("the webpack 4 of react-scripts {}", package::shown(job, &found)));
    }
    let direct = package::find(job, tool.dir, "webpack").map(|found| found.installed);
    let installed = direct.unwrap_or_else(|| Installed::of(job.snapshot, manifest.dir(), "webpack", "*"));
    let is_old_5 = installed.is_at_least("5.0.0") && installed.is_below("5.61.0");
    let is_old_4 = installed.is_at_least("4.0.0") && installed.is_below("4.47.0");
    let is_old = is_old_4 || is_old_5;
    let Installed::Exact(version) = &installed else { return is_old.then(|| "this webpack".to_owned()) };
    is_old.then(|| format!("webpack {version}"))
}
