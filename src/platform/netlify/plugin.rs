//! Where the engine finds the plugins of a site (`build/src/plugins/resolve.js`, `build/src/plugins/expected_version.js`).

use std::sync::OnceLock;

use crate::project::javascript::resolve::is_builtin;
use crate::project::manifest::{DependencyKind, Manifest};
use crate::project::path::{ancestors, child, join};
use crate::project::snapshot::{Snapshot, Target};
use crate::text::source::Sources;
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

use super::config::Resolved;
use super::step::{self, CORE_PLUGINS};

/// Lock files that name every installed package.
const LOCK_FILES: [&str; 5] = ["bun.lock", "npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock"];

/// Most plugins of one site that are looked for.
const MOST_USES: usize = 200;

/// An entry of `plugins` in the resolved configuration.
#[derive(Debug, Clone, Copy)]
pub struct PluginUse<'a> {
    /// The package or path.
    pub package: &'a str,
    /// Where it was written.
    pub span: Span,
    /// The inputs, if they are a table.
    pub inputs: Option<&'a Table>,
}

/// Where a plugin is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// Part of the engine.
    Core,
    /// A file of the repository: the plugin's main file.
    Local(String),
    /// A local path that leads to nothing.
    LocalMissing,
    /// A module that Node.js brings along, which is no plugin.
    Module,
    /// A package that `package.json` or a lock file names, or that is tracked.
    Installed,
    /// A package of Netlify's public list, installed on demand.
    Listed,
    /// A package that nothing names.
    Unlisted,
    /// Something that the files do not tell.
    Unknown,
}

/// The plugins of a configuration, in order; the first two hundred of them.
#[must_use]
pub fn uses(resolved: &Resolved) -> Vec<PluginUse<'_>> {
    let plugins = resolved.config.get("plugins").and_then(Node::as_array).unwrap_or_default();
    let found = plugins.iter().filter_map(|plugin| {
        let package = plugin.at(&["package"])?;
        Some(PluginUse {
            package: package.as_str()?,
            span: if package.span.is_written() { package.span } else { plugin.span },
            inputs: plugin.at(&["inputs"]).and_then(Node::as_table),
        })
    });
    found.take(MOST_USES).collect()
}

/// Finds a plugin for a build in `build_dir`, whose package lies in `package_path` below it.
#[must_use]
pub fn locate(snapshot: &Snapshot, build_dir: &str, package_path: &str, package: &str) -> Location {
    if CORE_PLUGINS.contains(&package) {
        return Location::Core;
    }
    if let Some(request) = step::local(package) {
        return local(snapshot, build_dir, &request);
    }
    if is_builtin(package) {
        return Location::Module;
    }
    let dir = super::step::package_dir(build_dir, package_path);
    if step::is_installed(snapshot, &dir, package) {
        return Location::Installed;
    }
    if listed().any(|listed| listed == package) {
        return Location::Listed;
    }
    named(snapshot, &dir, package)
}

fn local(snapshot: &Snapshot, build_dir: &str, request: &str) -> Location {
    if let Some(main) = step::find_module(snapshot, build_dir, request) {
        return Location::Local(main);
    }
    // Installing dependencies makes these folders.
    let is_made = request.split('/').any(|part| part == "node_modules" || part == ".netlify");
    let target = join(build_dir, request).map(|path| snapshot.target(&path));
    let is_elsewhere = matches!(target, Some(Target::Submodule(_) | Target::Outside | Target::Loop));
    if is_made || is_elsewhere || target.is_some_and(|target| is_compiled(snapshot, &target)) {
        return Location::Unknown;
    }
    Location::LocalMissing
}

/// Whether the folder is a package whose main file its own scripts may make while dependencies are installed.
fn is_compiled(snapshot: &Snapshot, target: &Target) -> bool {
    let Target::Directory(folder) = target else { return false };
    let manifest = Manifest::read(snapshot, folder, &mut Sources::default());
    let scripts = ["prepare", "postinstall", "install", "preinstall", "prepublish"];
    manifest.and_then(Result::ok).is_some_and(|manifest| {
        manifest.field("main").is_some() && scripts.iter().any(|script| manifest.script(script).is_some())
    })
}

/// Whether a manifest or a lock file of the folder or above names the package, or a manifest elsewhere is the package.
fn named(snapshot: &Snapshot, dir: &str, package: &str) -> Location {
    let mut has_workspaces = false;
    for folder in ancestors(dir) {
        match Manifest::read(snapshot, folder, &mut Sources::default()) {
            Some(Ok(manifest)) if manifest.dependency(package).next().is_some() => return Location::Installed,
            Some(Ok(manifest)) => has_workspaces |= manifest.field("workspaces").is_some(),
            Some(Err(_)) => return Location::Unknown,
            None => {}
        }
        let is_locked = |file: &str| snapshot.text(&child(folder, file)).is_ok_and(|text| text.contains(package));
        if LOCK_FILES.iter().any(|file| is_locked(file)) {
            return Location::Installed;
        }
        has_workspaces |= snapshot.is_file(&child(folder, "pnpm-workspace.yaml"));
    }
    if has_workspaces && is_of_a_workspace(snapshot, package) { Location::Unknown } else { Location::Unlisted }
}

/// Whether any manifest of the repository is that package or depends on it; workspaces share what they install.
fn is_of_a_workspace(snapshot: &Snapshot, package: &str) -> bool {
    let manifests = snapshot.named(crate::project::manifest::NAME);
    let folders = manifests.filter_map(|entry| crate::project::path::parent(&entry.path));
    let mut read = folders.filter_map(|folder| Manifest::read(snapshot, folder, &mut Sources::default()));
    read.any(|manifest| match manifest {
        Ok(manifest) => manifest.name() == Some(package) || depends_on(&manifest, package),
        Err(_) => true,
    })
}

fn depends_on(manifest: &Manifest, package: &str) -> bool {
    DependencyKind::ALL.into_iter().any(|kind| manifest.dependencies(kind).iter().any(|field| field.key == package))
}

/// The packages of Netlify's public list of plugins, sorted.
pub fn listed() -> impl Iterator<Item = &'static str> {
    static LIST: OnceLock<serde_json::Value> = OnceLock::new();
    let list = LIST.get_or_init(|| {
        serde_json::from_str(include_str!("../data/netlify-plugins.json")).unwrap_or(serde_json::Value::Null)
    });
    let packages = list.get("packages").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    packages.iter().filter_map(serde_json::Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)], package: &str) -> Location {
        let snapshot = Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())));
        locate(&snapshot, "", "", package)
    }

    #[test]
    fn the_list_is_there() {
        assert!(listed().count() > 80 && listed().any(|package| package == "@netlify/plugin-nextjs"));
        assert!(listed().is_sorted());
    }

    #[test]
    fn packages_are_looked_for_in_manifests_and_lock_files() {
        let manifest = r#"{"devDependencies": {"x": "1"}}"#;
        assert_eq!(found(&[("package.json", manifest)], "x"), Location::Installed);
        assert_eq!(found(&[("package.json", manifest)], "y"), Location::Unlisted);
        assert_eq!(found(&[("package.json", "{")], "y"), Location::Unknown);
        assert_eq!(found(&[("yarn.lock", "y@^1:")], "y"), Location::Installed);
        assert_eq!(found(&[], "@netlify/plugin-lighthouse"), Location::Listed);
        assert_eq!(found(&[], "path"), Location::Module);
        assert_eq!(found(&[], step::FUNCTIONS_INSTALL_PLUGIN), Location::Core);
    }

    #[test]
    fn packages_of_workspaces_may_be_linked() {
        let root = ("package.json", r#"{"workspaces": ["a"]}"#);
        assert_eq!(found(&[root, ("a/package.json", r#"{"name": "y"}"#)], "y"), Location::Unknown);
        assert_eq!(found(&[root, ("a/package.json", r#"{"name": "z"}"#)], "y"), Location::Unlisted);
        assert_eq!(found(&[("a/package.json", r#"{"name": "y"}"#)], "y"), Location::Unlisted);
    }

    #[test]
    fn local_plugins_need_a_main_file() {
        assert_eq!(found(&[("p/index.js", "")], "./p"), Location::Local("p/index.js".into()));
        assert_eq!(found(&[("p/index.js", "")], "/p/index.js"), Location::Local("p/index.js".into()));
        assert_eq!(found(&[("p/index.ts", "")], "./p"), Location::LocalMissing);
        assert_eq!(found(&[], "./node_modules/p"), Location::Unknown);
        let manifest = r#"{"main": "dist/x.js", "scripts": {"prepare": "tsc"}}"#;
        assert_eq!(found(&[("p/package.json", manifest)], "./p"), Location::Unknown);
    }
}
