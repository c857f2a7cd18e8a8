//! NTL028: a function imports something that is not there.

use crate::platform::netlify::function::missing::{self, Cause, Effect, Missing};
use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::package::Availability;
use crate::project::path::{child, name, parent};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::fix::{Applicability, Fix};
use crate::rule::project::manifest_edit::ManifestText;
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{observed, source};
use crate::sim::stage::Stage;
use crate::text::suggest;

/// An import of a function leads to no package and no file.
pub(super) static RULE: Rule = Rule {
    id: "NTL028",
    name: "function-import-missing",
    summary: "A function imports a package or a file that will not be there",
    docs: "\
## What happens

Either bundling stops and the build fails, or the deploy turns green and the function fails at its first call. Which of \
the two depends on the bundler: a CommonJS function, or one in TypeScript with an exported `handler`, needs all its packages \
while it is bundled. A function with a default export is bundled without its packages, so a missing one shows only when it \
runs. A missing file stops both.

## Why

Packages are found in the `node_modules` of the site, which hold what its `package.json` lists. Files are found in the \
repository, letter case included.

## How to mend it

Add the package to the `dependencies` of the site's `package.json`, or correct the path.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::Functions,
    fix: FixAvailability::Sometimes,
    evidence: &[
        source("https://github.com/netlify/build/blob/main/packages/build/src/plugins_core/functions/error.ts", "2026-11-20"),
        source("https://github.com/netlify/build/blob/main/packages/zip-it-and-ship-it/src/runtimes/node/bundlers/index.ts", "2026-11-20"),
        observed("https://github.com/netlify/zip-it-and-ship-it/issues/309", "2026-11-20"),
        observed("https://github.com/sveltejs/kit/issues/1859", "2026-11-20"),
    ],
    check: Check::Netlify(check),
};

fn check(site: &NetlifySite<'_>, out: &mut Sink) {
    for missing in missing::missing(site, site.functions()) {
        let finding = match &missing.cause {
            Cause::File(path) => file(site, &missing, path),
            Cause::Package(_, Availability::Nested(_)) => continue,
            Cause::Package(package, known) => {
                package_finding(&missing, package, known).maybe_fix(listed(site, package))
            }
        };
        out.report(finding.at_path(missing.path.as_str()).at(missing.import.span));
    }
}

/// Severity, stage and log line by the moment in which it shows.
fn judged(finding: Finding, missing: &Missing<'_>, runtime_log: String) -> Finding {
    match missing.effect {
        Effect::Bundling => finding.log_line("A Netlify Function failed to require one of its dependencies."),
        Effect::Runtime => finding
            .severity(Severity::High)
            .stage(Stage::Runtime)
            .note("the deploy turns green; the function fails when it is called")
            .log_line(runtime_log),
    }
}

fn package_finding(missing: &Missing<'_>, package: &str, known: &Availability) -> Finding {
    let function = missing.function;
    let message = format!("function \"{function}\" imports \"{package}\", which no package.json lists");
    let finding = judged(RULE.finding(message), missing, format!("Cannot find package '{package}'"))
        .label("not installed")
        .help(format!("add \"{package}\" to the dependencies of the site's package.json"));
    if *known == Availability::Unsure {
        return finding
            .severity(Severity::Medium)
            .note("without a lock file it is open whether another package brings it along");
    }
    finding
}

/// Lists the package in the site's manifest.
fn listed(site: &NetlifySite<'_>, package: &str) -> Option<Fix> {
    let manifest = site.manifest()?;
    let text = site.resolution.sources.get(manifest.file).filter(|source| source.is_file)?.text.as_str();
    let manifest = ManifestText { file: manifest.file, text, root: &manifest.root };
    let change = manifest.add_dependency("dependencies", package, "latest")?;
    let title = format!("list \"{package}\"; write the version that you mean for \"latest\"");
    Some(Fix { title, applicability: Applicability::Review, changes: vec![change] })
}

fn file(site: &NetlifySite<'_>, missing: &Missing<'_>, path: &str) -> Finding {
    let (function, specifier) = (missing.function, &missing.import.specifier);
    let message = format!("function \"{function}\" imports \"{specifier}\", which is not in the repository");
    let finding = judged(RULE.finding(message), missing, "Cannot find module".to_owned()).label("no such file");
    let Some(near) = nearest_file(site, path) else { return finding };
    let written = site.resolution.sources.slice(missing.import.span).unwrap_or_default();
    let fixed = specifier.strip_suffix(name(path)).map(|folder| format!("{folder}{near}"));
    let fix = fixed.and_then(|fixed| {
        let quote = written.chars().next()?;
        let title = format!("import \"{fixed}\"");
        Some(Fix::replace(Applicability::Review, title, missing.import.span, format!("{quote}{fixed}{quote}")))
    });
    finding.help(format!("the folder has a file \"{near}\"")).maybe_fix(fix)
}

/// The file in the same folder whose name is nearest.
fn nearest_file(site: &NetlifySite<'_>, path: &str) -> Option<String> {
    let dir = parent(path)?;
    let children = site.snapshot.children(dir);
    let files = children.iter().filter(|(file, is_dir)| !is_dir && child(dir, file) != path).map(|(file, _)| *file);
    suggest::nearest(name(path), files).map(str::to_owned)
}
