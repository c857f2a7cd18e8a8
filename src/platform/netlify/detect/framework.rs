//! Which frameworks a folder uses (`build-info/lib/frameworks/framework.js`).

use std::rc::Rc;

use indexmap::IndexMap;

use super::angular;
use super::files::{Files, Json};
use super::framework_table::{Condition, FrameworkTable, Role, Row, Variant, table};
use super::javascript::{Thrown, is_truthy, property, to_text};
use super::version::Version;
use crate::project::{manifest, path};
use crate::text::json::javascript_order;
use crate::text::tree::{Kind, Node};

/// How certain a framework is; only the most certain ones of a folder are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Accuracy {
    /// A package is listed, but in a `package.json` further up.
    NpmHoisted,
    /// A configuration file is there, though packages would also give the framework away.
    Config,
    /// A configuration file is there, and nothing else could give the framework away.
    ConfigOnly,
    /// A package is listed in the folder's own `package.json`.
    Npm,
    /// The build system says so.
    Forced,
}

/// What gives a framework away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// A listed package.
    Dependency {
        /// The package.
        package: String,
        /// The range it is listed with.
        requirement: String,
        /// The `package.json`.
        path: String,
    },
    /// A configuration file at this path.
    Config(String),
    /// The executor of the project's `build` target.
    Forced,
}

/// A framework that was found.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) row: &'static Row,
    pub(super) accuracy: Accuracy,
    pub(super) name: String,
    pub(super) version: Option<Version>,
    pub(super) evidence: Vec<Evidence>,
    /// The `package.json` that lists the package.
    pub(super) manifest: Option<Rc<Json>>,
    /// `None` for the package manager's `run build`.
    pub(super) build_command: Option<String>,
    /// `None` when the directory is not a string.
    pub(super) directory: Option<String>,
    pub(super) dev_command: Option<String>,
    pub(super) dev_port: Option<u16>,
    pub(super) env: IndexMap<String, String>,
    pub(super) plugins: Vec<String>,
    config: Option<String>,
    package: Option<String>,
}

/// The site that is looked at: where its `angular.json` would be, and the repository.
pub(super) struct Site<'a> {
    pub(super) files: &'a Files<'a>,
    /// The build directory.
    pub(super) base: &'a str,
}

/// All frameworks of a folder, the most certain ones only, static site generators first.
///
/// Where the engine throws it reports no framework at all, and so does this, with a note.
pub(super) fn detect(site: &Site<'_>, dir: &str) -> Vec<Found> {
    let found = site.files.manifest(dir).and_then(|manifest| {
        let listed = Listed::new(manifest, dir);
        let table = table();
        let rows = 0..table.rows.len();
        rows.filter_map(|index| examine(site, dir, index, &listed, false).transpose()).collect()
    });
    match found {
        Ok(found) => most_relevant(found),
        Err(Thrown { path, reason }) => {
            site.files.note(path, format!("{reason}, so no framework is detected"));
            Vec::new()
        }
    }
}

/// A framework that the build system names, examined from the build directory.
pub(super) fn force(site: &Site<'_>, id: &str) -> Option<Found> {
    let index = table().rows.iter().position(|row| row.id == id)?;
    let listed = Listed::new(site.files.manifest(site.base).ok()?, site.base);
    examine(site, site.base, index, &listed, true).ok()?
}

fn most_relevant(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|found| (std::cmp::Reverse(found.accuracy), found.row.category));
    let best = found.first().map(|found| found.accuracy);
    found.retain(|found| Some(found.accuracy) == best);
    found
}

/// What a `package.json` lists, seen from the table of frameworks.
struct Listed {
    manifest: Option<Rc<Json>>,
    is_hoisted: bool,
    /// For each row the package that gives it away, with the value it is listed with.
    signs: Vec<Option<(String, Node)>>,
}

impl Listed {
    /// Goes through `dependencies` and `devDependencies`; a package in both has the place of the first, the value of the second.
    fn new(manifest: Option<Rc<Json>>, dir: &str) -> Listed {
        let table = table();
        let mut signs: Vec<Option<(String, Node)>> = vec![None; table.rows.len()];
        let mut excluded = vec![false; table.rows.len()];
        let empty = Node::default_of(Kind::Null);
        let root = manifest.as_ref().map_or(&empty, |manifest| &manifest.node);
        let second = property(Some(root), "devDependencies");
        for field in ["dependencies", "devDependencies"] {
            let Some(packages) = property(Some(root), field).and_then(Node::as_table) else { continue };
            for (package, entry) in javascript_order(packages) {
                for (row, role) in table.roles(package) {
                    match role {
                        Role::Excluded => excluded[*row] = true,
                        Role::Sign if signs[*row].is_none() => {
                            let value = property(second, package).unwrap_or(&entry.value);
                            signs[*row] = Some((package.to_owned(), value.clone()));
                        }
                        Role::Sign => {}
                    }
                }
            }
        }
        for (sign, _) in signs.iter_mut().zip(excluded).filter(|(_, excluded)| *excluded) {
            *sign = None;
        }
        let own = path::child(dir, manifest::NAME);
        let is_hoisted = manifest.as_ref().is_some_and(|manifest| manifest.path != own);
        Listed { manifest, is_hoisted, signs }
    }

    /// Whether a package is listed with a value that counts as true.
    fn lists(&self, package: &str) -> bool {
        let root = self.manifest.as_ref().map(|manifest| &manifest.node);
        let value = |field: &str| property(property(root, field), package);
        value("devDependencies").or_else(|| value("dependencies")).is_some_and(is_truthy)
    }
}

/// Looks for one framework.
fn examine(
    site: &Site<'_>,
    dir: &str,
    index: usize,
    listed: &Listed,
    is_forced: bool,
) -> Result<Option<Found>, Thrown> {
    let table = table();
    let row = &table.rows[index];
    let sign = listed.signs[index].as_ref();
    let config = nearest_config(site.files, table, index, dir);
    let by_package = if listed.is_hoisted { Accuracy::NpmHoisted } else { Accuracy::Npm };
    let by_config = if row.dependencies.is_empty() { Accuracy::ConfigOnly } else { Accuracy::Config };
    let accuracies =
        [is_forced.then_some(Accuracy::Forced), sign.map(|_| by_package), config.as_ref().map(|_| by_config)];
    let Some(accuracy) = accuracies.into_iter().flatten().max() else { return Ok(None) };

    let mut found = Found::new(row, accuracy);
    found.config = config;
    if let Some((package, value)) = sign {
        found.package = Some(package.clone());
        found.version = installed_version(site.files, package, dir).or_else(|| listed_version(value));
        found.manifest.clone_from(&listed.manifest);
    }
    found.evidence = evidence(&found, sign, is_forced);
    vary(site, found, listed)
}

fn nearest_config(files: &Files<'_>, table: &FrameworkTable, index: usize, dir: &str) -> Option<String> {
    let wanted = &table.configs[index];
    if wanted.is_empty() {
        return None;
    }
    files.upwards(dir).find_map(|dir| {
        let present = files.configs(dir, &table.config_names);
        let first = wanted.iter().find(|number| present[**number])?;
        Some(path::child(dir, &table.config_names[*first]))
    })
}

/// The version of a package that is committed under `node_modules`.
fn installed_version(files: &Files<'_>, package: &str, dir: &str) -> Option<Version> {
    let path = files.find_up(&[&format!("node_modules/{package}/{}", manifest::NAME)], dir)?;
    Version::parse(files.json(&path).get("version")?.as_str()?)
}

fn listed_version(value: &Node) -> Option<Version> {
    match &value.kind {
        Kind::String(text) => Version::parse(text).or_else(|| Version::coerce(text)),
        Kind::Number(_) => Version::coerce(&to_text(Some(value))),
        _ => None,
    }
}

fn evidence(found: &Found, sign: Option<&(String, Node)>, is_forced: bool) -> Vec<Evidence> {
    let dependency = sign.map(|(package, value)| Evidence::Dependency {
        package: package.clone(),
        requirement: to_text(Some(value)),
        path: found.manifest.as_ref().map(|manifest| manifest.path.clone()).unwrap_or_default(),
    });
    let config = found.config.clone().map(Evidence::Config);
    let by_config = matches!(found.accuracy, Accuracy::Config | Accuracy::ConfigOnly);
    let (first, second) = if by_config { (config, dependency) } else { (dependency, config) };
    is_forced.then_some(Evidence::Forced).into_iter().chain(first).chain(second).collect()
}

/// Applies the variants of the row.
fn vary(site: &Site<'_>, mut found: Found, listed: &Listed) -> Result<Option<Found>, Thrown> {
    for Variant { when, set, last } in &found.row.variants {
        if !found.satisfies(when, site.files, listed) {
            continue;
        }
        if set.rejected {
            return Ok(None);
        }
        found.name = set.name.clone().unwrap_or(found.name);
        found.build_command = set.build_command.clone().or(found.build_command);
        found.directory = set.directory.clone().or(found.directory);
        found.dev_command = set.dev_command.clone().or(found.dev_command);
        found.dev_port = set.dev_port.or(found.dev_port);
        found.env.extend(set.env.clone());
        found.plugins.extend(set.plugin.clone());
        if let Some(file) = &set.directory_from
            && let Some(directory) = angular::output_directory(site.files, &path::child(site.base, file))?
        {
            found.directory = directory;
        }
        if *last {
            break;
        }
    }
    Ok(Some(found))
}

impl Found {
    fn new(row: &'static Row, accuracy: Accuracy) -> Found {
        Found {
            row,
            accuracy,
            name: row.name.clone(),
            version: None,
            evidence: Vec::new(),
            manifest: None,
            build_command: row.build_command.clone(),
            directory: Some(row.directory.clone()),
            dev_command: row.dev_command.clone(),
            dev_port: row.dev_port,
            env: row.env.clone(),
            plugins: Vec::new(),
            config: None,
            package: None,
        }
    }

    fn satisfies(&self, when: &Condition, files: &Files<'_>, listed: &Listed) -> bool {
        let version = self.version.as_ref();
        let below = |limit: &String| Some(version?.is_below(&Version::parse(limit)?));
        let config = self.config.as_deref().map(path::name);
        let Condition {
            version_below,
            version_from,
            major_below,
            dependency,
            config: files_wanted,
            listed: wanted,
            unless_env,
        } = when;
        version_below.as_ref().is_none_or(|limit| below(limit) == Some(true))
            && version_from.as_ref().is_none_or(|limit| below(limit) == Some(false))
            && major_below.is_none_or(|limit| version.is_some_and(|version| version.major < limit))
            && dependency.as_ref().is_none_or(|name| self.package.as_ref() == Some(name))
            && files_wanted.as_ref().is_none_or(|names| names.iter().any(|name| config == Some(name)))
            && wanted.as_ref().is_none_or(|package| self.manifest.is_some() && listed.lists(package))
            && unless_env.as_ref().is_none_or(|variable| !files.is_set(variable))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::detect;
    use super::*;
    use crate::project::snapshot::Snapshot;

    fn snapshot(files: &[(&str, &str)]) -> Snapshot {
        Snapshot::in_memory(files.iter().map(|(path, text)| (*path, text.as_bytes())))
    }

    fn ids(files: &[(&str, &str)], base: &str) -> Vec<String> {
        detect(&snapshot(files), base, "").frameworks.into_iter().map(|found| found.id).collect()
    }

    #[test]
    fn only_the_most_certain_are_kept_and_generators_come_first() {
        let manifest =
            r#"{"devDependencies": {"hono": "4", "parcel": "2", "ember-cli": "5"}, "dependencies": {"astro": "4"}}"#;
        assert_eq!(ids(&[("package.json", manifest), ("hugo.toml", "")], ""), ["astro", "parcel", "ember", "hono"]);
        assert_eq!(ids(&[("package.json", "{}"), ("hugo.toml", ""), ("next.config.js", "")], ""), ["hugo"]);
    }

    #[test]
    fn a_hoisted_package_is_less_certain_than_a_configuration_file() {
        let files = [("package.json", r#"{"dependencies": {"gatsby": "5"}}"#), ("site/next.config.js", "")];
        assert_eq!(ids(&files, "site"), ["next"]);
        assert_eq!(ids(&files, "other"), ["gatsby"]);
    }

    #[test]
    fn excluded_packages_rule_a_framework_out_but_not_its_configuration_file() {
        let vite = r#"{"dependencies": {"vite": "5", "@sveltejs/kit": "2", "svelte": "4"}}"#;
        assert_eq!(ids(&[("package.json", vite)], ""), ["svelte-kit"]);
        let hydrogen = r#"{"dependencies": {"remix": "1", "@shopify/hydrogen": "2"}}"#;
        assert_eq!(ids(&[("package.json", hydrogen), ("vite.config.ts", "")], ""), ["hydrogen"]);
    }

    #[test]
    fn the_evidence_names_package_range_and_path() {
        let files = [("a/package.json", r#"{"dependencies": {"astro": "^4.2"}}"#), ("astro.config.mjs", "")];
        let found = detect(&snapshot(&files), "a", "").frameworks.remove(0);
        let dependency =
            Evidence::Dependency { package: "astro".into(), requirement: "^4.2".into(), path: "a/package.json".into() };
        assert_eq!(found.because, [dependency, Evidence::Config("astro.config.mjs".into())]);
        assert_eq!((found.version.as_deref(), found.accuracy), (Some("4.2.0"), Accuracy::Npm));
    }

    #[test]
    fn a_committed_package_tells_its_exact_version() {
        let files = [
            ("package.json", r#"{"dependencies": {"astro": "^4.2"}}"#),
            ("node_modules/astro/package.json", r#"{"version": "2.9.1"}"#),
        ];
        let found = detect(&snapshot(&files), "", "").frameworks.remove(0);
        assert_eq!((found.version.as_deref(), found.dev_port), (Some("2.9.1"), Some(3000)));
    }

    #[test]
    fn an_angular_workspace_that_throws_hides_every_framework_and_is_noted() {
        let manifest = ("package.json", r#"{"dependencies": {"@angular/cli": "18.0.0"}}"#);
        let workspace = r#"{"projects": {"app": {"architect": {"build": {"builder": "x:application",
            "options": {"outputPath": {"base": "dist/app"}}}}}}}"#;
        let detection = detect(&snapshot(&[manifest, ("angular.json", workspace)]), "", "");
        assert!(detection.frameworks.is_empty() && detection.settings.is_empty());
        assert_eq!(detection.notes[0].path, "angular.json");
        let plain = workspace.replace(r#"{"base": "dist/app"}"#, r#""dist/app""#);
        let detection = detect(&snapshot(&[manifest, ("angular.json", &plain)]), "", "");
        assert_eq!(detection.frameworks[0].publish_directory.as_deref(), Some("dist/app/browser"));
        assert_eq!(detection.frameworks[0].plugins, ["@netlify/angular-runtime"]);
    }

    #[test]
    fn a_byte_order_mark_hides_the_manifest_from_the_engine() {
        let detection =
            detect(&snapshot(&[("package.json", "\u{feff}{\"dependencies\": {\"astro\": \"4\"}}")]), "", "");
        assert!(detection.frameworks.is_empty() && detection.notes[0].reason.contains("byte order mark"));
    }
}
