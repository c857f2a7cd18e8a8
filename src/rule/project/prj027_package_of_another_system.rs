//! PRJ027: a package that refuses Linux is a hard dependency.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::project::lockfile::Lock;
use crate::project::manifest::{DependencyKind, Field, Manifest};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::stage::Stage;
use crate::text::edit::Edit;

use super::command;

/// A direct dependency can only be installed on another operating system.
pub(super) static RULE: Rule = Rule {
    id: "PRJ027",
    name: "package-of-another-system",
    summary: "A package for another operating system is a hard dependency",
    docs: "\
## What happens

npm and Yarn 1 stop: the package does not support the platform.

## Why

Packages such as `fsevents` or `@esbuild/darwin-arm64` say in `os` and `cpu` which machines they are for. As \
optional dependencies they are passed over elsewhere; in `dependencies` or `devDependencies` they stop the \
installation. Whoever develops on that system does not notice.

## How to mend it

Move the package to `optionalDependencies`, or drop it where another package brings it anyway.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/ageddesi/Mocked-API/issues/211", "2026-11-21"),
        observed("https://github.com/fsevents/fsevents/issues/399", "2026-11-21"),
        observed("https://github.com/fsevents/fsevents/issues/243", "2026-11-21"),
    ],
    check: Check::Job(check),
};

/// Packages that are for one operating system in all of their versions.
const KNOWN: [&str; 2] = ["fsevents", "windows-build-tools"];
/// Pieces of the names of packages that hold a program of another system.
const PIECES: [&str; 6] = ["-darwin-", "/darwin-", "-win32-", "/win32-", "-darwin", "-windows-"];

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in &job.installations {
        let stops =
            matches!(installation.manager, "npm") || (installation.manager == "yarn" && !installation.is_berry());
        let Ok(manifest) = installation.manifest.as_ref() else { continue };
        if !stops || installation.has_flag(&["--force", "-f", "--ignore-platform"]) {
            continue;
        }
        for kind in [DependencyKind::Production, DependencyKind::Development] {
            let is_left_out = kind == DependencyKind::Development && installation.omission.is_some();
            for field in manifest.dependencies(kind) {
                let is_twice = manifest.dependency(field.key).any(|(kind, _)| kind == DependencyKind::Optional);
                if !is_twice && !is_left_out && excludes_linux(installation, &field) {
                    return report(job, manifest, kind, &field, out);
                }
            }
        }
    }
}

/// Whether the lock file says that it refuses Linux, or without one its name.
fn excludes_linux(installation: &Installation, field: &Field<'_>) -> bool {
    let is_alias = field.text.is_none_or(|text| text.starts_with("npm:") || text.contains('/') || text.contains(':'));
    let by_name = || {
        !is_alias
            && (KNOWN.contains(&field.key)
                || (field.key.starts_with('@') && PIECES.iter().any(|piece| field.key.contains(piece))))
    };
    match installation.lock.as_ref().map(|file| &file.lock) {
        Some(Lock::Npm(lock)) if lock.version >= 2 => match lock.top(field.key) {
            Some(entry) => !entry.optional && entry.excludes_linux(),
            None => by_name(),
        },
        _ => by_name(),
    }
}

fn report(job: &Job<'_>, manifest: &Manifest, kind: DependencyKind, field: &Field<'_>, out: &mut Sink) {
    let name = field.key;
    out.report(
        RULE.finding(format!("\"{name}\" is in \"{}\" and cannot be installed on Linux", kind.field()))
            .at_path(manifest.path.clone())
            .at(field.key_span)
            .label("for another system")
            .severity(command::severity(job))
            .log_line("Unsupported platform for")
            .help("move it to \"optionalDependencies\"")
            .maybe_fix(fix(job, manifest, kind, field)),
    );
}

/// Renames the field if it holds nothing else, so that no other byte changes.
fn fix(job: &Job<'_>, manifest: &Manifest, kind: DependencyKind, field: &Field<'_>) -> Option<Fix> {
    let source = job.sources.get(manifest.file).filter(|source| source.is_file)?;
    let title = format!("move \"{}\" to \"optionalDependencies\"", field.key);
    let is_alone = manifest.dependencies(kind).len() == 1;
    let has_optional = manifest.field("optionalDependencies").is_some();
    let text = source.text.as_str();
    if is_alone && !has_optional {
        let before = &text[..field.key_span.start as usize];
        let key = format!("\"{}\"", kind.field());
        let at = before.rfind(&key)?;
        let edit = Edit { range: at..at + key.len(), text: "\"optionalDependencies\"".to_owned() };
        return Some(Fix::edits(Applicability::Safe, title, manifest.file, [edit]));
    }
    (!has_optional).then(|| removed_and_added(text, manifest, field, title))?
}

/// Takes the entry away with one comma, and writes a field of its own behind the opening brace.
fn removed_and_added(text: &str, manifest: &Manifest, field: &Field<'_>, title: String) -> Option<Fix> {
    let (start, end) = (field.key_span.start as usize, field.span.end as usize);
    let after = text[end..].len() - text[end..].trim_start().len();
    let range = if text[end + after..].starts_with(',') {
        let rest = &text[end + after + 1..];
        start..end + after + 1 + (rest.len() - rest.trim_start().len())
    } else {
        let before = text[..start].trim_end();
        before.strip_suffix(',').map(|kept| kept.len()..end)?
    };
    let brace = text.find('{')? + 1;
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let rest = &text[brace..];
    let indent: String =
        rest.trim_start_matches(['\r', '\n']).chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let entry = &text[start..end];
    let field = format!("{newline}{indent}\"optionalDependencies\": {{ {entry} }},");
    let edits = [Edit { range: brace..brace, text: field }, Edit { range, text: String::new() }];
    Some(Fix::edits(Applicability::Safe, title, manifest.file, edits))
}
