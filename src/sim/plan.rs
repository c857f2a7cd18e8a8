//! What a platform would do with a site, as lines for people and programs.

use crate::text::span::Span;

use super::known::Because;
use super::stage::Stage;

/// One decision of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is decided: `publish`, `command`, `node`.
    pub name: String,
    /// The value, as a person would write it.
    pub value: String,
    /// Why it is so.
    pub because: Because,
    /// What it overrides, in words.
    pub overrides: Option<String>,
}

/// One step of a build, in the order in which the platform takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The stage it belongs to.
    pub stage: Stage,
    /// The event, as the platform's own plan names it (`onBuild`).
    pub event: &'static str,
    /// The step (`build.command from netlify.toml`).
    pub name: String,
}

/// Something that the files do not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The stage whose outcome hangs on it.
    pub stage: Stage,
    /// What is not known, in one clause.
    pub what: String,
    /// The verdict that it would change, in one clause.
    pub would_change: String,
    /// How to say it.
    pub tell: Option<String>,
    /// Whether the site's status is `unknown` because of it.
    pub decides: bool,
}

/// Who refers to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// Everything that refers or is referred to.
    pub nodes: Vec<GraphNode>,
    /// The references.
    pub edges: Vec<GraphEdge>,
}

/// Something that refers or is referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphNode {
    /// Its name.
    pub name: String,
    /// What it is, for people: `web service`.
    pub kind: &'static str,
    /// Whether the files declare it; otherwise it may or may not exist.
    pub is_declared: bool,
}

/// One reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// Index of the node that refers.
    pub from: usize,
    /// Index of the node that is referred to.
    pub to: usize,
    /// What for: the name of a variable.
    pub what: String,
    /// Where it is written.
    pub span: Span,
}
