//! Where another variable of a service would be written.

use crate::platform::declaration::Declaration;
use crate::platform::render::blueprint::Service;
use crate::platform::render::site::RenderSite;
use crate::text::span::Span;
use crate::text::tree::{Kind, Node};

impl RenderSite<'_> {
    /// The place behind the last variable of a service; none when the list is shared, written in brackets, or not there.
    #[must_use]
    pub fn end_of_variables(&self, service: &Service) -> Option<Declaration> {
        let list = service.table.get("envVars")?;
        let marks = &self.document.marks;
        let last = service.env.last()?;
        let is_flow = marks.flow.iter().any(|flow| flow.start <= last.span.start && last.span.end <= flow.end);
        if marks.is_shared(list.span) || is_flow {
            return None;
        }
        let text = &self.sources.get(self.file)?.text;
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
        let lead = format!("{line_end}{}", " ".repeat(indent));
        Some(Declaration { span: Span::new(self.file, at, at), lead })
    }
}

/// One past the last byte of a value; a mapping's own span may reach into what follows it.
#[must_use]
pub fn end_of(node: &Node) -> usize {
    match &node.kind {
        Kind::Table(table) => {
            table.iter().map(|(_, entry)| end_of(&entry.value)).max().unwrap_or(node.span.end as usize)
        }
        Kind::Array(items) => items.iter().map(end_of).max().unwrap_or(node.span.end as usize),
        _ => node.span.end as usize,
    }
}
