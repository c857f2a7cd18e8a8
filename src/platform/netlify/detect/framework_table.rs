//! The frameworks that the platform knows, as data.

use std::collections::HashMap;
use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

const DATA: &str = include_str!("../../data/netlify-frameworks.json");

/// What kind of tool a framework is; of two equally certain ones the earlier kind is named first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Generates a site.
    StaticSiteGenerator,
    /// Bundles or runs tasks.
    BuildTool,
    /// Runs in the browser.
    FrontendFramework,
    /// Runs on a server.
    BackendFramework,
}

/// One framework.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Short name, as settings name it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What kind of tool it is.
    pub category: Category,
    /// Packages of which one must be listed in `dependencies` or `devDependencies`.
    #[serde(default)]
    pub dependencies: Vec<String>,
    /// Packages of which none may be listed, else the packages above do not count.
    #[serde(default)]
    pub excluded: Vec<String>,
    /// Files that give it away, in order of preference.
    #[serde(default)]
    pub config_files: Vec<String>,
    /// What builds it; without one, the package manager's `run build`.
    pub build_command: Option<String>,
    /// Where the build puts the site.
    pub directory: String,
    /// What serves it during development.
    pub dev_command: Option<String>,
    /// The port of the development server.
    pub dev_port: Option<u16>,
    /// Where static files lie that are copied as they are.
    pub static_directory: Option<String>,
    /// Variables that the platform sets.
    #[serde(default)]
    pub env: IndexMap<String, String>,
    /// What differs, and when.
    #[serde(default)]
    pub variants: Vec<Variant>,
}

/// A deviation from a row.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// All of it must hold.
    pub when: Condition,
    /// What then changes.
    pub set: Change,
    /// Whether later variants are passed over when this one applies.
    #[serde(default)]
    pub last: bool,
}

/// When a variant applies. A version that is not known satisfies no condition on versions.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// The version comes before this one.
    pub version_below: Option<String>,
    /// The version is this one or comes after it.
    pub version_from: Option<String>,
    /// The first number of the version is smaller.
    pub major_below: Option<u64>,
    /// This package gave the framework away.
    pub dependency: Option<String>,
    /// One of these configuration files was found.
    pub config: Option<Vec<String>>,
    /// `package.json` lists this package, with a value that counts as true.
    pub listed: Option<String>,
    /// This variable is not set.
    pub unless_env: Option<String>,
}

/// What a variant changes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Another build command.
    pub build_command: Option<String>,
    /// Another publish directory.
    pub directory: Option<String>,
    /// Another development command.
    pub dev_command: Option<String>,
    /// Another port.
    pub dev_port: Option<u16>,
    /// Variables that are set or replaced.
    pub env: IndexMap<String, String>,
    /// A plugin that is recommended.
    pub plugin: Option<String>,
    /// The framework does not count as found.
    pub rejected: bool,
    /// The publish directory is read from this file.
    pub directory_from: Option<String>,
}

/// What a listed package says about a framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is the framework.
    Sign,
    /// It rules the framework out.
    Excluded,
}

/// The rows with an index by package and by configuration file.
#[derive(Debug)]
pub(super) struct FrameworkTable {
    /// All rows, in the engine's order.
    pub(super) rows: Vec<Row>,
    /// Every configuration file of any framework, once.
    pub(super) config_names: Vec<String>,
    /// For each row the numbers of its configuration files.
    pub(super) configs: Vec<Vec<usize>>,
    roles: HashMap<String, Vec<(usize, Role)>>,
}

#[derive(Deserialize)]
struct Data {
    frameworks: Vec<Row>,
}

/// The frameworks that the platform knows, in the engine's order (`build-info/lib/frameworks/index.js`).
#[must_use]
pub fn frameworks() -> &'static [Row] {
    &table().rows
}

pub(super) fn table() -> &'static FrameworkTable {
    static TABLE: OnceLock<FrameworkTable> = OnceLock::new();
    TABLE.get_or_init(|| {
        let data: Data = serde_json::from_str(DATA).expect("internal: the embedded table of frameworks is valid");
        FrameworkTable::new(data.frameworks)
    })
}

impl FrameworkTable {
    fn new(rows: Vec<Row>) -> FrameworkTable {
        let mut names: IndexMap<String, usize> = IndexMap::new();
        let mut roles: HashMap<String, Vec<(usize, Role)>> = HashMap::new();
        let mut configs = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            for (packages, role) in [(&row.dependencies, Role::Sign), (&row.excluded, Role::Excluded)] {
                for package in packages {
                    roles.entry(package.clone()).or_default().push((index, role));
                }
            }
            let mut number = |name: &String| {
                let next = names.len();
                *names.entry(name.clone()).or_insert(next)
            };
            configs.push(row.config_files.iter().map(&mut number).collect());
        }
        FrameworkTable { rows, config_names: names.into_keys().collect(), configs, roles }
    }

    /// What a package says, and about which rows.
    pub(super) fn roles(&self, package: &str) -> &[(usize, Role)] {
        self.roles.get(package).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::version::Version;
    use super::*;

    #[test]
    fn ids_are_unique_and_every_row_can_be_found() {
        let ids: std::collections::HashSet<&str> = frameworks().iter().map(|row| row.id.as_str()).collect();
        assert_eq!((frameworks().len(), ids.len()), (55, 55));
        assert!(frameworks().iter().all(|row| !row.dependencies.is_empty() || !row.config_files.is_empty()));
    }

    #[test]
    fn every_version_in_a_condition_is_exact() {
        let conditions = frameworks().iter().flat_map(|row| &row.variants).map(|variant| &variant.when);
        for version in conditions.flat_map(|when| [&when.version_below, &when.version_from]).flatten() {
            assert!(Version::parse(version).is_some(), "{version}");
        }
    }

    #[test]
    fn a_package_leads_to_its_framework_and_to_those_it_rules_out() {
        let said: Vec<(&str, Role)> =
            table().roles("@sveltejs/kit").iter().map(|(index, role)| (&*table().rows[*index].id, *role)).collect();
        assert_eq!(said, [("svelte", Role::Excluded), ("svelte-kit", Role::Sign), ("vite", Role::Excluded)]);
    }
}
