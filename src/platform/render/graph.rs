//! Who refers to whom in a Blueprint, and variables that wait for each other.

use std::collections::HashMap;

use crate::sim::plan::{Graph, GraphEdge, GraphNode};
use crate::text::span::Span;
use crate::text::tree::Node;

use super::blueprint::{Blueprint, Class, EnvEntry, Resource};
use super::validate::Index;

/// Variables that take their values from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// Each as `service.VARIABLE`; the first stands at the end again.
    pub names: Vec<String>,
    /// The reference of the first.
    pub span: Span,
}

/// Draws the graph of a Blueprint; what it only refers to is a node too.
#[must_use]
pub fn draw(blueprint: &Blueprint) -> Graph {
    let mut drawing = Drawing { index: Index::new(blueprint), numbers: HashMap::new(), graph: Graph::default() };
    for service in &blueprint.services {
        drawing.node(service.name(), service.class.map_or("service", Class::title), Family::Service, true);
    }
    for database in &blueprint.databases {
        drawing.node(database.name(), "database", Family::Database, true);
    }
    for group in &blueprint.groups {
        drawing.node(group.name(), "environment group", Family::Group, true);
    }
    for service in &blueprint.services {
        let from = drawing.node(service.name(), "service", Family::Service, true);
        service.env.iter().for_each(|entry| drawing.edge(from, entry));
    }
    drawing.graph
}

/// Names are unique within a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Family {
    Service,
    Database,
    Group,
}

struct Drawing<'a> {
    index: Index<'a>,
    numbers: HashMap<(Family, String), usize>,
    graph: Graph,
}

impl Drawing<'_> {
    fn node(&mut self, name: &str, kind: &'static str, family: Family, is_declared: bool) -> usize {
        let nodes = &mut self.graph.nodes;
        *self.numbers.entry((family, name.to_owned())).or_insert_with(|| {
            nodes.push(GraphNode { name: name.to_owned(), kind, is_declared });
            nodes.len() - 1
        })
    }

    fn edge(&mut self, from: usize, entry: &EnvEntry) {
        let Some((family, name, span)) = target(entry) else { return };
        let owner = if family == Family::Database { self.index.database(name).map(Resource::name) } else { None };
        let kind = match family {
            Family::Service => "service",
            Family::Database => "database",
            Family::Group => "environment group",
        };
        let to = self.node(owner.unwrap_or(name), kind, family, false);
        let what = entry.key.as_ref().map_or_else(String::new, |key| key.value.clone());
        self.graph.edges.push(GraphEdge { from, to, what, span });
    }
}

/// What a variable refers to.
fn target(entry: &EnvEntry) -> Option<(Family, &str, Span)> {
    if let Some(name) = entry.table.get("fromGroup").and_then(Node::as_str) {
        return Some((Family::Group, name, entry.table.key_span("fromGroup")?));
    }
    let families = [("fromDatabase", Family::Database), ("fromService", Family::Service)];
    families.into_iter().find_map(|(key, family)| {
        let name = entry.table.get(key)?.at(&["name"]).and_then(Node::as_str)?;
        Some((family, name, entry.table.key_span(key)?))
    })
}

/// Finds variables that take their values from each other by `envVarKey`.
#[must_use]
pub fn cycles(blueprint: &Blueprint) -> Vec<Cycle> {
    let mut variables: HashMap<(&str, &str), (&EnvEntry, usize)> = HashMap::new();
    let all =
        blueprint.services.iter().flat_map(|service| service.env.iter().map(move |entry| (service.name(), entry)));
    for (number, (service, entry)) in all.clone().enumerate() {
        if let Some(key) = &entry.key {
            variables.insert((service, &key.value), (entry, number));
        }
    }
    // 0: not yet seen, or the walk on which it was seen.
    let mut seen: HashMap<usize, usize> = HashMap::new();
    let mut found = Vec::new();
    for (walk, (service, entry)) in all.enumerate() {
        let Some(key) = &entry.key else { continue };
        let mut at = (service, key.value.as_str());
        let mut path: Vec<((&str, &str), Span, usize)> = Vec::new();
        while let Some((entry, number)) = variables.get(&at).copied() {
            if let Some(start) =
                path.iter().position(|(_, _, other)| *other == number).filter(|_| seen.get(&number) == Some(&walk))
            {
                found.push(cycle(&path[start..]));
                break;
            }
            if seen.insert(number, walk).is_some() {
                break;
            }
            let Some((next, span)) = step(entry) else { break };
            path.push((at, span, number));
            at = next;
        }
    }
    found
}

fn cycle(path: &[((&str, &str), Span, usize)]) -> Cycle {
    let mut names: Vec<String> = path.iter().map(|((service, key), ..)| format!("{service}.{key}")).collect();
    names.extend(names.first().cloned());
    Cycle { names, span: path.first().map_or(Span::NONE, |(_, span, _)| *span) }
}

/// The variable from which this one takes its value.
fn step(entry: &EnvEntry) -> Option<((&str, &str), Span)> {
    let reference = entry.table.get("fromService")?;
    let text = |key: &str| reference.at(&[key]).and_then(Node::as_str);
    Some(((text("name")?, text("envVarKey")?), entry.table.key_span("fromService")?))
}
