//! What the published schema of Blueprints says about a file.
//!
//! The schema is data (`data/render-schema.json`, as served at <https://render.com/schema/render.yaml.json>; the date is
//! in `data/render-schema.source.json`). Verdicts are those of `ajv`; the violations are ours: of several forms that an
//! entry may have, only the one that its author meant is compared (`type` and `runtime` of a service, the source of a
//! variable). This judge is not the one that Render deploys by: `env` for `runtime` violates the schema and works.

mod collect;
mod evident;
mod message;
mod rule;
mod uri;
mod validate;

use std::sync::LazyLock;

use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node};
use crate::text::yaml::Document;

use self::collect::Collector;
use self::rule::Schema;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

const DATA: &str = include_str!("../../data/render-schema.json");
const SOURCE: &str = include_str!("../../data/render-schema.source.json");

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::compile(DATA));

/// A place where a Blueprint is not what the schema asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// The entry in Render's notation: `services[0].plan`; for a missing key the entry that lacks it.
    pub path: String,
    /// The keyword of the schema, as `ajv` names it.
    pub keyword: &'static str,
    /// The key that is wrong or missing, or the last key of the path.
    pub key: String,
    /// What is wrong and what would be accepted.
    pub message: String,
    /// Where the entry begins: its key, or the item of a list.
    pub place: Span,
    /// What to underline: an unknown key, a wrong value, or the entry that lacks a key.
    pub span: Span,
    /// Whether a text is accepted where something else stands.
    pub takes_text: bool,
    /// Whether a truth value is accepted there.
    pub takes_truth: bool,
    /// The accepted values, or the keys that the entry takes.
    pub accepted: Vec<&'static str>,
    /// The accepted name that was probably meant.
    pub suggestion: Option<&'static str>,
}

/// What the schema says about a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judgement {
    /// Whether the document is valid; that is so exactly when there are no violations.
    pub is_valid: bool,
    /// The violations in the order of the text.
    pub violations: Vec<Violation>,
}

/// Judges a document that is valid YAML; `source` is its text.
#[must_use]
pub fn judge(document: &Document, source: &str, file: FileId) -> Judgement {
    let nothing = Node { kind: Kind::Null, span: Span::new(file, 0, 0) };
    let root = document.root.as_ref().unwrap_or(&nothing);
    let schema = &*SCHEMA;
    if schema.is_valid(root) {
        return Judgement { is_valid: true, violations: Vec::new() };
    }
    Judgement { is_valid: false, violations: Collector::new(schema, document, source).collect(root, file) }
}

/// The values that the schema accepts under a name of its `definitions`: `serverPlan`, `region`, `runtime`.
///
/// Empty for a name that it does not have.
#[must_use]
pub fn values(definition: &str) -> &'static [String] {
    let schema: &'static Schema = &SCHEMA;
    schema.definition(definition).map_or(&[], |rule| schema.rule(rule).values.as_slice())
}

/// The keys that the schema knows under a name of its `definitions`: `serverService`, `database`.
#[must_use]
pub fn keys(definition: &str) -> Vec<&'static str> {
    let schema: &'static Schema = &SCHEMA;
    schema.definition(definition).map_or_else(Vec::new, |rule| schema.keys(rule))
}

/// The day on which the schema was last fetched: `2026-10-02`.
#[must_use]
pub fn seen() -> &'static str {
    let (_, rest) = SOURCE.split_once("\"seen\": \"").unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}
