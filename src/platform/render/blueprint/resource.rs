//! Services, databases and groups of a Blueprint.

use crate::project::path::join;
use crate::text::span::Span;
use crate::text::tree::{Node, Table};

use super::{Class, Runtime, Text};

/// Where a resource is declared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// At the root of the file.
    Root,
    /// Under `ungrouped`.
    Ungrouped,
    /// In an environment: index of the project, index of the environment.
    Environment(usize, usize),
}

/// One entry of `services`, `databases` or `envVarGroups`.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its path in Render's own notation: `services[0]`.
    pub path: String,
    /// Where it is declared.
    pub scope: Scope,
    /// The entry.
    pub span: Span,
    /// Its keys.
    pub table: Table,
    texts: Vec<(String, Text)>,
    /// Its variables.
    pub env: Vec<EnvEntry>,
}

/// One entry of `envVars`.
#[derive(Debug, Clone)]
pub struct EnvEntry {
    /// Its path: `services[0].envVars[2]`.
    pub path: String,
    /// The entry.
    pub span: Span,
    /// The variable's name.
    pub key: Option<Text>,
    /// Its value, if it is written out.
    pub value: Option<Text>,
    /// All keys of the entry: `sync`, `generateValue`, `fromDatabase`, `fromService`, `fromGroup`, `previewValue`.
    pub table: Table,
}

impl Resource {
    /// Reads an entry; none when it is no mapping.
    #[must_use]
    pub fn read(node: &Node, path: String, scope: Scope, source: &str) -> Option<Resource> {
        let table = node.as_table()?.clone();
        let text = |(key, entry): (&str, &_)| Text::read(entry, source).map(|text| (key.to_owned(), text));
        let texts = table.iter().filter_map(text).collect();
        let variables = table.get("envVars").and_then(Node::as_array).into_iter().flatten().enumerate();
        let env = variables
            .filter_map(|(index, node)| EnvEntry::read(node, format!("{path}.envVars[{index}]"), source))
            .collect();
        Some(Resource { path, scope, span: node.span, table, texts, env })
    }

    /// The text of a key, if it is set to a scalar.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&Text> {
        self.texts.iter().find(|(known, _)| known == key).map(|(_, text)| text)
    }

    /// The value of a key as text; empty when it is not set.
    #[must_use]
    pub fn value(&self, key: &str) -> &str {
        self.text(key).map_or("", |text| &text.value)
    }

    /// Its name; empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.value("name")
    }

    /// Where the key is written, if it is.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.table.key_span(key)
    }

    /// The value of a variable that is written out; the last entry wins.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Text> {
        let entry = self.env.iter().rev().find(|entry| entry.key.as_ref().is_some_and(|key| key.value == name))?;
        entry.value.as_ref()
    }
}

impl EnvEntry {
    fn read(node: &Node, path: String, source: &str) -> Option<EnvEntry> {
        let table = node.as_table()?.clone();
        let key = Text::of(&table, "key", source);
        let value = Text::of(&table, "value", source);
        Some(EnvEntry { path, span: node.span, key, value, table })
    }
}

/// One entry of `services`.
#[derive(Debug, Clone)]
pub struct Service {
    /// The entry.
    pub resource: Resource,
    /// What it is; none when `type` is missing or unknown.
    pub class: Option<Class>,
    /// What it is built with, from `runtime` or its old name `env`.
    pub runtime: Option<Runtime>,
}

impl std::ops::Deref for Service {
    type Target = Resource;

    fn deref(&self) -> &Resource {
        &self.resource
    }
}

impl Service {
    pub(super) fn new(resource: Resource) -> Service {
        let runtime = resource.text("runtime").or_else(|| resource.text("env"));
        let runtime = runtime.and_then(|word| Runtime::of(&word.value));
        let class = Class::of(resource.value("type"), runtime);
        Service { resource, class, runtime }
    }

    /// The key that names the runtime, as it is spelt in the file.
    #[must_use]
    pub fn runtime_text(&self) -> Option<&Text> {
        self.text("runtime").or_else(|| self.text("env"))
    }

    /// `rootDir` as a repository path; empty for the repository's root, none when it leads out of the repository.
    #[must_use]
    pub fn root_dir(&self) -> Option<String> {
        join("", self.value("rootDir").trim_start_matches('/'))
    }
}
