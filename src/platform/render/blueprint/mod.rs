//! A Blueprint as the real validator reads it: text where the schema has types, legacy names beside the new ones.

mod kind;
mod resource;
mod text;

use crate::text::tree::{Node, Table};

pub use kind::{Class, Runtime};
pub use resource::{EnvEntry, Resource, Scope, Service};
pub use text::Text;

/// What a Blueprint declares, in the order of the file, wherever it stands: at the root, under `ungrouped`, or in an
/// environment of a project (<https://render.com/docs/blueprint-spec>).
#[derive(Debug, Clone, Default)]
pub struct Blueprint {
    /// Services of all types, key value instances included.
    pub services: Vec<Service>,
    /// Postgres databases.
    pub databases: Vec<Resource>,
    /// Environment groups.
    pub groups: Vec<Resource>,
    /// All keys of the file.
    pub table: Table,
}

/// The lists of resources that a scope may hold.
const LISTS: [&str; 3] = ["services", "databases", "envVarGroups"];

impl Blueprint {
    /// Reads the tree of a Blueprint; parts that have another shape are passed over.
    #[must_use]
    pub fn read(root: &Node, source: &str) -> Blueprint {
        let Some(table) = root.as_table() else { return Blueprint::default() };
        let mut blueprint = Blueprint { table: table.clone(), ..Blueprint::default() };
        blueprint.read_scope(table, &Scope::Root, "", source);
        if let Some(ungrouped) = table.get("ungrouped").and_then(Node::as_table) {
            blueprint.read_scope(ungrouped, &Scope::Ungrouped, "ungrouped.", source);
        }
        for (index, project) in items(table, "projects") {
            let Some(project) = project.as_table() else { continue };
            for (inner, environment) in items(project, "environments") {
                let Some(environment) = environment.as_table() else { continue };
                let scope = Scope::Environment(index, inner);
                let prefix = format!("projects[{index}].environments[{inner}].");
                blueprint.read_scope(environment, &scope, &prefix, source);
            }
        }
        blueprint
    }

    fn read_scope(&mut self, table: &Table, scope: &Scope, prefix: &str, source: &str) {
        for list in LISTS {
            for (index, node) in items(table, list) {
                let path = format!("{prefix}{list}[{index}]");
                let Some(resource) = Resource::read(node, path, scope.clone(), source) else { continue };
                match list {
                    "services" => self.services.push(Service::new(resource)),
                    "databases" => self.databases.push(resource),
                    _ => self.groups.push(resource),
                }
            }
        }
    }
}

fn items<'a>(table: &'a Table, key: &str) -> impl Iterator<Item = (usize, &'a Node)> {
    table.get(key).and_then(Node::as_array).into_iter().flatten().enumerate()
}
