//! PRJ084: the PostCSS set-up of Tailwind CSS 3 with version 4.

use crate::platform::job::{Job, ToolRun};
use crate::project::javascript::configuration::Configuration;
use crate::project::path::{ancestors, child, name};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::span::{FileId, Span};

use super::{package, package_edit};

/// The PostCSS configuration names `tailwindcss`, and version 4 is installed.
pub(super) static RULE: Rule = Rule {
    id: "PRJ084",
    name: "tailwind-postcss-plugin",
    summary: "Tailwind CSS 4 is used as a PostCSS plug-in, which it no longer is",
    docs: "\
## What happens

The build stops at the first style sheet.

## Why

Tailwind CSS 4 has moved its plug-in for PostCSS into the package `@tailwindcss/postcss`. What is left under the \
old name throws as soon as PostCSS calls it.

## How to mend it

Install `@tailwindcss/postcss` and name it in the configuration, or stay with `tailwindcss` 3.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/rishikanthc/Scriberr/issues/51", "2026-11-21"),
        observed("https://github.com/zio/zio/issues/9518", "2026-11-21"),
        observed("https://github.com/opera7133/tella/issues/161", "2026-11-21"),
    ],
    check: Check::Job(check),
};

const OLD: &str = "tailwindcss";
const NEW: &str = "@tailwindcss/postcss";

/// Programs that run PostCSS with the configuration of the folder.
const TOOLS: [&str; 8] = ["vite", "next", "astro", "nuxt", "postcss", "vitepress", "react-router", "gatsby"];
const CONFIGURATIONS: [&str; 10] = [
    "postcss.config.js",
    "postcss.config.cjs",
    "postcss.config.mjs",
    "postcss.config.ts",
    "postcss.config.json",
    ".postcssrc",
    ".postcssrc.json",
    ".postcssrc.js",
    ".postcssrc.cjs",
    ".postcssrc.mjs",
];

fn check(job: &Job<'_>, out: &mut Sink) {
    for program in TOOLS {
        let builds =
            |tool: &ToolRun<'_>| program == "postcss" || matches!(tool.run.subcommand(), Some("build" | "generate"));
        for tool in job.tools(program).filter(builds) {
            let Some(found) = package::known(job, tool.dir, OLD).filter(|found| found.installed.is_at_least("4.0.0"))
            else {
                continue;
            };
            let Some((path, file, spans)) = plugin(job, tool.dir).filter(|_| has_styles(job, found.manifest.dir()))
            else {
                continue;
            };
            let Some(span) = spans.first().copied() else { continue };
            let listed = package_edit::replaced(job, tool.dir, None, (NEW, "^4.0.0"));
            let applicability = match &listed {
                Some(changes) if changes.is_empty() => Applicability::Safe,
                Some(_) => Applicability::Review,
                None => Applicability::Show,
            };
            let edits = spans.iter().filter_map(|span| {
                let quote = job.written(*span)?.chars().next()?;
                let quote = if matches!(quote, '"' | '\'') { quote } else { '\'' };
                Some(crate::text::edit::Edit { range: span.range(), text: format!("{quote}{NEW}{quote}") })
            });
            let edits: Vec<_> = edits.collect();
            let mut fix = Fix::edits(applicability, format!("name \"{NEW}\""), file, edits);
            fix.changes.extend(listed.unwrap_or_default());
            let version = package::shown(job, &found);
            return out.report(
                RULE.finding(format!(
                    "\"{path}\" uses Tailwind CSS {version} as a PostCSS plug-in, which it no longer is"
                ))
                .at(span)
                .label("throws when it is called")
                .related(found.span, "version 4 is installed")
                .severity(super::command::severity(job))
                .stage(tool.stage)
                .log_line("trying to use `tailwindcss` directly as a PostCSS plugin")
                .help(format!("install \"{NEW}\" and name it here, or stay with \"{OLD}\" 3"))
                .fix(fix),
            );
        }
    }
}

/// The configuration that names the plug-in, and where it does.
fn plugin(job: &Job<'_>, dir: &str) -> Option<(String, FileId, Vec<Span>)> {
    let path = ancestors(dir)
        .find_map(|dir| CONFIGURATIONS.iter().map(|name| child(dir, name)).find(|path| job.snapshot.is_file(path)))?;
    let (file, source) = job.open(&path)?;
    let text = source.text.as_str();
    let is_data = path.ends_with(".json") || name(&path) == ".postcssrc";
    if !is_data {
        let module = Configuration::read(text, &path, file)?;
        let is_plain =
            module.has_word(OLD) && !module.has_word(NEW) && !text.contains('?') && !text.contains("process.env");
        if !is_plain {
            return None;
        }
    } else if !text.contains("\"tailwindcss\"") || text.contains(NEW) {
        return None;
    }
    Some((path, file, places(text, file)))
}

/// Where the plug-in is named: as a key, in quotes or without them, or as a module.
fn places(text: &str, file: FileId) -> Vec<Span> {
    let is_part =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '/' | '@' | '.' | '-'));
    let mut found = Vec::new();
    for (at, _) in text.match_indices(OLD) {
        let (before, after) = (text[..at].chars().next_back(), text[at + OLD.len()..].chars().next());
        let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let is_comment = text[line_start..at].contains("//") || text[line_start..at].trim_start().starts_with('*');
        if is_comment || is_part(before) || is_part(after) {
            continue;
        }
        let rest = text[at + OLD.len()..].trim_start();
        match before {
            Some('"' | '\'') => found.push(Span::new(file, at - 1, at + OLD.len() + 1)),
            _ if rest.starts_with(':') && !rest[1..].trim_start().starts_with("false") => {
                found.push(Span::new(file, at, at + OLD.len()));
            }
            _ => {}
        }
    }
    found
}

/// Whether there is anything that PostCSS would be run on.
fn has_styles(job: &Job<'_>, dir: &str) -> bool {
    const ENDINGS: [&str; 6] = [".css", ".pcss", ".scss", ".vue", ".svelte", ".astro"];
    job.snapshot.below(dir).iter().any(|entry| ENDINGS.iter().any(|ending| entry.path.ends_with(ending)))
}
