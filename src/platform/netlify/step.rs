//! The steps of a build, in the engine's order, and what it refuses before the first one
//! (`build/src/steps/get.ts`, `build/src/plugins/resolve.js`, `build/src/core/dry.js`).

use crate::project::javascript::resolve::is_builtin;
use crate::project::path::child;
use crate::project::snapshot::Snapshot;
use crate::sim::plan::Step;
use crate::sim::stage::Stage;
use crate::text::tree::{Node, Table};

use super::config::{Failure, Resolved};

/// The one plugin that ships with the engine.
pub const FUNCTIONS_INSTALL_PLUGIN: &str = "@netlify/plugin-functions-install-core";

/// A plugin that the engine handles itself when it is listed.
pub(super) const CORE_PLUGINS: [&str; 2] = [FUNCTIONS_INSTALL_PLUGIN, "@netlify/plugin-local-install-core"];

/// Why a build stops before its first step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DryRunError {
    /// Exit code of the engine (`build/src/core/severity.ts`).
    pub exit_code: u8,
    /// Title of the engine's error block.
    pub title: &'static str,
    /// What is wrong.
    pub message: String,
}

impl DryRunError {
    fn user(message: String) -> DryRunError {
        DryRunError { exit_code: 2, title: "Configuration error", message }
    }

    /// A configuration that is rejected.
    #[must_use]
    pub fn config(failure: &Failure) -> DryRunError {
        if failure.error_type() == "unexpected" {
            return DryRunError { exit_code: 4, title: "Core internal error", message: failure.to_string() };
        }
        DryRunError::user(failure.to_string())
    }
}

/// The steps that the engine announces in a dry run of a folder as it is: nothing installed, no list of plugins.
///
/// # Errors
/// The plugin that cannot be resolved. Local plugins are looked for before packages.
pub fn dry_run(snapshot: &Snapshot, resolved: &Resolved, package_path: &str) -> Result<Vec<Step>, DryRunError> {
    let packages: Vec<&str> = packages(&resolved.config).filter(|package| !CORE_PLUGINS.contains(package)).collect();
    for package in packages.iter().filter_map(|package| local(package)) {
        if find_module(snapshot, &resolved.build_dir, &package).is_none() {
            return Err(DryRunError::user(format!("no local plugin at \"{package}\"")));
        }
    }
    let dir = child(&resolved.build_dir, package_path);
    for package in packages.iter().filter(|package| local(package).is_none()) {
        if is_builtin(package) {
            return Err(DryRunError::user(format!("the plugin \"{package}\" has no \"manifest.yml\"")));
        }
        if !is_installed(snapshot, &dir, package) {
            return Err(DryRunError::user(format!("the plugin \"{package}\" is not installed")));
        }
    }
    Ok(steps(snapshot, resolved, package_path))
}

fn packages(config: &Table) -> impl Iterator<Item = &str> {
    let plugins = config.get("plugins").and_then(Node::as_array).unwrap_or_default();
    plugins.iter().filter_map(|plugin| plugin.at(&["package"]).and_then(Node::as_str))
}

/// The path of a local plugin; a leading slash means the build directory.
#[must_use]
pub fn local(package: &str) -> Option<String> {
    if package.starts_with('/') {
        return Some(format!(".{package}"));
    }
    package.starts_with('.').then(|| package.to_owned())
}

/// What `require.resolve` of Node.js finds for a relative path: the file, with an extension, or a folder's main file.
#[must_use]
pub fn find_module(snapshot: &Snapshot, dir: &str, request: &str) -> Option<String> {
    const EXTENSIONS: [&str; 3] = [".js", ".json", ".node"];
    let is_relative = request == "." || request == ".." || request.starts_with("./") || request.starts_with("../");
    let path = crate::project::path::join(dir, request).filter(|_| is_relative)?;
    let as_file = |path: &str| {
        let exact = snapshot.is_file(path).then(|| path.to_owned());
        exact.or_else(|| EXTENSIONS.iter().map(|end| format!("{path}{end}")).find(|path| snapshot.is_file(path)))
    };
    let index = |path: &str| {
        EXTENSIONS.iter().map(|end| child(path, &format!("index{end}"))).find(|path| snapshot.is_file(path))
    };
    let is_folder = request.ends_with('/') || request.ends_with("/.") || request.ends_with("..");
    if let Some(found) = as_file(&path).filter(|_| !is_folder) {
        return Some(found);
    }
    let manifest = snapshot.text(&child(&path, "package.json")).ok();
    let manifest = manifest.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let main = manifest.as_ref().and_then(|manifest| manifest.get("main")?.as_str()).filter(|main| !main.is_empty());
    if let Some(main) = main.and_then(|main| crate::project::path::join(&path, main))
        && let Some(found) = as_file(&main).or_else(|| index(&main))
    {
        return Some(found);
    }
    index(&path)
}

/// Whether a package lies in a tracked `node_modules` that the engine looks into.
pub(super) fn is_installed(snapshot: &Snapshot, dir: &str, package: &str) -> bool {
    let folders = crate::project::path::ancestors(dir).map(|folder| child(folder, "node_modules"));
    let automatic = child(dir, ".netlify/plugins/node_modules");
    folders.chain([automatic]).any(|folder| find_module(snapshot, &folder, &format!("./{package}")).is_some())
}

/// The steps that would run, in order; quiet ones and those that only the platform can decide are left out.
#[must_use]
pub fn steps(snapshot: &Snapshot, resolved: &Resolved, package_path: &str) -> Vec<Step> {
    let config = &resolved.config;
    let text = |keys: [&str; 2]| config.get(keys[0]).and_then(|node| node.at(&[keys[1]])).and_then(Node::as_str);
    let dir = &resolved.build_dir;
    let here = child(dir, package_path);
    let exists = |folder: &str, names: &[&str]| names.iter().any(|name| snapshot.exists(&child(folder, name)));

    let functions = config.contains_key("functionsDirectory")
        || exists(dir, &["netlify-automatic-functions", "netlify/functions"])
        || exists(&here, &[".netlify/functions-internal", ".netlify/v1/functions"]);
    let edge = text(["build", "edge_functions"]).is_some()
        || exists(dir, &["netlify/edge-functions"])
        || exists(&here, &[".netlify/edge-functions", ".netlify/v1/edge-functions"]);
    let step = |stage, event, name: &str| Step { stage, event, name: name.to_owned() };

    let mut steps = Vec::new();
    let has_directory =
        config.contains_key("functionsDirectory") || exists(dir, &["netlify-automatic-functions", "netlify/functions"]);
    if has_directory && packages(config).any(|package| package == FUNCTIONS_INSTALL_PLUGIN) {
        steps.push(step(Stage::Plugin, "onPreBuild", &format!("Plugin {FUNCTIONS_INSTALL_PLUGIN}")));
    }
    if text(["build", "command"]).is_some() {
        let origin = match text(["build", "commandOrigin"]) {
            Some("ui") => "Build command from Netlify app",
            Some("inline") => "build.command from a plugin",
            _ => "build.command from netlify.toml",
        };
        steps.push(step(Stage::BuildCommand, "onBuild", origin));
    }
    if functions {
        steps.push(step(Stage::Functions, "onBuild", "Functions bundling"));
    }
    if edge {
        steps.push(step(Stage::EdgeFunctions, "onBuild", "Edge Functions bundling"));
    }
    steps
}
