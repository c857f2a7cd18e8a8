//! RND038: a Dockerfile copies what is not in the build context.

use super::service::{replace, source};
use crate::platform::render::service::Docker;
use crate::platform::render::site::RenderSite;
use crate::project::docker::{Context, Found, Instruction, Word};
use crate::project::mention;
use crate::project::path::{self, display, strip};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// A source of `COPY` or `ADD` is not in the context, or is left out of it.
pub(super) static RULE: Rule = Rule {
    id: "RND038",
    name: "copy-source-missing",
    summary: "A Dockerfile copies a file that the build context does not hold",
    docs: "\
## What happens

The build of the image stops at the line: the path is not found.

## Why

`COPY` takes files from the build context, and that is what git tracks below `dockerContext` (the root of the \
repository, unless it is set), without what `.dockerignore` leaves out. Folders that only exist on a laptop, such as \
`dist` or `.env`, are not there, and `..` does not lead out of the context.

## How to mend it

Write the path as seen from the context, track the file, or let an earlier stage make it and copy it with `--from`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.docker.com/build/concepts/context/", "2026-11-20"),
        observed("https://github.com/automatisch/automatisch/issues/1909", "2026-11-20"),
        observed("https://github.com/Apicurio/apicurio-registry/pull/7606", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (service, plan) in site.services() {
        let Some(docker) = &plan.docker else { continue };
        let Some(path) = docker.path.as_deref().filter(|_| !docker.contexts.is_empty()) else { continue };
        let contexts: Vec<Context<'_>> =
            docker.contexts.iter().map(|dir| Context::new(site.snapshot, dir, path)).collect();
        let span = service.text("dockerContext").map(|text| text.span);
        for (instruction, source) in copied(docker) {
            // With a root directory there may be two contexts, and only what both lack is missing.
            let found: Vec<Found> = contexts.iter().map(|context| context.find(&source.text)).collect();
            if found.iter().any(|found| matches!(found, Found::Yes | Found::Unknown)) {
                continue;
            }
            let finding = finding(&contexts[0], &found[0], instruction, source);
            let finding = match span {
                Some(span) => finding.related(span, "the context"),
                None => finding,
            };
            let unused = || unused(site, docker, path, instruction, source);
            out.report(mended(finding, site, &contexts, source, &found[0], &unused));
        }
    }
}

/// The sources that stages which are built copy from the context, if they are neither patterns nor addresses.
fn copied(docker: &Docker) -> impl Iterator<Item = (&Instruction, &Word)> {
    let needed = docker.dockerfile.needed();
    let stages = docker.dockerfile.stages.iter().enumerate().filter(move |(at, _)| needed.contains(at));
    let instructions = stages.flat_map(|(_, stage)| docker.dockerfile.of(stage));
    let from_context = instructions.filter(|it| {
        let is_copy = matches!(it.keyword.as_str(), "COPY" | "ADD");
        is_copy && it.flag("from").is_none() && it.flag("parents").is_none()
    });
    from_context.flat_map(|instruction| {
        let words = instruction.arguments.words();
        let sources = &words[..words.len().saturating_sub(1)];
        let is_literal = |word: &&Word| {
            let text = word.text.as_str();
            let is_address = text.contains("://") || text.starts_with("git@") || text.starts_with("<<");
            !text.is_empty() && !is_address && !text.contains(['$', '*', '?', '[', '\\'])
        };
        sources.iter().filter(is_literal).map(move |word| (instruction, word))
    })
}

fn finding(context: &Context<'_>, found: &Found, instruction: &Instruction, source: &Word) -> Finding {
    let keyword = &instruction.keyword;
    let dir = display(&context.dir);
    let message = match (&context.ignore_file, found) {
        (Some(file), Found::Ignored) => format!("{keyword} takes \"{}\", which \"{file}\" leaves out", source.text),
        _ => format!("{keyword} takes \"{}\", which git does not track in the build context \"{dir}\"", source.text),
    };
    let path = context.path(&source.text);
    let inner = strip(&path, &context.dir).unwrap_or(&path);
    RULE.finding(message)
        .at(source.span)
        .label("not in the context")
        .log_line(format!("failed to compute cache key: \"/{inner}\": not found"))
}

/// Where the path repeats the folder of the context, it is there without.
fn mended(
    finding: Finding,
    site: &RenderSite<'_>,
    contexts: &[Context<'_>],
    source: &Word,
    found: &Found,
    unused: &dyn Fn() -> Option<Fix>,
) -> Finding {
    let bare = source.text.trim_start_matches("./").trim_start_matches('/');
    let shorter = contexts.iter().find_map(|context| {
        let inner = strip(bare, &context.dir).filter(|inner| !context.dir.is_empty() && !inner.is_empty())?;
        (context.find(inner) == Found::Yes).then(|| inner.to_owned())
    });
    let other = || {
        let at_root = bare.trim_start_matches("../");
        (*found == Found::No && site.snapshot.exists(at_root))
            .then(|| format!("\"{at_root}\" lies outside of the context"))
    };
    match shorter {
        Some(inner) => {
            let title = format!("copy \"{inner}\"");
            finding.maybe_fix(replace(site, Applicability::Review, title, source.span, inner))
        }
        None => match other() {
            Some(text) => finding.help(text),
            None if *found == Found::Ignored => finding.maybe_fix(admitted(site, contexts, bare)),
            None => finding
                .maybe_fix(unused())
                .fix(Fix::show(format!("run \"git add -f {bare}\", if it is there on your machine"))),
        },
    }
}

/// Leaves a copy out, if it is the only source of its line and nothing else in the repository knows the file.
fn unused(
    site: &RenderSite<'_>,
    docker: &Docker,
    dockerfile: &str,
    instruction: &Instruction,
    copied: &Word,
) -> Option<Fix> {
    let (file, text) = source(site, dockerfile)?;
    let [only, _] = instruction.arguments.words() else { return None };
    let name = path::name(&copied.text);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let is_plain = only.span == copied.span && copied.text == name && stem.len() >= 4;
    // What else the stage does may name it in words of the shell, and an image that it stands on may start it.
    let others = docker.dockerfile.instructions.iter().filter(|it| it.span != instruction.span);
    let is_started =
        docker.dockerfile.instructions.iter().any(|it| matches!(it.keyword.as_str(), "CMD" | "ENTRYPOINT"));
    if !is_plain || !is_started || others.into_iter().any(|it| it.text.contains(stem)) {
        return None;
    }
    let is_known = mention::find(site.snapshot, &[name.to_owned()], |path| path != dockerfile) != Ok(None);
    let start = instruction.span.start as usize;
    let end = instruction.span.end as usize;
    let next = text.text.get(end..)?.find('\n').map_or(text.text.len(), |at| end + at + 1);
    let is_alone = text.text.get(end..next)?.trim().is_empty() && !text.text.get(start..end)?.contains('\n');
    let title = format!("leave the line out; nothing else in the repository names \"{name}\"");
    (is_alone && !is_known)
        .then(|| Fix::replace(Applicability::Review, title, Span::new(file, start, next), String::new()))
}

/// Excepts the path from what the ignore file leaves out.
fn admitted(site: &RenderSite<'_>, contexts: &[Context<'_>], path: &str) -> Option<Fix> {
    let [context] = contexts else { return None };
    let (file, source) = source(site, context.ignore_file.as_deref()?)?;
    let is_plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/'));
    let line_end = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let end = source.text.trim_end().len();
    let place = Span::new(file, end, end);
    let title = format!("except \"{path}\" from it");
    is_plain.then(|| Fix::replace(Applicability::Review, title, place, format!("{line_end}!{path}")))
}
