//! PRJ016: the package manager cannot use the manifest.

use crate::platform::job::Job;
use crate::platform::toolbox::Installation;
use crate::project::manifest::{DependencyKind, Manifest, ManifestError};
use crate::project::specifier::{self, Fault};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::merge::{self, Side};
use crate::text::span::{FileId, Span};
use crate::text::{edit, json, json_repair};

/// `package.json` is not JSON, or says something that stops every installation.
pub(super) static RULE: Rule = Rule {
    id: "PRJ016",
    name: "manifest-unusable",
    summary: "package.json cannot be parsed, or says what no registry can answer",
    docs: "\
## What happens

The package manager stops before it installs anything.

## Why

`package.json` is strict JSON: no comments, no comma after the last entry, double quotes only. What stands behind a \
dependency must be a version, a range, a tag or an address: something like `1.3.x.y` is taken for a tag that does \
not exist, and `workspace:` or `catalog:` are understood only by the package managers that invented them.

## How to mend it

Correct the marked place; of an unresolved merge keep one side. For `workspace:` and `catalog:` use the package manager that the repository was made for: \
commit its lock file, or name it in `packageManager`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Install,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/npm/cli/issues/1644", "2026-11-20"),
        observed("https://github.com/askmike/gekko/issues/2643", "2026-11-20"),
        source("https://github.com/npm/npm-package-arg/blob/main/lib/npa.js", "2026-11-20"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for installation in &job.installations {
        check_installation(job, installation, out);
    }
}

fn check_installation(job: &Job<'_>, installation: &Installation, out: &mut Sink) {
    match &installation.manifest {
        Ok(manifest) => check_values(installation, manifest, out),
        Err(ManifestError::Unreadable { .. }) => {}
        Err(error @ ManifestError::NotJson { path, file, error: json }) => {
            let length = job.sources.get(*file).map_or(0, |source| source.text.len());
            let end = (json.offset + 1).min(length);
            let span = Span::new(*file, json.offset.min(end), end);
            let span = if job.written(span).is_some() { span } else { Span::NONE };
            let source = job.sources.get(*file).filter(|source| source.is_file);
            let repair = source.and_then(|source| json_repair::propose(&source.text));
            let fix = repair.map(|repair| Fix::edits(Applicability::Review, repair.title, *file, repair.edits));
            let fix = fix.or_else(|| merged(&source?.text, *file));
            out.report(
                RULE.finding(error.to_string())
                    .at_path(path.clone())
                    .at(span)
                    .label("not JSON from here")
                    .log_line(line(installation.manager))
                    .maybe_fix(fix),
            );
        }
    }
}

/// Members that no installation and no build reads.
const INERT: [&str; 9] =
    ["author", "bugs", "contributors", "description", "funding", "keywords", "license", "private", "version"];

/// The end of an unresolved merge, where one of its ends is plainly meant or the choice decides nothing.
fn merged(text: &str, file: FileId) -> Option<Fix> {
    let conflicts = merge::conflicts(text);
    let last = (!conflicts.is_empty()).then_some(&conflicts)?;
    let outcome = |side: &dyn Fn(&merge::Conflict) -> Side| {
        let edits = merge::keep(last, side);
        let text = edit::apply(text, &edits).ok()?;
        Some((json::parse_manifest(&text, FileId::NONE).ok()?.to_json(), edits))
    };
    let (ours, theirs) = (outcome(&|_| Side::Ours), outcome(&|_| Side::Theirs));
    let fix = |title: &str, edits| Some(Fix::edits(Applicability::Review, title, file, edits));
    let fuller = outcome(&|it| it.only(text).unwrap_or(Side::Ours));
    let is_added = last.iter().all(|it| it.is_equal(text) || it.only(text).is_some());
    match (ours, theirs) {
        (Some((_, edits)), _) if last.iter().all(|it| it.is_equal(text)) => {
            fix("take out the markers of the merge, whose sides say the same", edits)
        }
        _ if is_added => fix("keep what one side of the merge adds", fuller?.1),
        (Some((_, edits)), None) => fix("keep the first side of the merge, the only one that is JSON", edits),
        (None, Some((_, edits))) => fix("keep the second side of the merge, the only one that is JSON", edits),
        (Some((ours, edits)), Some((theirs, _))) => {
            let differing = inert_difference(&ours, &theirs)?;
            fix(&format!("keep the first side of the merge: no build reads {differing}, in which they differ"), edits)
        }
        (None, None) => None,
    }
}

/// The members in which two manifests differ, quoted, if no build reads one of them.
fn inert_difference(ours: &serde_json::Value, theirs: &serde_json::Value) -> Option<String> {
    let (ours, theirs) = (ours.as_object()?, theirs.as_object()?);
    let names: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let differing: Vec<&str> =
        names.into_iter().filter(|name| ours.get(*name) != theirs.get(*name)).map(String::as_str).collect();
    // Yarn 1 wants a root with workspaces to be private.
    let is_read = |name: &&str| !INERT.contains(name) || *name == "private" && ours.contains_key("workspaces");
    if differing.is_empty() || differing.iter().any(is_read) {
        return None;
    }
    Some(differing.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(" and "))
}

fn line(manager: &str) -> &'static str {
    match manager {
        "npm" => "npm error code EJSONPARSE",
        "yarn" => "error SyntaxError: package.json",
        _ => "JSON",
    }
}

fn check_values(installation: &Installation, manifest: &Manifest, out: &mut Sink) {
    let manager = installation.manager;
    if manifest.root.as_table().is_none() && manifest.root.as_array().is_none() {
        let message = format!("\"{}\" holds no object, which {manager} expects", manifest.path);
        out.report(
            RULE.finding(message).at_path(manifest.path.clone()).at(manifest.root.span).log_line("package.json"),
        );
        return;
    }
    // Yarn 2 and later, and Bun, have words of their own.
    if installation.is_berry() || manager == "bun" {
        return;
    }
    for kind in DependencyKind::ALL {
        for field in manifest.dependencies(kind) {
            let fault = match field.text {
                Some(text) => specifier::fault(manager, text),
                None => Some(Fault::NoText),
            };
            let is_skipped = kind == DependencyKind::Peer && (manager != "npm" || fault == Some(Fault::NoVersion));
            // An optional dependency that cannot be found is left out.
            let is_optional = kind == DependencyKind::Optional && fault != Some(Fault::Protocol("workspace:"));
            let Some(fault) = fault.filter(|_| !is_skipped && !is_optional) else { continue };
            let text = field.text.unwrap_or_default();
            let name = field.key;
            let (message, line) = match fault {
                Fault::NoText => (
                    format!("the version of \"{name}\" must be a text"),
                    "npm error must provide string spec".to_owned(),
                ),
                Fault::NoVersion => (
                    format!("\"{text}\" is no version or range of \"{name}\", so it is taken for a tag"),
                    match manager {
                        "npm" => format!("npm error notarget No matching version found for {name}@{text}."),
                        "yarn" => format!("Couldn't find any versions for \"{name}\" that matches \"{text}\""),
                        _ => format!("ERR_PNPM_NO_MATCHING_VERSION  No matching version found for {name}@{text}"),
                    },
                ),
                Fault::Protocol(protocol) => (
                    format!("{manager} does not understand \"{protocol}\", which stands for the version of \"{name}\""),
                    format!("Unsupported URL Type \"{protocol}\": {text}"),
                ),
            };
            out.report(
                RULE.finding(message).at_path(manifest.path.clone()).at(field.span).label("no version").log_line(line),
            );
        }
    }
}
