//! Tools that build several packages, as far as they change commands and directories (`build-info/lib/build-systems/*.js`).

use super::files::{Files, Json};
use super::framework::Found;
use super::javascript::{Thrown, is_truthy, property, to_text};
use super::nx::Nx;
use super::package_manager::PackageManager;
use super::script::{self, Purpose};
use super::workspace::Workspace;
use crate::project::{manifest, path};

/// A tool that builds several packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildSystem {
    /// Short name.
    pub id: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// Whether its commands run in the root of the repository.
    pub runs_from_root: bool,
}

/// How a tool is found.
enum Sign {
    /// One of these files, from the build directory upwards.
    File(&'static [&'static str]),
    /// As [`Sign::File`]; the manifest beside it is read too, and must not be `null`.
    FileWithManifest(&'static [&'static str]),
    /// This folder, and the manifest beside it.
    Folder(&'static str),
    /// This package, listed in any `package.json` from the build directory upwards.
    Listed(&'static str),
    /// The package manager, in a workspace.
    Manager,
}

/// The tools in the engine's order; of several the first one decides.
const KNOWN: [(BuildSystem, Sign); 15] = [
    (system("bazel", "Bazel", false), Sign::File(&[".bazelrc", "WORKSPACE", "WORKSPACE.bazel", "BUILD.bazel"])),
    (system("buck", "Buck", false), Sign::File(&[".buckconfig", "BUCK"])),
    (system("gradle", "Gradle", false), Sign::File(&["build.gradle"])),
    (system("lage", "Lage", false), Sign::FileWithManifest(&["lage.config.js"])),
    (system("lerna", "Lerna", false), Sign::FileWithManifest(&["lerna.json"])),
    (system("moon", "MoonRepo", false), Sign::Folder(".moon")),
    (system("nix", "Nix", false), Sign::File(&["default.nix", "shell.nix", "release.nix"])),
    (system("nx", "Nx", true), Sign::FileWithManifest(&["nx.json"])),
    (system("pants", "Pants", false), Sign::File(&["pants.toml"])),
    (system("rush", "Rush", false), Sign::FileWithManifest(&["rush.json"])),
    (system("turbo", "TurboRepo", true), Sign::FileWithManifest(&["turbo.json"])),
    (system("vite-plus", "Vite Plus", true), Sign::Listed("vite-plus")),
    (system("pnpm", "PNPM", true), Sign::Manager),
    (system("npm", "NPM", true), Sign::Manager),
    (system("yarn", "Yarn", true), Sign::Manager),
];

const fn system(id: &'static str, name: &'static str, runs_from_root: bool) -> BuildSystem {
    BuildSystem { id, name, runs_from_root }
}

/// All tools that the site uses, in the engine's order.
pub(super) fn detect(
    files: &Files<'_>,
    base: &str,
    manager: Option<&PackageManager>,
    workspace: Option<&Workspace>,
) -> Result<Vec<BuildSystem>, Thrown> {
    let mut found = Vec::new();
    for (system, sign) in &KNOWN {
        let is_used = match sign {
            Sign::File(names) => files.find_up(names, base).is_some(),
            Sign::FileWithManifest(names) => match files.find_up(names, base) {
                Some(path) => files.manifest(path::parent(&path).unwrap_or_default()).map(|_| true)?,
                None => false,
            },
            Sign::Folder(name) => {
                match files.upwards(base).find(|dir| files.snapshot.is_dir(&path::child(dir, name))) {
                    Some(dir) => files.manifest(&path::child(dir, name)).map(|_| true)?,
                    None => false,
                }
            }
            Sign::Listed(package) => is_listed(files, base, package)?,
            Sign::Manager => workspace.is_some() && manager.is_some_and(|manager| manager.name == system.id),
        };
        if is_used {
            found.push(system.clone());
        }
    }
    Ok(found)
}

fn is_listed(files: &Files<'_>, base: &str, package: &str) -> Result<bool, Thrown> {
    for path in files.manifests_up(base) {
        let manifest = files.json(&path).not_null()?;
        let value = |field: &str| property(manifest.get(field), package).filter(|value| !value.is_null());
        if value("devDependencies").or_else(|| value("dependencies")).is_some_and(is_truthy) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a tool runs for a package.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    pub(super) build: Option<String>,
    pub(super) dev: Option<String>,
    pub(super) directory: Option<String>,
    pub(super) port: Option<u16>,
}

/// What the tool changes for the package at `package`, as seen from the workspace's root.
pub(super) fn overrides(
    files: &Files<'_>,
    system: &BuildSystem,
    workspace: &Workspace,
    nx: &Nx,
    package: &str,
    first: Option<&Found>,
) -> Result<Overrides, Thrown> {
    let mut overrides = Overrides::default();
    if !system.runs_from_root {
        return Ok(overrides);
    }
    let path = path::join(&workspace.root, &path::child(package, manifest::NAME));
    let path = path.unwrap_or_else(|| manifest::NAME.to_owned());
    if system.id == "nx" {
        return Ok(nx.overrides(files, &path, package, first));
    }
    let manifest = files.json(&path).not_null()?;
    let name = manifest.get("name");
    let command = |script: &str, is_build: bool| {
        let name = to_text(name);
        match system.id {
            "turbo" => format!("turbo run {script} --filter {name}"),
            "vite-plus" => format!("vp run --filter {name} {script}"),
            "pnpm" => format!("pnpm --filter {name}{} run {script}", if is_build { "..." } else { "" }),
            "npm" => format!("npm --workspace {name} run {script}"),
            _ => format!("yarn workspace {name} {script}"),
        }
    };
    if matches!(system.id, "turbo" | "vite-plus") {
        if name.is_some_and(is_truthy) {
            let scripts = truthy_scripts(&manifest)?;
            let first = |purpose: Purpose| scripts.iter().find(|(script, _)| purpose.names().contains(&&**script));
            overrides.build = first(Purpose::Build).map(|(script, _)| command(script, true));
            overrides.dev = first(Purpose::Dev).map(|(script, _)| command(script, false));
        }
        return Ok(overrides);
    }
    for (script, value) in truthy_scripts(&manifest)? {
        // pnpm asks for both kinds, the others for building only when it is not for development.
        let is_build = script::is_for(Purpose::Build, &script, value, &path)?;
        let is_dev = script::is_for(Purpose::Dev, &script, value, &path)?;
        let slot = if is_dev { &mut overrides.dev } else { &mut overrides.build };
        if (is_dev || is_build) && slot.is_none() {
            *slot = Some(command(&script, is_build));
        }
    }
    Ok(overrides)
}

type Scripts<'a> = Vec<(std::borrow::Cow<'a, str>, &'a crate::text::tree::Node)>;

fn truthy_scripts(manifest: &Json) -> Result<Scripts<'_>, Thrown> {
    script::entries(manifest.get("scripts").filter(|scripts| is_truthy(scripts)), &manifest.path)
}
