//! One job of a workflow.

use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

use super::{Defaults, MAX_STEPS, Permissions, Step, Text, Variables, expression};

/// The jobs that must end before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// Their names.
    pub list: Vec<Text>,
    /// Whether all of them could be read.
    pub is_known: bool,
}

/// The environment that a job deploys to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: Option<Text>,
    /// Where it is written.
    pub span: Span,
}

/// How often a job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matrix {
    /// Once.
    None,
    /// This many times.
    Known(usize),
    /// Only a run would tell.
    Unknown,
}

/// One job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its name in the file.
    pub id: String,
    /// Where the name is written.
    pub key_span: Span,
    /// The jobs that must end before.
    pub needs: Needs,
    /// `if`.
    pub condition: Option<Text>,
    /// `runs-on`.
    pub runs_on: Option<Text>,
    /// What its token may do.
    pub permissions: Option<Permissions>,
    /// Where it deploys to.
    pub environment: Option<Environment>,
    /// Its variables.
    pub variables: Variables,
    /// What its steps do when they say nothing.
    pub defaults: Defaults,
    /// The reusable workflow that it calls.
    pub uses: Option<Text>,
    /// Whether it runs in a container of its own.
    pub has_container: bool,
    /// How often it runs.
    pub matrix: Matrix,
    /// Where the matrix is written.
    pub matrix_span: Span,
    /// Its steps.
    pub steps: Vec<Step>,
}

impl Job {
    pub(super) fn read(id: &str, entry: &Entry, source: &str) -> Option<Job> {
        let table = entry.value.as_table()?;
        let text = |key: &str| Text::read(table.get(key)?, source);
        let steps = table.get("steps").and_then(Node::as_array).unwrap_or_default();
        let steps = steps.iter().take(MAX_STEPS).enumerate();
        let matrix = entry.value.at(&["strategy", "matrix"]);
        Some(Job {
            id: id.to_owned(),
            key_span: entry.key_span,
            needs: needs(table.get("needs"), source),
            condition: text("if"),
            runs_on: text("runs-on"),
            permissions: table.0.get("permissions").map(|entry| Permissions::read(entry, source)),
            environment: table.get("environment").and_then(|node| environment(node, source)),
            variables: Variables::read(table.get("env"), source),
            defaults: Defaults::read(table, source),
            uses: text("uses"),
            has_container: table.contains_key("container"),
            matrix: matrix.map_or(Matrix::None, |node| size(node, source)),
            matrix_span: matrix.map_or(Span::NONE, |node| node.span),
            steps: steps.filter_map(|(index, step)| Step::read(index, step, source)).collect(),
        })
    }

    /// Whether it runs whenever the jobs before it went well.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.condition.as_ref().is_none_or(|text| expression::is_trivial(&text.value))
    }

    /// Whether its commands run in bash on a machine of GitHub's: not on Windows, nowhere that is not known.
    #[must_use]
    pub fn is_on_known_machine(&self) -> bool {
        let name = self.runs_on.as_ref().and_then(Text::plain).unwrap_or_default();
        !self.has_container && (name.starts_with("ubuntu-") || name.starts_with("macos-"))
    }
}

fn needs(node: Option<&Node>, source: &str) -> Needs {
    let Some(node) = node else { return Needs { list: Vec::new(), is_known: true } };
    let list: Option<Vec<Text>> = match &node.kind {
        Kind::Array(items) => items.iter().map(|item| Text::read(item, source)).collect(),
        _ => Text::read(node, source).map(|text| vec![text]),
    };
    Needs { is_known: list.is_some(), list: list.unwrap_or_default() }
}

fn environment(node: &Node, source: &str) -> Option<Environment> {
    let name = match &node.kind {
        Kind::Table(table) => table.get("name").and_then(|name| Text::read(name, source)),
        Kind::Null => return None,
        _ => Text::read(node, source),
    };
    Some(Environment { name, span: node.span })
}

/// The number of combinations of a matrix.
fn size(node: &Node, source: &str) -> Matrix {
    let Some(table) = node.as_table() else { return Matrix::Unknown };
    if table.contains_key("exclude") || table.contains_key("include") {
        return of_includes(table, source);
    }
    let mut count: usize = 1;
    for (_, entry) in table.iter() {
        match entry.value.as_array() {
            Some(values) => count = count.saturating_mul(values.len()),
            None => return Matrix::Unknown,
        }
    }
    if table.is_empty() { Matrix::None } else { Matrix::Known(count) }
}

/// A matrix of nothing but entries that are written out.
fn of_includes(table: &Table, _: &str) -> Matrix {
    match table.get("include").and_then(Node::as_array) {
        Some(entries) if table.len() == 1 => Matrix::Known(entries.len()),
        _ => Matrix::Unknown,
    }
}
