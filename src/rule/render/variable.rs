//! Repairs that add variables to a service.

use crate::platform::render::blueprint::Service;
use crate::platform::render::service::end_of;
use crate::platform::render::site::RenderSite;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::tree::Table;

use super::{edit::Editor, remark};

/// Declares variables whose values are asked for in the dashboard, behind the last variable of the service.
pub(super) fn declare(site: &RenderSite<'_>, service: &Service, names: &[&str]) -> Option<Fix> {
    let lines = |name: &&str| [format!("- key: {name}"), "  sync: false".to_owned()];
    let change = insert(site, service, &names.iter().flat_map(lines).collect::<Vec<_>>())?;
    let title = format!("declare \"{}\" and ask for the value in the dashboard", names.join("\", \""));
    Some(Fix { title, applicability: Applicability::Safe, changes: vec![change] })
}

/// Writes lines behind the last variable of a service, or a list of variables where there is none.
pub(super) fn insert(site: &RenderSite<'_>, service: &Service, lines: &[String]) -> Option<Change> {
    let Some(at) = site.end_of_variables(service) else {
        let editor = Editor::of(site);
        let (last, _) = service.table.iter().last().filter(|_| !service.table.contains_key("envVars"))?;
        let list = lines.iter().map(|line| format!("  {line}"));
        let lines: Vec<String> = std::iter::once("envVars:".to_owned()).chain(list).collect();
        return editor.insert_lines(remark::whole(service), last, &lines);
    };
    let text = lines.iter().map(|line| format!("{}{line}", at.lead)).collect();
    Some(Change::Edit { span: at.span, text })
}

/// The lines of a list item that is written with a dash.
pub(super) fn item(text: &str, table: &Table) -> Option<std::ops::Range<usize>> {
    let first = table.iter().map(|(_, entry)| entry.key_span.start).min()? as usize;
    let last = table.iter().map(|(_, entry)| end_of(&entry.value)).max()?;
    let start = text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(last..)?.find('\n').map_or(text.len(), |at| last + at + 1);
    (text[start..first].trim() == "-").then_some(start..end)
}
