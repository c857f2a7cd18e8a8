//! Moves a database that is written as a service to where databases are declared.

use crate::platform::render::blueprint::Resource;
use crate::platform::render::site::RenderSite;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};

use super::{edit::Editor, variable};

/// The keys of a service that mean the same on a database.
const SHARED: [&str; 7] = ["name", "databaseName", "user", "plan", "region", "postgresMajorVersion", "diskSizeGB"];

/// Keys that only say that it is a database.
const KINDS: [&str; 3] = ["type", "runtime", "env"];

/// Whether a word names a database instead of a type of service.
pub(super) fn is_database(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "postgres" | "postgresql" | "database" | "db" | "pgsql")
}

/// Whether the file itself takes a service for a database: another one asks it for a connection string.
pub(super) fn is_asked(site: &RenderSite<'_>, resource: &Resource) -> bool {
    let services = site.blueprint.services.iter();
    let mut entries = services.flat_map(|service| &service.env).filter_map(|entry| entry.table.get("fromDatabase"));
    let name = resource.name();
    !name.is_empty() && entries.any(|from| from.at(&["name"]).and_then(Node::as_str) == Some(name))
}

/// Cuts the service out and declares a database at the end of a file that declares none.
pub(super) fn moved(site: &RenderSite<'_>, resource: &Resource) -> Option<Fix> {
    let editor = Editor::of(site);
    let text = site.sources.get(site.file)?.text.as_str();
    let root = site.document.root.as_ref()?.as_table()?;
    let is_one_of_several = root.get("services")?.as_array()?.len() > 1;
    let is_known = |key: &str| SHARED.contains(&key) || KINDS.contains(&key);
    let is_simple = is_one_of_several
        && !root.contains_key("databases")
        && resource.table.contains_key("name")
        && resource.table.iter().all(|(key, entry)| is_known(key) && is_scalar(&entry.value, text));
    let item =
        variable::item(text, &resource.table).filter(|_| is_simple && !site.document.marks.is_flow(resource.span))?;
    let written = |key: &str| Some(format!("{key}: {}", editor.written(resource.table.get(key)?.span)));
    let lines: Vec<String> = SHARED.iter().filter_map(|key| written(key)).collect();
    let gap = if text.ends_with('\n') { "\n" } else { "\n\n" };
    let declared = format!("{gap}databases:\n  - {}\n", lines.join("\n    "));
    let span = |start, end| Span::new(site.file, start, end);
    let cut = Change::Edit { span: span(item.start, item.end), text: String::new() };
    let added = Change::Edit { span: span(text.len(), text.len()), text: declared };
    let title = format!("declare \"{}\" below \"databases\"", resource.value("name"));
    editor.fix(Applicability::Review, title, [Some(cut), Some(added)])
}

fn is_scalar(value: &Node, text: &str) -> bool {
    let is_simple = !matches!(value.kind, Kind::Array(_) | Kind::Table(_) | Kind::Null);
    is_simple && text.get(value.span.range()).is_some_and(|written| !written.contains('\n'))
}
