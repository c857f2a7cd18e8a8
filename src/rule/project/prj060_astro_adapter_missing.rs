//! PRJ060: server rendering of Astro without an adapter.

use crate::platform::job::Job;
use crate::project::path::child;
use crate::project::setting::Setting;
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

use super::{adapter_edit, command, module, package};

/// Astro is told to render pages on demand, and its configuration names no adapter.
pub(super) static RULE: Rule = Rule {
    id: "PRJ060",
    name: "astro-adapter-missing",
    summary: "Astro renders pages on a server and has no adapter",
    docs: "\
## What happens

The build stops and asks for an adapter.

## Why

Pages that are rendered on demand need a server, and every host has one of its own. An adapter makes the output \
fit.

## How to mend it

Add the adapter of the host (`@astrojs/netlify`; on Render `@astrojs/node`), or leave out `output: \"server\"`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/manulthanura/Positivus/pull/9", "2026-11-21"),
        observed("https://github.com/event-catalog/eventcatalog/issues/1829", "2026-11-21"),
        observed("https://github.com/elysiajs/documentation/issues/786", "2026-11-21"),
        docs("https://docs.astro.build/en/reference/errors/no-adapter-installed/", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Pages that are looked at most.
const MAX_PAGES: usize = 500;

fn check(job: &Job<'_>, out: &mut Sink) {
    for tool in job.tools("astro").filter(|tool| tool.run.subcommand() == Some("build")) {
        let Some(astro) = package::known(job, tool.dir, "astro") else { continue };
        let Some(file) = module::find(job, tool.dir, "astro") else { continue };
        let Some(read) = file.read().filter(|read| module::is_literal(read)) else { continue };
        // Another host's integration may bring an adapter along.
        let may_be_brought =
            read.has_word("adapter") || read.modules().any(|name| name.contains("adapter") || name.starts_with('.'));
        if may_be_brought
            || tool.run.args.iter().any(|arg| arg.text.starts_with("--config") || arg.text.starts_with("--root"))
        {
            continue;
        }
        let (span, message) = match read.setting(&["output"]) {
            Setting::Written(output) if matches!(output.text.as_str(), "server" | "hybrid") => {
                (output.span, format!("\"{}\" renders pages on a server and names no adapter", file.path))
            }
            Setting::Written(output) if output.text != "static" => continue,
            Setting::Computed => continue,
            _ => match page_on_demand(job, tool.dir).filter(|_| astro.installed.is_at_least("5.0.0")) {
                Some((path, span)) => {
                    (span, format!("\"{path}\" is rendered on demand, and \"{}\" names no adapter", file.path))
                }
                None => continue,
            },
        };
        let adapter = if job.is_own_strict { "@astrojs/netlify" } else { "@astrojs/node" };
        let finding = RULE
            .finding(message)
            .at(span)
            .label("needs an adapter")
            .severity(command::severity(job))
            .stage(tool.stage)
            .log_line("[NoAdapterInstalled] Cannot use server-rendered pages without an adapter")
            .help(format!("install \"{adapter}\" and name it as the adapter"));
        return out.report(adapter_edit::added(job, &tool).into_iter().fold(finding, Finding::fix));
    }
}

/// A page that opts out of prerendering, and where it does.
fn page_on_demand(job: &Job<'_>, dir: &str) -> Option<(String, Span)> {
    const WORDS: &str = "export const prerender = false";
    let pages = job.snapshot.below(&child(dir, "src/pages")).iter().map(|entry| &*entry.path);
    let is_page = |path: &&str| [".astro", ".ts", ".js"].iter().any(|end| path.ends_with(end)) && !path.contains("/_");
    for path in pages.filter(is_page).take(MAX_PAGES) {
        let is_marked = job.snapshot.text(path).is_ok_and(|text| text.lines().any(|line| line.starts_with(WORDS)));
        if is_marked {
            let (file, source) = job.open(path)?;
            let at = source.text.find(WORDS)?;
            return Some((path.to_owned(), Span::new(file, at, at + WORDS.len())));
        }
    }
    None
}
