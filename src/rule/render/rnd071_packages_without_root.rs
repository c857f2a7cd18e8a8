//! RND071: a Dockerfile installs system packages as somebody other than root.

use crate::platform::render::service::{Docker, user_of};
use crate::platform::render::site::RenderSite;
use crate::project::docker::{Arguments, Instruction};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// `RUN apt-get` under a user that the base image or a `USER` line has chosen.
pub(super) static RULE: Rule = Rule {
    id: "RND071",
    name: "packages-without-root",
    summary: "A Dockerfile installs system packages as an unprivileged user",
    docs: "\
## What happens

The build of the image stops: the package manager may not write its lists.

## Why

`RUN` goes on as the user that the last `USER` line names. Some base images end with such a line, so that everything \
built upon them runs without rights from the beginning.

## How to mend it

Write `USER root` before the step, and the old user after it.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Build,
    fix: FixAvailability::Sometimes,
    evidence: &[
        docs("https://docs.docker.com/reference/dockerfile/#user", "2026-11-20"),
        observed("https://github.com/ZFC-Digital/puppeteer-real-browser/issues/225", "2026-11-20"),
    ],
    check: Check::Render(check),
};

/// Who runs a step, and what says so.
#[derive(Clone)]
struct User {
    name: String,
    span: Span,
    is_by_image: bool,
}

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (_, plan) in site.services() {
        let Some(docker) = plan.docker.as_ref().filter(|docker| docker.path.is_some()) else { continue };
        let mut needed = docker.dockerfile.needed();
        needed.sort_unstable();
        needed.into_iter().for_each(|at| judge(site, docker, at, out));
    }
}

fn judge(site: &RenderSite<'_>, docker: &Docker, at: usize, out: &mut Sink) {
    let mut lineage = docker.dockerfile.lineage_of(at);
    lineage.reverse();
    let Some(base) = lineage.first() else { return };
    let from = docker.dockerfile.of(base).first();
    let by_image = base.repository().and_then(user_of);
    let mut user = by_image.map(|name| User {
        name: name.to_owned(),
        span: from.map_or(Span::NONE, |from| from.span),
        is_by_image: true,
    });
    for (index, stage) in lineage.iter().enumerate() {
        for instruction in docker.dockerfile.of(stage) {
            match instruction.keyword.as_str() {
                "USER" => user = changed(instruction),
                "RUN" if index + 1 == lineage.len() => {
                    let Some(user) = user.as_ref().filter(|_| installs(instruction)) else { continue };
                    out.report(finding(site, instruction, user));
                    // One repair mends the stage.
                    return;
                }
                _ => {}
            }
        }
    }
}

/// The user of a `USER` line; none for root, and for one that a variable names.
fn changed(instruction: &Instruction) -> Option<User> {
    let word = instruction.arguments.words().first()?;
    let name = word.text.split(':').next().unwrap_or_default();
    let is_root = matches!(name, "root" | "0") || name.contains('$');
    (!is_root).then(|| User { name: word.text.clone(), span: instruction.span, is_by_image: false })
}

/// Whether a step begins with a package manager of the system: what a shell runs first, or after `&&`.
fn installs(instruction: &Instruction) -> bool {
    const MANAGERS: [&str; 7] = ["apt-get", "apt", "apk", "yum", "dnf", "microdnf", "zypper"];
    const CHANGES: [&str; 5] = ["install", "update", "add", "upgrade", "remove"];
    let texts: Vec<&str> = match (&instruction.arguments, instruction.documents.first()) {
        (_, Some(document)) => document.lines().collect(),
        (Arguments::List(_), None) => Vec::new(),
        (Arguments::Words(_), None) => instruction.text.split("&&").flat_map(|part| part.split(';')).collect(),
    };
    texts.iter().any(|text| {
        let mut words = text.split_whitespace().filter(|word| !word.contains('=') || word.starts_with('-'));
        let is_manager = words.next().is_some_and(|first| MANAGERS.contains(&first));
        is_manager && words.any(|word| CHANGES.contains(&word)) && !text.contains("||")
    })
}

fn finding(site: &RenderSite<'_>, instruction: &Instruction, user: &User) -> Finding {
    let what = if user.is_by_image { "the base image has switched to" } else { "is run as" };
    let message = if user.is_by_image {
        format!("system packages are installed without rights: {what} \"{}\"", user.name)
    } else {
        format!("the step that installs system packages {what} \"{}\"", user.name)
    };
    let finding = RULE
        .finding(message)
        .at(instruction.span)
        .related(user.span, "not root from here")
        .label("needs root")
        .log_line("Permission denied");
    match fix(site, instruction, user) {
        Some(fix) => finding.fix(fix),
        None => finding.help("write \"USER root\" before it"),
    }
}

/// `USER root` before the step, the old user behind it.
fn fix(site: &RenderSite<'_>, instruction: &Instruction, user: &User) -> Option<Fix> {
    let source = site.sources.get(instruction.span.file).filter(|source| source.is_file)?;
    let (start, end) = (instruction.span.start as usize, instruction.span.end as usize);
    if !instruction.documents.is_empty() {
        return None;
    }
    let newline = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let line = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let edit = |at: usize, text: String| Change::Edit { span: Span::new(instruction.span.file, at, at), text };
    let changes = vec![edit(line, format!("USER root{newline}")), edit(end, format!("{newline}USER {}", user.name))];
    Some(Fix {
        title: format!("run it as root, and go on as {}", user.name),
        applicability: Applicability::Safe,
        changes,
    })
}
