//! RND039: the image starts something else than a server.

use crate::platform::render::service::Docker;
use crate::platform::render::site::RenderSite;
use crate::project::command::is_among;
use crate::project::docker::Instruction;
use crate::rule::finding::{Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// Neither the Dockerfile nor `dockerCommand` says what to run.
pub(super) static RULE: Rule = Rule {
    id: "RND039",
    name: "image-starts-nothing",
    summary: "The image starts a shell, an interpreter or a help text instead of the service",
    docs: "\
## What happens

The container starts and ends at once, or waits for input that never comes. No port is found, and the deploy fails.

## Why

Without `CMD`, `ENTRYPOINT` and `dockerCommand` an image runs what its base image runs: `node`, `python3` and `irb` for \
the images of languages, a shell for those of distributions. A program that gets no arguments may print how it is used.

## How to mend it

Write `CMD` with the server into the last stage of the Dockerfile, or set `dockerCommand`.
",
    severity: Severity::Medium,
    confidence: Confidence::Likely,
    stage: Stage::Start,
    fix: FixAvailability::Never,
    evidence: &[
        docs("https://docs.docker.com/reference/dockerfile/#cmd", "2026-11-20"),
        observed("https://github.com/openclaw/openclaw/issues/3754", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// Official images that start an interpreter or a shell.
const IDLE: &str = "node python ruby golang rust debian ubuntu alpine busybox php perl elixir erlang openjdk eclipse-temurin amazoncorretto \
                    fedora archlinux buildpack-deps oven/bun denoland/deno swift gcc maven gradle julia haskell amazonlinux rockylinux almalinux";

/// Programs that need to be told what to run.
const NEEDY: &str =
    "node python python3 ruby bun deno java npm yarn pnpm npx bash sh gunicorn uvicorn bundle rails php";

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let Some(docker) = plan.docker.as_ref().filter(|docker| docker.path.is_some()) else { continue };
        if service.text("dockerCommand").is_some() || docker.dockerfile.stages.is_empty() {
            continue;
        }
        let Some((message, span)) = idle(docker) else { continue };
        out.report(
            RULE.finding(message)
                .at(span)
                .label("nothing to serve")
                .log_line("No open ports detected")
                .help("write CMD with the server into the last stage, or set \"dockerCommand\""),
        );
    }
}

fn idle(docker: &Docker) -> Option<(String, Span)> {
    let lineage = docker.dockerfile.lineage();
    let last = |keyword: &str| -> Option<&Instruction> {
        lineage.iter().find_map(|stage| docker.dockerfile.of(stage).iter().rev().find(|it| it.keyword == keyword))
    };
    let (entry, command) = (last("ENTRYPOINT"), last("CMD"));
    let words = |it: Option<&Instruction>| -> Vec<String> {
        it.into_iter().flat_map(|it| it.arguments.words()).map(|word| word.text.clone()).collect()
    };
    let all = [words(entry), words(command)].concat();
    let written = command.or(entry);
    match (written, all.as_slice()) {
        (Some(it), [only]) if is_among(NEEDY, only) => {
            Some((format!("the image runs \"{only}\" and nothing else"), it.span))
        }
        (Some(it), [_, .., last]) if matches!(last.as_str(), "--help" | "-h" | "help" | "--version") => {
            Some((format!("the image runs \"{}\", which prints a text and ends", all.join(" ")), it.span))
        }
        (Some(_), _) => None,
        (None, _) => {
            let base = lineage.last()?;
            let image = base.repository().filter(|image| is_among(IDLE, image))?;
            let from = docker.dockerfile.of(lineage.first()?).first()?;
            let message = format!("nothing says what the image runs, and \"{image}\" alone starts no server");
            Some((message, from.span))
        }
    }
}
