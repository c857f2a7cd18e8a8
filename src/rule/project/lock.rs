//! What rules about lock files share: the installations that may not change them, and how a difference is told.

use crate::platform::job::Job;
use crate::project::command::is_among;
use crate::project::lockfile::compare::Mismatch;
use crate::project::lockfile::{self, LockFile};
use crate::project::manifest::{self, Manifest};
use crate::project::path::{self, child};
use crate::rule::Rule;
use crate::rule::finding::{Finding, Severity};
use crate::rule::fix::{Applicability, Change, Fix};
use crate::sim::stage::Stage;
use crate::text::span::Span;

/// An installation that follows the lock file to the letter.
pub(super) struct Frozen {
    /// The folder of the manifest.
    pub(super) dir: String,
    /// The platform's own installation, or one in the build command.
    pub(super) stage: Stage,
    pub(super) severity: Severity,
    /// The words of the command.
    pub(super) span: Span,
}

/// The installations of a package manager that may not change the lock file, as far as their failure counts.
pub(super) fn frozen(job: &Job<'_>, manager: &str) -> Vec<Frozen> {
    let own = job.own.filter(|it| job.is_own_strict && it.manager == manager && it.is_frozen());
    let own = own.map(|it| Frozen {
        dir: it.dir.clone(),
        stage: Stage::Install,
        severity: Severity::Critical,
        span: Span::NONE,
    });
    let mut found: Vec<Frozen> = own.into_iter().collect();
    let runs = job.commands.iter().flat_map(|(stage, trace)| trace.runs(manager).map(move |run| (*stage, *trace, run)));
    for (stage, trace, run) in runs.filter(|(.., run)| run.decides() && !run.is_after_gap) {
        let has = |names: &str| run.args.iter().any(|arg| is_among(names, &arg.text));
        let verb = run.subcommand();
        let is_frozen = match manager {
            "npm" => {
                matches!(verb, Some("ci" | "clean-install" | "install-clean" | "ic"))
                    && !has("--dry-run --help --prefix -C -g --global")
            }
            "pnpm" => matches!(verb, Some("install" | "i" | "ci")) && !has("--no-frozen-lockfile --fix-lockfile"),
            "yarn" => matches!(verb, None | Some("install")) && has("--frozen-lockfile --immutable"),
            _ => matches!(verb, Some("ci")) || (verb == Some("install") && has("--frozen-lockfile")),
        };
        let folder = run.cwd.as_deref().filter(|_| is_frozen);
        let has_manifest = |dir: &&str| job.snapshot.is_file(&child(dir, manifest::NAME));
        let Some(dir) = folder.and_then(|dir| path::ancestors(dir).find(has_manifest)) else { continue };
        if found.iter().any(|known| known.dir == dir) {
            continue;
        }
        let end = run.args.first().map_or(run.program.end, |arg| arg.end);
        let span = trace.span(run.text, job.sources, run.program.start, end);
        let severity = super::command::severity(job);
        found.push(Frozen { dir: dir.to_owned(), stage, severity, span });
    }
    found
}

/// The manifest and the lock file of a folder.
pub(super) fn pair(job: &Job<'_>, dir: &str, manager: &str) -> Option<(Manifest, Option<LockFile>)> {
    let manifest = super::command::manifest(job.snapshot, job.sources, &child(dir, manifest::NAME))?;
    Some((manifest, lockfile::read(job.snapshot, dir, manager)))
}

/// Tells what differs, at the first place where it shows.
pub(super) fn finding(
    rule: &'static Rule,
    frozen: &Frozen,
    lock: &str,
    manifest: &str,
    found: &[Mismatch],
) -> Option<Finding> {
    let first = found.first()?;
    let mut finding = rule
        .finding(format!("\"{lock}\" does not match \"{manifest}\": {first}"))
        .at_path(manifest)
        .at(first.span)
        .related(frozen.span, "installs from the lock file")
        .severity(frozen.severity)
        .stage(frozen.stage);
    for other in found.iter().skip(1).take(3) {
        finding = finding.note(other.to_string());
    }
    if found.len() > 4 {
        finding = finding.note(format!("and {} more", found.len() - 4));
    }
    Some(finding)
}

/// Lets an installation change the lock file, if its command is written in a file.
pub(super) fn loosen(job: &Job<'_>, frozen: &Frozen, manager: &str) -> Option<Change> {
    match job.written(frozen.span) {
        Some("npm ci") => return Some(Change::Edit { span: frozen.span, text: "npm install".to_owned() }),
        Some("bun ci") => return Some(Change::Edit { span: frozen.span, text: "bun install".to_owned() }),
        _ => {}
    }
    const OPTIONS: [&str; 2] = ["--frozen-lockfile", "--immutable"];
    let runs = job.commands.iter().flat_map(|(_, trace)| trace.runs(manager).map(move |run| (*trace, run)));
    let option = runs.filter(|(_, run)| run.decides()).find_map(|(trace, run)| {
        let arg = run.args.iter().find(|arg| OPTIONS.contains(&arg.text.as_str()))?;
        Some(trace.span(run.text, job.sources, arg.start, arg.end))
    });
    let by_variable = || job.variable("YARN_FLAGS").and_then(crate::sim::known::Known::span);
    let span = option.or_else(by_variable)?;
    let written = job.written(span)?;
    let at = OPTIONS.iter().find_map(|option| written.find(option).map(|at| (at, at + option.len())))?;
    let (start, end) = (span.start as usize + at.0, span.start as usize + at.1);
    let before = &job.sources.get(span.file)?.text[..start];
    let start = before.strip_suffix(' ').map_or(start, str::len);
    Some(Change::Edit { span: Span::new(span.file, start, end), text: String::new() })
}

/// Offers to let an installation change the lock file, which then follows the manifest.
pub(super) fn loosened(job: &Job<'_>, frozen: &Frozen, manager: &str) -> Option<Fix> {
    let change = loosen(job, frozen, manager)?;
    let title = format!("let {manager} mend the lock file during the build");
    Some(Fix { title, applicability: Applicability::Review, changes: vec![change] })
}
