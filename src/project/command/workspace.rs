//! The packages of a repository, as package managers are asked for them.

use std::collections::BTreeMap;

use crate::project::manifest::{self, Manifest};
use crate::project::path;
use crate::project::snapshot::{Mode, Snapshot};
use crate::text::source::Sources;

use super::follow::{Context, Exit, Walker};
use super::option::Line;
use super::{Cause, Word};

/// Names of manifests that pnpm reads (`pnpm.io/package_json`).
pub(super) const MANIFESTS: [&str; 3] = [manifest::NAME, "package.yaml", "package.json5"];

/// The packages of a repository by name.
pub(super) struct Packages {
    dirs: BTreeMap<String, String>,
    /// Whether there can be no other.
    is_complete: bool,
}

impl Packages {
    fn of(snapshot: &Snapshot) -> Packages {
        const MAX: usize = 1000;
        let is_elsewhere = MANIFESTS[1..].iter().any(|name| snapshot.named(name).next().is_some());
        let is_followed = |mode: Mode| !matches!(mode, Mode::Submodule | Mode::Symlink);
        let mut is_complete = !is_elsewhere && snapshot.entries().iter().all(|entry| is_followed(entry.mode));
        let mut dirs = BTreeMap::new();
        let mut sources = Sources::default();
        let manifests = snapshot.named(manifest::NAME).filter(|entry| !entry.path.contains("node_modules/"));
        for (at, entry) in manifests.enumerate() {
            if at == MAX {
                is_complete = false;
                break;
            }
            let dir = path::parent(&entry.path).unwrap_or_default();
            match Manifest::read(snapshot, dir, &mut sources) {
                Some(Ok(manifest)) => {
                    if let Some(name) = manifest.name() {
                        dirs.entry(name.to_owned()).or_insert_with(|| dir.to_owned());
                    }
                }
                _ => is_complete = false,
            }
        }
        Packages { dirs, is_complete }
    }

    /// The folder of the only package that has this name in a scope.
    fn scoped(&self, name: &str) -> Option<&String> {
        let mut found = self.dirs.iter().filter(|(full, _)| is_scoped(full, name));
        found.next().filter(|_| found.next().is_none()).map(|(_, dir)| dir)
    }

    /// Whether a package may have this name, in whatever scope.
    fn may_hold(&self, name: &str) -> bool {
        !self.is_complete || self.dirs.keys().any(|full| full == name || is_scoped(full, name))
    }
}

fn is_scoped(full: &str, name: &str) -> bool {
    full.starts_with('@') && full.split_once('/').is_some_and(|(_, short)| short == name)
}

impl Walker<'_, '_> {
    fn packages(&mut self) -> &Packages {
        let snapshot = self.start.snapshot;
        self.packages.get_or_insert_with(|| Packages::of(snapshot))
    }

    /// The folder of a package that is named, or given as a folder.
    ///
    /// pnpm takes a name without a scope for that of the one package that has it in a scope (`pnpm.io/filtering`).
    pub(super) fn package_dir(&mut self, manager: &str, package: &Word, from: &str) -> Option<String> {
        let name = package.plain()?;
        let has_manifest = |dir: &String| self.start.snapshot.is_file(&path::child(dir, manifest::NAME));
        let takes_folder = manager != "pnpm" || name.starts_with('.');
        let folder = path::join(from, name).filter(|dir| takes_folder && !dir.is_empty() && has_manifest(dir));
        if let Some(dir) = folder {
            return Some(dir);
        }
        let packages = self.packages();
        let scoped = || packages.scoped(name).filter(|_| manager == "pnpm" && packages.is_complete);
        packages.dirs.get(name).or_else(scoped).cloned()
    }

    /// Whether a word is the name of a package, not a pattern, and no package has it.
    fn is_no_package(&mut self, package: &Word) -> bool {
        const PATTERN: [char; 9] = ['*', '.', '{', '}', '!', '^', '[', ']', '?'];
        let name = package.plain().filter(|name| !name.is_empty() && !name.contains(PATTERN));
        self.keeps_manifests && name.is_some_and(|name| !self.packages().may_hold(name))
    }

    /// Whether pnpm is asked for packages that are not there, which it takes for nothing to do (measured with pnpm 10).
    pub(super) fn filters_nothing(&mut self, line: &Line) -> bool {
        !line.packages.is_empty() && line.packages.iter().all(|package| self.is_no_package(package))
    }

    /// No package of that name: npm and Yarn stop, Bun is not followed.
    pub(super) fn package_missing(&mut self, manager: &'static str, package: &Word, context: Context) -> Exit {
        if matches!(manager, "npm" | "yarn") && self.is_no_package(package) {
            let cause = Cause::PackageMissing { manager, name: package.text.clone() };
            return self.failed(context, cause, 1, std::slice::from_ref(package));
        }
        if manager == "pnpm" && self.is_no_package(package) {
            return Exit::Zero;
        }
        self.gap(context, format!("the package \"{}\" is not followed", package.text))
    }
}
