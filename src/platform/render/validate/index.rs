//! Resources by name.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::platform::render::blueprint::{Blueprint, Resource, Scope, Service};
use crate::text::suggest;
use crate::text::tree::{Node, Table};

/// Names that are compared with one that is not there, so that many of both stay cheap.
const MAX_CANDIDATES: usize = 256;

/// Who is called what in one Blueprint.
#[derive(Debug, Default)]
pub struct Index<'a> {
    /// Services; the first of a name counts.
    services: BTreeMap<&'a str, &'a Service>,
    /// Databases and their read replicas; the last of a name counts.
    databases: BTreeMap<&'a str, &'a Resource>,
    groups: BTreeMap<&'a str, &'a Resource>,
    build_sources: HashSet<&'a str>,
    /// The variables of every service, and whether it takes some from a group.
    variables: HashMap<&'a str, (HashSet<&'a str>, bool)>,
}

impl<'a> Index<'a> {
    /// Lists the names of a Blueprint.
    #[must_use]
    pub fn new(blueprint: &'a Blueprint) -> Index<'a> {
        let mut index = Index::default();
        for service in &blueprint.services {
            if let Some(name) = written_name(service) {
                index.services.entry(name).or_insert(service);
            }
        }
        for database in &blueprint.databases {
            let replicas = list(&database.table, "readReplicas").filter_map(Node::as_table);
            let names = std::iter::once(&database.table).chain(replicas).filter_map(name_of);
            index.databases.extend(names.map(|name| (name, database)));
        }
        index.groups = blueprint.groups.iter().filter_map(|group| Some((written_name(group)?, group))).collect();
        let projects = list(&blueprint.table, "projects").filter_map(Node::as_table);
        let ungrouped = blueprint.table.get("ungrouped").and_then(Node::as_table);
        let holders = std::iter::once(&blueprint.table).chain(ungrouped).chain(projects);
        let sources = holders.flat_map(|holder| list(holder, "buildSources")).filter_map(Node::as_table);
        index.build_sources = sources.filter_map(name_of).collect();
        index.variables = index.services.iter().map(|(name, service)| (*name, variables(service))).collect();
        index
    }

    /// The service of this name.
    #[must_use]
    pub fn service(&self, name: &str) -> Option<&'a Service> {
        self.services.get(name).copied()
    }

    /// The database of this name, or the one that has a read replica of this name.
    #[must_use]
    pub fn database(&self, name: &str) -> Option<&'a Resource> {
        self.databases.get(name).copied()
    }

    /// The environment group of this name.
    #[must_use]
    pub fn group(&self, name: &str) -> Option<&'a Resource> {
        self.groups.get(name).copied()
    }

    /// Whether a build source has this name.
    #[must_use]
    pub fn has_build_source(&self, name: &str) -> bool {
        self.build_sources.contains(name)
    }

    /// Whether a service may have a variable: it lists it, or takes variables from a group.
    #[must_use]
    pub fn may_have_variable(&self, service: &str, variable: &str) -> bool {
        self.variables.get(service).is_none_or(|(names, takes_groups)| *takes_groups || names.contains(variable))
    }

    /// The service whose name is nearest to this one.
    #[must_use]
    pub fn nearest_service(&self, name: &str) -> Option<&'a str> {
        suggest::nearest(name, self.services.keys().copied().take(MAX_CANDIDATES))
    }

    /// The database whose name is nearest to this one.
    #[must_use]
    pub fn nearest_database(&self, name: &str) -> Option<&'a str> {
        suggest::nearest(name, self.databases.keys().copied().take(MAX_CANDIDATES))
    }

    /// The environment group whose name is nearest to this one.
    #[must_use]
    pub fn nearest_group(&self, name: &str) -> Option<&'a str> {
        suggest::nearest(name, self.groups.keys().copied().take(MAX_CANDIDATES))
    }
}

/// Whether two resources stand in two environments, which cannot see each other.
pub(super) fn are_apart(one: &Scope, other: &Scope) -> bool {
    matches!((one, other), (Scope::Environment(..), Scope::Environment(..))) && one != other
}

/// The items of a list; none when the key holds something else.
pub(super) fn list<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = &'a Node> {
    table.get(key).and_then(Node::as_array).into_iter().flatten()
}

fn name_of(table: &Table) -> Option<&str> {
    table.get("name").and_then(Node::as_str)
}

/// The name of a resource, when it is a string.
pub(super) fn written_name(resource: &Resource) -> Option<&str> {
    name_of(&resource.table)
}

fn variables(service: &Service) -> (HashSet<&str>, bool) {
    let names = service.env.iter().filter_map(|entry| entry.table.get("key").and_then(Node::as_str)).collect();
    (names, service.env.iter().any(|entry| entry.table.contains_key("fromGroup")))
}
