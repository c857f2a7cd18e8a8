//! PRJ082: a server or a watcher as the build command.

use crate::platform::job::{Job, ToolRun};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{command, package};

/// The build waits for a development server or a watcher.
pub(super) static RULE: Rule = Rule {
    id: "PRJ082",
    name: "build-never-ends",
    summary: "The build command starts a program that never ends",
    docs: "\
## What happens

The build runs until the platform's limit and is then stopped.

## Why

A development server and a watcher go on until somebody ends them. A build has to come to an end by itself.

## How to mend it

Call the script that builds, mostly `build`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/cobiwave/simplefolio/issues/10", "2026-11-21"),
        observed("https://github.com/cypress-io/netlify-plugin-cypress/issues/76", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Programs that serve when they are called with one of these words, or with none if `""` is among them.
const SERVERS: [(&str, &[&str]); 19] = [
    ("vite", &["", "dev", "serve", "preview"]),
    ("next", &["", "dev", "start"]),
    ("nuxt", &["dev", "start", "preview"]),
    ("nuxi", &["dev", "preview"]),
    ("astro", &["dev", "preview"]),
    ("gatsby", &["develop", "serve"]),
    ("ng", &["serve"]),
    ("react-scripts", &["start"]),
    ("vue-cli-service", &["serve"]),
    ("webpack", &["serve"]),
    ("webpack-dev-server", &[""]),
    ("nodemon", &[""]),
    ("hugo", &["server", "serve"]),
    ("jekyll", &["serve", "server"]),
    ("http-server", &[""]),
    ("live-server", &[""]),
    ("docusaurus", &["start", "serve"]),
    ("vitepress", &["dev", "serve", "preview"]),
    ("start-storybook", &[""]),
];
/// Programs whose option `--watch` makes them go on.
const WATCHERS: [&str; 9] = ["vite", "webpack", "rollup", "tsc", "esbuild", "tsup", "tailwindcss", "sass", "parcel"];
/// Options after which a program says something and ends.
const ASKS: [&str; 5] = ["--version", "--help", "-v", "-h", "-V"];

fn check(job: &Job<'_>, out: &mut Sink) {
    for (program, words) in SERVERS {
        let serves = |tool: &ToolRun<'_>| match first_word(tool) {
            Some(word) => words.contains(&word),
            None => words.contains(&""),
        };
        if let Some(tool) = job.tools(program).find(|tool| serves(tool) && !asks(tool)) {
            return report(job, &tool, "is a server that never ends", out);
        }
    }
    for program in WATCHERS {
        let watches = |tool: &ToolRun<'_>| {
            let is_short =
                matches!(program, "tsc" | "webpack" | "rollup" | "tailwindcss" | "vite") && tool.run.has_arg("-w");
            tool.run.has_arg("--watch") || is_short
        };
        if let Some(tool) = job.tools(program).find(|tool| watches(tool) && !asks(tool)) {
            return report(job, &tool, "watches for changes and never ends", out);
        }
    }
}

/// The first argument, if it is a word; programs with a folder in its place serve it.
fn first_word<'a>(tool: &ToolRun<'a>) -> Option<&'a str> {
    tool.run.args.first().map(|arg| arg.plain().unwrap_or("?")).filter(|arg| !arg.starts_with('-'))
}

fn asks(tool: &ToolRun<'_>) -> bool {
    tool.run.args.iter().any(|arg| ASKS.contains(&arg.text.as_str()))
        || tool
            .trace
            .texts
            .iter()
            .any(|text| text.text.contains("timeout ") || text.text.contains("start-server-and-test"))
}

fn report(job: &Job<'_>, tool: &ToolRun<'_>, what: &str, out: &mut Sink) {
    let program = tool.run.name();
    out.report(
        package::at_tool(&RULE, job, tool, format!("\"{}\" {what}", tool.words()))
            .label("never ends")
            .severity(command::severity(job))
            .log_line("Command did not finish within the time limit")
            .help(format!("call what builds the site instead of \"{program}\""))
            .maybe_fix(fix(job, tool).or_else(|| once(job, tool))),
    );
}

/// Leaves out the word that makes the program stay.
fn once(job: &Job<'_>, tool: &ToolRun<'_>) -> Option<Fix> {
    let is_stay = |word: &str| match (tool.run.name(), word) {
        ("hugo", "server" | "serve") => true,
        ("vite" | "tsc" | "webpack" | "rollup" | "tailwindcss", "-w") => true,
        _ => word == "--watch",
    };
    let [arg] = tool.run.args.iter().filter(|arg| is_stay(&arg.text)).collect::<Vec<_>>()[..] else { return None };
    let span = tool.trace.span(tool.run.text, job.sources, arg.start, arg.end);
    job.written(span).filter(|written| *written == arg.text)?;
    let before = &job.sources.get(span.file)?.text[..span.start as usize];
    let place = Span::new(span.file, before.trim_end_matches(' ').len(), span.end as usize);
    Some(Fix::replace(Applicability::Review, format!("leave \"{}\" out", arg.text), place, ""))
}

/// Calls the script `build`, where the command is nothing but the call of a script.
fn fix(job: &Job<'_>, tool: &ToolRun<'_>) -> Option<Fix> {
    let text = tool.trace.texts.first()?.text.as_str();
    let words: Vec<&str> = text.split_whitespace().collect();
    let (manager, script) = match words.as_slice() {
        [manager, "run", script] => (*manager, *script),
        [manager, script] => (*manager, *script),
        _ => return None,
    };
    let is_manager = matches!(manager, "npm" | "yarn" | "pnpm" | "bun");
    let build = job
        .manifest(job.dir)
        .and_then(|manifest| manifest.script("build").and_then(|field| field.text.map(str::to_owned)));
    build.filter(|build| is_manager && script != "build" && !build.is_empty())?;
    let span = tool.trace.span(0, job.sources, 0, text.len());
    let is_plain = job.written(span)?.contains(text);
    let at = job.written(span)?.find(text)? + span.start as usize;
    let place = crate::text::span::Span::new(span.file, at, at + text.len());
    is_plain.then(|| {
        Fix::replace(Applicability::Review, "call the script \"build\"", place, format!("{manager} run build"))
    })
}
