//! Imports of edge functions: Deno takes names as they are, packages come from `node_modules` (`edge-bundler/node`).

use std::collections::HashSet;

use crate::platform::netlify::site::NetlifySite;
use crate::project::javascript::package::{Availability, Packages};
use crate::project::javascript::resolve::{self, Resolved};
use crate::project::javascript::{Import, ImportKind, Language};
use crate::project::path::parent;
use crate::text::json;
use crate::text::span::FileId;
use crate::text::tree::Node;

use super::code::Functions;
use super::made;
use super::missing::{Cause, Effect, Missing};

/// Packages that the bundler brings along (`edge-bundler/node/import_map.ts`).
const PROVIDED: [&str; 1] = ["@netlify/edge-functions"];

/// Finds the imports of all edge functions that lead nowhere, each place once.
///
/// Every edge function is loaded while the site is built, whether it has a route or not.
#[must_use]
pub fn missing<'f>(site: &NetlifySite<'_>, functions: &'f Functions) -> Vec<Missing<'f>> {
    let packages = Packages::new(site.snapshot, site.build_dir());
    let Some(map) = ImportMap::of(site) else { return Vec::new() };
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for edge in &functions.edge {
        for path in functions.reach(site, &edge.entry, resolve::EXACT, |import, _| is_loaded(import)) {
            let Some(code) = functions.code(&path).filter(|_| seen.insert(path.clone())) else { continue };
            let is_typescript = Language::of(&path) == Some(Language::TypeScript);
            for import in code.module.imports.iter().filter(|import| is_loaded(import)) {
                let dir = parent(&path).unwrap_or_default();
                let cause = if resolve::is_relative(&import.specifier) {
                    file(site, dir, import)
                } else if is_typescript && !import.is_used {
                    None
                } else {
                    package(&packages, &map, dir, import)
                };
                if let Some(cause) = cause {
                    let effect = Effect::Bundling;
                    found.push(Missing { function: &edge.name, path: path.clone(), import, cause, effect });
                }
            }
        }
    }
    found
}

fn is_loaded(import: &Import) -> bool {
    import.kind == ImportKind::Static && !import.is_type_only
}

fn file(site: &NetlifySite<'_>, dir: &str, import: &Import) -> Option<Cause> {
    match resolve::resolve(site.snapshot, dir, &import.specifier, resolve::EXACT) {
        Resolved::Missing(path) if !made::may_be_made(site, &path) => Some(Cause::File(path)),
        _ => None,
    }
}

fn package(packages: &Packages<'_>, map: &ImportMap, dir: &str, import: &Import) -> Option<Cause> {
    let specifier = &import.specifier;
    let name = resolve::package_name(specifier)?;
    if resolve::is_builtin(specifier) || PROVIDED.contains(&name) || map.maps(specifier) {
        return None;
    }
    match packages.availability(name, dir) {
        Availability::Present | Availability::Unknown => None,
        known => Some(Cause::Package(name.to_owned(), known)),
    }
}

/// The names that the site's import map gives a meaning.
struct ImportMap(Vec<String>);

impl ImportMap {
    /// The import map of a site; `None` when it cannot be read, or gives a meaning to paths.
    fn of(site: &NetlifySite<'_>) -> Option<ImportMap> {
        let Some(path) = site.config(&["functions", "*", "deno_import_map"]).and_then(Node::as_str) else {
            return Some(ImportMap(Vec::new()));
        };
        let root = json::parse(&site.snapshot.text(path).ok()?, FileId::NONE).ok()?;
        let table = |key: &str| root.at(&[key]).and_then(Node::as_table);
        if table("scopes").is_some_and(|scopes| !scopes.is_empty()) {
            return None;
        }
        let keys: Vec<String> = table("imports")?.iter().map(|(key, _)| key.to_owned()).collect();
        let is_path = |key: &String| key.starts_with(['.', '/']) || key.starts_with("file:");
        (!keys.iter().any(is_path)).then_some(ImportMap(keys))
    }

    fn maps(&self, specifier: &str) -> bool {
        self.0.iter().any(|key| key == specifier || (key.ends_with('/') && specifier.starts_with(key.as_str())))
    }
}
