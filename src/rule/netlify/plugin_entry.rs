//! Repairs of entries of `plugins` that are not accepted.

use crate::platform::netlify::site::NetlifySite;
use crate::platform::netlify::validate::{PLUGIN_NAMES, check_npm_name};
use crate::rule::fix::{Applicability, Fix};
use crate::text::edit::Edit;
use crate::text::span::Span;
use crate::text::suggest;
use crate::text::toml::outline;
use crate::text::tree::{Kind, Node, Table};

use super::property;

/// Most entries for which renaming is worked out.
const MOST_ENTRIES: usize = 100;

/// All entries with the names of today; none when a name is left that has no counterpart.
pub(super) fn renamed(site: &NetlifySite<'_>) -> Option<Fix> {
    let (file, source) = site.config_source()?;
    let outline = outline::outline(&source.text);
    let mut edits: Vec<Edit> = Vec::new();
    let entries = property::entries(site, "plugins");
    for entry in entries.iter().filter(|_| entries.len() <= MOST_ENTRIES) {
        let mut taken: Vec<&str> = Vec::new();
        for (name, value) in entry.iter().filter(|(name, _)| !PLUGIN_NAMES.contains(name) && *name != "origin") {
            let new = counterpart(name, &value.value)?;
            if entry.contains_key(new) || taken.contains(&new) {
                return None;
            }
            taken.push(new);
            edits.extend(outline.rename(&source.text, value.key_span.range(), new)?);
        }
        if !entry.contains_key("package") && !taken.contains(&"package") {
            return None;
        }
    }
    edits.sort_by_key(|edit| edit.range.start);
    edits.dedup();
    let title = "use the names \"package\" and \"inputs\"";
    (!edits.is_empty()).then(|| Fix::edits(Applicability::Safe, title, file, edits))
}

fn counterpart(name: &str, value: &Node) -> Option<&'static str> {
    let found = match (name, &value.kind) {
        ("type" | "name" | "id" | "plugin" | "path" | "src", Kind::String(_)) => "package",
        ("config" | "options" | "settings", Kind::Table(_)) => "inputs",
        ("version", Kind::String(_)) => "pinned_version",
        _ => suggest::nearest(name, PLUGIN_NAMES)?,
    };
    let wants_table = found == "inputs";
    (wants_table == matches!(value.kind, Kind::Table(_))).then_some(found)
}

/// The bare name, with the version on a line of its own.
pub(super) fn without_version(site: &NetlifySite<'_>, span: Span) -> Option<Fix> {
    let written = site.written(span)?;
    let quote = written.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let (name, version) = written.trim_matches(quote).rsplit_once('@')?;
    check_npm_name(name).ok()?;
    let is_version = version.starts_with(|c: char| c.is_ascii_digit() || c == '^' || c == '~')
        && version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+^~".contains(&byte));
    let entry: &Table = property::entries(site, "plugins")
        .into_iter()
        .find(|entry| entry.get("package").is_some_and(|it| it.span == span))?;
    let (_, source) = site.config_source()?;
    let before = &source.text[..span.range().start];
    let line = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let key = line.trim_start();
    let stands_alone = key.starts_with("package")
        && source.text[span.range().end..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
    let text = match version {
        "latest" => format!("{quote}{name}{quote}"),
        _ if is_version && stands_alone && !entry.contains_key("pinned_version") => {
            let indent = &line[..line.len() - key.len()];
            let line_break = if source.text.contains("\r\n") { "\r\n" } else { "\n" };
            format!("{quote}{name}{quote}{line_break}{indent}pinned_version = {quote}{version}{quote}")
        }
        _ => return None,
    };
    Some(Fix::replace(Applicability::Safe, "name the package alone", span, text))
}
