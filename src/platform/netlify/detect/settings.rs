//! The build settings that follow from what was found (`build-info/lib/settings/get-build-settings.js`).

use indexmap::IndexMap;

use super::build_system::{self, BuildSystem};
use super::files::Files;
use super::framework::{Found, Site};
use super::javascript::{Thrown, join};
use super::nx::Nx;
use super::package_manager::PackageManager;
use super::script::{self, Purpose};
use super::workspace::Workspace;
use super::{framework, package_manager};
use crate::project::path;

/// Proposed build settings for one framework of one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Name for people, with the build system and the package if there are any.
    pub name: String,
    /// Short name of the framework.
    pub framework: String,
    /// What builds the site.
    pub build_command: String,
    /// What serves it during development.
    pub dev_command: Option<String>,
    /// The port of the development server.
    pub dev_port: Option<u16>,
    /// The directory to publish, as seen from the workspace's root.
    pub publish_directory: String,
    /// Where the commands run, as seen from the workspace's root.
    pub base_directory: String,
    /// The package, as seen from the workspace's root.
    pub package_path: String,
    /// Plugins that the platform recommends.
    pub plugins: Vec<String>,
    /// Variables that the platform sets.
    pub env: IndexMap<String, String>,
}

/// Everything that settings depend on.
pub(super) struct Project<'a> {
    pub(super) site: Site<'a>,
    pub(super) manager: Option<&'a PackageManager>,
    pub(super) workspace: Option<&'a Workspace>,
    /// The build system that decides.
    pub(super) system: Option<&'a BuildSystem>,
    pub(super) nx: &'a Nx,
}

impl Project<'_> {
    /// The settings of a package, or of every package when `package` is empty and there is a workspace.
    ///
    /// `own` are the frameworks of the build directory. Where the engine throws it proposes nothing at all.
    pub(super) fn settings(&self, package: &str, own: &[Found]) -> Vec<Setting> {
        let found: Vec<(String, Vec<Found>)> = match self.workspace {
            None if package.is_empty() => vec![(String::new(), own.to_vec())],
            None => Vec::new(),
            Some(workspace) => self.per_package(workspace, package),
        };
        let settings = found.iter().flat_map(|(dir, frameworks)| {
            frameworks.iter().map(move |framework| self.setting(framework, dir, frameworks.first()))
        });
        settings.collect::<Result<Vec<_>, _>>().unwrap_or_else(|Thrown { path, reason }| {
            self.site.files.note(path, format!("{reason}, so no settings are proposed"));
            Vec::new()
        })
    }

    fn per_package(&self, workspace: &Workspace, wanted: &str) -> Vec<(String, Vec<Found>)> {
        let mut found: IndexMap<&str, (bool, Vec<Found>)> = IndexMap::new();
        for package in &workspace.packages {
            if !wanted.is_empty() && package.path != wanted {
                continue;
            }
            let is_forced = package.forced_framework.is_some();
            match found.get(package.path.as_str()) {
                Some((was_forced, _)) if *was_forced != is_forced => {
                    let reason = "is a package and an application of Nx, so chance decides which framework counts";
                    self.files().note(&*package.path, reason);
                    // What the folder's own files say takes longer to find out, so it mostly arrives last and stays.
                    if is_forced {
                        continue;
                    }
                }
                _ => {}
            }
            let frameworks = match package.forced_framework {
                Some(id) => match framework::force(&self.site, id) {
                    Some(found) => vec![found],
                    None => continue,
                },
                None => match path::join(&workspace.root, &package.path) {
                    Some(dir) => framework::detect(&self.site, &dir),
                    None => Vec::new(),
                },
            };
            found.insert(&package.path, (is_forced, frameworks));
        }
        found.into_iter().map(|(dir, (_, frameworks))| (dir.to_owned(), frameworks)).collect()
    }

    fn setting(&self, found: &Found, dir: &str, first: Option<&Found>) -> Result<Setting, Thrown> {
        let own_build = package_manager::run_command(self.manager, "build");
        let build = found.build_command.as_deref().unwrap_or(&own_build);
        let mut setting = Setting {
            name: found.name.clone(),
            framework: found.row.id.clone(),
            build_command: self.script(Purpose::Build, build, found)?,
            dev_command: None,
            dev_port: found.dev_port,
            publish_directory: self.publish_directory(found, dir)?,
            base_directory: dir.to_owned(),
            package_path: dir.to_owned(),
            plugins: found.plugins.clone(),
            env: found.env.clone(),
        };
        if let Some(dev) = &found.dev_command {
            setting.dev_command = Some(self.script(Purpose::Dev, dev, found)?);
        }
        if let (false, Some(system), Some(workspace)) = (dir.is_empty(), self.system, self.workspace) {
            let overrides = build_system::overrides(self.files(), system, workspace, self.nx, dir, first)?;
            setting.name = format!("{} + {} {dir}", system.name, found.name);
            if system.runs_from_root && overrides.build.is_some() && overrides.dev.is_some() {
                setting.base_directory = String::new();
            }
            setting.build_command = overrides.build.unwrap_or(setting.build_command);
            setting.dev_command = overrides.dev.or(setting.dev_command);
            setting.publish_directory = overrides.directory.unwrap_or(setting.publish_directory);
            setting.dev_port = overrides.port.or(setting.dev_port);
        }
        Ok(setting)
    }

    fn files(&self) -> &Files<'_> {
        self.site.files
    }

    /// The script that runs the framework's command, or the command itself.
    fn script(&self, purpose: Purpose, command: &str, found: &Found) -> Result<String, Thrown> {
        let Some(manifest) = &found.manifest else { return Ok(command.to_owned()) };
        let scripts = script::entries(manifest.get("scripts"), &manifest.path)?;
        let best = script::best(purpose, command, &scripts, &manifest.path)?;
        Ok(best.map_or_else(|| command.to_owned(), |script| package_manager::run_command(self.manager, &script)))
    }

    fn publish_directory(&self, found: &Found, dir: &str) -> Result<String, Thrown> {
        let missing = || Thrown::new("angular.json", "has an \"outputPath\" that is not a string");
        Ok(join(&[dir, found.directory.as_deref().ok_or_else(missing)?]))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::detect;
    use super::*;
    use crate::project::snapshot::Snapshot;

    const ROOT: &str = r#"{"workspaces": ["packages/*"], "packageManager": "pnpm@9.0.0"}"#;
    const SITE: &str = r#"{"name": "site", "scripts": {"build": "astro build", "dev": "astro dev"}, "dependencies": {"astro": "4.0.0"}}"#;

    fn settings(files: &[(&str, &str)], base: &str, package: &str) -> Vec<Setting> {
        detect(&Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes()))), base, package).settings
    }

    #[test]
    fn a_site_is_built_by_the_script_that_runs_its_framework() {
        let files = [("package.json", SITE), ("yarn.lock", "")];
        let setting = settings(&files, "", "").remove(0);
        assert_eq!((setting.build_command.as_str(), setting.publish_directory.as_str()), ("yarn run build", "dist"));
        assert_eq!(setting.dev_command.as_deref(), Some("yarn run dev"));
    }

    #[test]
    fn in_a_workspace_the_package_manager_builds_one_package_from_the_root() {
        let yaml = ("pnpm-workspace.yaml", "packages: ['packages/*']");
        let files = [("package.json", ROOT), yaml, ("packages/site/package.json", SITE)];
        for (base, package) in [("", ""), ("packages/site", ""), ("", "packages/site")] {
            let setting = settings(&files, base, package).remove(0);
            assert_eq!(setting.name, "PNPM + Astro packages/site");
            assert_eq!(setting.build_command, "pnpm --filter site... run build");
            assert_eq!(setting.dev_command.as_deref(), Some("pnpm --filter site run dev"));
            assert_eq!(
                (setting.publish_directory.as_str(), setting.base_directory.as_str()),
                ("packages/site/dist", "")
            );
        }
    }

    #[test]
    fn the_first_build_system_decides() {
        let root = r#"{"workspaces": ["packages/*"]}"#;
        let mut files = vec![("package.json", root), ("packages/site/package.json", SITE), ("turbo.json", "{}")];
        assert_eq!(settings(&files, "packages/site", "")[0].build_command, "turbo run build --filter site");
        files.push(("lerna.json", "{}"));
        let setting = settings(&files, "packages/site", "").remove(0);
        assert_eq!(
            (setting.name.as_str(), setting.build_command.as_str()),
            ("Lerna + Astro packages/site", "npm run build")
        );
        assert_eq!(setting.base_directory, "packages/site");
    }

    #[test]
    fn a_folder_outside_of_a_workspace_gets_no_proposal() {
        assert!(settings(&[("site/package.json", SITE)], "site", "").is_empty());
        assert_eq!(settings(&[("package.json", SITE)], "", "").len(), 1);
    }
}
