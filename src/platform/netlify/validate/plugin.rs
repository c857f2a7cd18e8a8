//! Plugins named twice, and plugins of the site that a context repeats.

use std::collections::{HashMap, HashSet};

use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

use super::javascript::to_text;
use super::problem::{Problem, found, shorten};
use super::violation::{Violation, ViolationKind};
use crate::text::ecma::own_entries;

/// Where a configuration comes from (`config/src/origin.js`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The settings of the site.
    Ui,
    /// The configuration file.
    Config,
    /// The command line or the calling program.
    Inline,
}

impl Origin {
    /// The word that the engine puts into the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Ui => "ui",
            Origin::Config => "config",
            Origin::Inline => "inline",
        }
    }
}

/// A context plugin that the engine only warns of, because the site has the plugin for all contexts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextPluginWarning {
    /// The package.
    pub package: String,
    /// The context that repeats it.
    pub context: String,
    /// Where it is repeated.
    pub span: Span,
}

/// A value that can be strictly equal to another one in JavaScript: lists and tables never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Identity<'a> {
    Undefined,
    Null,
    Bool(bool),
    Number(u64),
    Text(&'a str),
}

impl<'a> Identity<'a> {
    fn of(value: Option<&'a Node>) -> Option<Identity<'a>> {
        match value.map(|node| &node.kind) {
            None => Some(Identity::Undefined),
            Some(Kind::Null) => Some(Identity::Null),
            Some(Kind::Bool(truth)) => Some(Identity::Bool(*truth)),
            // Adding zero makes one number of the two zeros.
            Some(Kind::Number(number)) if !number.is_nan() => Some(Identity::Number((number + 0.0).to_bits())),
            Some(Kind::String(text)) => Some(Identity::Text(text)),
            Some(Kind::Number(_) | Kind::Array(_) | Kind::Table(_)) => None,
        }
    }
}

/// Checks that no plugin is named twice in one source or one context (`config/src/validate/identical.js`).
///
/// The plugins may have their `origin` already or not.
///
/// # Errors
///
/// The first plugin that is named again further down.
pub fn identical_plugins(config: &Table, origin: Origin) -> Result<(), Violation> {
    let plugins = config.get("plugins").and_then(Node::as_array).unwrap_or_default();
    let identities: Vec<_> = plugins.iter().map(|plugin| identity(plugin, origin)).collect();
    let mut last: HashMap<_, usize> = HashMap::new();
    for (index, identity) in identities.iter().enumerate() {
        if let Some(identity) = identity {
            last.insert(*identity, index);
        }
    }
    let repeated = identities.iter().enumerate().find_map(|(index, identity)| {
        let again = *last.get(identity.as_ref()?)?;
        (again > index).then_some((index, again, identity.as_ref()?.1))
    });
    let Some((first, again, origin)) = repeated else { return Ok(()) };
    let package = to_text(plugins[first].as_table().and_then(|plugin| plugin.get("package"))).into_owned();
    let place = match origin {
        Identity::Text("config") => "netlify.toml",
        Identity::Text("ui") => "the site settings",
        _ => "one configuration",
    };
    Err(violation(ViolationKind::DuplicatePlugin, package, &plugins[again], Problem::DuplicatePlugin(place)))
}

fn identity(plugin: &Node, origin: Origin) -> Option<(Identity<'_>, Identity<'_>)> {
    let table = plugin.as_table()?;
    let own_origin = table.get("origin");
    let origin = if own_origin.is_some() { Identity::of(own_origin)? } else { Identity::Text(origin.as_str()) };
    Some((Identity::of(table.get("package"))?, origin))
}

/// Checks the plugins of all contexts against those of the site (`config/src/validate/context.js`).
///
/// `contexts` are the tables of all contexts after the sources were merged, `plugins` the merged plugins with their
/// origins, `selected` the deploy context and the branch of the build.
///
/// # Errors
///
/// The first plugin without inputs in a context that is not selected, or that crashes the engine.
pub fn context_plugins(
    contexts: &Table,
    plugins: Option<&Node>,
    selected: &[&str],
) -> Result<Vec<ContextPluginWarning>, Violation> {
    let installed = plugins.and_then(Node::as_array).unwrap_or_default();
    let of_site: HashSet<_> = installed.iter().filter_map(installed_identity).collect();
    let mut warnings = Vec::new();
    for (context, entry) in own_entries(contexts) {
        let repeated = entry.value.at(&["plugins"]).and_then(Node::as_array).unwrap_or_default();
        for plugin in repeated {
            let Some(table) = plugin.as_table() else { continue };
            let package = table.get("package");
            if !Identity::of(package).is_some_and(|identity| of_site.contains(&identity)) {
                continue;
            }
            let name = to_text(package).into_owned();
            if !selected.contains(&context) && lacks_inputs(plugin, table)? {
                let problem = Problem::ContextPlugin(shorten(context));
                return Err(violation(ViolationKind::ContextPlugin, name, plugin, problem));
            }
            warnings.push(ContextPluginWarning { package: name, context: context.to_owned(), span: plugin.span });
        }
    }
    Ok(warnings)
}

fn installed_identity(plugin: &Node) -> Option<Identity<'_>> {
    let table = plugin.as_table()?;
    if table.get("origin")?.as_str()? == Origin::Ui.as_str() { Identity::of(table.get("package")) } else { None }
}

/// Whether `Object.keys(inputs)` is empty, or the type error that it ends in.
fn lacks_inputs(plugin: &Node, table: &Table) -> Result<bool, Violation> {
    let Some(inputs) = table.get("inputs") else { return Ok(true) };
    match &inputs.kind {
        Kind::Null => {
            let span = if inputs.span.is_written() { inputs.span } else { plugin.span };
            Err(Violation::crash("inputs", span, found(inputs)))
        }
        Kind::Table(values) => Ok(values.is_empty()),
        Kind::Array(items) => Ok(items.is_empty()),
        Kind::String(text) => Ok(text.is_empty()),
        Kind::Bool(_) | Kind::Number(_) => Ok(true),
    }
}

fn violation(kind: ViolationKind, package: String, plugin: &Node, problem: Problem) -> Violation {
    let table = plugin.as_table();
    let span = table.and_then(|table| table.get("package")).map(|package| package.span);
    let key_span = table.and_then(|table| table.key_span("package")).filter(|span| span.is_written());
    Violation {
        kind,
        property: Some(package.clone()),
        name: package,
        span: span.filter(|span| span.is_written()).unwrap_or(plugin.span),
        key_span,
        problem: Box::new(problem),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::platform::netlify::validate::sample;

    fn duplicate(plugins: Value) -> Option<String> {
        let config = sample::table(json!({"plugins": plugins}));
        identical_plugins(&config, Origin::Config).err().and_then(|violation| violation.property)
    }

    #[test]
    fn the_first_plugin_that_comes_again_is_named() {
        let plugins = json!([{"package": "a"}, {"package": "b"}, {"package": "c"}, {"package": "c"}, {"package": "b"}]);
        assert_eq!(duplicate(plugins).as_deref(), Some("b"));
        assert_eq!(duplicate(json!([{"package": "a"}, {"package": "A"}])), None);
    }

    #[test]
    fn plugins_are_compared_as_javascript_compares() {
        assert_eq!(duplicate(json!([{}, {}])).as_deref(), Some("undefined"));
        assert_eq!(duplicate(json!([{"package": null}, {}, {"package": null}])).as_deref(), Some("null"));
        assert_eq!(duplicate(json!([{"package": 0}, {"package": -0.0}])).as_deref(), Some("0"));
        assert_eq!(duplicate(json!([{"package": 1}, {"package": "1"}])), None);
        assert_eq!(duplicate(json!([{"package": []}, {"package": []}])), None);
        assert_eq!(duplicate(json!([{"package": "a"}, {"package": "a", "origin": "ui"}])), None);
        assert_eq!(duplicate(json!([{"package": "a"}, {"package": "a", "origin": "config"}])).as_deref(), Some("a"));
    }

    #[test]
    fn the_second_mention_is_the_place() {
        let config = sample::table(json!({"plugins": [{"package": "a"}, {"package": "a"}]}));
        let second = config.get("plugins").unwrap().as_array().unwrap()[1].clone();
        let violation = identical_plugins(&config, Origin::Ui).unwrap_err();
        assert_eq!(violation.span, second.at(&["package"]).unwrap().span);
        assert!(violation.to_string().contains("the site settings"));
    }

    #[test]
    fn many_plugins_are_compared_in_linear_time() {
        let many: Vec<Value> = (0..100_000).map(|number| json!({"package": number.to_string()})).collect();
        assert_eq!(duplicate(json!(many)), None);
    }

    fn repeated(contexts: Value, selected: &[&str]) -> Result<usize, Violation> {
        let plugins = sample::node(json!([{"package": "a", "origin": "ui"}, {"package": "b", "origin": "config"}]));
        context_plugins(&sample::table(contexts), Some(&plugins), selected).map(|warnings| warnings.len())
    }

    #[test]
    fn a_site_plugin_in_a_context_needs_inputs_or_the_context() {
        let context = json!({"production": {"plugins": [{"package": "a"}, {"package": "b"}]}});
        let violation = repeated(context.clone(), &["dev", "main"]).unwrap_err();
        assert_eq!((violation.kind, violation.property.as_deref()), (ViolationKind::ContextPlugin, Some("a")));
        assert_eq!(repeated(context, &["production", "main"]), Ok(1));
        assert_eq!(repeated(json!({"x": {"plugins": [{"package": "a", "inputs": {"b": 1}}]}}), &["dev"]), Ok(1));
        assert_eq!(repeated(json!({"x": {"plugins": [{"package": "a", "inputs": "text"}]}}), &["dev"]), Ok(1));
        assert!(repeated(json!({"x": {"plugins": [{"package": "a", "inputs": 5}]}}), &["dev"]).is_err());
    }

    #[test]
    fn inputs_that_are_null_crash_the_engine() {
        let violation = repeated(json!({"x": {"plugins": [{"package": "a", "inputs": null}]}}), &["dev"]).unwrap_err();
        assert_eq!((violation.kind, violation.kind.error_type()), (ViolationKind::EngineCrash, "unexpected"));
    }
}
