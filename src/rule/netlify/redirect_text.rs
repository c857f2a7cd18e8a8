//! How a redirect is written, and edits that keep it so. Several rules mend redirects in the same ways.

use crate::platform::netlify::routing::Redirect;
use crate::platform::netlify::site::NetlifySite;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::ecma;
use crate::text::span::Span;
use crate::text::tree::{Entry, Kind, Node, Table};

/// The properties that the engine reads, former names included.
pub(super) const REDIRECT_KEYS: [&str; 16] = [
    "from",
    "to",
    "status",
    "force",
    "query",
    "conditions",
    "headers",
    "signed",
    "rate_limit",
    "origin",
    "destination",
    "params",
    "parameters",
    "sign",
    "signing",
    "edge_handler",
];

/// Whether a span lies in a configuration file rather than in `_redirects` or `_headers`.
pub(super) fn is_toml(site: &NetlifySite<'_>, span: Span) -> bool {
    site.resolution.sources.get(span.file).is_some_and(|source| source.name.ends_with(".toml"))
}

/// The list items `key` (`redirects`, `headers`) of the configuration file as written, those of contexts included.
pub(super) fn items<'a>(site: &'a NetlifySite<'_>, key: &str) -> Vec<&'a Node> {
    let root = site.resolution.file.as_ref().and_then(Node::as_table);
    let contexts = root.and_then(|root| root.get("context")?.as_table());
    let contexts = contexts.into_iter().flat_map(Table::iter).filter_map(|(_, entry)| entry.value.as_table());
    let lists = root.into_iter().chain(contexts).filter_map(|table| table.get(key)?.as_array());
    lists.flatten().collect()
}

/// The table of a rule of the configuration file, as written.
pub(super) fn table<'a>(site: &'a NetlifySite<'_>, key: &str, span: Span) -> Option<&'a Table> {
    items(site, key).into_iter().find(|item| item.span == span && span.is_written())?.as_table()
}

/// The text of a file and where a span starts and ends in it.
fn around<'a>(site: &'a NetlifySite<'_>, span: Span) -> Option<(&'a str, usize, usize)> {
    site.written(span)?;
    let text = &site.resolution.sources.get(span.file)?.text;
    Some((text, span.start as usize, span.end as usize))
}

/// The line break that the file uses.
pub(super) fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// A change that adds `key = value` below a key of a table that has a line to itself.
pub(super) fn add_key(site: &NetlifySite<'_>, below: &Entry, key: &str, value: &str) -> Option<Change> {
    let (text, start, _) = around(site, below.key_span)?;
    let (_, _, end) = around(site, below.value.span)?;
    let indent = &text[text[..start].rfind('\n').map_or(0, |at| at + 1)..start];
    let rest = text[end..].find('\n').map_or(&text[end..], |at| &text[end..end + at]);
    let is_alone = indent.trim().is_empty() && (rest.trim().is_empty() || rest.trim_start().starts_with('#'));
    let at = end + rest.trim_end_matches('\r').len();
    let added = format!("{}{indent}{key} = {value}", line_break(text));
    is_alone.then(|| Change::Edit { span: Span::new(below.key_span.file, at, at), text: added })
}

/// Changes that give a redirect a status, forced or not, and leave everything else as it is.
pub(super) fn set_status(
    site: &NetlifySite<'_>,
    redirect: &Redirect,
    code: u16,
    is_forced: bool,
) -> Option<Vec<Change>> {
    if !is_toml(site, redirect.span) {
        return set_status_of_line(site, redirect, code, is_forced).map(|change| vec![change]);
    }
    let table = table(site, "redirects", redirect.span)?;
    let mut changes = Vec::new();
    let below = table.0.get("status").or_else(|| table.0.get("to")).or_else(|| table.0.get("from"))?;
    match redirect.status {
        Some(status) if redirect.code() == Some(f64::from(code)) && site.written(status.span).is_some() => {}
        Some(status) => {
            site.written(status.span)?;
            changes.push(Change::Edit { span: status.span, text: code.to_string() });
        }
        None => changes.push(add_key(site, below, "status", &code.to_string())?),
    }
    match (table.get("force"), is_forced) {
        (Some(force), _) if force.as_bool() != Some(is_forced) => {
            site.written(force.span)?;
            changes.push(Change::Edit { span: force.span, text: is_forced.to_string() });
        }
        (None, true) => changes.push(add_key(site, below, "force", "true")?),
        _ => {}
    }
    Some(changes)
}

fn set_status_of_line(site: &NetlifySite<'_>, redirect: &Redirect, code: u16, is_forced: bool) -> Option<Change> {
    let mark = if is_forced { "!" } else { "" };
    if let Some(status) = redirect.status {
        site.written(status.span)?;
        return Some(Change::Edit { span: status.span, text: format!("{code}{mark}") });
    }
    let (text, start, end) = around(site, redirect.to.span())?;
    let gap = &text[text[..start].trim_end_matches([' ', '\t']).len()..start];
    let span = Span::new(redirect.span.file, end, end);
    Some(Change::Edit { span, text: format!("{gap}{code}{mark}") })
}

/// The whole lines of a redirect, with their last line break: its line, or its table with everything that belongs to it.
fn block(site: &NetlifySite<'_>, redirect: &Redirect) -> Option<(Span, String)> {
    let (text, start, end) = around(site, redirect.span)?;
    let first = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let after = |at: usize| text[at..].find('\n').map_or(text.len(), |found| at + found + 1);
    let mut last = after(end);
    if is_toml(site, redirect.span) {
        if text[first..start].trim() != "" || !text[start..end].starts_with("[[") {
            return None;
        }
        while last < text.len() {
            let line = text[last..after(last)].trim();
            let is_inside =
                line.is_empty() || line.starts_with('#') || line.contains('=') || line.starts_with("[redirects.");
            match is_inside {
                _ if line.starts_with('[') && !line.starts_with("[redirects.") => break,
                true => last = after(last),
                false => return None,
            }
        }
        last = first + text[first..last].trim_end().len();
        last = after(last);
        if ["\"\"\"", "'''"].iter().any(|quotes| text[first..last].contains(quotes)) {
            return None;
        }
    }
    Some((Span::new(redirect.span.file, first, last), text[first..last].to_owned()))
}

/// Changes that move a redirect behind another one of the same file.
pub(super) fn move_behind(site: &NetlifySite<'_>, redirect: &Redirect, last: &Redirect) -> Option<Vec<Change>> {
    if redirect.span.file != last.span.file {
        return None;
    }
    let (from, moved) = block(site, redirect)?;
    let (behind, _) = block(site, last)?;
    let (text, ..) = around(site, redirect.span)?;
    let end = behind.start as usize + text[behind.range()].trim_end_matches(['\r', '\n']).len();
    let newline = line_break(text);
    let gap = if is_toml(site, redirect.span) { newline } else { "" };
    let moved = moved.trim_end_matches(['\r', '\n']);
    let removed = if gap.is_empty() { from } else { with_blank_lines(text, from) };
    Some(vec![
        Change::Edit { span: removed, text: String::new() },
        Change::Edit { span: Span::new(from.file, end, end), text: format!("{newline}{gap}{moved}") },
    ])
}

/// A block with the blank lines that follow it.
fn with_blank_lines(text: &str, block: Span) -> Span {
    let end = block.end as usize;
    let blank = text[end..].len() - text[end..].trim_start_matches([' ', '\t', '\r', '\n']).len();
    let blank = text[end..end + blank].rfind('\n').map_or(0, |at| at + 1);
    Span::new(block.file, block.start as usize, end + blank)
}

/// A rule for people: `"/a" to "/b"`.
pub(super) fn shown(redirect: &Redirect) -> String {
    match redirect.to_text() {
        Some(to) => format!("\"{}\" to \"{to}\"", redirect.from.text),
        None => format!("\"{}\"", redirect.from.text),
    }
}

/// Whether the value is a string.
pub(super) fn is_string(node: &Node) -> bool {
    matches!(node.kind, Kind::String(_))
}

/// A repair that turns the `!` of a status in quotes into a property.
pub(super) fn force_by_property(site: &NetlifySite<'_>, table: &Table, status: &Node, code: f64) -> Option<Fix> {
    site.written(status.span)?;
    let number = Change::Edit { span: status.span, text: ecma::number_to_string(code) };
    let force = match table.get("force") {
        Some(force) => Change::Edit { span: force.span, text: "true".to_owned() },
        None => add_key(site, table.0.get("status")?, "force", "true")?,
    };
    let title = "force the rule by a property of its own".to_owned();
    Some(Fix { title, applicability: Applicability::Review, changes: vec![number, force] })
}
