//! Plugins named twice, and plugins of the site that a context repeats.

use std::collections::{HashMap, HashSet};

use crate::text::span::Span;
use crate::text::tree::{Kind, Node, Table};

use super::javascript::to_text;
use super::problem::{Problem, found};
use super::violation::{Violation, ViolationKind};

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
    for (context, entry) in super::javascript::entries(contexts) {
        let repeated = entry.value.at(&["plugins"]).and_then(Node::as_array).unwrap_or_default();
        for plugin in repeated {
            let Some(table) = plugin.as_table() else { continue };
            let package = table.get("package");
            if !Identity::of(package).is_some_and(|identity| of_site.contains(&identity)) {
                continue;
            }
            let name = to_text(package).into_owned();
            if !selected.contains(&context) && lacks_inputs(plugin, table)? {
                let problem = Problem::ContextPlugin(super::problem::shorten(context));
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
