//! Changes of a YAML file that keep everything else as it is written.

use crate::platform::render::site::RenderSite;
use crate::rule::fix::{Applicability, Change, Fix};
use crate::text::span::{FileId, Span};
use crate::text::tree::{Kind, Node, Table};
use crate::text::yaml::{Document, Marks};

/// More anchors and aliases than this are not compared with every change.
const MAX_MARKS: usize = 1000;

/// Changes one file.
pub(super) struct Editor<'a> {
    text: &'a str,
    marks: &'a Marks,
    file: FileId,
}

/// A mapping and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) span: Span,
    pub(super) table: &'a Table,
}

impl<'a> Place<'a> {
    /// The mapping that a node holds.
    pub(super) fn of(node: &'a Node) -> Option<Place<'a>> {
        Some(Place { span: node.span, table: node.as_table()? })
    }

    /// Whether it is written in braces.
    pub(super) fn is_flow(self, document: &Document) -> bool {
        document.marks.is_flow(self.span)
    }
}

impl<'a> Editor<'a> {
    pub(super) fn new(text: &'a str, marks: &'a Marks, file: FileId) -> Editor<'a> {
        Editor { text, marks, file }
    }

    pub(super) fn of(site: &'a RenderSite<'_>) -> Editor<'a> {
        let text = site.sources.get(site.file).map_or("", |source| source.text.as_str());
        Editor { text, marks: &site.document.marks, file: site.file }
    }

    /// Makes a repair of changes that all can be made. What others share through an anchor has to be looked at.
    pub(super) fn fix(
        &self,
        applicability: Applicability,
        title: impl Into<String>,
        changes: impl IntoIterator<Item = Option<Change>>,
    ) -> Option<Fix> {
        let changes: Vec<Change> = changes.into_iter().collect::<Option<_>>()?;
        let is_shared = changes.iter().any(|change| match change {
            Change::Edit { span, .. } => self.is_shared(*span),
            Change::Create { .. } | Change::Rename { .. } => false,
        });
        let applicability = if is_shared { applicability.min(Applicability::Review) } else { applicability };
        Some(Fix { title: title.into(), applicability, changes })
    }

    /// Whether a change of this range changes more than it seems to; a file that is full of anchors always may.
    pub(super) fn is_shared(&self, span: Span) -> bool {
        let Marks { anchored, aliases, merges, duplicates, .. } = self.marks;
        let is_in_anchor = || anchored.iter().any(|it| it.start <= span.start && span.end <= it.end);
        let is_full = anchored.len() + aliases.len() + merges.len() + duplicates.len() > MAX_MARKS;
        is_full || self.marks.is_shared(span) || is_in_anchor()
    }

    /// Gives a key another name.
    pub(super) fn rename(&self, place: Place<'_>, key: &str, new: &str) -> Option<Change> {
        let span = place.table.key_span(key).filter(|_| !place.table.contains_key(new))?;
        (self.text.get(span.range()) == Some(key)).then(|| Change::Edit { span, text: new.to_owned() })
    }

    /// Writes another value; the old one must be a scalar on one line.
    pub(super) fn set(&self, place: Place<'_>, key: &str, value: &str) -> Option<Change> {
        let node = place.table.get(key)?;
        let is_scalar = !matches!(node.kind, Kind::Array(_) | Kind::Table(_));
        let written = self.text.get(node.span.range())?;
        let is_plain = is_scalar && !written.is_empty() && !written.contains('\n') && !self.marks.is_alias(node.span);
        is_plain.then(|| Change::Edit { span: node.span, text: value.to_owned() })
    }

    /// Writes another key and another value in one go; the old value must be a scalar on one line.
    pub(super) fn rewrite(&self, place: Place<'_>, key: &str, new: &str, value: &str) -> Option<Change> {
        let (Change::Edit { span: from, .. }, Change::Edit { span: to, .. }) =
            (self.rename(place, key, new)?, self.set(place, key, value)?)
        else {
            return None;
        };
        let span = Span { start: from.start, end: to.end, ..from };
        (from.end <= to.start).then(|| Change::Edit { span, text: format!("{new}: {value}") })
    }

    /// Writes several lines in the place of a key and its value.
    pub(super) fn rewrite_lines(&self, place: Place<'_>, key: &str, lines: &[&str]) -> Option<Change> {
        let entry = place.table.0.get(key).filter(|_| !self.marks.is_flow(place.span))?;
        let (start, end) = (entry.key_span.start as usize, entry.value.span.end as usize);
        let is_scalar = !matches!(entry.value.kind, Kind::Array(_) | Kind::Table(_));
        let is_plain = is_scalar && !self.text.get(start..end)?.contains('\n') && self.is_rest_of_line_free(end);
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let is_windows = self.text[end..].lines().next().is_some() && self.text.contains("\r\n");
        let break_ = if is_windows { "\r\n" } else { "\n" };
        let joint = format!("{break_}{}", " ".repeat(self.text[line..start].chars().count()));
        is_plain.then(|| Change::Edit { span: Span::new(self.file, start, end), text: lines.join(&joint) })
    }

    /// Takes a key out, with its line.
    pub(super) fn remove(&self, place: Place<'_>, key: &str) -> Option<Change> {
        let entry = place.table.0.get(key).filter(|_| place.table.len() > 1)?;
        if self.marks.is_flow(place.span) {
            return self.remove_from_flow(place, key);
        }
        let (start, end) = (entry.key_span.start as usize, entry.value.span.end.max(entry.key_span.end) as usize);
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let after = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
        if !self.is_rest_of_line_free(end) {
            return None;
        }
        let before = &self.text[line..start];
        if before.trim().is_empty() {
            return Some(self.cut(line, after));
        }
        // The first key of a list item: the next one moves up to the dash.
        let next =
            place.table.iter().map(|(_, entry)| entry.key_span.start as usize).filter(|at| *at >= after).min()?;
        (before.trim().trim_start_matches('-').trim().is_empty() && self.text[after..next].trim().is_empty())
            .then(|| self.cut(start, next))
    }

    fn remove_from_flow(&self, place: Place<'_>, key: &str) -> Option<Change> {
        let entry = place.table.0.get(key)?;
        let (start, end) = (entry.key_span.start as usize, entry.value.span.end.max(entry.key_span.end) as usize);
        let rest = &self.text[end..];
        let trimmed = rest.trim_start();
        if let Some(behind) = trimmed.strip_prefix(',') {
            return Some(self.cut(start, self.text.len() - behind.trim_start().len()));
        }
        let comma = self.text[..start].trim_end().strip_suffix(',')?;
        Some(self.cut(comma.len(), end))
    }

    fn cut(&self, start: usize, end: usize) -> Change {
        Change::Edit { span: Span::new(self.file, start, end), text: String::new() }
    }

    /// Whether nothing but a comment follows on the line.
    fn is_rest_of_line_free(&self, at: usize) -> bool {
        let rest = self.text[at..].lines().next().unwrap_or_default().trim();
        rest.is_empty() || rest.starts_with('#')
    }

    /// Writes a key and its value behind another key of the same mapping.
    pub(super) fn insert(&self, place: Place<'_>, after: &str, key: &str, value: &str) -> Option<Change> {
        self.insert_lines(place, after, &[format!("{key}: {value}")])
    }

    /// Writes lines behind a key; those below the first are indented by the lines themselves.
    pub(super) fn insert_lines(&self, place: Place<'_>, after: &str, lines: &[String]) -> Option<Change> {
        let entry = place.table.0.get(after)?;
        let (start, end) = (entry.key_span.start as usize, entry.value.span.end.max(entry.key_span.end) as usize);
        if self.marks.is_flow(place.span) {
            let [line] = lines else { return None };
            return Some(Change::Edit { span: Span::new(self.file, end, end), text: format!(", {line}") });
        }
        if !self.is_rest_of_line_free(end) {
            return None;
        }
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        // The dash of a list item counts as indentation.
        let column = self.text[line_start..start].chars().count();
        let line_end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at);
        let is_windows = self.text[..line_end].ends_with('\r');
        let line_end = line_end - usize::from(is_windows);
        let break_ = if is_windows { "\r\n" } else { "\n" };
        let indented: String = lines.iter().map(|line| format!("{break_}{}{line}", " ".repeat(column))).collect();
        Some(Change::Edit { span: Span::new(self.file, line_end, line_end), text: indented })
    }

    /// Makes the mapping of a list of one: `- ` becomes two spaces.
    pub(super) fn unwrap(&self, list: &Node) -> Option<Change> {
        let [item] = list.as_array()? else { return None };
        let start = item.span.start as usize;
        let before = self.text[..start].trim_end_matches(' ');
        let is_block = item.as_table().is_some() && !self.marks.is_flow(list.span) && !self.marks.is_flow(item.span);
        let dash = before.len().checked_sub(1).filter(|_| is_block && before.ends_with('-'))?;
        Some(Change::Edit { span: Span::new(self.file, dash, dash + 1), text: " ".to_owned() })
    }

    /// Where a text ends that follows here.
    pub(super) fn after(&self, at: usize, text: &str) -> Option<usize> {
        self.text.get(at..)?.starts_with(text).then_some(at + text.len())
    }

    /// The text as it is written.
    pub(super) fn written(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }
}
