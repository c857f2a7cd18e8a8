//! Repairs that add variables to a service.

use crate::platform::render::blueprint::Service;
use crate::platform::render::site::RenderSite;
use crate::rule::fix::{Applicability, Fix};
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};

/// Declares variables whose values are asked for in the dashboard, behind the last variable of the service.
pub(super) fn declare(site: &RenderSite<'_>, service: &Service, names: &[&str]) -> Option<Fix> {
    let list = service.table.get("envVars")?;
    let marks = &site.document.marks;
    let last = service.env.last()?;
    if marks.is_shared(list.span)
        || marks.flow.iter().any(|flow| flow.start <= last.span.start && last.span.end <= flow.end)
    {
        return None;
    }
    let text = &site.sources.get(site.file)?.text;
    let start = last.span.start as usize;
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    let indent =
        text.get(line_start..start)?.find('-').filter(|at| text[line_start..line_start + at].trim().is_empty())?;
    let end = last.table.iter().map(|(_, entry)| end_of(&entry.value)).max()?;
    if text.get(..end)?.ends_with('\n') {
        return None;
    }
    let at = end + text[end..].find(['\r', '\n']).unwrap_or(text.len() - end);
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let space = " ".repeat(indent);
    let entry = |name: &&str| format!("{line_end}{space}- key: {name}{line_end}{space}  sync: false");
    let lines: String = names.iter().map(entry).collect();
    let title = format!("declare \"{}\" and ask for the value in the dashboard", names.join("\", \""));
    Some(Fix::replace(Applicability::Safe, title, Span::new(site.file, at, at), lines))
}

/// One past the last byte of a value; a mapping's own span may reach into what follows it.
fn end_of(node: &Node) -> usize {
    match &node.kind {
        Kind::Table(table) => {
            table.iter().map(|(_, entry)| end_of(&entry.value)).max().unwrap_or(node.span.end as usize)
        }
        Kind::Array(items) => items.iter().map(end_of).max().unwrap_or(node.span.end as usize),
        _ => node.span.end as usize,
    }
}
