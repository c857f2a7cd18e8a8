//! What Render would make of a Blueprint: one group of decisions for every resource.
//!
//! Defaults are those of <https://render.com/docs/blueprint-spec> for a resource that is made today; one that exists
//! keeps what the file does not name.

mod resource;
mod service;
mod unknown;
mod variable;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use crate::platform::render::blueprint::{Resource, Text};
use crate::platform::render::site::RenderSite;
use crate::platform::render::validate::Engine;
use crate::sim::known::Because;
use crate::sim::plan::{Decision, Group};
use crate::sim::stage::Stage;
use crate::text::span::Span;
use crate::text::tree::Node;

pub use unknown::unknowns;

/// Decisions about the Blueprint as a whole.
#[must_use]
pub fn decisions(site: &RenderSite<'_>) -> Vec<Decision> {
    let mut list = List::default();
    let is_open = unknowns(site).iter().any(|unknown| unknown.decides && unknown.stage == Stage::Blueprint);
    let (word, why) = match site.verdict.engine {
        Engine::Rejects => ("refuses the Blueprint", "its messages are on record"),
        _ if is_open => ("unknown", "what it does is not on record"),
        Engine::Accepts | Engine::Unknown => ("accepts the Blueprint", "nothing that it refuses is known"),
    };
    list.judged("validator", word, why);
    let schema = if site.schema.is_valid { "valid" } else { "violated" };
    list.judged("schema", schema, "the published one; Render itself does not go by it");
    let table = &site.blueprint.table;
    let previews = table.get("previews").and_then(|previews| previews.at(&["generation"]));
    match (previews, table.get("previewsEnabled")) {
        (Some(node), _) => list.written("previews", node.as_str().unwrap_or_default(), node.span),
        (None, Some(node)) => {
            let generation = if node.as_bool() == Some(true) { "automatic" } else { "off" };
            list.written("previews", generation, node.span);
        }
        (None, None) => list.fallback("previews", "off", "preview environments are made when they are asked for"),
    }
    list.0
}

/// Decisions about every service, database and environment group, in the order of the file.
#[must_use]
pub fn groups(site: &RenderSite<'_>) -> Vec<Group> {
    let services = site.services().map(|(service, plan)| service::group(site, service, plan));
    let databases = site.blueprint.databases.iter().map(resource::database);
    let groups = site.blueprint.groups.iter().map(resource::group);
    services.chain(databases).chain(groups).collect()
}

/// Decisions in the making.
#[derive(Default)]
struct List(Vec<Decision>);

impl List {
    fn add(&mut self, name: &str, value: impl Into<String>, because: Because) {
        let (name, value) = (name.to_owned(), value.into());
        self.0.push(Decision { name, value, because, overrides: None });
    }

    fn written(&mut self, name: &str, value: impl Into<String>, span: Span) {
        self.add(name, value, Because::Written(span));
    }

    fn fallback(&mut self, name: &str, value: &str, why: &'static str) {
        self.add(name, value, Because::Default(why));
    }

    fn judged(&mut self, name: &str, value: &str, why: &str) {
        self.add(name, value, Because::Detected(why.to_owned()));
    }

    /// The text of a key; without it the default, if there is one.
    fn key(&mut self, name: &str, resource: &Resource, key: &str, default: Option<(&str, &'static str)>) {
        match (resource.text(key), default) {
            (Some(Text { value, span, .. }), _) => self.written(name, value.as_str(), *span),
            (None, Some((value, why))) => self.fallback(name, value, why),
            (None, None) => {}
        }
    }

    /// What a list or mapping says, in words.
    fn described(&mut self, name: &str, resource: &Resource, key: &str, words: impl Fn(&Node) -> Option<String>) {
        let Some((node, span)) = resource.table.get(key).zip(resource.key_span(key)) else { return };
        if let Some(words) = words(node) {
            self.written(name, words, span);
        }
    }

    /// Who may connect from outside of Render.
    fn allowed(&mut self, resource: &Resource, default: Option<&'static str>) {
        match (resource.table.get("ipAllowList"), resource.key_span("ipAllowList"), default) {
            (Some(node), Some(span), _) => {
                let sources = node.as_array().unwrap_or_default().iter().filter_map(|it| it.at(&["source"])?.as_str());
                let sources = sources.collect::<Vec<_>>().join(", ");
                let shown = if sources.is_empty() { "nobody outside of Render".to_owned() } else { sources };
                self.written("connections from", shown, span);
            }
            (_, _, Some(why)) => self.fallback("connections from", "anywhere", why),
            _ => {}
        }
    }
}

/// A list of scalars in one line.
fn joined(node: &Node) -> String {
    node.as_array().unwrap_or_default().iter().filter_map(Node::as_str).collect::<Vec<_>>().join(", ")
}
