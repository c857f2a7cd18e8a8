//! NTL015: the project lies in a sub-folder, and no base directory is set.

use crate::platform::netlify::site::NetlifySite;
use crate::project::command::Cause;
use crate::project::manifest::{self, Manifest};
use crate::project::path::{display, name, parent, strip};
use crate::rule::finding::{Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::observed;
use crate::sim::known::Known;
use crate::sim::stage::Stage;
use crate::text::edit::Edit;
use crate::text::source::Sources;
use crate::text::toml::outline;

/// The command runs a package script where there is no package.
pub(super) static RULE: Rule = Rule {
    id: "NTL015",
    name: "base-directory-unset",
    summary: "The project lies in a sub-folder but no base directory is set",
    docs: "\
## What happens

Nothing is installed, and the build command fails because it finds no `package.json`.

## Why

Netlify looks for `package.json` in the base directory and the folders above it, installs there and runs the command \
there. Without `base` that is the root of the repository.

## How to mend it

Set `base` to the folder of the project. All other paths of `netlify.toml`, such as `publish`, are then relative to it.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Sometimes,
    evidence: &[
        observed("https://github.com/netlify/build-image/issues/81", "2026-11-20"),
        observed("https://github.com/jsmrcaga/action-netlify-deploy/issues/9", "2026-11-20"),
        observed("https://github.com/opennextjs/opennextjs-netlify/issues/1113", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

/// Folders whose packages are no sites.
const SAMPLES: [&str; 8] =
    ["node_modules", "fixtures", "__fixtures__", "__tests__", "test", "tests", "examples", "functions"];

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    let Some(plan) = site.plan.as_ref() else { return };
    let Some(trace) = plan.trace.as_ref() else { return };
    let Some(failure) = trace.failure() else { return };
    let Cause::ManifestMissing { dir, .. } = &failure.cause else { return };
    let span = trace.span(failure.text, &site.resolution.sources, failure.start, failure.end);
    let script = trace.texts.get(failure.text).and_then(|text| text.text.get(failure.start..failure.end));
    let Some(script) = script.filter(|_| dir == site.build_dir() && site.written(span).is_some()) else { return };
    let folders = projects(site, dir, script);
    let Some(folder) = folders.first() else { return };
    // A publish folder inside the project says that paths are meant from here.
    let is_proven = strip(&plan.publish.value, folder).is_some() && plan.publish.span().is_some();
    let is_certain = folders.len() == 1 && (is_proven || site.is_dashboard_known);
    let names: Vec<String> = folders.iter().map(|folder| format!("\"{folder}\"")).collect();
    let mut finding = RULE
        .finding(format!("the command needs a package.json, but it runs in \"{}\", which has none", display(dir)))
        .at(span)
        .label("finds no package.json")
        .log_line("Could not read package.json")
        .help(format!("set \"base\" to the folder of the project, {}", names.join(" or ")));
    if !is_certain {
        finding = finding.severity(Severity::Medium).note("it works if the base directory is set in the dashboard");
    }
    out.report(finding.maybe_fix(fix(site, folder, &plan.publish).filter(|_| folders.len() == 1)));
}

/// The folders below that hold a package with this script.
fn projects(site: &NetlifySite<'_>, dir: &str, script: &str) -> Vec<String> {
    let is_sample = |path: &str| path.split('/').any(|part| SAMPLES.contains(&part) || part.starts_with('.'));
    let entries = site.snapshot.below(dir).iter().filter(|entry| name(&entry.path) == manifest::NAME);
    let folders = entries.filter_map(|entry| parent(&entry.path)).filter(|folder| !is_sample(folder));
    let has_script = |folder: &&str| {
        let manifest = Manifest::read(site.snapshot, folder, &mut Sources::default()).and_then(Result::ok);
        manifest.is_some_and(|manifest| manifest.script(script).is_some())
    };
    folders.filter(has_script).map(str::to_owned).collect()
}

/// `base` under the header of `[build]`, and `publish` as seen from there.
fn fix(site: &NetlifySite<'_>, folder: &str, publish: &Known<String>) -> Option<Fix> {
    let resolved = site.resolved()?;
    let has_other_paths = resolved.config.contains_key("functionsDirectory")
        || resolved.config.get("build").is_some_and(|build| build.at(&["edge_functions"]).is_some())
        || !crate::platform::netlify::plugin::uses(resolved).is_empty();
    if has_other_paths || resolved.base.is_some() {
        return None;
    }
    let (file, source) = site.config_source()?;
    let outline = outline::outline(&source.text);
    let header = outline.headers.iter().find(|header| header.is_named(&["build"]))?;
    let line_break = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
    let at = header.range.end;
    let mut edits = vec![Edit { range: at..at, text: format!("{line_break}base = \"{folder}\"") }];
    if let Some(span) = publish.span() {
        let quote = site.written(span)?.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
        let below = strip(&publish.value, folder)?;
        edits.push(Edit { range: span.range(), text: format!("{quote}{}{quote}", display(below)) });
    }
    Some(Fix::edits(Applicability::Review, format!("set \"base\" to \"{folder}\""), file, edits))
}
