//! RND028: the start command runs what will not be there.

use super::service::{Program, replace, server, written};
use crate::platform::render::image;
use crate::platform::render::service::{Command, Phase, ServicePlan};
use crate::platform::render::site::RenderSite;
use crate::platform::toolbox::Presence;
use crate::project::command::{Cause, Failure, Invocation};
use crate::project::output::fate::Fate;
use crate::project::output::has_sources;
use crate::project::path::{self, display};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::Applicability;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// The start command names a file, a script or a program that neither git nor the build brings along.
pub(super) static RULE: Rule = Rule {
    id: "RND028",
    name: "start-target-missing",
    summary: "The start command runs a file, script or program that will not be there",
    docs: "\
## What happens

The build succeeds, the service starts and ends at once with an error. The deploy fails; what ran before stays up.

## Why

The file lies in another folder, the script was never written or has another name, or the build command does not run \
the compiler that would write the file. Everything is looked for in `rootDir`.

## How to mend it

Name the file as git tracks it or as the build writes it, add the script to `package.json`, or let the build command \
build.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Start,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source(
            "https://github.com/render-oss/skills/blob/main/skills/render-debug/references/error-patterns.md",
            "2026-11-20",
        ),
        observed("https://github.com/HashLips/hashlips_art_engine/issues/1019", "2026-11-20"),
        observed("https://github.com/npm/npm/issues/17272", "2026-11-20"),
    ],
    check: Check::Render(check),
};

fn check(site: &RenderSite<'_>, out: &mut Sink) {
    for (_, plan) in site.services() {
        let Some(command) = plan.command(Phase::Start).filter(|it| !it.is_in_image && plan.reaches_start()) else {
            continue;
        };
        let finding = match command.trace.failure() {
            Some(failure) => failed(site, plan, command, failure),
            None => server(plan).and_then(|program| unbuilt(site, plan, &program)),
        };
        finding.into_iter().for_each(|finding| out.report(finding));
    }
}

/// What certainly fails when the command runs.
fn failed(site: &RenderSite<'_>, plan: &ServicePlan, command: &Command, failure: &Failure) -> Option<Finding> {
    let (message, label, line) = describe(failure)?;
    let is_about_manifest = matches!(
        failure.cause,
        Cause::ScriptMissing { .. } | Cause::ManifestMissing { .. } | Cause::PackageMissing { .. }
    );
    let writes = |run: &Invocation| run.may_write_manifests();
    let before = plan.commands.iter().filter(|it| it.phase < Phase::Start);
    let may_be_written = plan.has_gap() || before.flat_map(|it| &it.trace.invocations).any(writes);
    if is_about_manifest && may_be_written {
        return None;
    }
    let (start, end) = place(command, failure);
    let span = command.trace.span(failure.text, &site.sources, start, end);
    let mut finding = RULE.finding(message).at(span).label(label).log_line(line);
    if failure.text > 0 {
        finding = finding.related(command.text.span, "starts the service");
    }
    Some(mended(finding, site, command, failure))
}

/// The words in question: the file that a program is given, not the program.
fn place(command: &Command, failure: &Failure) -> (usize, usize) {
    let run = failure.invocation.and_then(|at| command.trace.invocations.get(at));
    let word = match &failure.cause {
        Cause::FileMissing { name, .. } => run.and_then(|run| run.args.iter().find(|arg| arg.text == *name)),
        _ => None,
    };
    word.map_or((failure.start, failure.end), |word| (word.start, word.end))
}

fn describe(failure: &Failure) -> Option<(String, &'static str, String)> {
    Some(match &failure.cause {
        Cause::ScriptMissing { manager, name, manifest, .. } => {
            let line = match *manager {
                "npm" => format!("npm error Missing script: \"{name}\""),
                "yarn" => format!("error Command \"{name}\" not found."),
                "pnpm" => format!("ERR_PNPM_NO_SCRIPT  Missing script: {name}"),
                _ => format!("error: Script not found \"{name}\""),
            };
            (
                format!("the service starts with \"{name}\", and \"{manifest}\" has no such script"),
                "no such script",
                line,
            )
        }
        Cause::ManifestMissing { manager, dir } => (
            format!("\"{manager}\" runs in \"{}\", and no folder from there up has a \"package.json\"", display(dir)),
            "no package.json",
            "Could not read package.json".to_owned(),
        ),
        Cause::FileMissing { name, path } => (
            if name == path {
                format!("the service starts with \"{name}\", which nothing brings along")
            } else {
                format!("the service starts with \"{name}\", and nothing brings \"{path}\" along")
            },
            "no such file",
            if failure.code == 1 {
                "Error: Cannot find module".to_owned()
            } else {
                format!("{name}: No such file or directory")
            },
        ),
        Cause::FolderMissing { name, path, .. } => (
            format!("the command enters \"{name}\", and the repository has no folder \"{path}\""),
            "no such folder",
            format!("cd: {name}: No such file or directory"),
        ),
        Cause::NotExecutable { path } => (
            format!("the service starts with \"{path}\", which is not executable"),
            "not executable",
            "Permission denied".to_owned(),
        ),
        Cause::ProgramMissing { name } if is_known_elsewhere(name) => return None,
        Cause::ProgramMissing { name } => {
            (format!("nothing installs the program \"{name}\""), "not found", format!("{name}: command not found"))
        }
        Cause::DevelopmentOnly { name, package } if !super::rnd035_development_server::is_development(name) => (
            format!("\"{name}\" comes with the development dependency \"{package}\", which may be left out"),
            "may not be installed",
            format!("{name}: not found"),
        ),
        _ => return None,
    })
}

/// Programs of Python and Ruby packages have rules of their own.
fn is_known_elsewhere(name: &str) -> bool {
    let presence = image::image().presence(name);
    matches!(presence, Some(Presence::Python | Presence::Gem))
}

fn mended(finding: Finding, site: &RenderSite<'_>, command: &Command, failure: &Failure) -> Finding {
    let Cause::FileMissing { name, path } = &failure.cause else { return finding };
    let Some(meant) = meant(site, path) else { return finding };
    let dir = path.strip_suffix(name.trim_start_matches("./")).unwrap_or_default().trim_end_matches('/');
    let Some(shown) = path::strip(&meant, dir) else { return finding };
    let new = command.text.value.replacen(name.as_str(), shown, 1);
    let is_word = command.text.value.matches(name.as_str()).count() == 1;
    let finding = finding.help(format!("the repository has \"{meant}\""));
    let at = written(site, command.text.span).and_then(|slice| slice.find(name.as_str())).filter(|_| is_word);
    let Some(at) = at.filter(|_| new != command.text.value) else { return finding };
    let start = command.text.span.start as usize + at;
    let span = Span::new(command.text.span.file, start, start + name.len());
    let title = format!("start \"{shown}\"");
    finding.maybe_fix(replace(site, Applicability::Review, title, span, shown))
}

/// The only tracked file of that name.
fn meant(site: &RenderSite<'_>, wanted: &str) -> Option<String> {
    let name = path::name(wanted);
    let is_aside = |path: &str| path.split('/').any(|part| matches!(part, "node_modules" | "test" | "tests"));
    let entries = site.snapshot.entries().iter().map(|entry| &*entry.path);
    let mut found = entries.filter(|path| path::name(path) == name && !is_aside(path));
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}

/// A compiled file in a folder that no step of the build writes.
fn unbuilt(site: &RenderSite<'_>, plan: &ServicePlan, program: &Program<'_>) -> Option<Finding> {
    let is_runner = matches!(program.name, "node" | "bun" | "deno");
    let file = program.args.iter().find(|arg| !arg.text.starts_with('-')).filter(|_| is_runner)?;
    let first = program.args.first().filter(|first| first.text == file.text);
    let name = first?.plain()?;
    let cwd = program.run.cwd.as_deref()?;
    let wanted = path::join(cwd, name).filter(|_| !name.starts_with('/'))?;
    let folder = path::parent(&wanted).filter(|folder| !folder.is_empty() && *folder != cwd)?;
    let is_made = |part: &str| matches!(part, "dist" | "build" | "out" | "lib");
    let below = path::strip(folder, cwd)?;
    let endings = ["", ".js", ".mjs", ".cjs", ".json", "/index.js"];
    let exists = endings.iter().any(|end| site.snapshot.exists(&format!("{wanted}{end}")));
    if exists || !below.split('/').any(is_made) || !has_sources(site.snapshot, cwd) || program.run.is_after_gap {
        return None;
    }
    let top = below.split('/').next().map(|first| path::child(cwd, first))?;
    let is_absent = |dir: &str| plan.build.fate(site.snapshot, &site.sources, dir) == Fate::Absent;
    if !is_absent(&top) || !is_absent(folder) || plan.has_gap() {
        return None;
    }
    let span = program.word(site, file);
    let text = plan.command(Phase::Build).map(|command| command.text.span);
    let mut finding = RULE
        .finding(format!("the service starts with \"{name}\", and no step of the build writes \"{}\"", display(&top)))
        .at(span)
        .label("not there after building")
        .log_line("Error: Cannot find module");
    if let Some(text) = text {
        finding = finding.related(text, "writes no such folder");
    }
    if let Some(product) = plan.build.products().last() {
        finding = finding.help(format!("{} writes \"{}\"", product.tool.name, product.folder.path));
    }
    Some(finding)
}
