//! Nx with one `project.json` per application, or one `workspace.json` (`build-info/lib/build-systems/nx.js`).

use std::collections::HashMap;

use super::build_system::Overrides;
use super::files::Files;
use super::framework::Found;
use super::javascript::{is_truthy, join, property, to_text};
use super::script::{self, Purpose};
use super::workspace::{Depth, WorkspacePackage, find};
use crate::project::path;
use crate::text::json::{array_index, javascript_order};
use crate::text::tree::Node;

const PROJECT_FILE: &str = "project.json";

/// A target of a project: its name and what it says.
type Target = (String, Node);

/// What the project files say.
#[derive(Debug, Default)]
pub(super) struct Nx {
    /// The applications.
    pub(super) packages: Vec<WorkspacePackage>,
    targets: HashMap<String, Vec<Target>>,
    names: HashMap<String, Option<String>>,
}

impl Nx {
    /// Reads the project files below the root of the workspace.
    pub(super) fn read(files: &Files<'_>, root: &str) -> Nx {
        let mut nx = Nx::default();
        nx.read_workspace_file(files, root);
        nx.read_project_files(files, root);
        nx
    }

    /// Takes over the names of a workspace's packages; of a folder that is there twice the first entry counts.
    pub(super) fn know_names(&mut self, packages: &[WorkspacePackage]) {
        for package in packages {
            self.names.entry(package.path.clone()).or_insert_with(|| package.name.clone());
        }
    }

    fn is_integrated(&self) -> bool {
        !self.packages.is_empty()
    }

    fn read_workspace_file(&mut self, files: &Files<'_>, root: &str) {
        let path = path::child(root, "workspace.json");
        if !files.snapshot.is_file(&path) {
            return;
        }
        let file = files.json(&path);
        let Some(projects) = file.get("projects").and_then(Node::as_table) else { return };
        for (name, entry) in javascript_order(projects) {
            let project = Some(&entry.value);
            let dir = property(project, "root").filter(|dir| is_truthy(dir));
            let is_application = property(project, "projectType").and_then(Node::as_str) == Some("application");
            let is_wanted = dir.is_some() && is_application && !name.ends_with("-e2e");
            let dir = dir.and_then(Node::as_str);
            // The engine gives up the whole file at a project that it cannot take apart.
            if entry.value.is_null() || (is_wanted && dir.is_none()) {
                self.packages.clear();
                return;
            }
            let Some(dir) = dir.filter(|_| is_wanted) else { continue };
            self.add(join(&[dir]), Some(name.to_owned()), targets(property(project, "architect")));
        }
    }

    fn read_project_files(&mut self, files: &Files<'_>, root: &str) {
        let path = path::child(root, "nx.json");
        if !files.snapshot.is_file(&path) {
            return;
        }
        let file = files.json(&path);
        if !file.is_readable || file.node.is_null() {
            return;
        }
        let layout = property(file.get("workspaceLayout"), "appsDir").filter(|dir| is_truthy(dir));
        let dirs = match layout {
            None => vec!["apps", "packages"],
            Some(dir) => dir.as_str().into_iter().collect(),
        };
        for dir in dirs.into_iter().flat_map(|dir| find(files.snapshot, root, dir, PROJECT_FILE, Depth::One)) {
            let Some(path) = path::join(root, &path::child(&dir, PROJECT_FILE)) else { continue };
            let project = files.json(&path);
            let is_application = project.get("projectType").and_then(Node::as_str) == Some("application");
            if is_application && !dir.ends_with("-e2e") {
                let name = project.get("name").filter(|name| is_truthy(name)).map(|name| to_text(Some(name)));
                self.add(join(&[&dir]), name, targets(project.get("targets")));
            }
        }
    }

    fn add(&mut self, path: String, name: Option<String>, targets: Vec<Target>) {
        let forced_framework = forced_framework(&targets);
        self.targets.insert(path.clone(), targets);
        self.packages.push(WorkspacePackage { path, name, forced_framework });
    }

    /// What Nx runs for a package, and where it puts the result.
    pub(super) fn overrides(
        &self,
        files: &Files<'_>,
        manifest_path: &str,
        package: &str,
        first: Option<&Found>,
    ) -> Overrides {
        let mut overrides = Overrides::default();
        let targets = self.targets.get(package).map_or(&[][..], Vec::as_slice);
        let mut names: Vec<String> = targets.iter().map(|(name, _)| name.clone()).collect();
        let mut name = self.names.get(package).cloned().flatten().unwrap_or_default();
        let manifest = files.json(manifest_path);
        if manifest.is_readable {
            let scripts = manifest.get("scripts").filter(|scripts| is_truthy(scripts));
            let scripts = script::entries(scripts, manifest_path).unwrap_or_default();
            names.extend(scripts.into_iter().map(|(script, _)| script.into_owned()));
            if !manifest.node.is_null() {
                let own = manifest.get("name").filter(|name| is_truthy(name));
                name = own.map(|name| to_text(Some(name))).unwrap_or_default();
            }
        }
        if !name.is_empty() {
            let run = |purpose: Purpose| {
                let target = names.iter().find(|target| purpose.names().contains(&target.as_str()))?;
                Some(format!("nx run {name}:{target}"))
            };
            overrides.build = run(Purpose::Build);
            overrides.dev = run(Purpose::Dev);
        }
        if self.is_integrated() {
            overrides.directory = Some(output(targets, package, first));
            overrides.port = port(targets);
        }
        overrides
    }
}

fn targets(field: Option<&Node>) -> Vec<Target> {
    let Some(table) = field.and_then(Node::as_table) else { return Vec::new() };
    javascript_order(table).into_iter().map(|(name, entry)| (name.to_owned(), entry.value.clone())).collect()
}

fn executor(target: &Node) -> Option<&str> {
    let table = target.as_table()?;
    table.get(if table.contains_key("executor") { "executor" } else { "builder" })?.as_str()
}

/// The framework that the executor of `build` stands for.
fn forced_framework(targets: &[Target]) -> Option<&'static str> {
    let (_, build) = targets.iter().find(|(name, _)| name == "build")?;
    match executor(build)? {
        "@nrwl/next:build" | "@nx/next:build" => Some("next"),
        "@nxtensions/astro:build" => Some("astro"),
        "@nx-plus/vue:browser" => Some("vue"),
        "@angular-devkit/build-angular:browser" => Some("angular"),
        "@nx/webpack:webpack" | "@nrwl/web:build" => {
            let config = property(property(Some(build), "options"), "webpackConfig")?;
            let is_react = config.as_str().is_some_and(|path| path.contains("react"))
                || config.as_array().is_some_and(|items| items.iter().any(|item| item.as_str() == Some("react")));
            is_react.then_some("react-static")
        }
        _ => None,
    }
}

fn port(targets: &[Target]) -> Option<u16> {
    let (_, target) = targets.iter().find(|(name, _)| Purpose::Dev.names().contains(&name.as_str()))?;
    match executor(target)? {
        "@nxtensions/astro:dev" => Some(3000),
        "@nx/next:server"
        | "@nrwl/next:server"
        | "@nrwl/web:dev-server"
        | "@nx/webpack:dev-server"
        | "@angular-devkit/build-angular:dev-server" => Some(4200),
        "@nx-plus/vue:dev-server" => Some(8000),
        _ => None,
    }
}

/// Where the `build` target puts the result; `dist/{package}` when it does not say.
fn output(targets: &[Target], package: &str, first: Option<&Found>) -> String {
    let build = targets.iter().find(|(name, _)| name == "build").map(|(_, target)| target);
    let pattern = build.and_then(|target| match target.as_table()?.get("outputs") {
        Some(outputs) => outputs.as_array()?.first(),
        None => property(property(Some(target), "options"), "outputPath"),
    });
    let inside = match first {
        Some(found) if found.row.id == "next" => found.directory.as_deref().unwrap_or_default(),
        _ => "",
    };
    match pattern.and_then(Node::as_str).filter(|pattern| !pattern.is_empty()) {
        Some(pattern) => join(&[&filled(&pattern.replacen("{workspaceRoot}/", "", 1), build, package), inside]),
        None => join(&["dist", package]),
    }
}

/// Replaces the text between the first and the last brace of each line by the property that it names.
fn filled(pattern: &str, target: Option<&Node>, package: &str) -> String {
    let fill = |line: &str| -> Option<String> {
        let open = line.find('{')?;
        let close = line.rfind('}').filter(|close| *close > open + 1)?;
        let path = &line[open + 1..close];
        let value = match path {
            "projectRoot" => package.to_owned(),
            _ => to_text(at_path(target, path)),
        };
        Some(format!("{}{value}{}", &line[..open], &line[close + 1..]))
    };
    pattern.split('\n').map(|line| fill(line).unwrap_or_else(|| line.to_owned())).collect::<Vec<_>>().join("\n")
}

fn at_path<'a>(target: Option<&'a Node>, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(target?, |node, key| match node.as_array() {
        Some(items) => items.get(array_index(key)? as usize),
        None => node.as_table()?.get(key),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Detection, detect};
    use crate::project::snapshot::Snapshot;

    fn detected(project: &str, package: &str) -> Detection {
        let files = [
            ("package.json", r#"{"dependencies": {"next": "14.0.0"}}"#),
            ("nx.json", "{}"),
            ("apps/web/project.json", project),
            ("apps/web-e2e/project.json", r#"{"projectType": "application"}"#),
            ("apps/web/index.ts", ""),
        ];
        detect(&Snapshot::in_memory(files.map(|(path, text)| (path, text.as_bytes()))), "", package)
    }

    #[test]
    fn an_application_is_a_package_with_the_framework_of_its_executor() {
        let detection = detected(
            r#"{"name": "web", "projectType": "application", "targets": {"build": {"executor": "@nx/next:build",
                "outputs": ["{options.outputPath}"], "options": {"outputPath": "dist/apps/web"}},
                "serve": {"executor": "@nx/next:server"}}}"#,
            "apps/web",
        );
        let workspace = detection.workspace.unwrap();
        assert_eq!(workspace.packages.iter().map(|package| package.path.as_str()).collect::<Vec<_>>(), ["apps/web"]);
        let setting = &detection.settings[0];
        assert_eq!(setting.name, "Nx + Next.js apps/web");
        assert_eq!(setting.build_command, "nx run web:build");
        assert_eq!(setting.dev_command.as_deref(), Some("nx run web:serve"));
        assert_eq!((setting.publish_directory.as_str(), setting.dev_port), ("dist/apps/web/.next", Some(4200)));
        assert_eq!(setting.base_directory, "");
    }

    #[test]
    fn without_outputs_the_directory_follows_the_convention() {
        let detection = detected(r#"{"projectType": "application", "targets": {}}"#, "apps/web");
        assert_eq!(detection.settings[0].publish_directory, "dist/apps/web");
        assert_eq!(detection.settings[0].build_command, "next build");
    }
}
