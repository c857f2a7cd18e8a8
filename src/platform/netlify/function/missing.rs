//! Imports of functions that lead nowhere, and what comes of it.

use std::collections::HashSet;

use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::package::{Availability, Packages};
use crate::project::javascript::resolve::{self, Resolved};
use crate::project::javascript::{Import, ImportKind, Language, Module};
use crate::project::path::parent;

use super::bundler::Bundler;
use super::code::{Function, Functions};
use super::made;

/// When a missing import shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Bundling fails, and the build with it.
    Bundling,
    /// The function fails when it is called.
    Runtime,
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A file of the repository; this is the path that was looked at.
    File(String),
    /// A package, and what is known about it.
    Package(String, Availability),
}

/// An import that leads nowhere.
#[derive(Debug, Clone)]
pub struct Missing<'f> {
    /// Name of the first function that reaches it.
    pub function: &'f str,
    /// The file that imports, as a repository path.
    pub path: String,
    /// The import.
    pub import: &'f Import,
    /// What is missing.
    pub cause: Cause,
    /// When it shows.
    pub effect: Effect,
}

/// Imports that are judged at most.
const MAX_STEPS: usize = 20_000;

/// Finds the imports of all functions that lead nowhere, each place once.
#[must_use]
pub fn missing<'f>(site: &NetlifySite<'_>, functions: &'f Functions) -> Vec<Missing<'f>> {
    let packages = Packages::new(site.snapshot, site.build_dir());
    let mut judge = Judge { site, functions, packages, seen: HashSet::new(), found: Vec::new(), steps: 0 };
    for function in &functions.list {
        judge.function(function);
    }
    judge.found
}

struct Judge<'s, 'f> {
    site: &'s NetlifySite<'s>,
    functions: &'f Functions,
    packages: Packages<'s>,
    seen: HashSet<(String, u32, bool)>,
    found: Vec<Missing<'f>>,
    steps: usize,
}

impl<'f> Judge<'_, 'f> {
    fn function(&mut self, function: &'f Function) {
        let bundler = function.bundler;
        if matches!(bundler, Bundler::None | Bundler::Unknown) {
            return;
        }
        let follows = |import: &Import, module: &Module| bundler.follows(import.kind, module) && !import.is_type_only;
        let entry = &function.found.entry;
        for path in self.functions.reach(self.site, entry, bundler.guesses(), follows) {
            let Some(code) = self.functions.code(&path) else { continue };
            for import in code.module.imports.iter().filter(|import| follows(import, &code.module)) {
                self.steps += 1;
                if self.steps > MAX_STEPS {
                    return;
                }
                self.import(function, &path, import);
            }
        }
    }

    fn import(&mut self, function: &'f Function, path: &str, import: &'f Import) {
        let is_relative = resolve::is_relative(&import.specifier);
        let Some(effect) = effect(function.bundler, import, path, is_relative) else { return };
        let key = (path.to_owned(), import.span.start, effect == Effect::Bundling);
        if !self.seen.insert(key) {
            return;
        }
        let dir = parent(path).unwrap_or_default();
        let cause = if is_relative { self.file(function, dir, import) } else { self.package(function, dir, import) };
        if let Some(cause) = cause {
            let missing = Missing { function: &function.found.name, path: path.to_owned(), import, cause, effect };
            self.found.push(missing);
        }
    }

    fn file(&self, function: &Function, dir: &str, import: &Import) -> Option<Cause> {
        let guesses = function.bundler.guesses();
        match resolve::resolve(self.site.snapshot, dir, &import.specifier, guesses) {
            Resolved::Missing(path) if !function.settings.has_exclusions && !made::may_be_made(self.site, &path) => {
                Some(Cause::File(path))
            }
            _ => None,
        }
    }

    fn package(&self, function: &Function, dir: &str, import: &Import) -> Option<Cause> {
        let specifier = &import.specifier;
        let name = resolve::package_name(specifier).filter(|_| !resolve::is_builtin(specifier))?;
        if self.is_provided(name) || self.is_passed_over(function, dir, name) {
            return None;
        }
        match self.packages.availability(name, dir) {
            Availability::Present | Availability::Unknown => None,
            known => Some(Cause::Package(name.to_owned(), known)),
        }
    }

    /// Whether the place where functions run has the package.
    fn is_provided(&self, name: &str) -> bool {
        let node = self.site.plan.as_ref().map(|plan| plan.node.value.as_str()).unwrap_or_default();
        let major: Option<u32> = node.trim_start_matches('v').split('.').next().and_then(|major| major.parse().ok());
        let is_old = major.is_some_and(|major| major < 18);
        name.starts_with("@aws-sdk/") || name.starts_with("@types/") || (name == "aws-sdk" && is_old)
    }

    /// Whether the bundler does not look for the package, by its settings or by rules of its own.
    fn is_passed_over(&self, function: &Function, dir: &str, name: &str) -> bool {
        let settings = &function.settings;
        let is_optional = || self.packages.is_optional(name, dir);
        let is_external = || settings.has_exclusions || settings.external.iter().any(|known| known == name);
        let is_special = || {
            name == "@prisma/client"
                || (matches!(name, "critters" | "nanoid") && self.packages.is_listed_nearby("next", dir))
        };
        match function.bundler {
            Bundler::Zisi => is_optional(),
            Bundler::Esbuild => is_external() || is_special(),
            Bundler::EsbuildThenZisi => is_external() || is_special() || is_optional(),
            _ => is_external() || is_optional(),
        }
    }
}

/// What comes of it when this import leads nowhere; `None` when that is nothing, or cannot be told.
fn effect(bundler: Bundler, import: &Import, path: &str, is_relative: bool) -> Option<Effect> {
    let is_dropped = Language::of(path) == Some(Language::TypeScript) && !import.is_used;
    let is_declared = import.kind == ImportKind::Static;
    let at_once = (is_declared || import.kind == ImportKind::Require) && import.is_immediate && !import.is_guarded;
    let runtime = (at_once && !is_dropped).then_some(Effect::Runtime);
    let bundling = (!import.is_guarded && !is_dropped).then_some(Effect::Bundling);
    match (bundler, is_relative) {
        (Bundler::Zisi, _) => Some(Effect::Bundling),
        (Bundler::Esbuild, _) | (Bundler::NftBundled, true) => bundling,
        (Bundler::EsbuildThenZisi, _) => bundling.filter(|_| import.kind != ImportKind::Dynamic),
        (Bundler::NftBundled, false) | (Bundler::Nft, _) => runtime,
        (Bundler::None | Bundler::Unknown, _) => None,
    }
}
