//! What rules about imports share: the imports that lead to nothing, why, and how each tool says so.

use crate::platform::job::Job;
use crate::platform::survey::Survey;
use crate::project::ignore;
use crate::project::import::bundle::Loader;
use crate::project::import::resolve::{Missing, Refusal, Resolved};
use crate::project::import::{Load, LoadKind};
use crate::project::javascript::resolve::package_name;
use crate::project::mention;
use crate::project::path::{child, name};
use crate::rule::Rule;
use crate::rule::finding::{Finding, Severity};
use crate::text::span::Span;

/// Findings of one rule at most: where more is missing, it has one cause.
pub(super) const MOST: usize = 20;

/// An import that leads to nothing.
pub(super) struct Lost<'s> {
    pub(super) survey: &'s Survey,
    /// The file that imports.
    pub(super) importer: &'s str,
    pub(super) load: &'s Load,
    pub(super) missing: &'s Missing,
}

/// Why an import leads to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cause {
    /// Files of that name exist in another case.
    Case,
    /// Git is told to pass over it: the ignore file, and where in it.
    Ignored(String, (usize, usize)),
    /// Nothing of the kind is there.
    Gone,
}

/// Folders and parts of names of what generators write.
const GENERATED: [&str; 30] = [
    ".svelte-kit",
    ".astro",
    ".nuxt",
    ".output",
    ".next",
    ".contentlayer",
    ".velite",
    ".docusaurus",
    ".cache",
    ".vercel",
    ".netlify",
    ".source",
    ".content-collections",
    ".react-router",
    ".tanstack",
    ".vinxi",
    "generated",
    "__generated__",
    "_generated",
    "gen",
    "codegen",
    "dist",
    "paraglide",
    "styled-system",
    "pkg",
    "wasm",
    "graphql",
    "convex",
    "build-info",
    "prisma",
];

impl<'s> Lost<'s> {
    /// Why; `None` when something may have made it.
    pub(super) fn cause(&self, job: &Job<'_>) -> Option<Cause> {
        if !self.missing.variants.is_empty() {
            return Some(Cause::Case);
        }
        let is_open = self.survey.may_be_made
            || is_generated(&self.missing.wanted)
            || self.load.kind == LoadKind::Sass && has_load_paths(job)
            || self.load.kind == LoadKind::Less && has_less_options(job);
        if is_open {
            return None;
        }
        let wanted = &self.missing.wanted;
        let guesses = [".js", ".ts", ".jsx", ".tsx", ".mjs", ".json", "/index.js", "/index.ts"];
        let names = std::iter::once(wanted.clone()).chain(guesses.iter().map(|end| format!("{wanted}{end}")));
        let mut rules = names.filter_map(|path| ignore::rule_for(job.snapshot, &path));
        match rules.next() {
            // A plug-in may make what git is told to pass over, and so may the build of the package that names it.
            Some(_) if self.survey.bundle.resolver.aliases.is_open || self.missing.via.is_some() => None,
            Some((file, line)) => Some(Cause::Ignored(file, line)),
            None => Some(Cause::Gone),
        }
    }

    /// Where the name stands.
    pub(super) fn span(&self, job: &Job<'_>) -> Option<Span> {
        span(job, self.importer, self.load.start, self.load.end)
    }

    /// Starts a finding at the import.
    pub(super) fn finding(&self, job: &Job<'_>, rule: &'static Rule, message: String) -> Finding {
        let finding = rule.finding(message).severity(severity(job)).stage(self.survey.stage);
        let finding = match self.span(job) {
            Some(span) => finding.at(span),
            None => finding.at_path(self.importer),
        };
        let via = self.missing.via.as_ref().and_then(|via| span(job, &via.manifest, via.start, via.end));
        let finding = via.map_or(finding.clone(), |via| finding.related(via, "stands for this"));
        let specifier = &self.load.specifier;
        let is_alias = self.survey.bundle.resolver.aliases.of(specifier).is_some();
        let is_entry = self.missing.via.is_some() && package_name(specifier) == Some(specifier);
        finding.log_line(match self.survey.bundle.loader {
            // An alias leads to a path, which Vite then tries to read.
            Loader::Rollup if is_alias => "Could not load".to_owned(),
            Loader::Rollup if is_entry => "Failed to resolve entry for package".to_owned(),
            loader => log_line(loader, self.load, self.importer),
        })
    }
}

/// How bad it is that a tool stops.
pub(super) fn severity(job: &Job<'_>) -> Severity {
    if job.is_tentative { Severity::Medium } else { Severity::Critical }
}

/// The place of a range in a file of the repository; the text joins the others that are shown.
pub(super) fn span(job: &Job<'_>, path: &str, start: u32, end: u32) -> Option<Span> {
    let (file, source) = job.open(path)?;
    let is_there = source.text.get(start as usize..end as usize).is_some();
    is_there.then(|| Span::new(file, start as usize, end as usize))
}

/// All imports that lead to nothing, one for each place that is wanted, in the order of the files.
pub(super) fn lost<'s>(job: &'s Job<'_>) -> Vec<Lost<'s>> {
    let mut found: Vec<Lost<'s>> = Vec::new();
    for survey in job.surveys() {
        for (importer, node) in &survey.graph.files {
            for (load, resolved) in node.loads() {
                let Resolved::Missing(missing) = resolved else { continue };
                found.push(Lost { survey, importer, load, missing });
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|lost| seen.insert((lost.importer, lost.load.start)));
    found
}

/// What the log says of an import that leads to nothing (seen in builds for Rollup and Node.js, else the words that people search for).
pub(super) fn log_line(loader: Loader, load: &Load, importer: &str) -> String {
    let specifier = &load.specifier;
    let is_path = specifier.starts_with(['.', '/']);
    match loader {
        Loader::Rollup if load.kind == LoadKind::Page => format!("Failed to resolve {specifier} from"),
        _ if load.kind == LoadKind::Less => format!("'{specifier}' wasn't found"),
        _ if load.kind == LoadKind::Sass => "Can't find stylesheet to import".to_owned(),
        Loader::Rollup if load.kind == LoadKind::Part => format!("Could not load {specifier}"),
        Loader::Rollup if load.kind == LoadKind::Style => format!("Unable to resolve `@import \"{specifier}\"`"),
        Loader::Rollup if is_path => format!("Could not resolve \"{specifier}\" from \"{importer}\""),
        Loader::Rollup => format!("Rollup failed to resolve import \"{specifier}\""),
        Loader::Webpack => format!("Module not found: Error: Can't resolve '{specifier}'"),
        Loader::Next => format!("Module not found: Can't resolve '{specifier}'"),
        Loader::Esbuild if is_path => format!("Could not resolve \"{specifier}\""),
        Loader::Angular => format!("Cannot find module '{specifier}'"),
        Loader::Node | Loader::Esbuild if load.kind == LoadKind::Require => format!("Cannot find module '{specifier}'"),
        Loader::Node if is_path => "ERR_MODULE_NOT_FOUND".to_owned(),
        Loader::Node | Loader::Esbuild => format!("Cannot find package '{specifier}'"),
    }
}

/// What the log says of a part that a package keeps to itself (seen in builds).
pub(super) fn refusal_line(loader: Loader, load: &Load, refusal: &Refusal) -> String {
    let key = &refusal.key;
    let is_export = refusal.field == "exports";
    match loader {
        Loader::Rollup => format!("Missing \"{key}\" specifier in"),
        Loader::Webpack | Loader::Next if is_export => format!("Package path {key} is not exported from package"),
        Loader::Webpack | Loader::Next => format!("Package import {key} is not defined"),
        Loader::Node if is_export => "ERR_PACKAGE_PATH_NOT_EXPORTED".to_owned(),
        Loader::Node => "ERR_PACKAGE_IMPORT_NOT_DEFINED".to_owned(),
        Loader::Esbuild | Loader::Angular => format!("Could not resolve \"{}\"", load.specifier),
    }
}

/// Whether a configuration gives Sass further folders to look in, or somebody to ask.
fn has_load_paths(job: &Job<'_>) -> bool {
    is_configured(
        job,
        &["loadPaths", "includePaths", "sassOptions", "stylePreprocessorOptions", "importer", "SASS_PATH"],
    )
}

/// Whether a configuration may give Less further folders to look in.
fn has_less_options(job: &Job<'_>) -> bool {
    is_configured(job, &["lessOptions", "preprocessorOptions", "less:", "loaderOptions", "stylePreprocessorOptions"])
}

/// Whether one of these words stands in a configuration.
fn is_configured(job: &Job<'_>, words: &[&str]) -> bool {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    let is_configuration = |path: &str| {
        let name = name(path);
        name.contains("config") || matches!(name, "angular.json" | "project.json" | "package.json" | ".sassrc")
    };
    mention::find(job.snapshot, &words, is_configuration) != Ok(None)
}

/// Whether a path looks like the work of a generator.
fn is_generated(path: &str) -> bool {
    let name = name(path);
    path.split('/').any(|part| GENERATED.contains(&part))
        || [".gen", ".generated", "-generated", "_pb", ".pb", "_grpc"].iter().any(|part| name.contains(part))
}

/// Tracked files that may be meant: of that name elsewhere nearby, or of a similar name in the same folder.
pub(super) fn meant(job: &Job<'_>, wanted: &str) -> Option<String> {
    let dir = crate::project::path::parent(wanted).unwrap_or_default();
    let stem = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let children = job.snapshot.children(dir);
    let names: Vec<&str> = children.iter().filter(|(_, is_dir)| !is_dir).map(|(name, _)| *name).collect();
    let same = names.iter().find(|one| stem(one) == stem(name(wanted)));
    let near = || crate::text::suggest::nearest(name(wanted), names.iter().copied());
    // An import without an ending is held against names without one.
    let near_stem = || {
        let is_bare = !name(wanted).contains('.');
        names
            .iter()
            .filter(|_| is_bare)
            .find(|one| crate::text::suggest::nearest(name(wanted), [stem(one).trim_start_matches('_')]).is_some())
    };
    same.copied().or_else(near).or_else(|| near_stem().copied()).map(|found| child(dir, found))
}
