//! PRJ021: an import leads to nothing.

use std::collections::HashSet;

use crate::platform::job::Job;
use crate::platform::survey::Survey;
use crate::project::import::Load;
use crate::project::import::resolve::{Refusal, Resolved};
use crate::project::javascript::package::{Availability, Packages};
use crate::project::path::{self, name};
use crate::rule::finding::{Finding, Severity, Sink};
use crate::rule::{Check, Confidence, FixAvailability, Rule};
use crate::sim::evidence::{docs, observed, source};
use crate::sim::stage::Stage;

use super::import::{self, Cause};

/// A file that the build reads imports what is neither in the repository nor installed.
pub(super) static RULE: Rule = Rule {
    id: "PRJ021",
    name: "import-missing",
    summary: "An import leads to a file that is not in the repository, to a package that nobody installs, or to a part that a package keeps to itself",
    docs: "\
## What happens

The build stops with \"module not found\", the most frequent failure of all. Only files count that the build reaches from \
where it begins: the page, the routes, the configuration; a broken file that nobody imports harms nobody.

## Why

The file was renamed, moved or never added; or the package is in no `package.json`, and works on one machine because it \
was installed there once. Or a package of the same repository has `exports`, and they do not name the part that is imported: \
then nobody gets it, though the file is there.

## How to mend it

Import the file by its present path, or add it; install the package so that `package.json` and the lock file list it; add the part to `exports`.
",
    severity: Severity::Critical,
    confidence: Confidence::Certain,
    stage: Stage::BuildCommand,
    fix: FixAvailability::Never,
    evidence: &[
        observed("https://github.com/gatsbyjs/gatsby/issues/8205", "2026-11-20"),
        observed("https://render.com/tutorials/when-deploys-go-wrong/build-failures", "2026-11-20"),
        source("https://github.com/vitejs/vite/blob/main/packages/vite/src/node/plugins/resolve.ts", "2026-11-21"),
        docs("https://nodejs.org/api/packages.html#subpath-exports", "2026-11-22"),
    ],
    check: Check::Job(check),
};

fn check(job: &Job<'_>, out: &mut Sink) {
    for page in job.surveys().iter().filter_map(|survey| Some((survey, survey.bundle.missing_page.as_ref()?))) {
        let (survey, page) = page;
        if !survey.may_be_made {
            let message = format!("{} begins with \"{page}\", which is not in the repository", survey.bundle.tool);
            let finding = RULE.finding(message).at_missing(page.clone()).severity(import::severity(job));
            out.report(finding.stage(survey.stage).log_line("Could not resolve entry module"));
        }
    }
    let mut seen = HashSet::new();
    for lost in import::lost(job) {
        if seen.len() >= import::MOST || lost.cause(job) != Some(Cause::Gone) {
            continue;
        }
        let wanted = &lost.missing.wanted;
        if !seen.insert(wanted.clone()) {
            continue;
        }
        let message = format!("\"{}\" is imported, and the repository has no \"{wanted}\"", lost.load.specifier);
        let mut finding = lost.finding(job, &RULE, message).label("leads to nothing");
        if let Some(meant) = import::meant(job, wanted) {
            finding = finding.help(format!("did you mean \"{}\"?", name(&meant)));
        }
        out.report(finding);
    }
    refusals(job, out);
    packages(job, out);
}

/// Imports of what packages of the repository keep to themselves.
fn refusals(job: &Job<'_>, out: &mut Sink) {
    let mut seen = HashSet::new();
    for survey in job.surveys() {
        for (importer, node) in &survey.graph.files {
            for (load, resolved) in node.loads() {
                let Resolved::Refused(refusal) = resolved else { continue };
                if seen.len() < import::MOST && seen.insert((&refusal.via.manifest, &refusal.key)) {
                    out.report(refused(job, survey, importer, load, refusal));
                }
            }
        }
    }
}

fn refused(job: &Job<'_>, survey: &Survey, importer: &str, load: &Load, refusal: &Refusal) -> Finding {
    let Refusal { field, key, via } = refusal;
    let message =
        format!("\"{}\" is imported, and \"{field}\" of \"{}\" has no \"{key}\"", load.specifier, via.manifest);
    let finding = RULE.finding(message).severity(import::severity(job)).stage(survey.stage).label("no such name");
    let finding = match import::span(job, importer, load.start, load.end) {
        Some(span) => finding.at(span),
        None => finding.at_path(importer),
    };
    let known = import::span(job, &via.manifest, via.start, via.end);
    let finding = known.map_or(finding.clone(), |known| finding.related(known, "all that it names"));
    let manifest = job.manifest(path::parent(&via.manifest).unwrap_or_default());
    let table = manifest.as_ref().and_then(|manifest| manifest.field(field)?.as_table());
    let keys: Vec<&str> = table.into_iter().flat_map(|table| table.iter().map(|(key, _)| key)).collect();
    let help = match crate::text::suggest::nearest(key, keys) {
        Some(near) => format!("did you mean \"{near}\"? else add \"{key}\" to \"{field}\""),
        None => format!("add \"{key}\" to \"{field}\""),
    };
    finding.log_line(import::refusal_line(survey.bundle.loader, load, refusal)).help(help)
}

/// Packages that are looked for at most: a lock file is searched for each that no manifest lists.
const MOST_PACKAGES: usize = 1_000;

/// Imports of packages that nobody installs.
fn packages(job: &Job<'_>, out: &mut Sink) {
    let mut packages: Option<Packages<'_>> = None;
    let (mut seen, mut reported) = (HashSet::new(), 0);
    for survey in job.surveys().iter().filter(|survey| !survey.may_be_installed) {
        for (importer, node) in &survey.graph.files {
            let dir = path::parent(importer).unwrap_or_default();
            for (load, resolved) in node.loads() {
                let Resolved::Package(package) = resolved else { continue };
                if reported >= import::MOST || seen.len() >= MOST_PACKAGES {
                    return;
                }
                if seen.contains(package) || is_provided(survey.bundle.tool, package) {
                    continue;
                }
                let packages = packages.get_or_insert_with(|| known_packages(job));
                let availability = packages.availability(package, dir);
                seen.insert(package.clone());
                if let Some(finding) = absent(job, survey, importer, load, package, &availability) {
                    out.report(finding);
                    reported += 1;
                }
            }
        }
    }
}

fn known_packages<'a>(job: &Job<'a>) -> Packages<'a> {
    let packages = Packages::new(job.snapshot, job.dir);
    if let Some(manifest) = job.manifest(job.dir) {
        packages.knows(&manifest);
    }
    packages
}

fn absent(
    job: &Job<'_>,
    survey: &Survey,
    importer: &str,
    load: &Load,
    package: &str,
    availability: &Availability,
) -> Option<Finding> {
    let (severity, message) = match availability {
        Availability::Absent => {
            (import::severity(job), format!("\"{package}\" is imported, and no package.json or lock file lists it"))
        }
        Availability::Unsure => (
            Severity::Medium,
            format!("\"{package}\" is imported and in no package.json; it is there only if another package brings it"),
        ),
        Availability::Nested(dir) => (
            Severity::Medium,
            format!(
                "\"{package}\" is imported, and only the package.json in \"{}\" lists it, where nothing is installed",
                path::display(dir)
            ),
        ),
        Availability::Present | Availability::Unknown => return None,
    };
    let finding = RULE.finding(message).severity(severity).stage(survey.stage).label("not installed");
    let finding = match import::span(job, importer, load.start, load.end) {
        Some(span) => finding.at(span),
        None => finding.at_path(importer),
    };
    let manager = job.own.map_or("npm", |installation| installation.manager);
    let verb = if manager == "npm" { "install" } else { "add" };
    let finding = finding.log_line(import::log_line(survey.bundle.loader, load, importer));
    Some(finding.help(format!("list it: \"{manager} {verb} {package}\"")))
}

/// Whether a tool brings what the name stands for: Next.js answers for packages that it was compiled with
/// (`next/src/server/require-hook.ts`).
fn is_provided(tool: &str, package: &str) -> bool {
    const PROVIDED: [&str; 8] =
        ["server-only", "client-only", "bun", "vite", "rollup", "esbuild", "electron", "cloudflare"];
    const NEXT: [&str; 6] = ["webpack", "webpack-sources", "styled-jsx", "@babel/runtime", "react", "react-dom"];
    PROVIDED.contains(&package) || (tool == "Next.js" && NEXT.contains(&package))
}
